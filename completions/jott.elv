
use builtin;
use str;

set edit:completion:arg-completer[jott] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'jott'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'jott'= {
            cand --color 'When to colour: auto, always or never'
            cand -q 'Print no notes; verify and decode --expires-after then print errors only'
            cand --quiet 'Print no notes; verify and decode --expires-after then print errors only'
            cand -v 'Say where the key came from and what was not checked'
            cand --verbose 'Say where the key came from and what was not checked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand issue 'Make a signed token'
            cand decode 'Show what a token says, without trusting it'
            cand verify 'Check a token''s signature and claims'
            cand key 'Keep keys: generate, add, list, show, remove'
            cand completions 'Print the completion script of a shell'
        }
        &'jott;issue'= {
            cand -k 'Where the key is, never the key itself: env:NAME, file:PATH, ./PATH, fd:N, stdin, prompt'
            cand --key 'Where the key is, never the key itself: env:NAME, file:PATH, ./PATH, fd:N, stdin, prompt'
            cand --key-encoding 'How a secret is written'
            cand -a 'Algorithm to sign with [default: the key''s]'
            cand --alg 'Algorithm to sign with [default: the key''s]'
            cand --iss 'Issuer'
            cand --sub 'Subject'
            cand --aud 'Audience; several make an array'
            cand --jti 'Token ID; a random one without a value'
            cand --exp 'When it expires: a duration from now, a time, or never [default: 30m]'
            cand --nbf 'From when on it is valid'
            cand --iat 'When it was issued, or none [default: now]'
            cand -c 'Any claim: NAME=TEXT for a string, NAME:=JSON for any JSON value'
            cand --claim 'Any claim: NAME=TEXT for a string, NAME:=JSON for any JSON value'
            cand --claims 'Claims from a file with a JSON object; - is standard input'
            cand --from 'Start from the claims and header of this token; - is standard input'
            cand --without 'Drop a claim'
            cand --header 'Any header parameter: NAME=TEXT or NAME:=JSON'
            cand --kid 'Key ID for the header, or none; of a JWKS it picks the key [default: the key''s]'
            cand --typ 'Media type for the header, or none [default: JWT]'
            cand --color 'When to colour: auto, always or never'
            cand --allow-weak-key 'Accept a secret that is shorter than its hash'
            cand --json 'Print one JSON object with the token, header, claims and expiry'
            cand -q 'Print no notes; verify and decode --expires-after then print errors only'
            cand --quiet 'Print no notes; verify and decode --expires-after then print errors only'
            cand -v 'Say where the key came from and what was not checked'
            cand --verbose 'Say where the key came from and what was not checked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jott;decode'= {
            cand --get 'Print one value: a claim, header.NAME, or a pointer such as /address/city'
            cand --expires-after 'End with status 6 if the token expires within this time, has expired or never says'
            cand --color 'When to colour: auto, always or never'
            cand --json 'Print one JSON object a token, each on a line'
            cand --redact 'Copy the input with the signature of every token replaced'
            cand -q 'Print no notes; verify and decode --expires-after then print errors only'
            cand --quiet 'Print no notes; verify and decode --expires-after then print errors only'
            cand -v 'Say where the key came from and what was not checked'
            cand --verbose 'Say where the key came from and what was not checked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jott;verify'= {
            cand -k 'Where the key is, never the key itself: env:NAME, file:PATH, ./PATH, fd:N, stdin, prompt'
            cand --key 'Where the key is, never the key itself: env:NAME, file:PATH, ./PATH, fd:N, stdin, prompt'
            cand --key-encoding 'How a secret is written'
            cand -a 'Algorithm to allow; may be given again [default: those of the key]'
            cand --alg 'Algorithm to allow; may be given again [default: those of the key]'
            cand --iss 'Issuer to accept; may be given again'
            cand --aud 'Audience to accept; may be given again'
            cand --sub 'Subject to accept'
            cand --typ 'Media type that the header''s typ must be, such as at+jwt'
            cand -c 'What a claim must be: NAME=TEXT, or NAME:=JSON to compare JSON values'
            cand --claim 'What a claim must be: NAME=TEXT, or NAME:=JSON to compare JSON values'
            cand --require 'A claim that must be there'
            cand --leeway 'How far clocks may differ, 10m at most [default: 0s]'
            cand --max-age 'How long ago it may have been issued'
            cand --at 'Judge as of this time'
            cand --get 'Print one value of a valid token; it must be there'
            cand --color 'When to colour: auto, always or never'
            cand --allow-weak-key 'Accept a secret that is shorter than its hash'
            cand --any-aud 'Accept any audience, also under a key from the network'
            cand --allow-no-exp 'Accept a token that never expires'
            cand --signature-only 'Check the header and signature only, over any payload'
            cand --find 'Check every token that is found in any text'
            cand --json 'Print the verdict as one JSON object a token, each on a line'
            cand -q 'Print no notes; verify and decode --expires-after then print errors only'
            cand --quiet 'Print no notes; verify and decode --expires-after then print errors only'
            cand -v 'Say where the key came from and what was not checked'
            cand --verbose 'Say where the key came from and what was not checked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jott;key'= {
            cand --color 'When to colour: auto, always or never'
            cand -q 'Print no notes; verify and decode --expires-after then print errors only'
            cand --quiet 'Print no notes; verify and decode --expires-after then print errors only'
            cand -v 'Say where the key came from and what was not checked'
            cand --verbose 'Say where the key came from and what was not checked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand generate 'Make a key, and keep it in the keyring or a file'
            cand add 'Put a key into the keyring, from the prompt or a SOURCE'
            cand list 'List the keys in the keyring'
            cand show 'Print a key: its public JWK unless told otherwise'
            cand remove 'Take a key out of the keyring'
        }
        &'jott;key;generate'= {
            cand -a 'Algorithm that it is for'
            cand --alg 'Algorithm that it is for'
            cand --bits 'Size of an RSA key: 2048, 3072, 4096 or 8192 [default: 3072]'
            cand --out 'Keep it in this file instead: PKCS#8 if the name ends in .pem, else a JWK or the secret'
            cand --color 'When to colour: auto, always or never'
            cand --force 'Replace what is there'
            cand -q 'Print no notes; verify and decode --expires-after then print errors only'
            cand --quiet 'Print no notes; verify and decode --expires-after then print errors only'
            cand -v 'Say where the key came from and what was not checked'
            cand --verbose 'Say where the key came from and what was not checked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jott;key;add'= {
            cand -k 'Where the key is now [default: prompt]'
            cand --from 'Where the key is now [default: prompt]'
            cand --key 'Where the key is now [default: prompt]'
            cand --key-encoding 'How a secret is written'
            cand --color 'When to colour: auto, always or never'
            cand --allow-weak-key 'Accept a secret that is shorter than its hash'
            cand --force 'Replace what is there'
            cand -q 'Print no notes; verify and decode --expires-after then print errors only'
            cand --quiet 'Print no notes; verify and decode --expires-after then print errors only'
            cand -v 'Say where the key came from and what was not checked'
            cand --verbose 'Say where the key came from and what was not checked'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'jott;key;list'= {
            cand --color 'When to colour: auto, always or never'
            cand --json 'Print one JSON object a key, each on a line'
            cand -q 'Print no notes; verify and decode --expires-after then print errors only'
            cand --quiet 'Print no notes; verify and decode --expires-after then print errors only'
            cand -v 'Say where the key came from and what was not checked'
            cand --verbose 'Say where the key came from and what was not checked'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'jott;key;show'= {
            cand -k 'Where the key is, never the key itself: env:NAME, file:PATH, ./PATH, fd:N, stdin, prompt'
            cand --key 'Where the key is, never the key itself: env:NAME, file:PATH, ./PATH, fd:N, stdin, prompt'
            cand --key-encoding 'How a secret is written'
            cand --color 'When to colour: auto, always or never'
            cand --allow-weak-key 'Accept a secret that is shorter than its hash'
            cand --jwk 'As a JWK, which is the default'
            cand --jwks 'As a JWK Set'
            cand --pem 'As PEM: SPKI, or PKCS#8 with --private'
            cand --thumbprint 'Only its RFC 7638 thumbprint (SHA-256)'
            cand --secret 'A secret as text'
            cand --private 'With the private part, or the secret'
            cand -q 'Print no notes; verify and decode --expires-after then print errors only'
            cand --quiet 'Print no notes; verify and decode --expires-after then print errors only'
            cand -v 'Say where the key came from and what was not checked'
            cand --verbose 'Say where the key came from and what was not checked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jott;key;remove'= {
            cand --color 'When to colour: auto, always or never'
            cand -q 'Print no notes; verify and decode --expires-after then print errors only'
            cand --quiet 'Print no notes; verify and decode --expires-after then print errors only'
            cand -v 'Say where the key came from and what was not checked'
            cand --verbose 'Say where the key came from and what was not checked'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'jott;completions'= {
            cand --color 'When to colour: auto, always or never'
            cand -q 'Print no notes; verify and decode --expires-after then print errors only'
            cand --quiet 'Print no notes; verify and decode --expires-after then print errors only'
            cand -v 'Say where the key came from and what was not checked'
            cand --verbose 'Say where the key came from and what was not checked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
    ]
    $completions[$command]
}
