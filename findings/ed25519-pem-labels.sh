#!/bin/sh
# Three programs write an Ed25519 private key under three labels of PEM, and no common reader takes one of them.
#
# RFC 8410 section 7 has one form, PKCS#8, and RFC 7468 section 10 one label for it, `PRIVATE KEY`.
# sshpk 1.18.0 (npm, `pem` and `pkcs1`) writes `EdDSA PRIVATE KEY`, and rnbyc 1.1.11, by way of GnuTLS
# 3.7, writes `UNKNOWN`: both hold the structure of RFC 5915, which is for EC keys, with the OID of
# Ed25519 as its curve. CryptX 0.077 (Perl) writes `ED25519 PRIVATE KEY` around right PKCS#8. OpenSSL
# 3.0, Node 20 and cryptography 50.0.2 read none of the three; under the right label they read CryptX's.
#
# Seen on 2026-11-27: as said; rnbyc prints its private key between BEGIN UNKNOWN and END UNKNOWN.
#
# Needs Debian 12 with perl and apt, openssl 3.0, node 20 with npm, python3 with venv, PyPI and npm.
# Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
openssl version | grep -q '^OpenSSL 3\.0\.'
node --version | grep -q '^v20\.'
apt-get download -qq rnbyc=1.1.11-1 librhonabwy1.1=1.1.11-1 libulfius2.7 liborcania2.3 libyder2.0 libjansson4 \
    libmicrohttpd12 libgnutls30=3.7.9-2+deb12u7 libcryptx-perl=0.077-1+b1 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cryptography==50.0.2
npm install --silent --no-audit --no-fund --ignore-scripts sshpk@1.18.0
LD_LIBRARY_PATH=usr/lib/x86_64-linux-gnu usr/bin/rnbyc -j -g Ed25519 -F PEM -o rnbyc.pem -p public.pem
node -e '
const pem = require("sshpk").generatePrivateKey("ed25519").toString("pem");
require("fs").writeFileSync("sshpk.pem", pem + "\n");'
perl -I usr/lib/x86_64-linux-gnu/perl5/5.36 -MCrypt::PK::Ed25519 \
    -e 'my $key = Crypt::PK::Ed25519->new; $key->generate_key; print $key->export_key_pem("private")' > cryptx.pem
sed 's/ED25519 PRIVATE/PRIVATE/' cryptx.pem > relabelled.pem
head -qn1 rnbyc.pem sshpk.pem cryptx.pem
test "$(head -n1 rnbyc.pem)" = '-----BEGIN UNKNOWN-----'
test "$(head -n1 sshpk.pem)" = '-----BEGIN EdDSA PRIVATE KEY-----'
test "$(head -n1 cryptx.pem)" = '-----BEGIN ED25519 PRIVATE KEY-----'
for file in rnbyc sshpk; do
    # version 1, the 32 bytes of the private key, [0] with the OID of Ed25519
    openssl asn1parse -in $file.pem | sed -n 2,5p | grep -cE 'INTEGER +:01|l= +32 prim: OCTET STRING|ED25519' | grep -qx 3
done
readers() {
    openssl pkey -in "$1" -noout 2> /dev/null && echo openssl
    node -e 'require("crypto").createPrivateKey(require("fs").readFileSync(process.argv[1]))' "$1" 2> /dev/null && echo node
    venv/bin/python -W ignore -c '
import sys
from cryptography.hazmat.primitives.serialization import load_pem_private_key
load_pem_private_key(open(sys.argv[1], "rb").read(), None)' "$1" 2> /dev/null && echo cryptography
    true
}
for file in rnbyc sshpk cryptx; do test -z "$(readers $file.pem)"; done
test "$(readers relabelled.pem | wc -l)" = 3
