#!/bin/sh
# OpenSSL 3.0.20 writes two kinds of PEM block that it cannot read: `RSA-PSS PRIVATE KEY` and `RSA-PSS PUBLIC KEY`.
#
# RFC 8017 appendix A.1 has one structure for RSA keys, and the blocks around it are called `RSA PRIVATE KEY` and
# `RSA PUBLIC KEY`. `openssl rsa -traditional` and `-RSAPublicKey_out`, the way to lift the restriction of a key to
# RSASSA-PSS (RFC 4055 section 1.2) for libraries that refuse it, name the block after the kind of key they began
# with. No command of OpenSSL reads the file back, nor do Node 20 and cryptography 50.0.2; what is inside is an
# ordinary key, and the block reads well once `-PSS` is taken out of its label. `-outform DER` avoids it.
#
# Seen on 2026-11-27: as said, with Debian 12's OpenSSL; the key restored signs RS256 and PS256.
#
# Needs Debian 12 with apt, node 20, python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
node --version | grep -q '^v20\.'
apt-get download -qq openssl=3.0.20-1~deb12u2 libssl3=3.0.20-1~deb12u2 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cryptography==50.0.2
openssl() { LD_LIBRARY_PATH=usr/lib/x86_64-linux-gnu usr/bin/openssl "$@"; }
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out key.pem 2> /dev/null
openssl rsa -in key.pem -traditional -out private.pem 2> /dev/null
openssl rsa -in key.pem -RSAPublicKey_out -out public.pem 2> /dev/null
head -qn1 private.pem public.pem | tee labels
printf -- '-----BEGIN RSA-PSS PRIVATE KEY-----\n-----BEGIN RSA-PSS PUBLIC KEY-----\n' | cmp - labels
refuses() { if "$@" > /dev/null 2>&1; then exit 1; fi; }
node_reads() { node -e "require('crypto').create$1Key(require('fs').readFileSync('$2'))"; }
python_reads() {
    venv/bin/python -W ignore -c "
from cryptography.hazmat.primitives import serialization
serialization.load_pem_$1_key(open('$2', 'rb').read()$3)"
}
refuses openssl rsa -in private.pem -noout
refuses openssl pkey -in private.pem -noout
refuses openssl rsa -RSAPublicKey_in -in public.pem -noout
refuses openssl rsa -pubin -in public.pem -noout
refuses openssl pkey -pubin -in public.pem -noout
refuses node_reads Private private.pem
refuses node_reads Public public.pem
refuses python_reads private private.pem ', None'
refuses python_reads public public.pem ''
sed -i 's/RSA-PSS/RSA/' private.pem public.pem
openssl pkey -in private.pem -noout
openssl rsa -RSAPublicKey_in -in public.pem -noout 2> /dev/null
node_reads Private private.pem
node_reads Public public.pem
python_reads private private.pem ', None'
python_reads public public.pem ''
printf hello > data
openssl dgst -sha256 -sign private.pem -out rs256 data
openssl dgst -sha256 -sign private.pem -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest -out ps256 data
