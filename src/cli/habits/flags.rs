//! Flags that people type by habit, and names of algorithms.

use crate::cli::habits::{
    ADD, COMPLETIONS, DECODE, EVERYWHERE, GENERATE, Habit, ISSUE, KEYED, READ, SERVER, SHOW,
    SIGNED, TOKENS, TOP, VERIFY, habit,
};

pub(super) const FLAGS: &[Habit] = &[
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
            "-K",
            "-pk",
            "-A",
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
        "`jott decode` needs no key, and with `-k env:NAME` opens what is encrypted; `jott verify -k env:NAME TOKEN` checks the signature",
    ),
    habit(
        ADD,
        &["--secret", "-S", "--password", "--value", "--key-text"],
        "a key on the command line is seen by others: `jott key add NAME` asks for it, `--from env:NAME` reads a variable",
    ),
    habit(
        SERVER,
        &["--https", "--ssl", "--tls-cert", "--ssl-certfile"],
        "`--tls self-signed` makes a certificate for this run, `--tls CERT,KEY` takes one's own",
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
        &["--scopes"],
        "`--scope NAME` adds a scope for all clients; `--config FILE` has those of each",
    ),
    habit(
        SERVER,
        &["--audience", "--claims", "--claim"],
        "`--config FILE` has claims and audiences: `jott serve-demo --print-config` writes one",
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
pub(super) const FAMILIES: &[(&[&str], &str)] = &[
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
        &["rsa1_5"],
        "RSA1_5 is never accepted: its errors can reveal the content (RFC 8017 section 7.2); RSA-OAEP-256 takes the same keys",
    ),
    (
        &["any", "all", "auto", "*"],
        "without `--alg`, the key says by what it signs",
    ),
];
