#!/bin/sh
# A P-256 key has two names as did:key, and of @cef-ebsi/key-did-resolver 2.1.1 and key-did-resolver 4.0.0 (npm) each resolves one.
#
# The did:key method puts the compressed point behind the code of its curve (0x1200 for P-256), which begins with zDn. The
# resolver of EBSI, the European Commission's network for wallets, takes and makes only names of the whole JWK as JSON
# (0xeb51, jwk_jcs-pub), 186 characters from z2dmzD81cg on. So `iss` and `kid` of a credential are unknown to the other side,
# and the error says no more than "Unsupported codec 4608", or that `keyToDidDoc` cannot be read of undefined; iso-did
# 2.1.1 says which code it does not know. Both names give the same JWK.
#
# Seen on 2026-11-28: zDnaeha5… resolved by two and refused by EBSI's, z2dmzD81cg… the other way round.
#
# Needs node 20 with npm, and npm. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @cef-ebsi/key-did-resolver@2.1.1 key-did-resolver@4.0.0 \
    iso-did@2.1.1 did-resolver@6.0.0
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { generateKeyPairSync } from "node:crypto";
import * as ebsi from "@cef-ebsi/key-did-resolver";
import { Resolver } from "did-resolver";
import * as iso from "iso-did";
import * as ceramic from "key-did-resolver";

const { kty, crv, x, y } = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
const point = [2 + (Buffer.from(y, "base64url")[31] & 1), ...Buffer.from(x, "base64url")];
let [number, usual] = [BigInt(`0x${Buffer.from([0x80, 0x24, ...point]).toString("hex")}`), ""];
for (; number > 0n; number /= 58n) {
  usual = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[Number(number % 58n)] + usual;
}
usual = `did:key:z${usual}`;
const ofEbsi = ebsi.util.createDid({ kty, crv, x, y });
console.log(usual, ofEbsi);
assert(usual.startsWith("did:key:zDn") && ofEbsi.startsWith("did:key:z2dmzD81cg"));

async function resolve(resolver, did) {
  const { didDocument, didResolutionMetadata } = await new Resolver(resolver.getResolver()).resolve(did);
  return didDocument?.verificationMethod[0].publicKeyJwk ?? didResolutionMetadata.message;
}

assert.deepEqual(await resolve(ceramic, usual), { kty, crv, x, y });
assert.deepEqual({ ...(await resolve(ebsi, ofEbsi)) }, { kty, crv, x, y });
const refusals = [await resolve(ceramic, ofEbsi), await resolve(ebsi, usual)];
console.log("key-did-resolver:", refusals[0], "\n@cef-ebsi/key-did-resolver:", refusals[1]);
assert.match(refusals[0], /reading 'keyToDidDoc'/);
assert.equal(refusals[1], "Unsupported codec 4608");
assert.equal((await iso.resolve(usual)).verificationMethod.length, 1);
await assert.rejects(iso.resolve(ofEbsi), (error) => (console.log("iso-did:", error.message), /0xeb51/.test(error.message)));
NODE
