"""Random keys, policies and tokens, most of them nearly good."""

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from handmade import signed
from lossless import read
from rules import ALGORITHMS, by_family

ISSUERS = ["https://a.test", "https://a.test/", "ünï", ""]
AUDIENCES = ["one", "two", "日本", "*"]
SUBJECTS = ["alice", "Alice", "123"]
ROLES = ["admin", "user", "admin user"]
LEVELS = ["3", "3.0", "30e-1", '"3"', "[3]", "null", '{"a":1,"b":[]}', '{ "b":[], "a":1.0 }']
TYPES = ["JWT", "jwt", "application/JWT", "at+jwt", "application/at+jwt", "application/a/b", "a/b"]
CHARACTERS = (
    [chr(c) for c in range(0x20, 0x7F)]
    + list("\0\a\b\t\n\f\r\x1b\x7f\x85\x9b\xad")
    + list(
        "éßłñ語🔑👩💻한ا\u0301\u200b\u200d\u200e\u202e\u2028\u2066\ufeff\ufdd0\ufff9\ufffd\uffff"
    )
    + ["\U000e0041", "\U000e0100", "\U0001f600", "\U0010ffff"]
)


class Writer:
    """Writes random JSON."""

    def __init__(self, rng):
        self.rng = rng

    def chance(self, probability):
        return self.rng.random() < probability

    def fit(self, asked, choices):
        """Most often something that is asked for, if anything is."""
        asked = [one for one in asked if one is not None]
        return self.rng.choice(asked if asked and self.chance(0.8) else choices)

    def space(self):
        return self.rng.choice(["", "", "", "", " ", "\n", "\t\r "])

    def text(self):
        return "".join(self.rng.choices(CHARACTERS, k=self.rng.choice([0, 1, 3, 8, 30])))

    def string(self, text):
        return f'"{"".join(map(self.character, text))}"'

    def character(self, c):
        short = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\n": "\\n", "\t": "\\t", "\b": "\\b"}
        if c in short and self.chance(0.7):
            return short[c]
        if c in '"\\' or c < " " or self.chance(0.1):
            units = c.encode("utf-16-be").hex()
            escape = "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
            return escape if self.chance(0.5) else escape.upper().replace("\\U", "\\u")
        return c

    def number(self):
        digits = str(self.rng.randrange(10 ** self.rng.choice([1, 3, 17, 40])))
        fraction = self.rng.choice(["", "", ".0", ".50", ".1234567890123456789"])
        exponent = self.rng.choice(["", "", "e0", "E+2", "e-7", "e400"])
        return self.rng.choice(["", "-"]) + digits + fraction + exponent

    def value(self, depth=0):
        kinds = [self.number, lambda: self.string(self.text()), self.constant]
        if depth < 4:
            kinds += [lambda: self.array(depth), lambda: self.nested(depth)]
        return self.rng.choice(kinds)()

    def constant(self):
        return self.rng.choice(["true", "false", "null"])

    def array(self, depth):
        values = [self.value(depth + 1) for _ in range(self.rng.randrange(4))]
        return f"[{','.join(self.space() + value + self.space() for value in values)}]"

    def nested(self, depth):
        members = [(self.text(), self.value(depth + 1)) for _ in range(self.rng.randrange(4))]
        return self.object(members, 0.01)

    def object(self, members, repeating=0.03):
        members = list(members)
        if members and self.chance(repeating):
            members.append((self.rng.choice(members)[0], self.value(9)))
        self.rng.shuffle(members)
        s = self.space
        inside = ",".join(f"{s()}{self.string(n)}{s()}:{s()}{v}{s()}" for n, v in members)
        return f"{{{inside or s()}}}"

    def spoilt(self, text):
        """Bytes of the text, which now and then is not JSON, or not an object, any more."""
        content = text.encode()
        if not self.chance(0.06):
            return content
        return self.rng.choice(
            [
                content[:-1] + b",}",
                content[:-1],
                content + b"x",
                b"\xef\xbb\xbf" + content,
                content.replace(b":", b":0", 1),
                content[:-1] + b',"a":NaN}',
                content[:-1] + b',"a":"\\ud800"}',
                content[:-1] + b',"a":"\\udc00\\ud800"}',
                content[:-1] + b',"a":"\xff"}',
                content[:-1] + b',"a":"\xed\xa0\x80"}',
                content[:-1] + b',"a":"\n"}',
                content[:-1] + b",'a':1}",
                content[:-1] + b',"a":+1}',
                content[:-1] + b',"a":.5}',
                content[:-1] + b',"a":"\\x41"}',
                content[:-1] + b"\v}",
                b"[" + content + b"]",
                b'"text"',
                b"null",
                b"",
            ]
        )


class Policy:
    """What is asked for, and the options that ask for it."""

    def __init__(self, rng):
        def perhaps(choices, most=1):
            return rng.sample(choices, rng.randint(1, most)) if rng.random() < 0.2 else []

        self.iss, self.aud = perhaps(ISSUERS, 2), perhaps(AUDIENCES, 2)
        self.sub, self.require = perhaps(SUBJECTS), perhaps(["sub", "jti", "role", "é"], 2)
        self.typ = (perhaps(TYPES) or [None])[0]
        self.leeway = rng.choice([0, 0, 1, 60, 600])
        self.max_age = rng.choice([None, None, None, 0, 1, 3600])
        self.allow_no_exp = rng.random() < 0.3
        self.claims = {}
        for name in perhaps(["role", "scope", "scp"]):
            self.claims[name] = (rng.choice(["admin", "user"]), None)
        for level in perhaps(LEVELS):
            self.claims["level"] = (None, read(level.encode()))
            self.level = level

    def options(self):
        for flag, values in (
            ("iss", self.iss),
            ("aud", self.aud),
            ("sub", self.sub),
            ("require", self.require),
        ):
            yield from (f"--{flag}={value}" for value in values)
        if self.typ:
            yield f"--typ={self.typ}"
        if self.max_age is not None:
            yield f"--max-age={self.max_age}s"
        if self.allow_no_exp:
            yield "--allow-no-exp"
        for name, (text, _) in self.claims.items():
            yield f"--claim={name}:={self.level}" if text is None else f"--claim={name}={text}"
        yield f"--leeway={self.leeway}s"


