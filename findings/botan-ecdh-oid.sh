#!/bin/sh
# A private key that Botan 2.19.3 makes for ECDH bears the OID id-ecDH, and OpenSSL, Node, Java and cryptography do not read it.
#
# RFC 5480 section 2.1.2 has this OID for keys that are for ECDH alone, as one for ECDH-ES is. `botan keygen --algo=ECDH`
# writes it into the private key and the public one. Java 17 says that domain parameters must be encoded, which they are,
# Node "unsupported", cryptography 50.0.2 an unknown key type; Bouncy Castle 1.72, asked for EC or for ECDH, does not
# recognise it either. python-ecdsa 0.19.2 reads it. A key of `--algo=ECDSA` is read by all of them, and is as good for
# ECDH-ES.
#
# Seen on 2026-11-28: OID 1.3.132.1.12 with prime256v1; five refusals. What python-ecdsa writes of it, OpenSSL reads.
#
# Needs Debian 12 with apt, openssl 3.0, java 17, node 20, python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
openssl version | grep -q '^OpenSSL 3\.0\.'
node --version | grep -q '^v20\.'
apt-get download -qq botan=2.19.3+dfsg-1+deb12u1 libbotan-2-19=2.19.3+dfsg-1+deb12u1 libtspi1 libbcprov-java=1.72-2 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cryptography==50.0.2 ecdsa==0.19.2
for kind in ECDH ECDSA; do
    LD_LIBRARY_PATH=usr/lib/x86_64-linux-gnu usr/bin/botan keygen --algo=$kind --params=secp256r1 > $kind.pem
done
openssl asn1parse -in ECDH.pem | sed -n 4,5p | tee kinds
grep -q '1\.3\.132\.1\.12$' kinds
grep -q 'prime256v1$' kinds
cat > Read.java <<'JAVA'
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

public class Read {
    public static void main(String[] args) throws Exception {
        var bouncyCastle = new BouncyCastleProvider();
        var readers = new KeyFactory[] {KeyFactory.getInstance("EC"), KeyFactory.getInstance("EC", bouncyCastle),
            KeyFactory.getInstance("ECDH", bouncyCastle)};
        for (var name : new String[] {"ECDSA", "ECDH"}) {
            var der = Base64.getMimeDecoder().decode(Files.readString(Path.of(name + ".pem")).split("-----")[2]);
            for (var reader : readers) {
                try {
                    reader.generatePrivate(new PKCS8EncodedKeySpec(der));
                    System.out.println(reader.getProvider().getName() + " reads " + name);
                } catch (InvalidKeySpecException error) {
                    System.out.println(reader.getProvider().getName() + " refuses " + name + ": " + error.getMessage());
                }
            }
        }
    }
}
JAVA
java -cp usr/share/java/bcprov.jar Read.java | tee said
test "$(grep -c ' reads ECDSA$' said)" = 3
test "$(grep -c ' refuses ECDH: ' said)" = 3
node_reads() { node -e 'require("crypto").createPrivateKey(require("fs").readFileSync(process.argv[1]))' "$1" 2> refusal; }
openssl pkey -in ECDSA.pem -noout
if openssl pkey -in ECDH.pem -noout 2> /dev/null; then exit 1; fi
node_reads ECDSA.pem
if node_reads ECDH.pem; then exit 1; fi
grep Error: refusal
venv/bin/python -W ignore - <<'PYTHON'
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from ecdsa import SigningKey

load_pem_private_key(open("ECDSA.pem", "rb").read(), None)
pem = open("ECDH.pem", "rb").read()
try:
    load_pem_private_key(pem, None)
    raise SystemExit(1)
except UnsupportedAlgorithm as error:
    print("cryptography:", error)
open("written.pem", "wb").write(SigningKey.from_pem(pem).to_pem())
PYTHON
openssl pkey -in written.pem -noout
