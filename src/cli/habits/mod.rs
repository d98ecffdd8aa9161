//! What people type by the habit of other tools, and what does it here: one table of commands, one of
//! flags. The names are those of jwt-cli, step, jose, `jwt_tool`, jwt-hack, `PyJWT` and oauth2c, of the
//! tools of Go and Node, and of mock servers.

/// A habit: what is typed, below which commands, and what to do instead.
struct Habit {
    /// Command paths, such as `key show`; the program itself is empty, and none stands for all.
    of: &'static [&'static str],
    typed: &'static [&'static str],
    instead: &'static str,
}

const EVERYWHERE: &[&str] = &[];
const TOP: &[&str] = &[""];
const ISSUE: &[&str] = &["issue"];
const DECODE: &[&str] = &["decode"];
const VERIFY: &[&str] = &["verify"];
const SIGNED: &[&str] = &["issue", "verify"];
const TOKENS: &[&str] = &["issue", "decode", "verify"];
const READ: &[&str] = &["decode", "verify"];
const SERVER: &[&str] = &["serve-demo"];
const KEY: &[&str] = &["key"];
const GENERATE: &[&str] = &["key generate"];
const ADD: &[&str] = &["key add"];
const SHOW: &[&str] = &["key show"];
const COMPLETIONS: &[&str] = &["completions"];
const KEYED: &[&str] = &["issue", "verify", "serve-demo", "key show"];

