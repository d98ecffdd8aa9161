#!/bin/sh
# certtool 3.7.9 and gpgsm 2.2.40 write PKCS#12 as PEM, which OpenSSL, Java and Python's cryptography do not read.
#
# RFC 7292 has the file in BER and in no text form; RFC 7468 has no label for it. `certtool --to-p12` writes
# `-----BEGIN PKCS12-----` unless it is told `--outder`, and so does gpgsm with `--armor`, behind lines of text. OpenSSL
# 3.0, Java 17's keytool and cryptography 50.0.2 take the file for damaged or of an unknown format; as its name ends in
# .p12 as usual, nothing tells that only its base64 is to be undone.
#
# Seen on 2026-11-27: the label from both; three refusals; the DER inside is read by all three.
#
# Needs Debian 12 with gnutls-bin 3.7.9, gpgsm 2.2.40, openssl 3.0 and java 17, python3 with venv, and PyPI.
# Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'GNUPGHOME=$folder/gnupg gpgconf --kill all; rm -rf "$folder"' EXIT
cd "$folder"
certtool --version | grep -q '^certtool 3\.7\.9'
gpgsm --version | grep -q '^gpgsm (GnuPG) 2\.2\.40'
openssl version | grep -q '^OpenSSL 3\.0\.'
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cryptography==50.0.2
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -subj /CN=alice -days 30 2> /dev/null
certtool --to-p12 --load-certificate certificate.pem --load-privkey key.pem --p12-name alice --password password \
    --outfile certtool.p12 2> /dev/null
export GNUPGHOME="$folder/gnupg"
mkdir -m 700 gnupg
with_password() { gpgsm --batch --pinentry-mode loopback --passphrase-fd 3 "$@" 3< password 2> /dev/null; }
printf 'password\n' > password
openssl pkcs12 -export -in certificate.pem -inkey key.pem -passout file:password -legacy -out import.p12
with_password --import import.p12
fingerprint=$(gpgsm --list-secret-keys --with-colons 2> /dev/null | grep ^fpr | cut -d: -f10)
with_password --armor --export-secret-key-p12 "$fingerprint" > gpgsm.p12
readers() {
    openssl pkcs12 -in "$1" -passin file:password -legacy -noout 2> /dev/null && echo openssl
    keytool -list -keystore "$1" -storepass password > /dev/null 2>&1 && echo keytool
    venv/bin/python -W ignore -c '
import sys
from cryptography.hazmat.primitives.serialization import pkcs12
assert pkcs12.load_key_and_certificates(open(sys.argv[1], "rb").read(), b"password")[0]' "$1" 2> /dev/null && echo cryptography
    true
}
for writer in certtool gpgsm; do
    grep -x -- '-----BEGIN PKCS12-----' $writer.p12
    sed -n '/BEGIN PKCS12/,/END PKCS12/p' $writer.p12 | grep -v PKCS12 | openssl base64 -d > $writer.der
    echo "$writer: as it is [$(readers $writer.p12)], its base64 undone [$(echo $(readers $writer.der))]"
    test -z "$(readers $writer.p12)"
    test "$(readers $writer.der | wc -l)" = 3
done
