//! The long ends of the help, as data: the help and the man pages are both made from them.

use crate::cli::exit::Exit;

/// The parts of a page beside its options.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The command; empty for `jott` itself.
    pub command: &'static str,
    /// The text before the examples, in paragraphs.
    pub notes: &'static [&'static str],
    /// Tasks, and the command for each.
    pub examples: &'static [(&'static str, &'static str)],
    /// The statuses that the command ends with.
    pub statuses: &'static [(Exit, &'static str)],
    /// The variables that it reads beside [`VARIABLES`], by topic.
    pub variables: &'static [&'static [(&'static str, &'static str)]],
}

/// Environment variables that name a key.
pub const KEY_VARIABLES: &[(&str, &str)] = &[
    (
        "JOTT_KEY_SOURCE",
        "the place of the key (a SOURCE) where --key is not given",
    ),
    (
        "JOTT_SECRET",
        "the key itself, where neither --key nor JOTT_KEY_SOURCE is given",
    ),
    (
        "SECRET_KEY",
        "the key itself, where JOTT_SECRET is not set either",
    ),
];

/// Environment variables that matter where a key comes from the network.
pub const NETWORK_VARIABLES: &[(&str, &str)] = &[
    (
        "HTTPS_PROXY",
        "the proxy for https; HTTP_PROXY for http, ALL_PROXY for both",
    ),
    ("NO_PROXY", "hosts to ask without a proxy"),
    ("SSL_CERT_FILE", "the authorities to trust, on Linux"),
    ("XDG_CACHE_HOME", "where keys from the network are kept"),
];

/// Environment variables that every command reads.
pub const VARIABLES: &[(&str, &str)] = &[
    ("NO_COLOR", "no colour, where --color is not given"),
    (
        "CLICOLOR_FORCE",
        "colour, also if the stream is not a terminal",
    ),
    ("CLICOLOR", "0 is no colour"),
    ("TERM", "dumb is no colour"),
    (
        "COLUMNS",
        "how wide the lines are (40 to 200), where no terminal says it; if not set, values stay on one line",
    ),
];

/// Every page.
pub const PAGES: &[Page] = &[
    TOP,
    ISSUE,
    DECODE,
    VERIFY,
    SERVE_DEMO,
    FETCH,
    DOCTOR,
    KEY,
    COMPLETIONS,
];

const TOP: Page = Page {
    command: "",
    notes: &[
        "jott help COMMAND prints what jott COMMAND --help does, and jott help TOPIC a page: keys, key-protocol \
         (keys that another program has), token-forms (encrypted, SD-JWT, x5c, JSON), testing (clients, with \
         serve-demo), faults (of serve-demo), batch (many tokens), exit-status (and JSON), recipes.",
    ],
    examples: &[
        (
            "A token for alice that is valid for 30 minutes, with the secret in $JOTT_SECRET:",
            "jott issue --sub alice",
        ),
        ("What a token says:", "jott decode \"$TOKEN\""),
        (
            "Whether it is valid:",
            "jott verify --aud api \"$TOKEN\" && echo welcome",
        ),
    ],
    statuses: Exit::ALL,
    variables: &[KEY_VARIABLES, NETWORK_VARIABLES],
};

