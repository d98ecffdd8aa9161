// Jobs for jose, in the protocol of jobs.py; the argument is the folder with node_modules.

import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { createInterface } from "node:readline";

const jose = await import(createRequire(`${process.argv[2]}/`).resolve("jose"));

async function load(path, alg) {
  const name = basename(path);
  const content = readFileSync(path);
  const text = content.toString();
  switch (name) {
    case "raw":
      return content;
    case "pkcs8.pem":
      return jose.importPKCS8(text, alg);
    case "spki.pem":
      return jose.importSPKI(text, alg);
    case "certificate.pem":
      return jose.importX509(text, alg);
    case "certificate.der":
      return new X509Certificate(content).publicKey;
    case "pkcs1-public.der":
      return createPublicKey({ key: content, format: "der", type: "pkcs1" });
    case "spki.der":
      return createPublicKey({ key: content, format: "der", type: "spki" });
    case "pkcs1-public.pem":
      return createPublicKey(content);
    case "private.jwk":
    case "public.jwk":
      return jose.importJWK(JSON.parse(text), alg);
    case "private.jwks":
      return jose.importJWK(JSON.parse(text).keys.at(-1), alg);
    case "public.jwks":
      return jose.createLocalJWKSet(JSON.parse(text));
    default: {
      const [type, format] = name.split(".");
      return createPrivateKey({ key: content, format, type });
    }
  }
}

async function answer({ alg, key, kid, claims, token }) {
  if (token === undefined) {
    const signer = new jose.SignJWT(claims).setProtectedHeader({ alg, kid });
    return { token: await signer.sign(await load(key, alg)) };
  }
  const verified = await jose.jwtVerify(token, await load(key, alg), { algorithms: [alg] });
  return { claims: verified.payload };
}

for await (const line of createInterface({ input: process.stdin })) {
  const said = await answer(JSON.parse(line)).catch((error) => ({ error: String(error) }));
  console.log(JSON.stringify(said));
}
