#!/bin/sh
# ssh-keygen (OpenSSH 9.2) writes an Ed25519 key in its own format where PKCS#8 was asked for, and says nothing.
#
# RFC 8410 section 7 puts Ed25519 keys into PKCS#8, and `-m PKCS8` does so for EC and RSA keys. For Ed25519 the same
# command ends with status 0 and a block `OPENSSH PRIVATE KEY`, and so does `-p -m PKCS8`, the way to convert a key.
# OpenSSL 3.0, Node 20 and jose 6.2.18 (npm) do not read it; cryptography 50.0.2 does, by another function than that for
# PEM. The way back is shut as well: OpenSSH calls a right PKCS#8 file of OpenSSL an invalid format.
#
# Seen on 2026-11-28: BEGIN PRIVATE KEY for ecdsa, BEGIN OPENSSH PRIVATE KEY for ed25519, status 0 for both.
#
# Needs Debian 12 with openssh-client 9.2 and openssl 3.0, node 20 with npm, python3 with venv, npm and PyPI.
# Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cryptography==50.0.2
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18
ssh -V 2>&1 | grep OpenSSH_9.2
for kind in ecdsa ed25519; do
    ssh-keygen -q -t "$kind" -m PKCS8 -N '' -f "$kind.pem"
    ssh-keygen -q -p -m PKCS8 -N '' -f "$kind.pem" > /dev/null
    echo "$kind: $(head -n 1 "$kind.pem")"
done
grep -q -e '-BEGIN PRIVATE KEY-' ecdsa.pem
grep -q -e '-BEGIN OPENSSH PRIVATE KEY-' ed25519.pem
openssl pkey -in ecdsa.pem -noout
if openssl pkey -in ed25519.pem -noout 2> refusal; then exit 1; fi
sed 's/^/openssl: /' refusal
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { importPKCS8 } from "jose";

const pem = readFileSync("ed25519.pem", "utf8");
createPrivateKey(readFileSync("ecdsa.pem"));
assert.throws(() => createPrivateKey(pem), (error) => (console.log("Node:", error.message), true));
await assert.rejects(importPKCS8(pem, "EdDSA"), (error) => (console.log("jose:", error.message), true));
NODE
venv/bin/python - <<'PYTHON'
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

pem = open("ed25519.pem", "rb").read()
load_pem_private_key(open("ecdsa.pem", "rb").read(), None)
try:
    load_pem_private_key(pem, None)
    raise SystemExit(1)
except ValueError as error:
    print("cryptography:", str(error)[:60])
load_ssh_private_key(pem, None)
PYTHON
openssl genpkey -algorithm ed25519 -out right.pem
chmod 600 right.pem
openssl pkey -in right.pem -noout
if ssh-keygen -y -f right.pem 2> refusal; then exit 1; fi
cat refusal
grep -q 'invalid format' refusal