const ISSUE: Page = Page {
    command: "issue",
    notes: &[
        "TIME is a duration from now (90s, 1h30m, 7d; -1h for the past), an RFC 3339 time, now, or \
         seconds since 1970.",
        "Flags win over --claim, --claim over --claims, and --claims over --from.",
        "With --batch the flags apply to every line. Line n of the output is made of line n of the \
         input; it is empty if that line is empty or not a claims set.",
    ],
    examples: &[
        (
            "A strong secret, and a token made with it:",
            "export JOTT_SECRET=$(openssl rand -hex 32); jott issue --sub alice --aud api",
        ),
        (
            "With a private key from a file, and claims of other types than text:",
            "jott issue -k ./private.pem --sub alice -c role=admin -c 'level:=3' -c 'tags:=[\"a\",\"b\"]'",
        ),
        (
            "An expired copy of a token, for a test:",
            "jott issue -k ./private.pem --from \"$TOKEN\" --exp -1h",
        ),
        (
            "With claims that another program makes:",
            "make-claims | jott issue -k env:APP_SECRET --claims -",
        ),
        (
            "A proof of possession for curl, with the access token that it goes with:",
            "curl -H \"Authorization: DPoP $TOKEN\" -H \"DPoP: $(jott issue -k ./key.pem --dpop GET $URL --ath $TOKEN)\" $URL",
        ),
        (
            "What a client with a key of its own sends as client_assertion:",
            "jott issue -k ./key.pem --client-assertion app --aud https://id.example",
        ),
        (
            "A client assertion for Entra, which knows the certificate by its thumbprint:",
            "jott issue -k ./key.pem --client-assertion \"$CLIENT\" --aud \"$TOKEN_ENDPOINT\" --cert ./cert.pem --x5t",
        ),
        (
            "Signed, and encrypted to the one who may read it:",
            "jott issue -k ./private.pem --encrypt-to ./recipient.pem --sub alice",
        ),
        (
            "A credential of which the holder may leave claims out:",
            "jott issue -k ./private.pem --typ dc+sd-jwt -c name=Ada --sd name --holder-key ./holder.pem",
        ),
        (
            "A token for each line of a file, to load a service with:",
            "jott issue -k ./private.pem --jti --batch < claims.jsonl > tokens",
        ),
    ],
    statuses: &[
        (Exit::Done, "the token was made and printed"),
        (Exit::Usage, "the command line is wrong"),
        (Exit::NoKey, "no usable key"),
        (
            Exit::NotAToken,
            "the claims are not a JSON object, or --from is not a token",
        ),
        (Exit::System, "input or output failed"),
    ],
    variables: &[KEY_VARIABLES, NETWORK_VARIABLES],
};

const DECODE: Page = Page {
    command: "decode",
    notes: &[
        "No key is needed and nothing is checked: anyone can write a token that says anything. An encrypted \
         token is opened with --key, and what is inside is shown as any token is; RSA1_5 is refused.",
        "The first line says what kind of token it is, by what it says of itself; with --verbose also where \
         that is written. Claims that RFC 7519 registers and times stand first, the others in the order of \
         the token. A time is shown as one, with --verbose also as its number.",
        "What begins as a token but is not one, because it is cut or something follows it, is shown as far as it goes, \
         with status 4. Of an SD-JWT up to 10,000 disclosures are shown.",
        "A text that is a JWS in JSON form (RFC 7515 section 7.2) is shown with the header of every signature, \
         and what of it is not signed; with --json in `signatures`. `header` is that of the first.",
        "A JWE in JSON form (RFC 7516 section 7.2) is shown with the header for every recipient; with --json in \
         `recipients`, which say whose part was opened. `opened` is null where an encrypted token was not opened, \
         and `error` says why not, if --key is given.",
        "In a text, tokens are found in any spelling: padded, escaped as in URLs, JSON or HTML, \
         broken over lines, in base64, in a trace of curl or a hexadecimal dump. A note says so.",
        "--redact replaces the signature of each of them, also in the JSON serialization, and all of \
         a base64 text that has one in it. It cannot know other secrets: tokens that are not JWTs, \
         cookies, passwords and keys, and what is compressed, encrypted or encoded twice. The status \
         is 4 where something begins as a token does and no token was found.",
        "--batch prints an object for each line, in their order: that of --json, or \
         {\"line\":N,\"error\":{…}}. The status is 4 if a line was bad.",
    ],
    examples: &[
        (
            "A token, also with quotes, white space or `Bearer` around it:",
            "jott decode \"$TOKEN\"",
        ),
        (
            "Every token in a token endpoint's answer, a HAR, a log:",
            "jott decode < trace.har",
        ),
        (
            "One claim, for a script:",
            "user=$(jott decode --get sub \"$TOKEN\")",
        ),
        (
            "A new token when the old one has less than a minute left:",
            "jott decode -q --expires-after 1m \"$TOKEN\" || TOKEN=$(login)",
        ),
        (
            "What is inside of an encrypted token:",
            "jott decode -k ./private.pem \"$TOKEN\"",
        ),
        (
            "The session cookie of an application with Auth.js 5:",
            "jott decode -k env:AUTH_SECRET --key-derivation nextauth:authjs.session-token \"$COOKIE\"",
        ),
        (
            "Why one of two tokens works and the other does not:",
            "jott decode --diff \"$WORKS\" \"$FAILS\"",
        ),
        (
            "A credential without the address, to be presented:",
            "jott decode --without address \"$CREDENTIAL\"",
        ),
        (
            "A log that can be shown to others:",
            "jott decode --redact < trace.log > safe.log",
        ),
        (
            "What each line of a log in JSON carries, as a table:",
            "jott decode --batch --field token < access.jsonl | jq -r '[.line, .claims.sub] | @tsv'",
        ),
    ],
    statuses: &[
        (Exit::Done, "done"),
        (
            Exit::Refused,
            "an encrypted token does not open with --key; --get, --without: what is named is not there, or cannot be printed bare; several tokens fail differently",
        ),
        (Exit::Usage, "the command line is wrong"),
        (
            Exit::NoKey,
            "--key: no usable key, or not one that opens tokens",
        ),
        (
            Exit::NotAToken,
            "there is no token, or its payload is not a JSON object",
        ),
        (
            Exit::System,
            "input or output failed, or the place of the key",
        ),
        (
            Exit::Expired,
            "--expires-after: it has expired, will have by then, or has no exp",
        ),
    ],
    variables: &[],
};

