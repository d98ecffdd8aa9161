#!/bin/sh
# CryptX 0.077 (Perl, Debian 12) spells the curve out in the PEM of an EC key, unless it is asked for a "short" one.
#
# RFC 5480 section 2.1.1 forbids the curve in full (`specifiedCurve`) and wants its name. `export_key_pem` of
# CryptX writes prime, coefficients and base point of P-256 for 'private' and 'public', the words its manual
# begins with, and the name for 'private_short'. OpenSSL 3.0 recognizes the curve and reads the file, so a
# first check with `openssl pkey` says that all is well. Java 17 ("Only named ECParameters supported"),
# fast-jwt 6.3.6 (npm) and pycryptodome 4.4.0 refuse it; the last calls the DER invalid, which it is not.
#
# Seen on 2026-11-27: as said; `openssl ec -in private.pem -param_enc named_curve` writes the name again.
#
# Needs Debian 12 with perl and apt, openssl 3.0, java 17, node with npm, python3 with venv, npm and PyPI.
# Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
openssl version | grep -q '^OpenSSL 3\.0\.'
apt-get download -qq libcryptx-perl=0.077-1+b1 2> /dev/null
dpkg -x libcryptx-perl_*.deb .
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pycryptodome==4.4.0
npm install --silent --no-audit --no-fund --ignore-scripts fast-jwt@6.3.6
perl -I usr/lib/x86_64-linux-gnu/perl5/5.36 -MCrypt::PK::ECC -e '
    my $key = Crypt::PK::ECC->new;
    $key->generate_key("secp256r1");
    for (qw(private private_short public)) {
        open my $file, ">", "$_.pem" or die;
        print $file $key->export_key_pem($_);
    }'
openssl asn1parse -in private.pem | grep -q prime-field
openssl asn1parse -in private_short.pem | grep -q prime256v1
openssl ec -in private.pem -param_enc named_curve -out named.pem 2> /dev/null
openssl ec -in private_short.pem -out short.pem 2> /dev/null
cmp named.pem short.pem
cat > Read.java <<'JAVA'
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

public class Read {
    public static void main(String[] args) throws Exception {
        var der = Base64.getMimeDecoder().decode(Files.readString(Path.of("public.pem")).split("-----")[2]);
        try {
            KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
            System.exit(1);
        } catch (InvalidKeySpecException error) {
            System.out.println("Java: " + error.getCause().getMessage());
        }
    }
}
JAVA
java Read.java | tee said
grep -q 'Only named ECParameters supported' said
node -e '
const { createSigner } = require("fast-jwt");
const sign = (name) => createSigner({ key: require("fs").readFileSync(name), algorithm: "ES256" })({ sub: "alice" });
sign("named.pem");
require("assert").throws(() => sign("private.pem"), (error) => (console.log("fast-jwt:", error.message), true));'
venv/bin/python - <<'PYTHON'
from Crypto.PublicKey import ECC

ECC.import_key(open("named.pem").read())
try:
    ECC.import_key(open("private.pem").read())
    raise SystemExit(1)
except ValueError as error:
    print("pycryptodome:", error)
PYTHON
