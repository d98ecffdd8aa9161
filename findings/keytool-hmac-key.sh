#!/bin/sh
# keytool (Java 17) puts a key for HS256 into PKCS#12 where OpenSSL prints it still encrypted, and cryptography finds nothing.
#
# RFC 7292 section 4.2.5 has a bag for secrets and leaves open what is in it. Java puts PKCS#8 there, encrypted once more, with
# the OID of HMAC-SHA256 as the kind of key. `openssl pkcs12 -nodes`, told to leave nothing encrypted, ends with 0 and prints
# that structure in hexadecimal, which is easily taken for the key; `openssl pkcs8` cannot decrypt it ("unsupported private key
# algorithm"). cryptography 50.0.2 answers that there is no key, and node-forge 1.4.3 (npm) refuses the whole file. The 32
# bytes that sign are the last of the plaintext.
#
# Seen on 2026-11-28: as said, with OpenSSL 3.0; a token signed with the key by Java is good under these 32 bytes alone.
#
# Needs Debian 12 with openssl 3.0 and java 17, node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
openssl version | grep -q '^OpenSSL 3\.0\.'
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cryptography==50.0.2 pyjwt==2.15.1
npm install --silent --no-audit --no-fund --ignore-scripts node-forge@1.4.3
keytool -genseckey -alias hs256 -keyalg HmacSHA256 -keysize 256 -keystore keys.p12 -storepass password > /dev/null 2>&1
cat > Sign.java <<'JAVA'
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import javax.crypto.Mac;

public class Sign {
    public static void main(String[] args) throws Exception {
        var password = "password".toCharArray();
        var keys = KeyStore.getInstance(Path.of("keys.p12").toFile(), password);
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(keys.getKey("hs256", password));
        var base64url = Base64.getUrlEncoder().withoutPadding();
        var signed = base64url.encodeToString("{\"alg\":\"HS256\"}".getBytes()) + "."
                + base64url.encodeToString("{\"sub\":\"alice\"}".getBytes());
        Files.writeString(Path.of("token"), signed + "." + base64url.encodeToString(mac.doFinal(signed.getBytes())));
    }
}
JAVA
java Sign.java
openssl pkcs12 -in keys.p12 -passin pass:password -nodes -out printed 2> /dev/null
grep -E '^30 81 ' printed | tr -d ' ' > hexadecimal
cut -c 1-60 hexadecimal
venv/bin/python -c 'open("bag.der", "wb").write(bytes.fromhex(open("hexadecimal").read()))'
if openssl pkcs8 -inform DER -in bag.der -passin pass:password > /dev/null 2> refusal; then exit 1; fi
grep -o 'unsupported private key algorithm.*' refusal
grep -q 'TYPE=hmacWithSHA256' refusal
venv/bin/python -W ignore - <<'PYTHON'
import hashlib

import jwt
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import pkcs12

found = pkcs12.load_key_and_certificates(open("keys.p12", "rb").read(), b"password")
print("cryptography:", found)
assert found == (None, None, [])


def values(der):
    """The strings and numbers in DER, in their order."""
    while der:
        kind, length, der = der[0], der[1], der[2:]
        if length & 0x80:
            length, der = int.from_bytes(der[: length & 0x7F], "big"), der[length & 0x7F :]
        if kind == 0x30:
            yield from values(der[:length])
        elif kind in (2, 4):
            yield der[:length]
        der = der[length:]


bag, token = open("bag.der", "rb").read(), open("token").read()
salt, count, _, vector, text = values(bag)
key = hashlib.pbkdf2_hmac("sha256", b"password", salt, int.from_bytes(count, "big"), 32)
opened = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor().update(text)
*_, secret = values(opened[: -opened[-1]])
assert len(secret) == 32
print(jwt.decode(token, secret, ["HS256"]))
try:
    jwt.decode(token, bag, ["HS256"])
    raise SystemExit(1)
except jwt.InvalidSignatureError:
    pass
PYTHON
node -e '
const forge = require("node-forge");
const file = forge.asn1.fromDer(require("fs").readFileSync("keys.p12", "latin1"));
require("assert").throws(() => forge.pkcs12.pkcs12FromAsn1(file, "password"),
  (error) => (console.log("node-forge:", error.message), error.message === "Unsupported PKCS#12 SafeBag type."));'
