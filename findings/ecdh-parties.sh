#!/bin/sh
# jwskate 0.12.2 (Python) and jose2go 1.5 (Go) leave `apu` and `apv` out of the key when they open a token of ECDH-ES+A128KW.
#
# RFC 7518 section 4.6.2 has both in the derivation (PartyUInfo, PartyVInfo). jwskate puts them in when it encrypts, and when
# it opens plain ECDH-ES; where a key is wrapped it forgets them on the way back, and so cannot open its own tokens either.
# jose2go reads them nowhere. The errors are those of a wrong key: "InvalidUnwrap", "integrity check failed", "message
# authentication failed". Senders that name the parties (DIDComm, wallets) meet this; without the two headers all is well.
#
# Seen on 2026-11-28: as said, for tokens of jwcrypto 1.6.1 that jose 6.2.18 (npm) opens.
#
# Needs Debian 12 with apt and go 1.19, node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq golang-github-dvsekhvalnov-jose2go-dev=1.5-1 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jwskate==0.12.2 jwcrypto==1.6.1
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18
venv/bin/python -W ignore - <<'PYTHON'
import json

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK
from jwskate import JweCompact, Jwk

TEXT = b'{"sub":"alice"}'
PARTIES = {"apu": "QWxpY2U", "apv": "Qm9i"}
key = JWK.generate(kty="EC", crv="P-256")
private, public = (Jwk(json.loads(text)) for text in (key.export(), key.export_public()))


def by_jwcrypto(alg, parties):
    token = JWE(TEXT, json.dumps({"alg": alg, "enc": "A128GCM", **parties}))
    token.add_recipient(JWK(**json.loads(key.export_public())))
    return token.serialize(True)


def read_by_jwcrypto(token):
    read = JWE()
    read.deserialize(token, key)
    return read.payload


tokens = {
    f"{alg} {name}": by_jwcrypto(alg, parties)
    for alg in ("ECDH-ES", "ECDH-ES+A128KW")
    for name, parties in (("without", {}), ("with", PARTIES))
}
own = str(JweCompact.encrypt(TEXT, key=public, enc="A128GCM", alg="ECDH-ES+A128KW", extra_headers=PARTIES))
assert read_by_jwcrypto(own) == TEXT
for name, token in {**tokens, "its own ECDH-ES+A128KW with": own}.items():
    try:
        assert JweCompact(token).decrypt(private) == TEXT
        assert "+A128KW with" not in name or name.endswith("without")
        print("jwskate reads", name)
    except InvalidUnwrap:
        assert name.endswith("ECDH-ES+A128KW with")
        print("jwskate: InvalidUnwrap for", name)
json.dump({"tokens": tokens, "key": json.loads(key.export())}, open("made", "w"))
open("key.pem", "wb").write(key.export_to_pem(private_key=True, password=None))
open("tokens", "w").write("".join(f"{name}|{token}\n" for name, token in tokens.items()))
PYTHON
node --input-type=module - <<'NODE'
import { readFileSync } from "node:fs";
import { compactDecrypt, importJWK } from "jose";

const { key, tokens } = JSON.parse(readFileSync("made"));
for (const token of Object.values(tokens)) await compactDecrypt(token, await importJWK(key, "ECDH-ES"));
NODE
cat > read.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	jose "github.com/dvsekhvalnov/jose2go"
	"github.com/dvsekhvalnov/jose2go/keys/ecc"
)

func main() {
	pem, _ := os.ReadFile("key.pem")
	key, err := ecc.ReadPrivate(pem)
	if err != nil {
		panic(err)
	}
	lines, _ := os.ReadFile("tokens")
	for _, line := range strings.Fields(strings.ReplaceAll(string(lines), " ", "_")) {
		name, token, _ := strings.Cut(line, "|")
		if _, _, err := jose.Decode(token, key); err != nil {
			fmt.Printf("jose2go refuses %s: %s\n", name, err)
		} else {
			fmt.Printf("jose2go reads %s\n", name)
		}
	}
}
GO
GO111MODULE=off GOPATH=$folder/usr/share/gocode GOCACHE=$folder/cache go run read.go | tee said
test "$(grep -c '^jose2go reads ECDH-ES.*_without$' said)" = 2
grep -q '^jose2go refuses ECDH-ES_with: .*message authentication failed' said
grep -q '^jose2go refuses ECDH-ES+A128KW_with: .*[Ii]ntegrity check failed' said
