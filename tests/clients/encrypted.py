"""Encrypted tokens of every algorithm, from jwcrypto and joserfc to jott and back, in every form.

The argument is jott. Prints what went wrong, and in the last line how much was tried.
"""

import json
import os
import subprocess
import sys
import tempfile
import warnings

from joserfc import jwe as joserfc_jwe
from joserfc import jwk as joserfc_jwk
from jwcrypto import jwe, jwk

warnings.simplefilter("ignore")

JOTT = sys.argv[1]

CONTENT = {
    "A128GCM": 16,
    "A192GCM": 24,
    "A256GCM": 32,
    "A128CBC-HS256": 32,
    "A192CBC-HS384": 48,
    "A256CBC-HS512": 64,
}
AGREEMENT = ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"]
KINDS = {
    "RSA": ["RSA-OAEP", "RSA-OAEP-256"],
    "P-256": AGREEMENT,
    "P-384": AGREEMENT,
    "P-521": AGREEMENT,
    "X25519": AGREEMENT,
    "16": ["A128KW", "A128GCMKW"],
    "24": ["A192KW", "A192GCMKW"],
    "32": ["A256KW", "A256GCMKW"],
    "password": ["PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"],
    "dir": ["dir"],
}

tried = 0


def check(what, found, wanted):
    global tried
    tried += 1
    if found != wanted:
        print(f"{what}: {found}")


def key_of(kind, enc):
    match kind:
        case "RSA":
            return jwk.JWK.generate(kty="RSA", size=2048)
        case "X25519":
            return jwk.JWK.generate(kty="OKP", crv=kind)
        case "password":
            return jwk.JWK.from_password("correct horse battery staple")
        case "dir":
            return jwk.JWK.generate(kty="oct", size=CONTENT[enc] * 8)
        case _ if kind.startswith("P-"):
            return jwk.JWK.generate(kty="EC", crv=kind)
    return jwk.JWK.generate(kty="oct", size=int(kind) * 8)


def jott(*args, stdin=None):
    ran = subprocess.run([JOTT, *args], capture_output=True, text=True, input=stdin or "")
    return ran.stdout.strip() or ran.stderr.strip()


def opened_by_jwcrypto(text, key, alg):
    token = jwe.JWE()
    token.allowed_algs = [alg, *CONTENT]
    token.deserialize(text, key)
    return json.loads(token.payload)["sub"]


def opened_by_joserfc(text, key, registry):
    token = joserfc_jwe.decrypt_compact(text, key, registry=registry)
    return json.loads(token.plaintext)["sub"]


def exchange(kind, alg, enc, key, path):
    name = f"{kind} {alg} {enc}"
    claims = json.dumps({"sub": name})
    token = jwe.JWE(claims.encode(), json.dumps({"alg": alg, "enc": enc}))
    token.allowed_algs = [alg, *CONTENT]
    token.add_recipient(key)
    for compact in (True, False):
        shown = jott("decode", "-k", path, "--get", "sub", stdin=token.serialize(compact))
        check(f"jwcrypto to jott, {name}, compact {compact}", shown, name)
    make = ["issue", "--encrypt-to", path, "-a", alg, "--enc", enc, "--sub", name]
    for form in ("compact", "flattened", "general"):
        text = jott(*make, "--serialization", form)
        try:
            found = opened_by_jwcrypto(text, key, alg)
        except Exception as error:
            found = repr(error) + text
        check(f"jott to jwcrypto, {name}, {form}", found, name)
    if kind == "password":
        other = joserfc_jwk.OctKey.import_key("correct horse battery staple")
    else:
        other = joserfc_jwk.import_key(json.loads(key.export()))
    registry = joserfc_jwe.JWERegistry(algorithms=[alg, enc])
    header = {"alg": alg, "enc": enc}
    text = joserfc_jwe.encrypt_compact(header, claims, other, registry=registry)
    check(f"joserfc to jott, {name}", jott("decode", "-k", path, "--get", "sub", text), name)
    text = jott(*make)
    try:
        found = opened_by_joserfc(text, other, registry)
    except Exception as error:
        found = repr(error) + text
    check(f"jott to joserfc, {name}", found, name)


def exchange_with_several(enc, folder):
    kinds = {kind: algorithms[-1] for kind, algorithms in KINDS.items() if kind != "dir"}
    keys = {kind: key_of(kind, enc) for kind in kinds}
    name = f"several, {enc}"
    token = jwe.JWE(json.dumps({"sub": name}).encode(), json.dumps({"enc": enc}))
    token.allowed_algs = [*kinds.values(), *CONTENT]
    to = []
    for kind, alg in kinds.items():
        token.add_recipient(keys[kind], json.dumps({"alg": alg}))
        with open(f"{folder}/{kind}.jwk", "w") as file:
            file.write(keys[kind].export())
        to += ["--encrypt-to", file.name]
    theirs = token.serialize(False)
    ours = jott("issue", "-q", *to, "--enc", enc, "--sub", name)
    for kind in kinds:
        shown = jott("decode", "-k", f"{folder}/{kind}.jwk", "--get", "sub", stdin=theirs)
        check(f"jwcrypto to jott, {name}, {kind}", shown, name)
        try:
            opened = jwe.JWE()
            opened.deserialize(ours, keys[kind])
            found = json.loads(opened.payload)["sub"]
        except Exception as error:
            found = repr(error) + ours
        check(f"jott to jwcrypto, {name}, {kind}", found, name)


with tempfile.TemporaryDirectory() as folder:
    os.umask(0o077)
    path = f"{folder}/key.jwk"
    for enc in CONTENT:
        exchange_with_several(enc, folder)
    for kind, algorithms in KINDS.items():
        kept = None if kind == "dir" else key_of(kind, None)
        for alg in algorithms:
            for enc in CONTENT:
                key = kept or key_of(kind, enc)
                with open(path, "w") as file:
                    file.write(key.export())
                exchange(kind, alg, enc, key, path)
print(tried)
