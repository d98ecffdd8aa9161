#!/bin/sh
# OpenSSL 3.0 cannot read an Ed25519 key in PKCS#8 of version 2, which Bouncy Castle and sshpk write by default.
#
# RFC 8410 section 7 lets the file carry the public key beside the private one, and section 10.3 shows
# such a file. OpenSSL 3.0.19 says "unsupported", and with it Node 20 and Python's cryptography 50.0.2,
# which speaks of a wrong format or a password. The private key in it is the same 32 bytes: without the
# last 35 bytes, and with version 0 and the length put right, all of them read it. A key made by Java
# (Bouncy Castle 1.72) or by sshpk 1.18.0 (npm) is so of no use to a signer that rests on these.
#
# Seen on 2026-11-27: 83 bytes of DER from both; the three readers refuse them, and read the 48 bytes left.
#
# Needs Debian 12 with apt, openssl 3.0, java 17, node 20 with npm, python3 with venv, PyPI and npm.
# Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
openssl version | grep -q '^OpenSSL 3\.0\.'
node --version | grep -q '^v20\.'
apt-get download -qq libbcprov-java=1.72-2 2> /dev/null
dpkg -x libbcprov-java_*.deb .
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cryptography==50.0.2
npm install --silent --no-audit --no-fund --ignore-scripts sshpk@1.18.0
cat > Make.java <<'JAVA'
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

public class Make {
    public static void main(String[] args) throws Exception {
        var generator = KeyPairGenerator.getInstance("Ed25519", new BouncyCastleProvider());
        Files.write(Path.of("bc.der"), generator.generateKeyPair().getPrivate().getEncoded());
    }
}
JAVA
java -cp usr/share/java/bcprov.jar Make.java
node -e '
const pem = require("sshpk").generatePrivateKey("ed25519").toString("pkcs8");
require("fs").writeFileSync("sshpk.der", Buffer.from(pem.split("-----")[2], "base64"));'
cat > shorten.py <<'PYTHON'
import sys
from pathlib import Path

der = Path(sys.argv[1]).read_bytes()
# SEQUENCE, its length; INTEGER 1; 43 bytes of algorithm and private key; [1] with the public key
assert len(der) == 83 and der[:5] == b"\x30\x51\x02\x01\x01" and der[48:51] == b"\x81\x21\x00"
Path(sys.argv[2]).write_bytes(b"\x30\x2e\x02\x01\x00" + der[5:48])
PYTHON
reads() {
    openssl pkey -inform DER -in "$1" -noout 2> openssl.err && echo -n openssl,
    grep -q unsupported openssl.err || test ! -s openssl.err
    node -e '
const { createPrivateKey } = require("crypto");
const key = require("fs").readFileSync(process.argv[1]);
createPrivateKey({ key, format: "der", type: "pkcs8" });' "$1" 2> node.err && echo -n node,
    venv/bin/python -W ignore -c '
import sys
from cryptography.hazmat.primitives.serialization import load_der_private_key
load_der_private_key(open(sys.argv[1], "rb").read(), None)' "$1" 2> python.err && echo -n cryptography
    echo
}
for writer in bc sshpk; do
    python3 shorten.py $writer.der $writer-short.der
    echo "$writer: 83 bytes are read by [$(reads $writer.der)], 48 bytes by [$(reads $writer-short.der)]"
    test "$(reads $writer.der)" = ""
    test "$(reads $writer-short.der)" = openssl,node,cryptography
done