const VERIFY: Page = Page {
    command: "verify",
    notes: &[
        "A token is accepted only if its form is canonical, its algorithm is one that the key and \
         --alg allow, nothing in it is critical and unknown, its signature matches, it has not \
         expired, it is valid already, and it meets every check that is asked for. Nothing in the \
         token can relax a check.",
        "--key may be given again: all places are searched. The keys of issuer:URL are used only for tokens of that issuer, and no other key is used for those.",
        "NAME is a top-level claim, dots and all; header.NAME; or an RFC 6901 pointer such as \
         /address/city.",
        "roots:PATH has the certificates of authorities, not keys: the chain in the token's `x5c` has to lead to \
         one of them at the time of --at or now (RFC 5280), and its first certificate has to be for signatures, \
         for what --leaf-eku and --leaf-san ask, and the one that `x5t` and `x5t#S256` name. The others \
         may stand in any order; another than that of RFC 7515 gets a warning. A root is trusted as it is: its \
         dates and purposes are not looked at. Nothing is fetched; revoked certificates are known only from --crl.",
        "A JWS in JSON form (RFC 7515 section 7.2) is refused as malformed without --signature, since a JWT is \
         in the compact form (RFC 7519 section 1), and what reads both forms can be shown one payload and check \
         another. With it, such a token is good by the first of its signatures that passes every check (any), or \
         by that which N or kid:KID names. What stands in a header that is not signed gets a warning; `typ` \
         counts only where it is signed, and `crit` may not stand elsewhere. An encrypted token (JWE) opens in \
         either form by --decrypt-key: that flag asks for it, and what is judged is the token inside.",
        "The report is the verdict, a line for each check, and hints; at a terminal one line more says it \
         all. With -q the status alone tells.",
        "An SD-JWT may end with a proof of its holder's key (RFC 9901 section 4.3), which is then checked: it must be by the \
         key in `cnf`, over this choice of disclosures, and not from the future. --max-age judges when the \
         proof was made, and not when the credential was issued; without --max-age a proof may be of any age.",
        "--signature-only looks at no claim, and so shows none: `claims` is null then, also of a \
         token that is valid.",
        "--payload FILE stands in for the empty payload of a detached JWS (RFC 7515 appendix F), byte \
         for byte. Only then is `b64` understood in `crit` (RFC 7797).",
        "--batch prints {\"line\":N,\"valid\":true,\"claims\":…} or {\"line\":N,\"valid\":false,\"refusals\":[…]} \
         for each line, in their order, and a summary on standard error. It does not look for what \
         would have made a signature good. Each line is \
         judged as of when it is read, or as of --at. The status is 0 if every line was valid, else 1.",
    ],
    examples: &[
        (
            "With a secret from the environment, for one audience:",
            "jott verify -k env:APP_SECRET --aud api \"$TOKEN\"",
        ),
        (
            "With a public key, from a pipe:",
            "pbpaste | jott verify -k ./public.pem --iss https://id.example",
        ),
        (
            "With the keys that its issuer publishes:",
            "jott verify -k issuer:https://id.example --aud api \"$TOKEN\"",
        ),
        (
            "The token of a GitHub workflow, whatever the numeric ids in its subject are:",
            "jott verify -k issuer:https://token.actions.githubusercontent.com --aud api -c 'sub~=repo:my-org@*/my-repo@*:ref:refs/heads/main' \"$TOKEN\"",
        ),
        (
            "Who it is, for a script:",
            "user=$(jott verify --get sub \"$TOKEN\") || exit",
        ),
        (
            "Yesterday's token of a CI run, as of then:",
            "jott verify -k ./jwks.json --at 2026-11-22T02:00:00Z \"$TOKEN\"",
        ),
        (
            "A token that is signed and then encrypted:",
            "jott verify --decrypt-key ./mine.pem -k ./issuer.pem \"$TOKEN\"",
        ),
        (
            "A token that brings the certificates of its signer, under an authority of one's own:",
            "jott verify -k roots:./root.pem --leaf-san signer.example --leaf-eku 1.3.6.1.5.5.7.3.3 \"$TOKEN\"",
        ),
        (
            "A credential that its holder presents to this verifier:",
            "jott verify -k ./issuer.pem --kb-aud https://verifier.example --kb-nonce \"$NONCE\" \"$PRESENTED\"",
        ),
        (
            "Two secrets, while one takes the place of the other:",
            "jott verify -k env:NEW_SECRET -k env:OLD_SECRET \"$TOKEN\"",
        ),
        (
            "The bad ones of a million tokens:",
            "jott verify -k ./jwks.json --batch --only invalid < tokens > refused.jsonl",
        ),
    ],
    statuses: &[
        (Exit::Done, "the token is valid"),
        (Exit::Refused, "it is refused; --find: there is none"),
        (Exit::Usage, "the command line is wrong"),
        (Exit::NoKey, "no usable key"),
        (
            Exit::NotAToken,
            "it is not a token, or its claims are not a JSON object",
        ),
        (Exit::System, "a system error"),
        (
            Exit::Expired,
            "it has expired, and nothing else is wrong with it",
        ),
    ],
    variables: &[KEY_VARIABLES, NETWORK_VARIABLES],
};

