#!/bin/sh
# pkcs11-tool 0.23.0 (OpenSC) reads a P-256 and a P-521 public key out of SoftHSM 2.6.1, and no P-384 one.
#
# All three were generated in the token by the same command. Of the one on P-384 it says "cannot create EVP_PKEY" and
# writes nothing, while it signs with its private half and lists its point: whoever publishes the key has to put the
# SubjectPublicKeyInfo together from that point.
#
# Seen on 2026-11-27: "error: cannot create EVP_PKEY", status 1, for secp384r1 alone.
#
# Needs Debian 12 with apt and openssl. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq opensc=0.23.0-0.3+deb12u2 opensc-pkcs11=0.23.0-0.3+deb12u2 softhsm2=2.6.1-2.1 softhsm2-common=2.6.1-2.1 \
    libsofthsm2=2.6.1-2.1 libeac3 libbotan-2-19 libtspi1 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
export LD_LIBRARY_PATH="$folder/usr/lib/x86_64-linux-gnu" SOFTHSM2_CONF="$folder/softhsm2.conf"
mkdir tokens
echo "directories.tokendir = $folder/tokens" > "$SOFTHSM2_CONF"
module=$folder/usr/lib/softhsm/libsofthsm2.so
usr/bin/softhsm2-util --module "$module" --init-token --free --label t --pin 1234 --so-pin 1234
tool() { usr/bin/pkcs11-tool --module "$module" --token-label t --login --pin 1234 "$@"; }
number=1
for curve in prime256v1 secp384r1 secp521r1; do
    tool --keypairgen --key-type "EC:$curve" --label "$curve" --id "0$number" > /dev/null 2>&1
    number=$((number + 1))
    status=0
    tool --read-object --type pubkey --label "$curve" --output-file "$curve.der" 2> errors || status=$?
    echo "$curve: status $status $(grep error errors || true)"
    case $curve in
        secp384r1)
            test "$status" -ne 0
            grep -q "cannot create EVP_PKEY" errors
            head -c 48 /dev/zero > digest
            tool --sign --mechanism ECDSA --label "$curve" --input-file digest --output-file signature 2> /dev/null
            test "$(wc -c < signature)" -eq 96
            ;;
        *) openssl pkey -pubin -inform DER -in "$curve.der" -noout ;;
    esac
done