class Case:
    """A token and how it was made."""

    def __init__(self, writer, keys, policy, now):
        rng = writer.rng
        self.kind = keys.kind
        self.signed_as = rng.choice(sorted(ALGORITHMS[keys.kind]))
        self.forged = writer.chance(0.05)
        self.header = writer.spoilt(self.random_header(writer, policy))
        self.payload = writer.spoilt(random_claims(writer, policy, now))
        key = keys.another if self.forged else keys.private
        self.token = signed(self.header, self.payload, by_family(self.signed_as), key)
        self.respelt = writer.chance(0.04)
        if self.respelt:
            self.token = respell(rng, self.token)

    def random_header(self, writer, policy):
        others = ["none", "nOnE", "HS256", "RS256", "ES256", "EdDSA", "hs256", "XX", ""]
        alg = writer.rng.choice(others) if writer.chance(0.1) else self.signed_as
        members = [("alg", writer.value() if writer.chance(0.02) else writer.string(alg))]
        if writer.chance(0.7):
            members.append(("typ", writer.string(writer.fit([policy.typ], TYPES))))
        if writer.chance(0.3):
            members.append(("kid", writer.string(writer.text())))
        if writer.chance(0.02):
            members.append((writer.rng.choice(["typ", "kid"]), writer.value()))
        if writer.chance(0.04):
            members.append(("crit", writer.rng.choice(["[]", '["exp"]', '["b64"]', "null"])))
        if writer.chance(0.3):
            members.append((f"x-{writer.text()}", writer.value()))
        return writer.object(members)


def random_claims(writer, policy, now):
    rng = writer.rng

    def string_of(choices, asked=()):
        return writer.string(writer.fit(asked, choices))

    def time(*offsets):
        seconds = now + rng.choice(offsets)
        odd = ['"1"', "null", "1e400", "-0", "[]", "9223372036854775808", "true"]
        spellings = [
            f"{seconds}",
            f"{seconds}",
            f"{seconds}.0",
            f"{seconds}.000000000000000000001",
            f"{seconds - 1}.5",
            f"{seconds}e0",
            f"{seconds}000E-3",
            f"{seconds // 100}e2",
        ]
        return rng.choice(odd) if writer.chance(0.03) else rng.choice(spellings)

    leeway, age = policy.leeway, policy.max_age or 0
    audiences = ",".join(writer.string(one) for one in rng.sample(AUDIENCES, rng.randrange(3)))
    makers = {
        "exp": lambda: time(3600, 3600, 3600, 3600, 3600, 1, 0, -1, -leeway, 1 - leeway, -3600),
        "nbf": lambda: time(-3600, -3600, -3600, -3600, 0, 1, leeway, leeway + 1),
        "iat": lambda: time(
            -age // 2, -age // 2, 0, -age, -age - leeway, -age - leeway - 1, leeway, leeway + 1
        ),
        "iss": lambda: string_of(ISSUERS, policy.iss),
        "sub": lambda: string_of(SUBJECTS, policy.sub),
        "aud": lambda: rng.choice([string_of(AUDIENCES, policy.aud), f"[{audiences}]"]),
        "jti": lambda: writer.string(writer.text()),
        "role": lambda: rng.choice([string_of(ROLES), f"[1,{string_of(ROLES)}]"]),
        "scope": lambda: string_of(ROLES),
        "scp": lambda: string_of(ROLES),
        "level": lambda: rng.choice(LEVELS),
    }
    likely = {"exp": 0.95, "iat": 0.9, "role": 0.6}
    members = [
        (name, writer.value() if writer.chance(0.02) else make())
        for name, make in makers.items()
        if writer.chance(likely.get(name, 0.75))
    ]
    members += [(f"{writer.text()}é", writer.value()) for _ in range(rng.randrange(4))]
    return writer.object(members)


def respell(rng, token):
    """Another spelling of the same token, or what is left of it: none is allowed."""
    header, payload, signature = token.split(".")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spellings = [
        f"{header}=.{payload}.{signature}",
        f"{header}.{payload}.{signature}==",
        f"{header}.{payload}%2E{signature}",
        f"{header}.{payload}",
        f"{header}.{payload}.{signature}.",
        f"{header}.{payload}. {signature}",
    ]
    if len(signature) % 4:
        # The bits that stand for nothing are set.
        last = alphabet[alphabet.index(signature[-1]) | 1]
        spellings.append(f"{header}.{payload}.{signature[:-1]}{last}")
    return rng.choice(spellings)


class Keys:
    """A key of a kind, another one, and the file for jott."""

    def __init__(self, kind, rng, folder):
        self.kind = kind
        self.file = folder / kind
        make = {
            "secret": lambda: bytes(rng.choices(b"abcdefghijkl0123456789", k=64)),
            "RSA": lambda: rsa.generate_private_key(65537, 2048),
            "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
            "Ed25519": ed25519.Ed25519PrivateKey.generate,
        }[kind]
        self.private, self.another = make(), make()
        self.file.write_bytes(
            self.private
            if kind == "secret"
            else self.private.public_key().public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            )
        )