const SERVE_DEMO: Page = Page {
    command: "serve-demo",
    notes: &[
        "An OAuth 2.0 authorization server and a resource server to call with its tokens, in one \
         process, in memory, without a configuration: users who log in and consent, clients, the \
         grants authorization_code with PKCE, refresh_token, client_credentials and password, \
         OpenID Connect, introspection and revocation. It is strict: every answer is what the RFC \
         says, and the log says why a request is refused, and by which section.",
        "It is for development. Its users, passwords and clients are known to everybody, so it \
         listens on this machine only, unless --allow-remote is given.",
    ],
    examples: &[
        (
            "A server on port 8000, and three commands to paste:",
            "jott serve-demo",
        ),
        (
            "A test with a server of its own; its status is that of the test:",
            "jott serve-demo -- sh -c './test --issuer \"$JOTT_ISSUER\"'",
        ),
        (
            "With the secret that an application has:",
            "jott serve-demo --key env:SECRET_KEY",
        ),
        (
            "With a client and a user of one's own:",
            "jott serve-demo --client my-app=http://localhost:3000/callback --user carol:secret",
        ),
        (
            "With more of them, in a file:",
            "jott serve-demo --print-config > demo.toml; jott serve-demo --config demo.toml",
        ),
        (
            "In a network of containers:",
            "jott serve-demo --listen 0.0.0.0:8000 --allow-remote --issuer http://auth:8000 --public-url http://localhost:8000",
        ),
    ],
    statuses: &[
        (
            Exit::Done,
            "SIGINT or SIGTERM ended it; --check: the server is up",
        ),
        (
            Exit::Usage,
            "the command line or the configuration is wrong",
        ),
        (Exit::NoKey, "no usable key"),
        (
            Exit::System,
            "the port is taken, or a system error; --check: the server is not up",
        ),
    ],
    variables: &[],
};

