"""Valid and damaged tokens of many kinds, judged by jott and by joserfc.

`beside_joserfc.py JOTT SEED COUNT` prints each token that jott accepts and joserfc refuses, unless a specification
says why it is good, and each that both accept and read differently. jott may refuse more. The last line says how
much was tried, what both accept, and what joserfc alone refuses, by reason.
"""

import collections
import json
import os
import random
import re
import string
import subprocess
import sys
import tempfile
import warnings

from joserfc import jwe, jwk, jws, jwt
from joserfc.errors import JoseError

from handmade import b64

warnings.simplefilter("ignore")

JOTT, SEED, COUNT = sys.argv[1], sys.argv[2], int(sys.argv[3])
NOW = 1_800_000_000
ALPHABET = string.ascii_letters + string.digits + "-_"

SIGNED = {
    "HS256": ("oct", 256),
    "HS512": ("oct", 512),
    "RS256": ("RSA", 2048),
    "PS384": ("RSA", 2048),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
    "EdDSA": ("OKP", "Ed25519"),
}
ENCRYPTED = {
    ("dir", "A256GCM"): ("oct", 256),
    ("dir", "A128CBC-HS256"): ("oct", 256),
    ("A128KW", "A128GCM"): ("oct", 128),
    ("PBES2-HS256+A128KW", "A128GCM"): ("oct", 256),
    ("A256GCMKW", "A256CBC-HS512"): ("oct", 256),
    ("RSA-OAEP", "A128CBC-HS256"): ("RSA", 2048),
    ("RSA-OAEP-256", "A256GCM"): ("RSA", 2048),
    ("ECDH-ES", "A128GCM"): ("EC", "P-256"),
    ("ECDH-ES+A256KW", "A256GCM"): ("EC", "P-521"),
    ("ECDH-ES+A128KW", "A192CBC-HS384"): ("OKP", "X25519"),
}

#: Why joserfc alone refuses a token that is good: a part of what it says, and what a specification says.
STRICTER = {
    "' in header must be ": "RFC 7515 section 4: what is not understood or not used, such as `cty`, `jku`, `jwk`, `x5c` and `x5t` here, is ignored",
    "The token was issued in the future": "RFC 7519 section 4.1.6: `iat` tells the age of a token, and nothing is to be refused for it",
}


class Roomy:
    """The limits of joserfc are a choice of its own, and none of a specification."""

    max_header_length = max_payload_length = max_signature_length = 1 << 20
    max_protected_header_length = max_ciphertext_length = 1 << 20


class Jws(Roomy, jws.JWSRegistry):
    pass


class Jwe(Roomy, jwe.JWERegistry):
    pass


#: At this time, and for this audience.
CLAIMS = jwt.JWTClaimsRegistry(
    now=NOW, leeway=0, exp={"essential": True}, aud={"essential": True, "value": "api"}
)


def generated(kind, size):
    match kind:
        case "oct":
            return jwk.OctKey.generate_key(size)
        case "RSA":
            return jwk.RSAKey.generate_key(size)
        case "EC":
            return jwk.ECKey.generate_key(size)
    return jwk.OKPKey.generate_key(size)


class Refused(str):
    """Why joserfc refuses a token."""


