//! Commands that people type by habit.

use crate::cli::habits::{Habit, KEY, TOP, habit};

pub(super) const COMMANDS: &[Habit] = &[
    habit(
        TOP,
        &["encode", "sign", "create", "mint", "make", "new", "sig"],
        "`jott issue --sub alice` makes a signed token",
    ),
    habit(
        TOP,
        &["generate", "gen"],
        "`jott issue` makes a token, `jott key generate` a key",
    ),
    habit(
        TOP,
        &[
            "inspect", "show", "parse", "print", "dump", "view", "info", "debug", "read",
        ],
        "`jott decode` shows what a token says",
    ),
    habit(
        TOP,
        &["validate", "check", "ver", "test"],
        "`jott verify` checks a token's signature and claims",
    ),
    habit(
        TOP,
        &[
            "demo",
            "serve",
            "server",
            "mock",
            "mock-server",
            "start",
            "run",
        ],
        "`jott serve-demo` runs a local OAuth 2.0 server",
    ),
    habit(TOP, &["version"], "`jott --version` prints it"),
    habit(
        TOP,
        &["man", "manual", "usage"],
        "`jott help` and `jott help COMMAND` print it",
    ),
    habit(
        TOP,
        &["completion", "complete"],
        "`jott completions SHELL` prints the script of a shell",
    ),
    habit(
        TOP,
        &["crypto", "jwt", "jose", "jws", "token", "tokens", "dgst"],
        "`jott issue`, `jott decode` and `jott verify` make, show and check tokens",
    ),
    habit(
        TOP,
        &["redact", "mask", "scrub"],
        "`jott decode --redact` copies a text without the signatures of its tokens",
    ),
    habit(
        TOP,
        &["edit", "tamper"],
        "`jott issue --from TOKEN` makes a token from another, signed with your key",
    ),
    habit(
        TOP,
        &["batch"],
        "`jott issue`, `jott decode` and `jott verify` have `--batch`",
    ),
    habit(
        TOP,
        &["keygen", "genkey", "generate-key", "generate-secret"],
        "`jott key generate NAME` makes a key, with `--alg HS256` a secret",
    ),
    habit(
        TOP,
        &["keys", "jwk", "jwks", "keyset", "keyring", "secret"],
        "`jott key` keeps and shows keys: `jott key generate`, `jott key list`, `jott key show`",
    ),
    habit(
        TOP,
        &[
            "genrsa",
            "genpkey",
            "gendsa",
            "ecparam",
            "ssh-keygen",
            "newkey",
        ],
        "`jott key generate NAME --alg RS256` makes a key pair, with `--out PATH` in a file",
    ),
    habit(
        TOP,
        &["rand", "random"],
        "`jott key generate NAME --alg HS256` makes a random secret",
    ),
    habit(
        TOP,
        &["pkey", "rsa", "ec", "x509", "pkcs8", "asn1parse", "pem"],
        "`jott key show --key ./key.pem` shows a key of any form",
    ),
    habit(
        TOP,
        &[
            "b64", "base64", "fmt", "format", "pretty", "header", "payload", "claims",
        ],
        "`jott decode` shows header and claims, with `--json` as JSON",
    ),
    habit(
        TOP,
        &["alg", "algs", "algorithms"],
        "`jott issue --help` lists the algorithms",
    ),
    habit(
        TOP,
        &["jwe", "encrypt", "decrypt", "enc", "dec"],
        "`jott decode --key SOURCE` opens an encrypted token, `jott issue --encrypt-to SOURCE` makes one",
    ),
    habit(
        TOP,
        &[
            "crack",
            "brute",
            "bruteforce",
            "attack",
            "scan",
            "exploit",
            "fuzz",
        ],
        "jott guesses no keys and attacks nothing; `jott verify` checks a token with the key that it should have",
    ),
    habit(
        TOP,
        &[
            "discover",
            "discovery",
            "diagnose",
            "metadata",
            "well-known",
            "issuer",
            "check-issuer",
            "mcp",
        ],
        "`jott doctor URL` reads what an issuer publishes, and says what is wrong with it; `--mcp` begins at a resource",
    ),
    habit(
        TOP,
        &["login", "auth", "get-token", "oauth", "oidc", "refresh"],
        "`jott fetch` gets a token and refreshes it; `jott serve-demo` runs a server that gives some",
    ),
    habit(
        TOP,
        &[
            "config",
            "init",
            "setup",
            "update",
            "upgrade",
            "self-update",
        ],
        "there is nothing to set up; `jott --help` lists the commands",
    ),
    habit(
        TOP,
        &["thumbprint", "thp"],
        "`jott key show --key ./key.pem --thumbprint` prints it",
    ),
    habit(
        TOP,
        &["convert", "jwk2key", "key2jwk", "pem2jwk", "jwk2pem"],
        "`jott key show --key ./key.pem` prints a JWK, with `--pem` PEM, with `--private` the private key",
    ),
    habit(
        KEY,
        &["new", "create", "gen", "make"],
        "`jott key generate NAME` makes a key",
    ),
    habit(
        KEY,
        &["import", "set", "put", "store", "save"],
        "`jott key add NAME` puts a key into the keyring",
    ),
    habit(
        KEY,
        &["ls", "dir"],
        "`jott key list` lists the keys in the keyring",
    ),
    habit(
        KEY,
        &["mv", "move", "ren"],
        "`jott key rename OLD NEW` renames a key in the keyring",
    ),
    habit(
        KEY,
        &["rotate", "renew", "roll", "replace"],
        "`jott key rename NAME NAME-old` keeps the old key for those who verify with it, then `jott key generate NAME` makes a new one",
    ),
    habit(
        KEY,
        &["rm", "delete", "del", "forget"],
        "`jott key remove NAME` takes a key out of the keyring",
    ),
    habit(
        KEY,
        &[
            "get", "print", "cat", "export", "inspect", "convert", "public", "pub",
        ],
        "`jott key show NAME` prints the public key, with `--private` the private one, with `--pem` as PEM",
    ),
    habit(
        KEY,
        &["thumbprint", "thp"],
        "`jott key show NAME --thumbprint` prints it",
    ),
];