const FETCH: Page = Page {
    command: "fetch",
    notes: &[
        "Prints an access token and a line break, nothing else. The metadata of the issuer says where \
         everything is. The answer is checked: the state and the issuer of a log-in, the ID token by the \
         rules of verify, and that it fits the request.",
        "Tokens are kept in the keyring of the operating system, or with --store file in files that only \
         you can read, one for each issuer, client, grant, scope, resource and user. A token that is valid for --min-valid is given without a request; else its refresh token brings a new one, or the grant begins anew. If many processes want one token at once, one asks, and the others get its answer; a new refresh token is kept before anything is printed.",
        "The browser is opened if there is a screen, and the address is printed in any case. Over SSH, in a \
         container or with --no-browser, open the address on any machine: where the log-in cannot come back \
         to this one, the browser ends at a page that it cannot load, and the address of that page is pasted \
         at the terminal.",
        "With -- COMMAND only that command has the token, in JOTT_TOKEN: no terminal and no log shows it.",
        "A token of --dpop is bound to a key, which is made for the log-in, kept beside the token, and shown \
         at every refresh. Each request with it needs a proof: --proof METHOD URL prints both lines, --json has \
         the key as dpop_key, and COMMAND has it in JOTT_DPOP_KEY.",
        "--save NAME keeps the request in the configuration folder, as TOML without a secret; flags that are given beside NAME later win over it.",
    ],
    examples: &[
        (
            "A log-in in the browser, once; later the token is refreshed:",
            "jott fetch --issuer https://issuer.example --client my-cli --scope 'openid offline_access' --save work",
        ),
        (
            "And from then on:",
            "curl -H @<(jott fetch work --header) https://api.example/",
        ),
        (
            "On a machine without a browser:",
            "jott fetch --issuer https://issuer.example --client my-cli --grant device",
        ),
        (
            "For a service, with its secret:",
            "jott fetch --issuer https://issuer.example --client ci --client-secret env:CLIENT_SECRET --scope deploy",
        ),
        (
            "For a service, with its private key:",
            "jott fetch --issuer https://issuer.example --client ci --client-key ./private.pem",
        ),
        ("For one command:", "jott fetch work -- ./deploy"),
        (
            "A token that is useless to a thief, and a request with it:",
            "jott fetch work --dpop --proof GET $URL | curl -H @- $URL",
        ),
        (
            "The identity token of this job, on GitHub Actions, GitLab CI, Kubernetes and others:",
            "jott fetch --ci --aud sts.example",
        ),
        (
            "To forget it, here and there:",
            "jott fetch work --forget --revoke",
        ),
    ],
    statuses: &[
        (Exit::Done, "the token was printed, or as COMMAND ended"),
        (
            Exit::Refused,
            "the server or the person refused, or the answer is not acceptable",
        ),
        (
            Exit::Usage,
            "the command line or the saved request is wrong",
        ),
        (Exit::NoKey, "no usable secret or key of the client"),
        (Exit::System, "nobody answers, or the keyring fails"),
    ],
    variables: &[
        NETWORK_VARIABLES,
        &[
            ("XDG_CONFIG_HOME", "where requests are saved"),
            ("XDG_STATE_HOME", "where --store file keeps tokens"),
            ("BROWSER", "what opens the address of a log-in"),
            ("DISPLAY", "or WAYLAND_DISPLAY: there is a screen"),
        ],
    ],
};

const DOCTOR: Page = Page {
    command: "doctor",
    notes: &[
        "Reads what an authorization server or OpenID provider publishes, as a client that follows the specifications: both places of its metadata, the issuer letter by letter, the endpoints, \
         the key set and each key, PKCE, the algorithms, who may read it, how long it may be cached, and its clock. Each fault is followed by the section that it violates; --verbose prints the section after every line.",
        "fail: clients cannot work with it. warn: some clients cannot, or not for long. note: worth knowing. Nothing secret is sent: neither a token nor a key.",
    ],
    examples: &[
        (
            "Why a token's issuer cannot be found, or its keys:",
            "jott doctor https://issuer.example",
        ),
        (
            "Whether it would take a token, and if not why:",
            "jott doctor https://issuer.example --token env:TOKEN --aud api",
        ),
        (
            "An MCP server, and the authorization servers that it names:",
            "jott doctor --mcp https://mcp.example/mcp",
        ),
        (
            "In a pipeline, until it works:",
            "until jott doctor -q http://auth:8080/realms/demo --allow-http; do sleep 1; done",
        ),
        (
            "What failed, for a script:",
            "jott doctor --json https://issuer.example | jq '.documents[].checks[] | select(.result == \"fail\")'",
        ),
    ],
    statuses: &[
        (Exit::Done, "it works; there may be warnings"),
        (Exit::Refused, "something is wrong, or the token is refused"),
        (Exit::Usage, "the command line is wrong"),
        (
            Exit::NoKey,
            "--token names a place where there is nothing to read",
        ),
        (Exit::System, "nobody answers"),
    ],
    variables: &[NETWORK_VARIABLES],
};

