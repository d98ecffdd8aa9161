#!/bin/sh
# jose 11 (latchset), as Debian 12 has it, knows no RSA-OAEP, and of RSA's key management RSA1_5 alone.
#
# `jose alg` lists neither RSA-OAEP nor RSA-OAEP-256, and no key can be generated for them: "JWK generation failed!". It does
# make a key for RSA1_5, which RFC 8725 section 3.2 advises against. So it opens no JWE that other tools make with their
# usual choice for an RSA key.
#
# Seen on 2026-11-28: status 1 for RSA-OAEP, status 0 for RSA1_5.
#
# Needs Debian 12 with apt. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq jose=11-2+deb12u1 libjose0=11-2+deb12u1 libjansson4 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
export LD_LIBRARY_PATH="$folder/usr/lib/x86_64-linux-gnu"
usr/bin/jose alg > algorithms
grep -i '^RSA' algorithms
test "$(grep -c '^RSA' algorithms)" -eq 1
usr/bin/jose jwk gen -i '{"alg":"RSA1_5"}' -o key
for algorithm in RSA-OAEP RSA-OAEP-256; do
    status=0
    usr/bin/jose jwk gen -i "{\"alg\":\"$algorithm\"}" 2> errors || status=$?
    echo "$algorithm: status $status: $(cat errors)"
    test "$status" -eq 1
    grep -q "JWK generation failed" errors
done