class Odd:
    """Values and texts that readers stumble over."""

    def __init__(self, rng):
        self.rng = rng

    def chance(self, probability):
        return self.rng.random() < probability

    def value(self):
        return self.rng.choice(
            ["1", "0", "-1", "1e3", "1.5", "null", "true", '"x"', '""', "[]", "{}", '["api"]', '["api",1]', '"api"', '["x","api"]',
             "1800000000", "1800000000.0", "1.8e9", "1799999999.999", "1800000001", "1e400", "99999999999999999999", '"1800000001"', "NaN",
             "Infinity", "01", "1.", ".5", "+1", '"\\ud800"', '"\\u0000"', "[[[[1]]]]", "'x'", "tru", '{"a":1,"a":2}', '"JWT"', '"at+jwt"']
        )  # fmt: skip

    def claims(self):
        members = {"sub": '"alice"', "aud": '"api"', "exp": str(NOW + 600), "iat": str(NOW - 60)}
        for _ in range(self.rng.choice([0, 0, 0, 1, 1, 2])):
            name = self.rng.choice(["sub", "aud", "exp", "iat", "nbf", "iss", "jti", "x", "__proto__", "", "Exp"])
            members[name] = self.value()
        if self.chance(0.1):
            members.pop(self.rng.choice(list(members)))
        return self.written(members)

    def header(self, alg):
        members = {"alg": json.dumps(alg), "typ": '"JWT"'}
        if self.chance(0.3):
            name = self.rng.choice(["typ", "cty", "kid", "crit", "b64", "jku", "jwk", "x5c", "x5t", "zip", "enc", "alg", "x", "p2c", "ALG"])
            members[name] = self.value()
        if self.chance(0.1):
            members["alg"] = self.rng.choice(['"none"', '"None"', '"hs256"', '"HS256"', '"RS256"', '"ES256"', '"PS256"', '"EdDSA"', '"Ed25519"', "null", "1"])
        if self.chance(0.1):
            members["crit"] = self.rng.choice(["[]", '["exp"]', '["alg"]', '["b64"]', '["x"]', '"x"', '["x","x"]', "[1]"])
        return self.written(members)

    def written(self, members):
        pairs = [f"{json.dumps(name)}:{value}" for name, value in members.items()]
        if self.chance(0.05):
            pairs.append(self.rng.choice(pairs))
        text = self.rng.choice(["{", "{ ", "\n{", "{\t"]) + ",".join(pairs) + self.rng.choice(["}", "}", " }", "}\n"])
        if self.chance(0.06):
            text = self.rng.choice(["\ufeff" + text, text + "x", text[:-1], "[" + text + "]", text.replace(":", " :"), text + "\0", "", "null"])
        data = text.encode("utf-8", "surrogatepass")
        return self.rng.choice([text.encode("utf-16"), data + b"\xff", data]) if self.chance(0.05) else data

    def damaged(self, token):
        """A text with one or two changes."""
        for _ in range(self.rng.choice([1, 1, 2])):
            at = self.rng.randrange(len(token) + 1)
            kind = self.rng.randrange(9)
            letter = self.rng.choice(ALPHABET)
            if kind == 0:
                token = token[:at] + letter + token[at + 1 :]
            elif kind == 1:
                token = token[:at] + token[at + 1 :]
            elif kind == 2:
                token = token[:at] + self.rng.choice([".", "=", "\n", " ", "+", "/", "~", "é", "\0", letter]) + token[at:]
            elif kind == 3:
                parts = token.split(".")
                which = self.rng.randrange(len(parts))
                parts[which] += self.rng.choice(["=", "==", "A", "\n", " "])
                token = ".".join(parts)
            elif kind == 4:
                parts = token.split(".")
                self.rng.shuffle(parts)
                token = ".".join(parts)
            elif kind == 5:
                # The last letter of a part may have bits that stand for nothing.
                parts = token.split(".")
                which = self.rng.randrange(len(parts))
                if last := parts[which][-1:]:
                    near = ALPHABET_ORDER[ALPHABET_ORDER.index(last) ^ 1] if last in ALPHABET_ORDER else "A"
                    parts[which] = parts[which][:-1] + near
                token = ".".join(parts)
            elif kind == 6:
                parts = token.split(".")
                parts[self.rng.randrange(len(parts))] = self.rng.choice(["", "e30", "AA", "eyJhbGciOiJub25lIn0"])
                token = ".".join(parts)
            elif kind == 7:
                token = token.replace(*self.rng.choice([("-", "+"), ("_", "/"), (".", ".."), ("A", "a")]), 1)
            else:
                token = token[:at]
        return token


ALPHABET_ORDER = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


class Ring:
    """A key, what is made with it, and how joserfc and jott judge that."""

    def __init__(self, name, key, folder):
        self.name, self.key = name, key
        self.file = f"{folder}/{len(os.listdir(folder))}.jwk"
        with open(self.file, "w") as file:
            json.dump(key.as_dict(private=True), file)

    def run(self, *tokens):
        """What jott prints for tokens, a line each."""
        command = [JOTT, *self.ways, "--key", self.file, "--", *tokens]
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env={"LANG": "C.UTF-8"})
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def judged_by_jott(self, tokens):
        return self.run(*tokens)

    def judged_by_joserfc(self, token):
        """What it reads, or a text that says why it does not."""
        try:
            return self.read(token)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError, AssertionError, RecursionError) as error:
            return Refused(f"{type(error).__name__}: {error}")


class Tokens(Ring):
    """Signed tokens, with what their claims ask for."""

    ways = ["verify", "--json", "--aud", "api", f"--at={NOW}"]

    def made(self, odd):
        model = jws.JWSRegistry.algorithms[self.name]
        signed = f"{b64(odd.header(self.name))}.{b64(odd.claims())}"
        return f"{signed}.{b64(model.sign(signed.encode(), self.key))}"

    def read(self, token):
        registry = Jws(algorithms=[self.name, "Ed25519"] if self.name == "EdDSA" else [self.name], strict_check_header=False)
        found = jwt.decode(token, self.key, registry=registry)
        CLAIMS.validate(found.claims)
        return found.claims