const COMMANDS: &[Habit] = &[
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
        "jott makes and reads no encrypted tokens; `jott decode` shows the header of one",
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
        &["login", "auth", "fetch", "get-token", "oauth", "oidc"],
        "jott fetches no tokens; `jott serve-demo` runs a server that gives some, with the commands for it",
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

const FLAGS: &[Habit] = &[
    // Keys.
    habit(
        ISSUE,
        &[
            "--secret",
            "-S",
            "--password",
            "--key-text",
            "--hmac-secret",
        ],
        "a key on the command line is seen by others: `-k env:NAME` reads a variable, `-k ./key.pem` a file, `-k prompt` asks for it",
    ),
    habit(
        VERIFY,
        &[
            "--secret",
            "-S",
            "--password",
            "--key-text",
            "--hmac-secret",
        ],
        "a key on the command line is seen by others: `-k env:NAME` reads a variable, `-k ./key.pem` a file, `-k prompt` asks for it",
    ),
    habit(
        DECODE,
        &[
            "--secret",
            "-S",
            "--password",
            "--key-text",
            "--hmac-secret",
            "--key",
            "-k",
            "-K",
            "-pk",
            "-A",
            "--alg",
            "--algorithm",
            "--pubkey",
            "--public-key",
            "--public-key-file",
            "--private-key",
            "--key-file",
            "--keyfile",
            "--jwks",
            "--jwks-url",
        ],
        "`jott decode` needs no key; `jott verify -k env:NAME TOKEN` checks the signature",
    ),
    habit(
        ADD,
        &["--secret", "-S", "--password", "--value", "--key-text"],
        "a key on the command line is seen by others: `jott key add NAME` asks for it, `--from env:NAME` reads a variable",
    ),
    habit(
        SERVER,
        &["--https", "--ssl", "--tls"],
        "it speaks plain HTTP: a proxy in front of it speaks TLS, and `--issuer https://…` names that",
    ),
    habit(
        SERVER,
        &["--secret", "-S"],
        "a key on the command line is seen by others: `-k env:NAME` reads a variable; a client has its secret in `--client ID:SECRET=REDIRECT_URI`",
    ),
    habit(
        EVERYWHERE,
        &["--secret", "-S"],
        "a key on the command line is seen by others: `jott issue` and `jott verify` have `-k env:NAME` for a variable, `-k ./key.pem` for a file, `-k prompt` to be asked for it",
    ),
    habit(
        SIGNED,
        &[
            "--jwks",
            "--jwk",
            "--jwks-file",
            "--jwksfile",
            "--keys",
            "--signing-key",
            "--keyring",
            "-r",
            "-jw",
        ],
        "`-k ./jwks.json` names the file of a JWK or JWK Set, `-k https://…` a JWK Set on the network",
    ),
    habit(
        VERIFY,
        &[
            "--jwks-url",
            "--jwks-uri",
            "--jwksurl",
            "--url",
            "--provider",
            "--discovery",
        ],
        "`-k https://…` names a JWK Set on the network, `-k issuer:URL` the one of an issuer",
    ),
    habit(
        SERVER,
        &["--jwks", "--jwk", "--jwks-file"],
        "`-k ./key.jwk` names the file of a JWK",
    ),
    habit(
        KEYED,
        &[
            "--private-key",
            "--private-key-file",
            "--privkey",
            "--public-key",
            "--public-key-file",
            "--pubkey",
            "--key-file",
            "--keyfile",
            "--cert",
            "--x5c-key",
            "--x5t-key",
            "--from-pem",
            "--pem-file",
            "-pk",
            "-pr",
            "-kf",
        ],
        "`-k ./key.pem` names the file of a key, whatever its form",
    ),
    habit(
        KEYED,
        &["--secret-file", "--hmac-secret-file", "--key-path"],
        "`-k ./FILE` names the file of a secret or a key",
    ),
    habit(
        KEYED,
        &["--password-file"],
        "`--passphrase ./FILE` names the file of a passphrase",
    ),
    habit(
        ISSUE,
        &["--key-id", "--keyid"],
        "`--kid ID` puts it into the header, or picks the key of a set",
    ),
    habit(
        VERIFY,
        &["--kid", "--key-id", "--keyid"],
        "`--claim header.kid=ID` checks it; the key of a set is found by it anyway",
    ),
    habit(
        SIGNED,
        &["-A", "--algorithm", "--algorithms"],
        "`--alg ALG`, or `-a`, names an algorithm",
    ),
    habit(
        SERVER,
        &["-A", "--algorithm"],
        "`--alg ALG`, or `-a`, names an algorithm",
    ),
    // Claims and header of a token that is made.
    habit(
        ISSUE,
        &[
            "--payload",
            "--json-payload",
            "-P",
            "--data",
            "--body",
            "--set",
            "-pc",
        ],
        "`--claim NAME=TEXT` adds a claim, `--claims FILE` takes a JSON object, `--claims -` one from a pipe",
    ),
    habit(
        ISSUE,
        &["--no-iat", "--no-timestamp", "--noTimestamp"],
        "`--iat none` leaves `iat` out",
    ),
    habit(
        ISSUE,
        &[
            "--keep-payload-order",
            "--keep-order",
            "--sort",
            "--sort-keys",
        ],
        "claims stand in the order in which they are given",
    ),
    habit(
        ISSUE,
        &[
            "--subtle",
            "--insecure",
            "--allow-insecure-key-sizes",
            "--allowInsecureKeySizes",
        ],
        "`--allow-weak-key` signs with a secret that is too short",
    ),
    habit(ISSUE, &["--no-typ"], "`--typ none` leaves `typ` out"),
    habit(ISSUE, &["--no-kid"], "`--kid none` leaves `kid` out"),
    habit(ISSUE, &["--no-exp"], "`--exp never` leaves `exp` out"),
    habit(ISSUE, &["--issuer", "-i"], "`--iss ISS` sets the issuer"),
    habit(ISSUE, &["--subject", "-s"], "`--sub SUB` sets the subject"),
    habit(ISSUE, &["--audience"], "`--aud AUD` sets the audience"),
    habit(
        ISSUE,
        &[
            "--expires",
            "--expires-in",
            "--expires-at",
            "--expiresIn",
            "--expiration",
            "--expiry",
            "--ttl",
            "--lifetime",
            "--valid-for",
            "--duration",
            "-e",
        ],
        "`--exp 1h` sets when it expires, as a duration from now or a time",
    ),
    habit(
        ISSUE,
        &["--not-before", "--notBefore", "-n", "-b"],
        "`--nbf TIME` sets from when on it is valid",
    ),
    habit(
        ISSUE,
        &["--issued-at"],
        "`--iat TIME` sets when it was issued",
    ),
    habit(
        ISSUE,
        &["--jwt-id", "--jwtid", "--id"],
        "`--jti` makes a random ID, `--jti=ID` sets it",
    ),
    habit(
        ISSUE,
        &["--type", "-t"],
        "`--typ TYPE` sets the media type in the header",
    ),
    habit(
        ISSUE,
        &["--scope", "--scopes"],
        "`--claim scope='read write'` sets the scope",
    ),
    habit(
        ISSUE,
        &["--headers", "-H", "--header-claim", "-hc"],
        "`--header NAME=TEXT` sets a parameter of the header",
    ),
    habit(
        ISSUE,
        &["--tamper", "--injectclaims", "-T", "-I"],
        "`--from TOKEN` starts from another token, `--claim NAME=TEXT` changes it",
    ),
    habit(
        ISSUE,
        &["--no-signature", "--unsigned", "--none"],
        "a token that is not signed can be written by anyone: jott makes none",
    ),
    // What a token is checked for.
    habit(
        VERIFY,
        &["--issuer", "-i"],
        "`--iss ISS` names the issuer to accept",
    ),
    habit(
        VERIFY,
        &["--subject", "-s"],
        "`--sub SUB` names the subject to accept",
    ),
    habit(
        VERIFY,
        &["--audience"],
        "`--aud AUD` names the audience to accept",
    ),
    habit(
        VERIFY,
        &["--scope", "--scopes"],
        "`--claim scope=read` looks for a word in the scope",
    ),
    habit(
        VERIFY,
        &["--type", "-t"],
        "`--typ TYPE` names the media type to accept",
    ),
    habit(
        VERIFY,
        &[
            "--ignore-exp",
            "--ignore-expiration",
            "--ignoreExpiration",
            "--no-exp-check",
            "--no-exp",
        ],
        "`--at TIME` judges it as of another time, `--allow-no-exp` takes one that never expires, and `jott decode` checks nothing",
    ),
    habit(
        VERIFY,
        &[
            "--clock-skew",
            "--clock-tolerance",
            "--clockTolerance",
            "--tolerance",
            "--skew",
        ],
        "`--leeway 30s` says how far clocks may differ",
    ),
    habit(
        VERIFY,
        &[
            "--now",
            "--time",
            "--date",
            "--current-time",
            "--clock",
            "--clockTimestamp",
        ],
        "`--at TIME` judges it as of another time",
    ),
    habit(
        VERIFY,
        &[
            "--require-exp",
            "--require-claim",
            "--required",
            "--required-claims",
        ],
        "`--require NAME` wants a claim to be there; `exp` has to be anyway",
    ),
    habit(
        VERIFY,
        &["--validate-exp", "--validate-claims", "--check-exp"],
        "`exp` and `nbf` are always checked",
    ),
    habit(
        VERIFY,
        &["--insecure", "--subtle", "--no-verify", "--skip-verify"],
        "`jott decode` shows a token without checking it",
    ),
    // What is shown of a token.
    habit(
        DECODE,
        &[
            "--ignore-exp",
            "--ignore-expiration",
            "--no-exp-check",
            "--insecure",
            "--subtle",
            "--no-verify",
            "--skip-verify",
        ],
        "no flag is needed: `jott decode` shows every token and checks none",
    ),
    habit(
        DECODE,
        &["--verify", "--check"],
        "`jott verify TOKEN` checks a token",
    ),
    habit(
        DECODE,
        &["--date", "--dates", "--time", "--iso8601", "--utc"],
        "times are shown as dates anyway, and `--json` has them in `times`",
    ),
    habit(
        DECODE,
        &[
            "--pretty",
            "--indent",
            "--raw",
            "--full",
            "--compact",
            "--format",
        ],
        "`--json` prints JSON on one line, and `jott decode --json | jq .` lays it out",
    ),
    habit(
        DECODE,
        &["--header", "--headers"],
        "`--get header.NAME` prints one parameter of the header, `--json` all",
    ),
    habit(
        READ,
        &[
            "--query",
            "--select",
            "--jq",
            "--filter",
            "--path",
            "--jsonpath",
            "--print",
            "--show",
        ],
        "`--get NAME` prints one claim, and `--json` JSON for `jq`",
    ),
    habit(
        DECODE,
        &["--payload", "--claims", "--claim", "--body"],
        "`--get NAME` prints one claim, `--json` all",
    ),
    habit(TOKENS, &["-j"], "`--json` prints JSON"),
    habit(
        READ,
        &["--file", "-f", "--input", "--jwt", "--token", "-in", "--in"],
        "a token is given as it is, or on standard input: `< FILE`",
    ),
    habit(
        TOKENS,
        &["--out", "--output", "-o"],
        "the result goes to standard output: `> FILE` keeps it",
    ),
    // The server.
    habit(
        SERVER,
        &["--detach", "--daemon", "--background", "-d", "-D"],
        "a shell runs it beside other things: `jott serve-demo &`, or `jott serve-demo -- COMMAND` for as long as a command",
    ),
    habit(
        SERVER,
        &["--cors", "--allow-origin", "--cors-origin"],
        "pages of every origin may call it anyway",
    ),
    habit(
        SERVER,
        &["--log", "--log-level", "--debug"],
        "the log goes to standard error, and says why a request is refused; `--quiet` leaves it out",
    ),
    habit(
        SERVER,
        &["--port", "-p", "--host", "--bind", "--address", "--addr"],
        "`--listen 127.0.0.1:8080` sets where it listens",
    ),
    habit(
        SERVER,
        &[
            "--client-id",
            "--client-secret",
            "--redirect-uri",
            "--redirect-url",
            "--callback",
        ],
        "`--client ID:SECRET=REDIRECT_URI` adds a client",
    ),
    habit(
        SERVER,
        &["--username", "--password"],
        "`--user NAME:PASSWORD` adds a user",
    ),
    habit(
        SERVER,
        &["--scope", "--scopes", "--audience", "--claims", "--claim"],
        "`--config FILE` has claims, scopes and audiences: `jott serve-demo --print-config` writes one",
    ),
    habit(
        SERVER,
        &["--exp", "--ttl", "--lifetime", "--expires-in", "--expiry"],
        "`--expires 5m` sets how long tokens live",
    ),
    habit(
        SERVER,
        &["--iss", "--base-url", "--url"],
        "`--issuer URL` sets the issuer",
    ),
    // Making and showing keys.
    habit(
        GENERATE,
        &[
            "--kty",
            "--type",
            "--crv",
            "--curve",
            "-t",
            "--algorithm",
            "-A",
        ],
        "`--alg ALG` says what the key is for, and so what kind of key it is",
    ),
    habit(
        GENERATE,
        &["--size", "--length", "-b", "--key-size"],
        "`--bits N` sets the size of an RSA key",
    ),
    habit(
        GENERATE,
        &["--output", "-o", "--file", "-f"],
        "`--out PATH` keeps the key in a file",
    ),
    habit(
        SHOW,
        &["-in", "--in", "-i", "--input", "--file", "-f"],
        "`--key ./key.pem` names the file of a key, whatever its form",
    ),
    habit(
        SHOW,
        &[
            "--public", "--pub", "--pubout", "-pubout", "--pubin", "-pubin", "-noout", "-text",
        ],
        "the public key is shown anyway",
    ),
    habit(
        SHOW,
        &["--out", "--output", "-o"],
        "the result goes to standard output: `> FILE` keeps it",
    ),
    habit(
        SHOW,
        &["--format", "--form"],
        "`--jwk`, `--jwks`, `--pem` and `--thumbprint` are the forms",
    ),
    // Tools that are one command with flags.
    habit(
        TOP,
        &["-in", "--in", "-f", "--file"],
        "`jott decode < FILE` shows the tokens in a file",
    ),
    habit(
        TOP,
        &["--completions", "--completion", "--generate-completions"],
        "`jott completions SHELL` prints the script of a shell",
    ),
    habit(
        TOP,
        &[
            "-C",
            "--crack",
            "-X",
            "--exploit",
            "-M",
            "--mode",
            "-t",
            "--targeturl",
        ],
        "jott guesses no keys and attacks nothing; `jott issue --from TOKEN` makes a changed token, signed with your key",
    ),
    habit(
        COMPLETIONS,
        &["--bash", "--zsh", "--fish", "--shell", "-s"],
        "the name of the shell is enough: `jott completions bash`",
    ),
    habit(
        TOP,
        &["--decode", "-d", "--show", "-show", "--inspect"],
        "`jott decode TOKEN` shows what a token says",
    ),
    habit(
        TOP,
        &["--encode", "-e", "--sign", "-sign"],
        "`jott issue` makes a signed token",
    ),
    habit(
        TOP,
        &["--verify", "-verify"],
        "`jott verify TOKEN` checks a token",
    ),
];

/// What others call a family of algorithms, or a kind of key.
const FAMILIES: &[(&[&str], &str)] = &[
    (
        &["rsa", "rs", "rsassa"],
        "RSA keys sign by RS256 and PS256, and their longer forms",
    ),
    (
        &["ec", "ecdsa", "p-256", "p256", "prime256v1", "secp256r1"],
        "EC keys sign by ES256, ES384 and ES512",
    ),
    (
        &["hmac", "hs", "hs1", "sha256", "secret", "oct"],
        "a secret signs by HS256, HS384 and HS512",
    ),
    (&["okp", "ed", "curve25519"], "Ed25519 keys sign by EdDSA"),
    (
        &["mldsa", "ml-dsa", "dilithium", "akp"],
        "post-quantum keys sign by ML-DSA-44, ML-DSA-65 and ML-DSA-87",
    ),
    (
        &["any", "all", "auto", "*"],
        "without `--alg`, the key says by what it signs",
    ),
];

const fn habit(
    of: &'static [&'static str],
    typed: &'static [&'static str],
    instead: &'static str,
) -> Habit {
    Habit { of, typed, instead }
}

/// What to do instead of a command, below another or below the program itself.
pub(super) fn command(below: &str, typed: &str) -> Option<&'static str> {
    find(COMMANDS, below, typed)
}

/// What to do instead of a flag of a command.
pub(super) fn flag(of: &str, typed: &str) -> Option<&'static str> {
    find(FLAGS, of, typed)
}

/// What to give to a flag in the place of a value.
pub(super) fn value(flag: &str, typed: &str) -> Option<&'static str> {
    let typed = typed.to_ascii_lowercase();
    let meant = FAMILIES
        .iter()
        .find(|(names, _)| names.contains(&typed.as_str()));
    meant
        .filter(|_| flag.starts_with("--alg"))
        .map(|(_, instead)| *instead)
}

fn find(habits: &[Habit], of: &str, typed: &str) -> Option<&'static str> {
    let meant = |habit: &&Habit| {
        (habit.of.is_empty() || habit.of.contains(&of)) && habit.typed.contains(&typed)
    };
    habits.iter().find(meant).map(|habit| habit.instead)
}

#[cfg(test)]
mod tests;
