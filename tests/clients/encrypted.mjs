// Encrypted tokens of every algorithm, from npm's jose to jott and back; and the session cookies of
// NextAuth.js 4 and Auth.js 5, made and opened by their own packages.
//
// The arguments are the folder with node_modules, and jott. Prints what went wrong, and in the last line
// how much was tried.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [, , home, program] = process.argv;
const jose = await import(createRequire(`${home}/`).resolve("jose"));
const ofCookies = createRequire(`${home}/nextauth/`);
const four = ofCookies("next-auth/jwt");
const five = await import(join(home, "nextauth/node_modules/@auth/core/jwt.js"));

const CONTENT = {
  A128GCM: 16,
  A192GCM: 24,
  A256GCM: 32,
  "A128CBC-HS256": 32,
  "A192CBC-HS384": 48,
  "A256CBC-HS512": 64,
};
const ALGORITHMS = [
  ...["RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"],
  ...["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"],
  ...["A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW", "A256GCMKW", "dir"],
  ...["PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"],
];
const CURVES = ["P-256", "P-384", "P-521", "X25519"];

let tried = 0;
function check(what, found, wanted) {
  tried += 1;
  if (found !== wanted) console.log(`${what}: ${found}`);
}

function jott(args, env = {}) {
  try {
    const options = { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } };
    return execFileSync(program, args, options).trim();
  } catch (error) {
    return error.stderr;
  }
}

process.umask(0o077);
const folder = mkdtempSync(join(tmpdir(), "jott-"));
const path = join(folder, "key");
const pairs = {};
const text = new TextEncoder();

async function keys(alg, enc, crv) {
  if (/^(RSA|ECDH)/.test(alg)) {
    const pair = (pairs[alg + crv] ??= await jose.generateKeyPair(alg, { crv, extractable: true }));
    return [pair.publicKey, pair.privateKey, JSON.stringify(await jose.exportJWK(pair.privateKey))];
  }
  if (alg.startsWith("PBES2")) {
    const password = "correct horse battery staple";
    return [text.encode(password), text.encode(password), password];
  }
  const length = alg === "dir" ? CONTENT[enc] : Number(alg.slice(1, 4)) / 8;
  const secret = crypto.getRandomValues(new Uint8Array(length));
  return [secret, secret, JSON.stringify({ kty: "oct", k: jose.base64url.encode(secret) })];
}

async function subject(opening) {
  try {
    return (await opening()).sub;
  } catch (error) {
    return String(error);
  }
}

for (const alg of ALGORITHMS) {
  for (const enc of Object.keys(CONTENT)) {
    for (const crv of alg.startsWith("ECDH") ? CURVES : [undefined]) {
      const [to, from, file] = await keys(alg, enc, crv);
      writeFileSync(path, file);
      const name = [alg, enc, crv].filter(Boolean).join(" ");
      const token = await new jose.EncryptJWT({ sub: name }).setProtectedHeader({ alg, enc }).encrypt(to);
      check(`jose to jott, ${name}`, jott(["decode", "-k", path, "--get", "sub", token]), name);
      const made = jott(["issue", "--encrypt-to", path, "-a", alg, "--enc", enc, "--sub", name]);
      const options = { keyManagementAlgorithms: [alg] };
      const opened = async () => (await jose.jwtDecrypt(made, from, options)).payload;
      check(`jott to jose, ${name}`, await subject(opened), name);
      const general = jott(
        ["issue", "--encrypt-to", path, "-a", alg, "--enc", enc, "--sub", name, "--serialization", "general"],
      );
      const content = async () => {
        const { plaintext } = await jose.generalDecrypt(JSON.parse(general), from, options);
        return JSON.parse(new TextDecoder().decode(plaintext));
      };
      check(`jott to jose, general, ${name}`, await subject(content), name);
      if (alg === "dir" || alg.startsWith("PBES2")) continue;
      const several = await new jose.GeneralEncrypt(text.encode(JSON.stringify({ sub: name })))
        .setProtectedHeader({ enc })
        .setAdditionalAuthenticatedData(text.encode("beside"))
        .addRecipient(to)
        .setUnprotectedHeader({ alg })
        .encrypt();
      const shown = jott(["decode", "-k", path, "--get", "sub", JSON.stringify(several)]);
      check(`jose to jott, general, ${name}`, shown, name);
    }
  }
}

// One token for several, of each kind of key that may be one of several.
const ofSeveral = ALGORITHMS.filter((alg) => !/^(dir|ECDH-ES)$/.test(alg));
for (const enc of Object.keys(CONTENT)) {
  const all = [];
  for (const alg of ofSeveral) {
    const [to, from, file] = await keys(alg, enc, "P-256");
    const place = join(folder, `key-${all.length}`);
    writeFileSync(place, file);
    all.push({ alg, to, from, file, place });
  }
  const sub = `several, ${enc}`;
  const asked = all.flatMap(({ place }) => ["--encrypt-to", place]);
  const made = JSON.parse(jott(["issue", "-q", ...asked, "--enc", enc, "--sub", sub]));
  const sealing = new jose.GeneralEncrypt(text.encode(JSON.stringify({ sub }))).setProtectedHeader({ enc });
  for (const { alg, to } of all) sealing.addRecipient(to).setUnprotectedHeader({ alg });
  const theirs = JSON.stringify(await sealing.encrypt());
  for (const [index, { alg, from, file, place }] of all.entries()) {
    const content = async () => {
      const used = made.recipients[index].header.alg;
      const isGiven = used === alg || alg.startsWith("PBES2");
      const key = isGiven ? from : await jose.importJWK(JSON.parse(file), used);
      const { plaintext } = await jose.generalDecrypt(made, key, { keyManagementAlgorithms: [used] });
      return JSON.parse(new TextDecoder().decode(plaintext));
    };
    check(`jott to jose, ${sub}, ${alg}`, await subject(content), sub);
    check(`jose to jott, ${sub}, ${alg}`, jott(["decode", "-k", place, "-a", alg, "--get", "sub", theirs]), sub);
  }
}

const secret = "correct horse battery staple";
for (const [library, cookie, salt] of [
  [four, "next-auth.session-token", ""],
  [four, "next-auth.pkce.code_verifier", "next-auth.pkce.code_verifier"],
  [five, "authjs.session-token", "authjs.session-token"],
  [five, "__Secure-authjs.session-token", "__Secure-authjs.session-token"],
]) {
  const token = await library.encode({ token: { sub: cookie }, secret, salt });
  const derived = ["--key-derivation", `nextauth:${cookie}`];
  const shown = jott(["decode", "-k", "env:COOKIES", ...derived, "--get", "sub", token], { COOKIES: secret });
  check(`from ${cookie}`, shown, cookie);
  const made = jott(["issue", "--encrypt-to", "env:COOKIES", ...derived, "--sub", cookie], { COOKIES: secret });
  check(`to ${cookie}`, await subject(() => library.decode({ token: made, secret, salt })), cookie);
}
rmSync(folder, { recursive: true });
console.log(tried);
