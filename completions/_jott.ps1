
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'jott' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'jott'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'jott' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto, always or never')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('issue', 'issue', [CompletionResultType]::ParameterValue, 'Make a signed token')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Show what a token says, without trusting it')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check a token''s signature and claims')
            [CompletionResult]::new('serve-demo', 'serve-demo', [CompletionResultType]::ParameterValue, 'Run a local OAuth 2.0 server and API to try clients and tokens against')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Find out why an issuer does not work')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Keep keys: generate, add, list, show, rename, remove')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            break
        }
        'jott;issue' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto, always or never')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Where the key is, never the key itself: env:NAME, keyring:NAME, ./PATH, fd:N, stdin, prompt, https://…, issuer:URL')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Where the key is, never the key itself: env:NAME, keyring:NAME, ./PATH, fd:N, stdin, prompt, https://…, issuer:URL')
            [CompletionResult]::new('--key-encoding', '--key-encoding', [CompletionResultType]::ParameterName, 'How a secret is written')
            [CompletionResult]::new('--passphrase', '--passphrase', [CompletionResultType]::ParameterName, 'Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Algorithm to sign with [default: the key''s]')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'Algorithm to sign with [default: the key''s]')
            [CompletionResult]::new('--iss', '--iss', [CompletionResultType]::ParameterName, 'Issuer')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'Subject')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'Audience; several make an array')
            [CompletionResult]::new('--jti', '--jti', [CompletionResultType]::ParameterName, 'Token ID; a random one without a value')
            [CompletionResult]::new('--exp', '--exp', [CompletionResultType]::ParameterName, 'When it expires: a duration from now, a time, or never [default: 30m]')
            [CompletionResult]::new('--nbf', '--nbf', [CompletionResultType]::ParameterName, 'From when on it is valid')
            [CompletionResult]::new('--iat', '--iat', [CompletionResultType]::ParameterName, 'When it was issued, or none [default: now]')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Any claim: NAME=TEXT for a string, NAME:=JSON for any JSON value')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'Any claim: NAME=TEXT for a string, NAME:=JSON for any JSON value')
            [CompletionResult]::new('--claims', '--claims', [CompletionResultType]::ParameterName, 'Claims from a file with a JSON object; - is standard input')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Start from the claims and header of this token; - is standard input')
            [CompletionResult]::new('--without', '--without', [CompletionResultType]::ParameterName, 'Drop a claim')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Any header parameter: NAME=TEXT or NAME:=JSON')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'Key ID for the header, or none; of a JWKS it picks the key [default: the key''s]')
            [CompletionResult]::new('--typ', '--typ', [CompletionResultType]::ParameterName, 'Media type for the header, or none [default: JWT]')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Break the token on purpose, to test who checks it; may be given again')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many threads work on it [default: the number of cores]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--allow-weak-key', '--allow-weak-key', [CompletionResultType]::ParameterName, 'Accept a secret that is shorter than its hash')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Fetch keys from the network again, and do not cache them')
            [CompletionResult]::new('--allow-http', '--allow-http', [CompletionResultType]::ParameterName, 'Also fetch keys over plain http from other machines')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object with the token, header, claims and expiry')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Make a token of each line of standard input, which is a JSON object of claims')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'jott;decode' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto, always or never')
            [CompletionResult]::new('--get', '--get', [CompletionResultType]::ParameterName, 'Print one value: a claim, header.NAME, or a pointer such as /address/city')
            [CompletionResult]::new('--expires-after', '--expires-after', [CompletionResultType]::ParameterName, 'End with status 6 if the token expires within this time, has expired or never says')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Each line is a JSON object: the token is its member of this name, or at a pointer such as /a/b')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many threads work on it [default: the number of cores]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object a token, each on a line')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Copy the input with the signature of every token replaced')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Take each line of standard input or of files for a token, and print one JSON object for it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'jott;verify' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto, always or never')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Where the key is, never the key itself: env:NAME, keyring:NAME, ./PATH, fd:N, stdin, prompt, https://…, issuer:URL')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Where the key is, never the key itself: env:NAME, keyring:NAME, ./PATH, fd:N, stdin, prompt, https://…, issuer:URL')
            [CompletionResult]::new('--key-encoding', '--key-encoding', [CompletionResultType]::ParameterName, 'How a secret is written')
            [CompletionResult]::new('--passphrase', '--passphrase', [CompletionResultType]::ParameterName, 'Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Algorithm to allow; may be given again [default: those of the key]')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'Algorithm to allow; may be given again [default: those of the key]')
            [CompletionResult]::new('--iss', '--iss', [CompletionResultType]::ParameterName, 'Issuer to accept; may be given again')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'Audience to accept; may be given again')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'Subject to accept')
            [CompletionResult]::new('--typ', '--typ', [CompletionResultType]::ParameterName, 'Media type that the header''s typ must be, such as at+jwt')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'What a claim must be: NAME=TEXT, NAME:=JSON, or NAME~=PATTERN with * for any text')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'What a claim must be: NAME=TEXT, NAME:=JSON, or NAME~=PATTERN with * for any text')
            [CompletionResult]::new('--require', '--require', [CompletionResultType]::ParameterName, 'A claim that must be there')
            [CompletionResult]::new('--leeway', '--leeway', [CompletionResultType]::ParameterName, 'How far clocks may differ, 10m at most [default: 0s]')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'How long ago it may have been issued')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge as of this time')
            [CompletionResult]::new('--payload', '--payload', [CompletionResultType]::ParameterName, 'The payload of a detached JWS, which is signed and not in the token; - is standard input')
            [CompletionResult]::new('--get', '--get', [CompletionResultType]::ParameterName, 'Print one value of a valid token; it must be there')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Each line is a JSON object: the token is its member of this name, or at a pointer such as /a/b')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Print the verdicts of valid or of refused tokens alone')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many threads work on it [default: the number of cores]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--allow-weak-key', '--allow-weak-key', [CompletionResultType]::ParameterName, 'Accept a secret that is shorter than its hash')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Fetch keys from the network again, and do not cache them')
            [CompletionResult]::new('--allow-http', '--allow-http', [CompletionResultType]::ParameterName, 'Also fetch keys over plain http from other machines')
            [CompletionResult]::new('--any-aud', '--any-aud', [CompletionResultType]::ParameterName, 'Accept any audience, also under a key from the network')
            [CompletionResult]::new('--allow-no-exp', '--allow-no-exp', [CompletionResultType]::ParameterName, 'Accept a token that never expires')
            [CompletionResult]::new('--allow-padding', '--allow-padding', [CompletionResultType]::ParameterName, 'Accept segments that keep their padding, signed as they stand: AWS load balancers make such tokens')
            [CompletionResult]::new('--signature-only', '--signature-only', [CompletionResultType]::ParameterName, 'Check the header and signature only, over any payload, and show no claims')
            [CompletionResult]::new('--find', '--find', [CompletionResultType]::ParameterName, 'Check every token that is found in any text')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the verdict as one JSON object a token, each on a line')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Take each line of standard input or of files for a token, and print a verdict in JSON for it')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Print the whole verdict, as --json does')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'jott;serve-demo' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto, always or never')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Where to listen; port 0 is any that is free [default: 127.0.0.1:8000]')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'The issuer, where clients find the server by another name')
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'Where browsers find the pages, if that is elsewhere')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Speak TLS: self-signed, or the PEM files of a certificate and its key')
            [CompletionResult]::new('--key-encoding', '--key-encoding', [CompletionResultType]::ParameterName, 'How a secret is written')
            [CompletionResult]::new('--passphrase', '--passphrase', [CompletionResultType]::ParameterName, 'Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Algorithm to sign with [default: the key''s, or RS256]')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'Algorithm to sign with [default: the key''s, or RS256]')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'How long access tokens and ID tokens live [default: 30m]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'A user; may be given again')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'A client, public if it has no secret; may be given again')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Users, clients and lifetimes from a TOML file')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'A fault that clients have to survive; may be given again')
            [CompletionResult]::new('--control-token', '--control-token', [CompletionResultType]::ParameterName, 'Let other machines control the server that have this token: a SOURCE, like env:NAME')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Ask whether the server of an issuer is up, and end')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Where the key is, never the key itself [default: one that is made for this run]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Where the key is, never the key itself [default: one that is made for this run]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--allow-remote', '--allow-remote', [CompletionResultType]::ParameterName, 'Listen on an address that other machines can reach')
            [CompletionResult]::new('--allow-weak-key', '--allow-weak-key', [CompletionResultType]::ParameterName, 'Accept a secret that is shorter than its hash')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Fetch keys from the network again, and do not cache them')
            [CompletionResult]::new('--allow-http', '--allow-http', [CompletionResultType]::ParameterName, 'Also fetch keys over plain http from other machines')
            [CompletionResult]::new('--auto-login', '--auto-login', [CompletionResultType]::ParameterName, 'Log in and consent without asking anybody')
            [CompletionResult]::new('--no-control', '--no-control', [CompletionResultType]::ParameterName, 'Let nobody control the server while it runs')
            [CompletionResult]::new('--print-config', '--print-config', [CompletionResultType]::ParameterName, 'Print a configuration with comments, and end')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object once the server listens')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'jott;doctor' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto, always or never')
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'A token to judge with the keys of the issuer: a SOURCE, like env:NAME or stdin')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'Audience to accept; may be given again [default: any]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--mcp', '--mcp', [CompletionResultType]::ParameterName, 'The URL is a resource, such as an MCP server: look at it, and at its authorization servers')
            [CompletionResult]::new('--allow-http', '--allow-http', [CompletionResultType]::ParameterName, 'Also ask other machines over plain http')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'jott;key' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto, always or never')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Make a key, and keep it in the keyring or a file')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Put a key into the keyring, from the prompt or a SOURCE')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the keys in the keyring')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print a key: its public JWK unless told otherwise')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give a key in the keyring another name')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take a key out of the keyring')
            break
        }
        'jott;key;generate' {
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Algorithm that it is for')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'Algorithm that it is for')
            [CompletionResult]::new('--bits', '--bits', [CompletionResultType]::ParameterName, 'Size of an RSA key: 2048, 3072, 4096 or 8192 [default: 3072]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Keep it in this file instead: PKCS#8 if the name ends in .pem, else a JWK or the secret; - prints it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto, always or never')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace what is there')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'jott;key;add' {
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Where the key is now [default: prompt]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Where the key is now [default: prompt]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Where the key is now [default: prompt]')
            [CompletionResult]::new('--key-encoding', '--key-encoding', [CompletionResultType]::ParameterName, 'How a secret is written')
            [CompletionResult]::new('--passphrase', '--passphrase', [CompletionResultType]::ParameterName, 'Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto, always or never')
            [CompletionResult]::new('--allow-weak-key', '--allow-weak-key', [CompletionResultType]::ParameterName, 'Accept a secret that is shorter than its hash')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Fetch keys from the network again, and do not cache them')
            [CompletionResult]::new('--allow-http', '--allow-http', [CompletionResultType]::ParameterName, 'Also fetch keys over plain http from other machines')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace what is there')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'jott;key;list' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto, always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object a key, each on a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'jott;key;show' {
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Where the key is, never the key itself: env:NAME, keyring:NAME, ./PATH, fd:N, stdin, prompt, https://…, issuer:URL')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Where the key is, never the key itself: env:NAME, keyring:NAME, ./PATH, fd:N, stdin, prompt, https://…, issuer:URL')
            [CompletionResult]::new('--key-encoding', '--key-encoding', [CompletionResultType]::ParameterName, 'How a secret is written')
            [CompletionResult]::new('--passphrase', '--passphrase', [CompletionResultType]::ParameterName, 'Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]')
            [CompletionResult]::new('--fingerprint', '--fingerprint', [CompletionResultType]::ParameterName, 'Only the fingerprint of its public half: sha256, of the SPKI, in base64')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto, always or never')
            [CompletionResult]::new('--allow-weak-key', '--allow-weak-key', [CompletionResultType]::ParameterName, 'Accept a secret that is shorter than its hash')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Fetch keys from the network again, and do not cache them')
            [CompletionResult]::new('--allow-http', '--allow-http', [CompletionResultType]::ParameterName, 'Also fetch keys over plain http from other machines')
            [CompletionResult]::new('--jwk', '--jwk', [CompletionResultType]::ParameterName, 'As a JWK, which is the default')
            [CompletionResult]::new('--jwks', '--jwks', [CompletionResultType]::ParameterName, 'As a JWK Set')
            [CompletionResult]::new('--pem', '--pem', [CompletionResultType]::ParameterName, 'As PEM: SPKI, or PKCS#8 with --private')
            [CompletionResult]::new('--thumbprint', '--thumbprint', [CompletionResultType]::ParameterName, 'Only its RFC 7638 thumbprint (SHA-256)')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'A secret as text')
            [CompletionResult]::new('--private', '--private', [CompletionResultType]::ParameterName, 'With the private part, or the secret')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'jott;key;rename' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto, always or never')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace what has that name')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'jott;key;remove' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto, always or never')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Take out every entry of that name, where there are several')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'jott;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto, always or never')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes; verify and decode --expires-after then print errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where the key came from and what was not checked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
