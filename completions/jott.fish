# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_jott_global_optspecs
    string join \n color= q/quiet v/verbose h/help V/version
end

function __fish_jott_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_jott_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_jott_using_subcommand
    set -l cmd (__fish_jott_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c jott -n "__fish_jott_needs_command" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_needs_command" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_needs_command" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jott -n "__fish_jott_needs_command" -s V -l version -d 'Print version'
complete -c jott -n "__fish_jott_needs_command" -f -a "issue" -d 'Make a signed token'
complete -c jott -n "__fish_jott_needs_command" -f -a "decode" -d 'Show what a token says, without trusting it'
complete -c jott -n "__fish_jott_needs_command" -f -a "verify" -d 'Check a token\'s signature and claims'
complete -c jott -n "__fish_jott_needs_command" -f -a "serve-demo" -d 'Run a local OAuth 2.0 server and API to try clients and tokens against'
complete -c jott -n "__fish_jott_needs_command" -f -a "fetch" -d 'Get a token, keep it, and refresh it'
complete -c jott -n "__fish_jott_needs_command" -f -a "doctor" -d 'Find out why an issuer does not work'
complete -c jott -n "__fish_jott_needs_command" -f -a "key" -d 'Keep keys: generate, add, list, show, rename, remove'
complete -c jott -n "__fish_jott_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c jott -n "__fish_jott_using_subcommand issue" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_using_subcommand issue" -s k -l key -d 'Where the key is, never the key itself: env:NAME, keyring:NAME, ./PATH, fd:N, stdin, prompt, exec:NAME, https://…, issuer:URL' -r -f
complete -c jott -n "__fish_jott_using_subcommand issue" -l key-encoding -d 'How a secret is written' -r -f -a "utf8\t''
raw\t''
base64\t''
base64url\t''
hex\t''"
complete -c jott -n "__fish_jott_using_subcommand issue" -l passphrase -d 'Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]' -r -f
complete -c jott -n "__fish_jott_using_subcommand issue" -s a -l alg -d 'Algorithm to sign with [default: the key\'s]' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''"
complete -c jott -n "__fish_jott_using_subcommand issue" -l iss -d 'Issuer' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l sub -d 'Subject' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l aud -d 'Audience; several make an array' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l jti -d 'Token ID; a random one without a value' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l exp -d 'When it expires: a duration from now, a time, or never [default: 30m]' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l nbf -d 'From when on it is valid' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l iat -d 'When it was issued, or none [default: now]' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -s c -l claim -d 'Any claim: NAME=TEXT for a string, NAME:=JSON for any JSON value' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l claims -d 'Claims from a file with a JSON object; - is standard input' -r -F
complete -c jott -n "__fish_jott_using_subcommand issue" -l from -d 'Start from the claims and header of this token; - is standard input' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l without -d 'Drop a claim' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l sd -d 'Make an SD-JWT in which this claim is disclosed by itself (RFC 9901); may be given again' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l holder-key -d 'Where the key of the token\'s holder is, whose public half goes into `cnf`' -r -f
complete -c jott -n "__fish_jott_using_subcommand issue" -l header -d 'Any header parameter: NAME=TEXT or NAME:=JSON' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l kid -d 'Key ID for the header, or none; of a JWKS it picks the key [default: the key\'s]' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l typ -d 'Media type for the header, or none [default: JWT]' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l encrypt-to -d 'Encrypt to the key at this place, of the token\'s recipient: what --key signs, or else the claims' -r -f
complete -c jott -n "__fish_jott_using_subcommand issue" -l enc -d 'How the content is encrypted [default: A256GCM, or what the key is for]' -r -f -a "A128GCM\t''
A192GCM\t''
A256GCM\t''
A128CBC-HS256\t''
A192CBC-HS384\t''
A256CBC-HS512\t''"
complete -c jott -n "__fish_jott_using_subcommand issue" -l key-derivation -d 'Derive the key from the secret, as an application does: nextauth:COOKIE_NAME' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l dpop -d 'Make a proof of possession for a request, with the public half of the key in it (RFC 9449)' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l ath -d 'The access token that the proof goes with, of which it has the hash; - is standard input' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l nonce -d 'What the server wants repeated: the header DPoP-Nonce of its answer' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l client-assertion -d 'Make an assertion by which this client says who it is, for a minute (RFC 7523)' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l fault -d 'Break the token on purpose, to test who checks it; may be given again' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -l jobs -d 'How many threads work on it [default: the number of cores]' -r
complete -c jott -n "__fish_jott_using_subcommand issue" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_using_subcommand issue" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_using_subcommand issue" -l allow-weak-key -d 'Accept a secret that is shorter than its hash'
complete -c jott -n "__fish_jott_using_subcommand issue" -l no-cache -d 'Fetch keys from the network again, and do not cache them'
complete -c jott -n "__fish_jott_using_subcommand issue" -l allow-http -d 'Also fetch keys over plain http from other machines'
complete -c jott -n "__fish_jott_using_subcommand issue" -l json -d 'Print one JSON object with the token, header, claims and expiry'
complete -c jott -n "__fish_jott_using_subcommand issue" -l batch -d 'Make a token of each line of standard input, which is a JSON object of claims'
complete -c jott -n "__fish_jott_using_subcommand issue" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jott -n "__fish_jott_using_subcommand issue" -s V -l version -d 'Print version'
complete -c jott -n "__fish_jott_using_subcommand decode" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_using_subcommand decode" -s k -l key -d 'Where the key is that opens encrypted tokens, never the key itself; may be given again' -r -f
complete -c jott -n "__fish_jott_using_subcommand decode" -l key-encoding -d 'How a secret is written' -r -f -a "utf8\t''
raw\t''
base64\t''
base64url\t''
hex\t''"
complete -c jott -n "__fish_jott_using_subcommand decode" -l passphrase -d 'Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]' -r -f
complete -c jott -n "__fish_jott_using_subcommand decode" -l key-derivation -d 'Derive the key from the secret, as an application does: nextauth:COOKIE_NAME' -r
complete -c jott -n "__fish_jott_using_subcommand decode" -s a -l alg -d 'Algorithm to open tokens with; may be given again [default: those that the key can mean]' -r -f -a "dir\t''
RSA-OAEP-256\t''
RSA-OAEP\t''
RSA-OAEP-384\t''
RSA-OAEP-512\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
PBES2-HS512+A256KW\t''
PBES2-HS384+A192KW\t''
PBES2-HS256+A128KW\t''
A128GCM\t''
A192GCM\t''
A256GCM\t''
A128CBC-HS256\t''
A192CBC-HS384\t''
A256CBC-HS512\t''"
complete -c jott -n "__fish_jott_using_subcommand decode" -l max-inflated -d 'How many bytes may come out of a compressed content [default: 262144]' -r
complete -c jott -n "__fish_jott_using_subcommand decode" -l without -d 'Print an SD-JWT without what is disclosed of this name, to present fewer claims; may be given again' -r
complete -c jott -n "__fish_jott_using_subcommand decode" -l get -d 'Print one value: a claim, header.NAME, or a pointer such as /address/city' -r
complete -c jott -n "__fish_jott_using_subcommand decode" -l expires-after -d 'End with status 6 if the token expires within this time, has expired or never says' -r
complete -c jott -n "__fish_jott_using_subcommand decode" -l field -d 'Each line is a JSON object: the token is its member of this name, or at a pointer such as /a/b' -r
complete -c jott -n "__fish_jott_using_subcommand decode" -l jobs -d 'How many threads work on it [default: the number of cores]' -r
complete -c jott -n "__fish_jott_using_subcommand decode" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_using_subcommand decode" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_using_subcommand decode" -l diff -d 'Compare two tokens: what only one of them says, and what they say differently'
complete -c jott -n "__fish_jott_using_subcommand decode" -l json -d 'Print one JSON object a token, each on a line'
complete -c jott -n "__fish_jott_using_subcommand decode" -l redact -d 'Copy the input with the signature of every token replaced'
complete -c jott -n "__fish_jott_using_subcommand decode" -l batch -d 'Take each line of standard input or of files for a token, and print one JSON object for it'
complete -c jott -n "__fish_jott_using_subcommand decode" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jott -n "__fish_jott_using_subcommand decode" -s V -l version -d 'Print version'
complete -c jott -n "__fish_jott_using_subcommand verify" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_using_subcommand verify" -s k -l key -d 'Where the key is, never the key itself: env:NAME, keyring:NAME, ./PATH, fd:N, stdin, prompt, exec:NAME, https://…, issuer:URL' -r -f
complete -c jott -n "__fish_jott_using_subcommand verify" -l key-encoding -d 'How a secret is written' -r -f -a "utf8\t''
raw\t''
base64\t''
base64url\t''
hex\t''"
complete -c jott -n "__fish_jott_using_subcommand verify" -l passphrase -d 'Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]' -r -f
complete -c jott -n "__fish_jott_using_subcommand verify" -l decrypt-key -d 'Where the key is that opens encrypted tokens; --key checks what is inside' -r -f
complete -c jott -n "__fish_jott_using_subcommand verify" -l key-derivation -d 'Derive the key from the secret, as an application does: nextauth:COOKIE_NAME' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -s a -l alg -d 'Algorithm to allow; may be given again [default: those of the key]' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''"
complete -c jott -n "__fish_jott_using_subcommand verify" -l iss -d 'Issuer to accept; may be given again' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -l aud -d 'Audience to accept; may be given again' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -l sub -d 'Subject to accept' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -l typ -d 'Media type that the header\'s typ must be, such as at+jwt' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -s c -l claim -d 'What a claim must be: NAME=TEXT, NAME:=JSON, or NAME~=PATTERN with * for any text' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -l kb-aud -d 'For whom the proof of the holder\'s key in an SD-JWT must have been made' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -l kb-nonce -d 'The nonce that the proof of the holder\'s key must repeat' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -l require -d 'A claim that must be there' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -l leeway -d 'How far clocks may differ, 10m at most [default: 0s]' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -l max-age -d 'How long ago it may have been issued' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -l at -d 'Judge as of this time' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -l payload -d 'The payload of a detached JWS, which is signed and not in the token; - is standard input' -r -F
complete -c jott -n "__fish_jott_using_subcommand verify" -l get -d 'Print one value of a valid token; it must be there' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -l field -d 'Each line is a JSON object: the token is its member of this name, or at a pointer such as /a/b' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -l only -d 'Print the verdicts of valid or of refused tokens alone' -r -f -a "valid\t''
invalid\t''"
complete -c jott -n "__fish_jott_using_subcommand verify" -l jobs -d 'How many threads work on it [default: the number of cores]' -r
complete -c jott -n "__fish_jott_using_subcommand verify" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_using_subcommand verify" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_using_subcommand verify" -l allow-weak-key -d 'Accept a secret that is shorter than its hash'
complete -c jott -n "__fish_jott_using_subcommand verify" -l no-cache -d 'Fetch keys from the network again, and do not cache them'
complete -c jott -n "__fish_jott_using_subcommand verify" -l allow-http -d 'Also fetch keys over plain http from other machines'
complete -c jott -n "__fish_jott_using_subcommand verify" -l any-aud -d 'Accept any audience, also under a key from the network'
complete -c jott -n "__fish_jott_using_subcommand verify" -l require-kb -d 'Refuse a token without a proof of its holder\'s key'
complete -c jott -n "__fish_jott_using_subcommand verify" -l allow-no-exp -d 'Accept a token that never expires'
complete -c jott -n "__fish_jott_using_subcommand verify" -l allow-padding -d 'Accept segments that keep their padding, signed as they stand: AWS load balancers make such tokens'
complete -c jott -n "__fish_jott_using_subcommand verify" -l signature-only -d 'Check the header and signature only, over any payload, and show no claims'
complete -c jott -n "__fish_jott_using_subcommand verify" -l find -d 'Check every token that is found in any text'
complete -c jott -n "__fish_jott_using_subcommand verify" -l json -d 'Print the verdict as one JSON object a token, each on a line'
complete -c jott -n "__fish_jott_using_subcommand verify" -l batch -d 'Take each line of standard input or of files for a token, and print a verdict in JSON for it'
complete -c jott -n "__fish_jott_using_subcommand verify" -l full -d 'Print the whole verdict, as --json does'
complete -c jott -n "__fish_jott_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jott -n "__fish_jott_using_subcommand verify" -s V -l version -d 'Print version'
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l listen -d 'Where to listen; port 0 is any that is free [default: 127.0.0.1:8000]' -r
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l issuer -d 'The issuer, where clients find the server by another name' -r
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l public-url -d 'Where browsers find the pages, if that is elsewhere' -r
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l tls -d 'Speak TLS: self-signed, or the PEM files of a certificate and its key' -r
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l key-encoding -d 'How a secret is written' -r -f -a "utf8\t''
raw\t''
base64\t''
base64url\t''
hex\t''"
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l passphrase -d 'Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]' -r -f
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -s a -l alg -d 'Algorithm to sign with [default: the key\'s, or RS256]' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''"
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l expires -d 'How long access tokens and ID tokens live [default: 30m]' -r
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l user -d 'A user; may be given again' -r
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l client -d 'A client, public if it has no secret; may be given again' -r
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l scope -d 'A scope for all clients; may be given again' -r
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l client-metadata -d 'A client by its metadata document; may be given again' -r
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l config -d 'Users, clients and lifetimes from a TOML file' -r -F
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l as -d 'Give the command the tokens of a job or workload' -r -f -a "github\t''
gitlab\t''
kubernetes\t''
circleci\t''
buildkite\t''
spiffe\t''"
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l aud -d 'For whom those tokens are [default: the issuer]' -r
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l fault -d 'A fault that clients have to survive; may be given again' -r
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l control-token -d 'Let other machines control the server that have this token: a SOURCE, like env:NAME' -r
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l check -d 'Ask whether the server of an issuer is up, and end' -r
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -s k -l key -d 'Where the key is, never the key itself [default: one that is made for this run]' -r -f
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l allow-remote -d 'Listen on an address that other machines can reach'
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l allow-weak-key -d 'Accept a secret that is shorter than its hash'
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l no-cache -d 'Fetch keys from the network again, and do not cache them'
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l allow-http -d 'Also fetch keys over plain http from other machines'
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l fetch-client-metadata -d 'Fetch the metadata document of a client (its id is a URL)'
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l auto-login -d 'Log in and consent without asking anybody'
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l no-control -d 'Let nobody control the server while it runs'
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l print-config -d 'Print a configuration with comments, and end'
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -l json -d 'Print one JSON object once the server listens'
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jott -n "__fish_jott_using_subcommand serve-demo" -s V -l version -d 'Print version'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_using_subcommand fetch" -l issuer -d 'The issuer, whose metadata says where everything is' -r -f
complete -c jott -n "__fish_jott_using_subcommand fetch" -l client -d 'The client' -r
complete -c jott -n "__fish_jott_using_subcommand fetch" -l client-secret -d 'Where the client\'s secret is, never the secret itself' -r -f
complete -c jott -n "__fish_jott_using_subcommand fetch" -l client-key -d 'Where the client\'s private key is, with which it says who it is (private_key_jwt)' -r -f
complete -c jott -n "__fish_jott_using_subcommand fetch" -l grant -d 'How to get it [default: code, or client where there is a secret or a key]' -r -f -a "code\t'authorization_code with PKCE (RFC 6749 section 4.1, RFC 7636)'
device\t'Device authorization (RFC 8628)'
client\t'client_credentials (RFC 6749 section 4.4)'
password\t'password (RFC 6749 section 4.3)'
exchange\t'Token exchange (RFC 8693)'
jwt-bearer\t'JWT bearer (RFC 7523 section 2.1)'"
complete -c jott -n "__fish_jott_using_subcommand fetch" -l scope -d 'What the token is for; may be given again, or hold several words' -r
complete -c jott -n "__fish_jott_using_subcommand fetch" -l resource -d 'The resource that the token is for (RFC 8707); may be given again' -r
complete -c jott -n "__fish_jott_using_subcommand fetch" -l audience -l aud -d 'The audience that the token is for, where the server takes that; may be given again' -r
complete -c jott -n "__fish_jott_using_subcommand fetch" -l subject-token -d 'Where the token is that is exchanged, or the JWT that is given' -r -f
complete -c jott -n "__fish_jott_using_subcommand fetch" -l username -d 'The user, for --grant password' -r
complete -c jott -n "__fish_jott_using_subcommand fetch" -l password -d 'Where the password is, for --grant password [default: prompt]' -r -f
complete -c jott -n "__fish_jott_using_subcommand fetch" -l param -d 'One more parameter of the log-in in a browser, such as prompt=consent, login_hint=alice or access_type=offline; may be given again' -r
complete -c jott -n "__fish_jott_using_subcommand fetch" -l redirect-uri -d 'Where the browser comes back to, for a server that knows one address [default: http://127.0.0.1/callback at a free port]' -r
complete -c jott -n "__fish_jott_using_subcommand fetch" -l key-encoding -d 'How a secret is written' -r -f -a "utf8\t''
raw\t''
base64\t''
base64url\t''
hex\t''"
complete -c jott -n "__fish_jott_using_subcommand fetch" -l passphrase -d 'Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]' -r -f
complete -c jott -n "__fish_jott_using_subcommand fetch" -l min-valid -d 'How long a token that is kept must be good for [default: 1m]' -r
complete -c jott -n "__fish_jott_using_subcommand fetch" -l store -d 'Where tokens are kept: keyring, file or none [default: the keyring]' -r -f -a "keyring\t''
file\t''
none\t''"
complete -c jott -n "__fish_jott_using_subcommand fetch" -l save -d 'Save the request, which has no secret in it, under a name' -r
complete -c jott -n "__fish_jott_using_subcommand fetch" -l proof -d 'Print both lines of a request with a token that is bound to a key: Authorization, and DPoP' -r
complete -c jott -n "__fish_jott_using_subcommand fetch" -l nonce -d 'What the resource wants repeated in the proof: the header DPoP-Nonce of its answer' -r
complete -c jott -n "__fish_jott_using_subcommand fetch" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_using_subcommand fetch" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l ci -d 'The identity token of this job or workload, for one --audience'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l dpop -d 'Bind the token to a key, so that it is of no use without proofs by that key (RFC 9449)'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l no-browser -d 'Print the address of the log-in, and open no browser'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l allow-weak-key -d 'Accept a secret that is shorter than its hash'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l no-cache -d 'Fetch keys from the network again, and do not cache them'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l allow-http -d 'Also fetch keys over plain http from other machines'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l fresh -d 'Get a new one, whatever is kept'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l force -d 'Replace a request that is saved under that name'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l list -d 'List the tokens that are kept'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l forget -d 'Forget the tokens of a request'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l revoke -d 'Tell the server too that they are not to be taken any more (RFC 7009)'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l header -d 'Print the line of a request: Authorization: Bearer …'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l json -d 'Print everything that the server gave, as one JSON object'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l exec-credential -d 'Print what kubectl reads of a plugin (ExecCredential)'
complete -c jott -n "__fish_jott_using_subcommand fetch" -l id-token -d 'Give the ID token in the place of the access token'
complete -c jott -n "__fish_jott_using_subcommand fetch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jott -n "__fish_jott_using_subcommand fetch" -s V -l version -d 'Print version'
complete -c jott -n "__fish_jott_using_subcommand doctor" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_using_subcommand doctor" -l token -d 'A token to judge with the keys of the issuer: a SOURCE, like env:NAME or stdin' -r -f
complete -c jott -n "__fish_jott_using_subcommand doctor" -l aud -d 'Audience to accept; may be given again [default: any]' -r
complete -c jott -n "__fish_jott_using_subcommand doctor" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_using_subcommand doctor" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_using_subcommand doctor" -l mcp -d 'The URL is a resource, such as an MCP server: look at it, and at its authorization servers'
complete -c jott -n "__fish_jott_using_subcommand doctor" -l allow-http -d 'Also ask other machines over plain http'
complete -c jott -n "__fish_jott_using_subcommand doctor" -l json -d 'Print one JSON object'
complete -c jott -n "__fish_jott_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jott -n "__fish_jott_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c jott -n "__fish_jott_using_subcommand key; and not __fish_seen_subcommand_from generate add list show rename remove" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_using_subcommand key; and not __fish_seen_subcommand_from generate add list show rename remove" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_using_subcommand key; and not __fish_seen_subcommand_from generate add list show rename remove" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_using_subcommand key; and not __fish_seen_subcommand_from generate add list show rename remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jott -n "__fish_jott_using_subcommand key; and not __fish_seen_subcommand_from generate add list show rename remove" -s V -l version -d 'Print version'
complete -c jott -n "__fish_jott_using_subcommand key; and not __fish_seen_subcommand_from generate add list show rename remove" -f -a "generate" -d 'Make a key, and keep it in the keyring or a file'
complete -c jott -n "__fish_jott_using_subcommand key; and not __fish_seen_subcommand_from generate add list show rename remove" -f -a "add" -d 'Put a key into the keyring, from the prompt or a SOURCE'
complete -c jott -n "__fish_jott_using_subcommand key; and not __fish_seen_subcommand_from generate add list show rename remove" -f -a "list" -d 'List the keys in the keyring'
complete -c jott -n "__fish_jott_using_subcommand key; and not __fish_seen_subcommand_from generate add list show rename remove" -f -a "show" -d 'Print a key: its public JWK unless told otherwise'
complete -c jott -n "__fish_jott_using_subcommand key; and not __fish_seen_subcommand_from generate add list show rename remove" -f -a "rename" -d 'Give a key in the keyring another name'
complete -c jott -n "__fish_jott_using_subcommand key; and not __fish_seen_subcommand_from generate add list show rename remove" -f -a "remove" -d 'Take a key out of the keyring'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from generate" -s a -l alg -d 'Algorithm that it is for' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''"
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from generate" -l bits -d 'Size of an RSA key: 2048, 3072, 4096 or 8192 [default: 3072]' -r
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from generate" -l out -d 'Keep it in this file instead: PKCS#8 if the name ends in .pem, else a JWK or the secret; - prints it' -r -F
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from generate" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from generate" -l force -d 'Replace what is there'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from generate" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from generate" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from generate" -s V -l version -d 'Print version'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from add" -s k -l from -l key -d 'Where the key is now [default: prompt]' -r -f
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from add" -l key-encoding -d 'How a secret is written' -r -f -a "utf8\t''
raw\t''
base64\t''
base64url\t''
hex\t''"
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from add" -l passphrase -d 'Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]' -r -f
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from add" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from add" -l allow-weak-key -d 'Accept a secret that is shorter than its hash'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from add" -l no-cache -d 'Fetch keys from the network again, and do not cache them'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from add" -l allow-http -d 'Also fetch keys over plain http from other machines'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from add" -l force -d 'Replace what is there'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from add" -s V -l version -d 'Print version'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from list" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON object a key, each on a line'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -s k -l key -d 'Where the key is, never the key itself: env:NAME, keyring:NAME, ./PATH, fd:N, stdin, prompt, exec:NAME, https://…, issuer:URL' -r -f
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -l key-encoding -d 'How a secret is written' -r -f -a "utf8\t''
raw\t''
base64\t''
base64url\t''
hex\t''"
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -l passphrase -d 'Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]' -r -f
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -l fingerprint -d 'Only the fingerprint of its public half: sha256, of the SPKI, in base64' -r -f -a "sha256\t''"
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -l allow-weak-key -d 'Accept a secret that is shorter than its hash'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -l no-cache -d 'Fetch keys from the network again, and do not cache them'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -l allow-http -d 'Also fetch keys over plain http from other machines'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -l jwk -d 'As a JWK, which is the default'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -l jwks -d 'As a JWK Set'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -l pem -d 'As PEM: SPKI, or PKCS#8 with --private'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -l thumbprint -d 'Only its RFC 7638 thumbprint (SHA-256)'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -l secret -d 'A secret as text'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -l private -d 'With the private part, or the secret'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from rename" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from rename" -l force -d 'Replace what has that name'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from rename" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from rename" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from rename" -s V -l version -d 'Print version'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from remove" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from remove" -l all -d 'Take out every entry of that name, where there are several'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c jott -n "__fish_jott_using_subcommand key; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c jott -n "__fish_jott_using_subcommand completions" -l color -d 'When to colour: auto, always or never' -r -f -a "auto\t'On a terminal that wants it'
always\t'Always'
never\t'Never'"
complete -c jott -n "__fish_jott_using_subcommand completions" -s q -l quiet -d 'Print no notes; verify and decode --expires-after then print errors only'
complete -c jott -n "__fish_jott_using_subcommand completions" -s v -l verbose -d 'Say where the key came from and what was not checked'
complete -c jott -n "__fish_jott_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jott -n "__fish_jott_using_subcommand completions" -s V -l version -d 'Print version'
