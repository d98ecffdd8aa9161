//! The long ends of the help: examples and exit statuses. The man pages have them too.

/// Of `jott`.
pub(super) const TOP: &str = "\
Examples:
  A token for alice that is valid for 30 minutes, with the secret in $JOTT_SECRET:
      jott issue --sub alice
  What a token says:
      jott decode \"$TOKEN\"
  Whether it is good:
      jott verify --aud api \"$TOKEN\" && echo welcome

Exit statuses:
  0  done; for verify, the token is valid
  1  refused
  2  the command line is wrong
  3  no usable key
  4  the input is not a token, or the claims are not a JSON object
  5  the system said no
  6  the token is good but has expired

More: man jott, and `jott COMMAND --help`";

/// Of `jott issue`.
pub(super) const ISSUE: &str = "\
Times are a duration from now (90s, 1h30m, 7d, and -1h for the past), an RFC 3339 time, `now`, or
seconds since 1970. Flags win over --claim, --claim over --claims, --claims over --from.

Examples:
  With a secret from the environment:
      jott issue --key env:APP_SECRET --iss https://id.example --sub alice --aud api
  With claims of other types than text:
      jott issue --sub alice --claim role=admin --claim 'level:=3' --claim 'tags:=[\"a\",\"b\"]'
  An expired copy of a token, for a test:
      jott issue --key ./private.pem --from \"$TOKEN\" --exp -1h
  A secret that is good enough:
      export JOTT_SECRET=$(openssl rand -hex 32)

Exit statuses: 0 done, 2 wrong command line, 3 no usable key, 4 the claims are not a JSON object,
5 the output could not be written";

/// Of `jott decode`.
pub(super) const DECODE: &str = "\
No key is needed, and nothing is checked: anyone can write a token that says anything.

Examples:
  A token, also with quotes, white space or `Bearer` around it:
      jott decode \"$TOKEN\"
  Every token in a HAR, a log or a token endpoint's answer:
      curl -s https://id.example/token -d @request | jott decode
  One claim, for a script:
      user=$(jott decode --get sub \"$TOKEN\")
  A new token when the old one has less than a minute left:
      jott decode -q --expires-after 1m \"$TOKEN\" || TOKEN=$(login)
  A log that can be shown to others:
      jott decode --redact < trace.log > safe.log

Exit statuses: 0 done, 1 --get found nothing, 2 wrong command line, 4 no token or a payload that is
no JSON object, 5 input or output failed, 6 --expires-after: it has expired, or will have by then";

/// Of `jott verify`.
pub(super) const VERIFY: &str = "\
A token is accepted only if its form is canonical, its algorithm is one that the key and --alg
allow, nothing in it is critical and unknown, its signature matches, it has not expired, it is
valid already, and it meets every check that is asked for. Nothing in the token can relax a check.

Examples:
  With a secret from the environment, for one audience:
      jott verify --key env:APP_SECRET --aud api \"$TOKEN\"
  With a public key, from a pipe:
      pbpaste | jott verify --key ./public.pem --iss https://id.example
  Who it is, in a script:
      user=$(jott verify --get sub \"$TOKEN\") || exit
  Yesterday's token of a CI run, as of then:
      jott verify --key ./jwks.json --at 2026-11-22T02:00:00Z \"$TOKEN\"
  Two secrets while one replaces the other:
      jott verify --key env:NEW_SECRET --key env:OLD_SECRET \"$TOKEN\"

Exit statuses: 0 valid, 1 refused, 2 wrong command line, 3 no usable key, 4 not a token,
5 the system said no, 6 good but expired";

/// Of `jott completions`.
pub(super) const COMPLETIONS: &str = "\
Examples:
  bash:        jott completions bash > ~/.local/share/bash-completion/completions/jott
  zsh:         jott completions zsh > \"${fpath[1]}/_jott\"
  fish:        jott completions fish > ~/.config/fish/completions/jott.fish
  PowerShell:  jott completions powershell >> $PROFILE
  elvish:      jott completions elvish > ~/.config/elvish/lib/jott.elv
  nushell:     jott completions nushell > jott.nu   (then `source jott.nu` in config.nu)";
