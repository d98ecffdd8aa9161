module completions {

  def "nu-complete jott color" [] {
    [ "auto" "always" "never" ]
  }

  # Issue, decode and verify JSON Web Tokens
  export extern jott [
    --color: string@"nu-complete jott color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete jott issue color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jott issue key_encoding" [] {
    [ "utf8" "raw" "base64" "base64url" "hex" ]
  }

  def "nu-complete jott issue alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" "dir" "RSA-OAEP-256" "RSA-OAEP" "RSA-OAEP-384" "RSA-OAEP-512" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "PBES2-HS512+A256KW" "PBES2-HS384+A192KW" "PBES2-HS256+A128KW" "A128GCM" "A192GCM" "A256GCM" "A128CBC-HS256" "A192CBC-HS384" "A256CBC-HS512" ]
  }

  def "nu-complete jott issue enc" [] {
    [ "A128GCM" "A192GCM" "A256GCM" "A128CBC-HS256" "A192CBC-HS384" "A256CBC-HS512" ]
  }

  def "nu-complete jott issue serialization" [] {
    [ "compact" "flattened" "general" ]
  }

  # Make a signed token
  export extern "jott issue" [
    --color: string@"nu-complete jott issue color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --key-encoding: string@"nu-complete jott issue key_encoding" # How a secret is written
    --allow-weak-key          # Accept a secret that is shorter than its hash
    --passphrase: string      # Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]
    --no-cache                # Fetch keys from the network again, and do not cache them
    --allow-http              # Also fetch keys over plain http from other machines
    --alg(-a): string@"nu-complete jott issue alg" # Algorithm to sign with [default: the key's]
    --iss: string             # Issuer
    --sub: string             # Subject
    --aud: string             # Audience; several make an array
    --jti: string             # Token ID; a random one without a value
    --exp: string             # When it expires: a duration from now, a time, or never [default: 30m]
    --nbf: string             # When it becomes valid
    --iat: string             # When it was issued, or none [default: now]
    --claim(-c): string       # Any claim: NAME=TEXT for a string, NAME:=JSON for any JSON value
    --claims: path            # Claims from a JSON object in a file; - is standard input
    --from: string            # Start from what this token says; - is standard input
    --without: string         # Drop a claim
    --sd: string              # Make an SD-JWT in which this claim is disclosed by itself (RFC 9901); may be given again
    --holder-key: string      # Where the key of the token's holder is, whose public half goes into `cnf`
    --header: string          # Any header parameter: NAME=TEXT or NAME:=JSON
    --kid: string             # Key ID for the header, or none; of a JWKS it picks the key [default: the key's]
    --typ: string             # Media type for the header, or none [default: JWT]
    --cert: path              # The certificate of the key that signs, and those above it, for --x5c, --x5t or --x5t-s256; - is standard input
    --x5c                     # Put the certificates into the header
    --x5t                     # Put the SHA-1 thumbprint of the first certificate into the header, as Entra asks of clients
    --x5t-s256                # Put its SHA-256 thumbprint into the header
    --encrypt-to: string      # Encrypt to the recipient's key at this place
    --enc: string@"nu-complete jott issue enc" # How the content is encrypted [default: A256GCM, or what the key is for]
    --key-derivation: string  # Derive the key from the secret, as an application does: nextauth:COOKIE_NAME
    --dpop: string            # Make a proof of possession for a request (RFC 9449)
    --ath: string             # The access token that goes with the proof, which has its hash; - is standard input
    --nonce: string           # The nonce to repeat: the header DPoP-Nonce of the server's answer
    --client-assertion: string # Make an assertion with which a client authenticates itself, valid for a minute (RFC 7523)
    --fault: string           # Break the token on purpose, to test a verifier; may be given again
    --serialization: string@"nu-complete jott issue serialization" # Write the token in a JSON form: flattened, or general with a list of signatures or recipients
    --json                    # Print a JSON object: the token, header, claims and expiry
    --batch                   # Make a token of each line of standard input, which is a JSON object of claims
    --jobs: string            # How many threads work on it [default: the number of cores]
    --key(-k): string         # Where the key is, never the key itself: env:NAME, keyring:NAME, ./PATH, fd:N, stdin, prompt, exec:NAME
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete jott decode color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jott decode key_encoding" [] {
    [ "utf8" "raw" "base64" "base64url" "hex" ]
  }

  def "nu-complete jott decode alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" "dir" "RSA-OAEP-256" "RSA-OAEP" "RSA-OAEP-384" "RSA-OAEP-512" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "PBES2-HS512+A256KW" "PBES2-HS384+A192KW" "PBES2-HS256+A128KW" "A128GCM" "A192GCM" "A256GCM" "A128CBC-HS256" "A192CBC-HS384" "A256CBC-HS512" ]
  }

  # Show what a token says, without trusting it
  export extern "jott decode" [
    --color: string@"nu-complete jott decode color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --key(-k): string         # Where the key is that opens encrypted tokens, never the key itself; may be given again
    --key-encoding: string@"nu-complete jott decode key_encoding" # How a secret is written
    --passphrase: string      # Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]
    --key-derivation: string  # Derive the key from the secret, as an application does: nextauth:COOKIE_NAME
    --alg(-a): string@"nu-complete jott decode alg" # Algorithm to open tokens with; may be given again [default: those that the key can mean]
    --max-inflated: string    # How many bytes may come out of a compressed content [default: 262144]
    --diff                    # Compare two tokens: what only one of them says, and what they say differently
    --without: string         # Print an SD-JWT without the disclosures of this name, to present fewer claims; may be given again
    --json                    # Print one JSON object a token, each on a line
    --get: string             # Print one value: a claim, header.NAME, or a pointer such as /address/city
    --expires-after: string   # End with status 6 if the token expires within this time, has expired or has no exp
    --redact                  # Copy the input with the signature of every token replaced
    --batch                   # Read each line of standard input or of files as a token, and print one JSON object for it
    --field: string           # Each line is a JSON object: the token is its member of this name, or at a pointer such as /a/b
    --jobs: string            # How many threads work on it [default: the number of cores]
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    ...tokens: string         # Tokens, or texts with tokens in them, or with --batch files; - or nothing is standard input
  ]

  def "nu-complete jott verify color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jott verify key_encoding" [] {
    [ "utf8" "raw" "base64" "base64url" "hex" ]
  }

  def "nu-complete jott verify alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" "dir" "RSA-OAEP-256" "RSA-OAEP" "RSA-OAEP-384" "RSA-OAEP-512" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "PBES2-HS512+A256KW" "PBES2-HS384+A192KW" "PBES2-HS256+A128KW" "A128GCM" "A192GCM" "A256GCM" "A128CBC-HS256" "A192CBC-HS384" "A256CBC-HS512" ]
  }

  def "nu-complete jott verify only" [] {
    [ "valid" "invalid" ]
  }

  # Check a token's signature and claims
  export extern "jott verify" [
    --color: string@"nu-complete jott verify color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --key-encoding: string@"nu-complete jott verify key_encoding" # How a secret is written
    --allow-weak-key          # Accept a secret that is shorter than its hash
    --passphrase: string      # Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]
    --no-cache                # Fetch keys from the network again, and do not cache them
    --allow-http              # Also fetch keys over plain http from other machines
    --decrypt-key: string     # Where the key is that opens encrypted tokens; --key checks what is inside
    --key-derivation: string  # Derive the key from the secret, as an application does: nextauth:COOKIE_NAME
    --max-inflated: string    # How many bytes may come out of a compressed content [default: 262144]
    --alg(-a): string@"nu-complete jott verify alg" # Algorithm to allow; may be given again [default: those of the key]
    --iss: string             # Issuer to accept; may be given again
    --aud: string             # Audience to accept; may be given again
    --any-aud                 # Accept any audience, also under a key from the network
    --sub: string             # Subject to accept
    --typ: string             # What the header's typ must be, such as at+jwt
    --claim(-c): string       # What a claim must be: NAME=TEXT, NAME:=JSON, or NAME~=PATTERN with * for any text
    --kb-aud: string          # The audience that the proof of the holder's key in an SD-JWT must have
    --kb-nonce: string        # The nonce that the proof of the holder's key must repeat
    --require-kb              # Refuse a token without a proof of its holder's key
    --require: string         # A claim that must be there
    --leeway: string          # How far clocks may differ, 10m at most [default: 0s]
    --max-age: string         # How long ago it may have been issued; of an SD-JWT with a proof of its holder's key, how old that may be
    --at: string              # Judge as if it were this time
    --allow-no-exp            # Accept a token that never expires
    --allow-padding           # Accept segments that keep their padding, signed as they stand: AWS load balancers make such tokens
    --signature-only          # Check the header and signature only, over any payload, and show no claims
    --leaf-eku: string        # A purpose that the certificate of the signer must have, as an object identifier such as 1.3.6.1.5.5.7.3.3; of several, one is enough
    --leaf-san: string        # A name that the certificate of the signer must have: a host, an address, a URI or a mailbox; of several, one is enough
    --crl: path               # A revocation list of the authorities, in PEM or DER; - is standard input; may be given again
    --signature: string       # Take a JWS in JSON form too, if this signature of it is good: N, kid:KID or any
    --payload: path           # The payload of a detached JWS, which is signed and not in the token; - is standard input
    --find                    # Check every token that is found in any text
    --json                    # Print the verdict as a JSON object a token, one a line
    --get: string             # Print one value of a valid token; it must be there
    --batch                   # Read each line of standard input or of files as a token, and print a verdict in JSON for it
    --field: string           # Each line is a JSON object: the token is its member of this name, or at a pointer such as /a/b
    --full                    # Print the whole verdict, as --json does, with warnings
    --only: string@"nu-complete jott verify only" # Print only the verdicts of valid or of refused tokens
    --jobs: string            # How many threads work on it [default: the number of cores]
    --key(-k): string         # Where the key is, never the key itself: env:NAME, keyring:NAME, ./PATH, fd:N, stdin, prompt, exec:NAME, roots:PATH, https://…, issuer:URL
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    ...tokens: string         # Tokens, or with --batch files; - or nothing is standard input
  ]

  def "nu-complete jott serve-demo color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jott serve-demo key_encoding" [] {
    [ "utf8" "raw" "base64" "base64url" "hex" ]
  }

  def "nu-complete jott serve-demo alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" ]
  }

  def "nu-complete jott serve-demo platform" [] {
    [ "github" "gitlab" "kubernetes" "circleci" "buildkite" "spiffe" ]
  }

  # Run a local OAuth 2.0 server and API to test clients against
  export extern "jott serve-demo" [
    --color: string@"nu-complete jott serve-demo color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --listen: string          # Where to listen; port 0 is any that is free [default: 127.0.0.1:8000]
    --allow-remote            # Listen on an address that other machines can reach
    --issuer: string          # The issuer, where clients find the server by another name
    --public-url: string      # Where browsers find the pages, if that is elsewhere
    --tls: string             # Speak TLS: self-signed, or the PEM files of a certificate and its key
    --key-encoding: string@"nu-complete jott serve-demo key_encoding" # How a secret is written
    --allow-weak-key          # Accept a secret that is shorter than its hash
    --passphrase: string      # Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]
    --no-cache                # Fetch keys from the network again, and do not cache them
    --allow-http              # Also fetch keys over plain http from other machines
    --alg(-a): string@"nu-complete jott serve-demo alg" # Algorithm to sign with [default: the key's, or RS256]
    --expires: string         # How long access tokens and ID tokens live [default: 30m]
    --user: string            # A user; may be given again
    --client: string          # A client, public if it has no secret; may be given again
    --scope: string           # A scope for all clients; may be given again
    --client-metadata: string # A client by its metadata document; may be given again
    --fetch-client-metadata   # Fetch the metadata document of a client (its id is a URL)
    --config: path            # Users, clients and lifetimes from a TOML file
    --auto-login              # Log in and consent without asking anybody
    --as: string@"nu-complete jott serve-demo platform" # Give the command the tokens of a job or workload
    --aud: string             # The audience of those tokens [default: the issuer]
    --fault: string           # A fault that clients have to survive; may be given again
    --control-token: string   # Let other machines that have this token control the server: a SOURCE, like env:NAME
    --no-control              # Let nobody control the server while it runs
    --print-config            # Print a configuration with comments, and end
    --check: string           # Ask whether the server of an issuer is up, and end
    --json                    # Print one JSON object once the server listens
    --key(-k): string         # Where the key is, never the key itself [default: one that is made for this run]
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete jott fetch color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jott fetch grant" [] {
    [ "code" "device" "client" "password" "exchange" "jwt-bearer" ]
  }

  def "nu-complete jott fetch key_encoding" [] {
    [ "utf8" "raw" "base64" "base64url" "hex" ]
  }

  def "nu-complete jott fetch store" [] {
    [ "keyring" "file" "none" ]
  }

  # Get a token, keep it, and refresh it
  export extern "jott fetch" [
    --color: string@"nu-complete jott fetch color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --issuer: string          # The issuer, whose metadata names the endpoints
    --client: string          # The client
    --client-secret: string   # Where the client's secret is, never the secret itself
    --client-key: string      # Where the client's private key is, with which it authenticates itself (private_key_jwt)
    --grant: string@"nu-complete jott fetch grant" # How to get it [default: code, or client where there is a secret or a key]
    --scope: string           # What the token is for, one word or several; may be given again
    --resource: string        # The resource that the token is for (RFC 8707); may be given again
    --audience: string        # The audience that the token is for, where the server takes that; may be given again
    --aud: string             # The audience that the token is for, where the server takes that; may be given again
    --ci                      # The identity token of this job or workload, for one --audience
    --dpop                    # Bind the token to a key, so that it is useless without proofs by that key (RFC 9449)
    --subject-token: string   # Where the token to exchange is, or the JWT to give
    --username: string        # The user, for --grant password
    --password: string        # Where the password is, for --grant password [default: prompt]
    --param: string           # One more parameter of the log-in in a browser, such as prompt=consent, login_hint=alice or access_type=offline; may be given again
    --redirect-uri: string    # Where the browser comes back to, if the server accepts only one address [default: http://127.0.0.1/callback at a free port]
    --no-browser              # Print the address of the log-in, and open no browser
    --key-encoding: string@"nu-complete jott fetch key_encoding" # How a secret is written
    --allow-weak-key          # Accept a secret that is shorter than its hash
    --passphrase: string      # Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]
    --no-cache                # Fetch keys from the network again, and do not cache them
    --allow-http              # Also fetch keys over plain http from other machines
    --min-valid: string       # How long a kept token must still be valid [default: 1m]
    --fresh                   # Log in anew, even if a valid token is kept; a refresh token is not used
    --store: string@"nu-complete jott fetch store" # Where tokens are kept: keyring, file or none [default: the keyring]
    --save: string            # Save the request, which has no secret in it, under a name
    --force                   # Replace a request that is saved under that name
    --list                    # List the tokens that are kept
    --forget                  # Forget the tokens of a request
    --revoke                  # Revoke them at the server, too (RFC 7009)
    --header                  # Print the line of a request: Authorization: Bearer …
    --proof: string           # Print both lines of a request with a token that is bound to a key: Authorization, and DPoP
    --nonce: string           # The nonce to repeat in the proof: the header DPoP-Nonce of the resource's answer
    --json                    # Print everything that the server gave, as one JSON object
    --exec-credential         # Print what kubectl reads of a plugin (ExecCredential)
    --id-token                # Give the ID token instead of the access token
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    name?: string             # A request that was saved with --save
  ]

  def "nu-complete jott doctor color" [] {
    [ "auto" "always" "never" ]
  }

  # Find out why an issuer does not work
  export extern "jott doctor" [
    --color: string@"nu-complete jott doctor color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --mcp                     # The URL is a resource, such as an MCP server: look at it, and at its authorization servers
    --allow-http              # Also ask other machines over plain http
    --token: string           # A token to judge with the keys of the issuer: a SOURCE, like env:NAME or stdin
    --aud: string             # Audience to accept; may be given again [default: any]
    --json                    # Print one JSON object
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    url: string               # The issuer, by its name or by the address of its metadata
  ]

  def "nu-complete jott key color" [] {
    [ "auto" "always" "never" ]
  }

  # Keep keys: generate, add, list, show, rename, remove
  export extern "jott key" [
    --color: string@"nu-complete jott key color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete jott key generate alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" ]
  }

  def "nu-complete jott key generate color" [] {
    [ "auto" "always" "never" ]
  }

  # Make a key, and keep it in the keyring or a file
  export extern "jott key generate" [
    --alg(-a): string@"nu-complete jott key generate alg" # Algorithm that it is for
    --bits: string            # Size of an RSA key: 2048, 3072, 4096 or 8192 [default: 3072]
    --out: path               # Keep it in this file instead: PKCS#8 if the name ends in .pem, else a JWK or the secret; - prints it
    --force                   # Replace what is there
    --color: string@"nu-complete jott key generate color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    name?: string             # Its name in the keyring
  ]

  def "nu-complete jott key add key_encoding" [] {
    [ "utf8" "raw" "base64" "base64url" "hex" ]
  }

  def "nu-complete jott key add color" [] {
    [ "auto" "always" "never" ]
  }

  # Put a key into the keyring, from the prompt or a SOURCE
  export extern "jott key add" [
    --from(-k): string        # Where the key is now [default: prompt]
    --key: string             # Where the key is now [default: prompt]
    --force                   # Replace what is there
    --key-encoding: string@"nu-complete jott key add key_encoding" # How a secret is written
    --allow-weak-key          # Accept a secret that is shorter than its hash
    --passphrase: string      # Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]
    --no-cache                # Fetch keys from the network again, and do not cache them
    --allow-http              # Also fetch keys over plain http from other machines
    --color: string@"nu-complete jott key add color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    name?: string             # Its name in the keyring
  ]

  def "nu-complete jott key list color" [] {
    [ "auto" "always" "never" ]
  }

  # List the keys in the keyring
  export extern "jott key list" [
    --json                    # Print one JSON object a key, each on a line
    --color: string@"nu-complete jott key list color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --help(-h)                # Print help
    --version(-V)             # Print version
  ]

  def "nu-complete jott key show key_encoding" [] {
    [ "utf8" "raw" "base64" "base64url" "hex" ]
  }

  def "nu-complete jott key show fingerprint" [] {
    [ "sha256" ]
  }

  def "nu-complete jott key show color" [] {
    [ "auto" "always" "never" ]
  }

  # Print a key: its public JWK unless told otherwise
  export extern "jott key show" [
    --key-encoding: string@"nu-complete jott key show key_encoding" # How a secret is written
    --allow-weak-key          # Accept a secret that is shorter than its hash
    --passphrase: string      # Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]
    --no-cache                # Fetch keys from the network again, and do not cache them
    --allow-http              # Also fetch keys over plain http from other machines
    --jwk                     # As a JWK, which is the default
    --jwks                    # As a JWK Set
    --pem                     # As PEM: SPKI, or PKCS#8 with --private
    --thumbprint              # Only its RFC 7638 thumbprint (SHA-256)
    --fingerprint: string@"nu-complete jott key show fingerprint" # Only the fingerprint of its public half: sha256, of the SPKI, in base64
    --secret                  # A secret as text
    --private                 # With the private part, or the secret
    --key(-k): string         # Where the key is, never the key itself: env:NAME, keyring:NAME, ./PATH, fd:N, stdin, prompt, exec:NAME, https://…, issuer:URL
    --color: string@"nu-complete jott key show color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    ...names: string          # Its name in the keyring, or the names of several
  ]

  def "nu-complete jott key rename color" [] {
    [ "auto" "always" "never" ]
  }

  # Give a key in the keyring another name
  export extern "jott key rename" [
    --force                   # Replace what has that name
    --color: string@"nu-complete jott key rename color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --help(-h)                # Print help
    --version(-V)             # Print version
    name: string              # Its name in the keyring
    new: string               # Its name from now on
  ]

  def "nu-complete jott key remove color" [] {
    [ "auto" "always" "never" ]
  }

  # Remove a key from the keyring
  export extern "jott key remove" [
    --all                     # Remove every entry of that name, if there are several
    --color: string@"nu-complete jott key remove color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --help(-h)                # Print help
    --version(-V)             # Print version
    name: string              # Its name in the keyring
  ]

  def "nu-complete jott completions color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete jott completions shell" [] {
    [ "bash" "elvish" "fish" "nushell" "powershell" "zsh" ]
  }

  # Print the completion script of a shell
  export extern "jott completions" [
    --color: string@"nu-complete jott completions color" # When to colour: auto, always or never
    --quiet(-q)               # Print no notes; verify and decode --expires-after then print errors only
    --verbose(-v)             # Say where the key came from and what was not checked
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    shell: string@"nu-complete jott completions shell" # The shell
  ]

}

export use completions *