class Flattened(Tokens):
    """The same in the flattened JSON form, over any payload."""

    ways = ["verify", "--json", "--signature-only", "--signature=any"]

    def made(self, odd):
        header, payload, signature = super().made(odd).split(".")
        members = {"payload": payload, "protected": header, "signature": signature}
        if odd.chance(0.3):
            members["header"] = {odd.rng.choice(["kid", "alg", "typ", "crit", "x"]): odd.rng.choice(["x", 1, ["x"]])}
        return json.dumps(members)

    def read(self, token):
        registry = Jws(algorithms=[self.name, "Ed25519"] if self.name == "EdDSA" else [self.name], strict_check_header=False)
        return jws.deserialize_json(json.loads(token), self.key, registry=registry).payload


class Encrypted(Ring):
    """Encrypted claims."""

    ways = ["decode", "--json"]

    def made(self, odd):
        header = {"alg": self.name[0], "enc": self.name[1]}
        if odd.chance(0.3):
            header["zip"] = "DEF"
        if odd.chance(0.2):
            header[odd.rng.choice(["cty", "typ", "kid"])] = "x"
        payload = odd.claims()
        return jwe.encrypt_compact(header, payload, self.key, registry=self.registry())

    def judged_by_jott(self, tokens):
        # What cannot be read has no line.
        return [(self.run(token) or [{}])[0] for token in tokens]

    def registry(self):
        return Jwe(algorithms=[*self.name, "DEF"], strict_check_header=False)

    def read(self, token):
        return jwe.decrypt_compact(token, self.key, registry=self.registry()).plaintext


def bare_token(text):
    """The token of a pasted text: it has no white space, and nothing else around it (RFC 7515 section 7.1)."""
    found = re.search(r"[\w-]+(\.[\w-]*){2,4}", re.sub(r"\s", "", text), re.ASCII)
    return found[0] if found else text


def same(read, line):
    """Whether jott, by a line of its answer, and joserfc read the same."""
    if isinstance(read, bytes):
        if line["claims"] is None:
            # A verdict says nothing of other payloads.
            return line.get("payload") in (None, b64(read))
        read = json.loads(read)
    return read == line["claims"]


def compare(ring, tokens, tally):
    """Yields where jott is laxer, or reads something else."""
    # No argument can have it.
    tokens = [token for token in tokens if "\0" not in token]
    lines = ring.judged_by_jott(tokens)
    if len(lines) != len(tokens):
        yield f"{len(lines)} lines for {len(tokens)} tokens: {tokens!a}"
    for token, line in zip(tokens, lines):
        accepted = line.get("valid", False) or line.get("opened") is not None
        theirs = ring.judged_by_joserfc(token)
        refused = isinstance(theirs, Refused)
        tally["tried"] += 1
        tally["accepted by both"] += accepted and not refused
        tally["refused by jott alone"] += not accepted and not refused
        if accepted and refused and (bare := bare_token(token)) != token:
            theirs = ring.judged_by_joserfc(bare)
            refused = isinstance(theirs, Refused)
            tally["with text around it"] += not refused
        if accepted and refused:
            why = next((why for said, why in STRICTER.items() if said in theirs), None)
            tally[f"refused by joserfc alone: {why}"] += 1
            if why is None:
                yield f"{ring.name}: joserfc alone refuses ({theirs}) {token!a}"
        elif accepted and not same(theirs, line):
            yield f"{ring.name}: {theirs!r} is read of {token!a}, and not {line['claims']}"


def main():
    rng = random.Random(int(SEED))
    odd, tally, wrong = Odd(rng), collections.Counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        os.umask(0o077)
        keys = {kind: generated(*kind) for kind in {*SIGNED.values(), *ENCRYPTED.values()}}
        rings = [form(name, keys[kind], folder) for name, kind in SIGNED.items() for form in (Tokens, Tokens, Flattened)]
        rings += [Encrypted(name, keys[kind], folder) for name, kind in ENCRYPTED.items()]
        for round_ in range(0, COUNT, 20):
            ring = rings[round_ // 20 % len(rings)]
            tokens = [ring.made(odd) for _ in range(20)]
            tokens = [odd.damaged(token) if odd.chance(0.35) else token for token in tokens]
            for fault in compare(ring, tokens, tally):
                wrong += 1
                print(fault)
    print(json.dumps(tally))
    sys.exit(wrong > 0)


main()