const KEY: Page = Page {
    command: "key",
    notes: &[
        "Keys are kept in the keyring of the operating system, where `--key keyring:NAME` finds them; \
         the name `default` is used without --key. Nothing is overwritten without --force, and no \
         private part is printed without --private.",
        "A locked keyring asks for its password, and is never taken for an empty one. It has 90 seconds if there is a terminal or its window is open, else 10. Every key that was written is read back. \
         Where several entries have one name, `key list` says in which collections they are.",
    ],
    examples: &[
        (
            "A key pair, and a token signed with it:",
            "jott key generate ci && jott issue -k keyring:ci --sub build",
        ),
        (
            "A secret of one's own, asked for twice:",
            "jott key add app",
        ),
        (
            "The public key as others want it:",
            "jott key show ci --pem > public.pem; jott key show ci --jwks > jwks.json",
        ),
        (
            "Rotation: publish the new key beside the old one, and sign with it once all have fetched the set:",
            "jott key generate ci-next && jott key show ci ci-next --jwks > new && mv new jwks.json\njott key rename ci ci-old && jott key rename ci-next ci",
        ),
        (
            "PEM to JWK, and back:",
            "jott key show -k ./key.pem --private; jott key show -k ./key.jwk --pem --private",
        ),
        (
            "The thumbprint of a public key:",
            "jott key show -k ./public.pem --thumbprint",
        ),
        (
            "The fingerprint as Snowflake wants it behind SHA256: in iss:",
            "jott key show -k ./key.pem --fingerprint sha256",
        ),
    ],
    statuses: &[
        (Exit::Done, "done"),
        (
            Exit::Refused,
            "something is there already, and --force was not given",
        ),
        (Exit::Usage, "the command line is wrong"),
        (Exit::NoKey, "there is no such key, or it is unfit"),
        (
            Exit::System,
            "the keyring does not answer, or a file could not be written",
        ),
    ],
    variables: &[],
};

const COMPLETIONS: Page = Page {
    command: "completions",
    notes: &[],
    examples: &[
        (
            "bash, where the package bash-completion is installed:",
            "mkdir -p ~/.local/share/bash-completion/completions\njott completions bash > ~/.local/share/bash-completion/completions/jott",
        ),
        (
            "bash without it, in ~/.bashrc:",
            ". <(jott completions bash)",
        ),
        ("zsh:", "jott completions zsh > \"${fpath[1]}/_jott\""),
        (
            "fish:",
            "mkdir -p ~/.config/fish/completions\njott completions fish > ~/.config/fish/completions/jott.fish",
        ),
        ("PowerShell:", "jott completions powershell >> $PROFILE"),
        (
            "elvish:",
            "jott completions elvish >> ~/.config/elvish/rc.elv",
        ),
        (
            "nushell:",
            "jott completions nushell > jott.nu; source jott.nu",
        ),
    ],
    statuses: &[
        (Exit::Done, "done"),
        (Exit::Usage, "the command line is wrong"),
        (Exit::System, "the output could not be written"),
    ],
    variables: &[],
};

impl Page {
    /// The end of the long help.
    pub(super) fn help(&self) -> String {
        let mut help = String::new();
        for note in self.notes {
            help.push_str(&format!("{note}\n\n"));
        }
        help.push_str("Examples:\n");
        for (what, command) in self.examples {
            help.push_str(&format!("  {what}\n      {command}\n"));
        }
        help.push_str("\nExit statuses:\n");
        for (exit, words) in self.statuses {
            help.push_str(&format!("  {}  {words}\n", exit.code()));
        }
        if !self.variables.is_empty() {
            help.push_str("\nEnvironment:\n");
            for (name, words) in self.variables.iter().copied().flatten() {
                help.push_str(&format!("  {name:<15}  {words}\n"));
            }
        }
        help.truncate(help.trim_end().len());
        help
    }
}
