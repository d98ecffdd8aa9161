#!/bin/sh
# What latchset jose 11 encrypts with a password by default, jose (npm) and jwcrypto refuse: `p2c` is too large.
#
# RFC 7518 section 4.8.1.2 sets a floor of 1000 iterations and no ceiling; each reader has one of its own
# against costly tokens. latchset jose writes 32768 and reads no more; jose 6.2.18 reads up to 10000, jwcrypto
# 1.6.1 up to 16384, joserfc 1.8.0 less than 300000. A token with the 600000 that OWASP advises for PBKDF2 with
# SHA-256 is read by none of the four, and jose writes such a one without a word and does not read it back.
#
# Seen on 2026-11-27: defaults of 32768 (latchset), 8192 (jwcrypto), 2048 (jose); refusals as said.
#
# Needs Debian 12 with apt, node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq jose=11-2+deb12u1 libjose0=11-2+deb12u1 libjansson4 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check joserfc==1.8.0 jwcrypto==1.6.1
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18
latchset() { LD_LIBRARY_PATH=usr/lib/x86_64-linux-gnu usr/bin/jose "$@"; }
# the bytes of "correct horse battery staple"
echo '{"kty":"oct","k":"Y29ycmVjdCBob3JzZSBiYXR0ZXJ5IHN0YXBsZQ"}' > key.json
printf hello | latchset jwe enc -I- -i '{"protected":{"alg":"PBES2-HS256+A128KW"}}' -k key.json -c -o default.jwe
test "$(latchset jwe dec -i default.jwe -k key.json)" = hello
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from "jose";

const password = Buffer.from("correct horse battery staple");
const keyManagementAlgorithms = ["PBES2-HS256+A128KW"];
const refused = { message: 'JOSE Header "p2c" (PBES2 Count) out is of acceptable bounds' };
const write = (parameters) => {
  const maker = new CompactEncrypt(Buffer.from("hello"));
  maker.setProtectedHeader({ alg: "PBES2-HS256+A128KW", enc: "A128GCM" });
  return maker.setKeyManagementParameters(parameters).encrypt(password);
};
const token = readFileSync("default.jwe", "utf8").trim();
assert.equal(decodeProtectedHeader(token).p2c, 32768);
await assert.rejects(compactDecrypt(token, password, { keyManagementAlgorithms }), refused);
assert.equal(decodeProtectedHeader(await write({})).p2c, 2048);
await compactDecrypt(await write({ p2c: 10000 }), password, { keyManagementAlgorithms });
const advised = await write({ p2c: 600000 });
await assert.rejects(compactDecrypt(advised, password, { keyManagementAlgorithms }), refused);
writeFileSync("advised.jwe", advised);
console.log(`jose: ${refused.message}, of 32768 and of its own 600000`);
NODE
venv/bin/python -W ignore - <<'PYTHON'
from joserfc import jwe as joserfc
from joserfc.jwk import OctKey
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK

ALGORITHMS = ["PBES2-HS256+A128KW", "A128GCM", "A128CBC-HS256"]
jwk = JWK(**__import__("json").load(open("key.json")))


def jwcrypto(token):
    message = JWE(algs=ALGORITHMS)
    message.deserialize(token, jwk)
    return message.payload


def joserfc_reads(token):
    return joserfc.decrypt_compact(token, OctKey.import_key("correct horse battery staple"), ALGORITHMS).plaintext


def attempt(read, name):
    try:
        return read(open(name).read().strip())
    except Exception as error:
        print(f"{read.__name__}: {name}: {error}")
        return str(error)


assert "Invalid p2c value, too large" in attempt(jwcrypto, "default.jwe")
assert "Invalid p2c value, too large" in attempt(jwcrypto, "advised.jwe")
assert attempt(joserfc_reads, "default.jwe") == b"hello"
assert "must be less than 300000" in attempt(joserfc_reads, "advised.jwe")
own = JWE(b"hello", protected={"alg": "PBES2-HS256+A128KW", "enc": "A128GCM"}, algs=ALGORITHMS)
own.add_recipient(jwk)
assert own.jose_header["p2c"] == 8192
PYTHON
if latchset jwe dec -i advised.jwe -k key.json 2> /dev/null; then exit 1; fi
echo "latchset jose: 600000 not read"
