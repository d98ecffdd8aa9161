//! What to do about a text that is not the token it should be, in words.

use crate::cli::advice::Running;
use crate::text::escape;
use crate::token::advice::TokenAdvice;

pub(super) fn sentence(advice: TokenAdvice, running: Running) -> String {
    let words = match advice {
        TokenAdvice::Give => "give it as an argument, or on standard input",
        TokenAdvice::CopyToEnd => "a part of the token may be missing: copy it again, to its end",
        TokenAdvice::CopyBehindDots => {
            "copy it whole, to its last character: what printed it left the rest out"
        }
        TokenAdvice::CopyShape => {
            "a token looks like `eyJ….eyJ….…`: copy it whole, from the first `ey` to the end"
        }
        TokenAdvice::CopyBeginning => {
            "a token begins with `ey`, the base64url of `{\"`: copy it whole"
        }
        TokenAdvice::CopyPadding => "copy the token again, as its issuer sent it",
        TokenAdvice::Distrust => {
            "a token says one thing in one spelling: this one was edited or cut"
        }
        TokenAdvice::TakeOffRest => {
            "a signed token has three: what follows the third does not belong to it"
        }
        TokenAdvice::Correct(found) => character(found),
        TokenAdvice::PercentDecode => "decode it first: `%2E` stands for a dot",
        TokenAdvice::GiveOnce { count: 2 } => "it seems to have been pasted twice: give it once",
        TokenAdvice::GiveOnce { count } => {
            return format!("it seems to have been pasted {count} times: give it once");
        }
        TokenAdvice::CopyLeftOut => "copy the token whole: what printed it left a part out",
        TokenAdvice::TakeOffPadding => {
            "nothing else in the token has any, so it was not signed: remove it from the end"
        }
        TokenAdvice::TakeOffDot => "it is not part of the token: remove it",
        TokenAdvice::TakeOutOfBase64 => {
            "`base64 -d` takes it out; `jott verify --find` looks into it"
        }
        TokenAdvice::GiveOne => {
            "give one of them; `jott verify --find` checks every token in a text"
        }
        TokenAdvice::FindInText => {
            "`jott decode` finds the tokens in any text; `jott verify --find` checks them"
        }
        TokenAdvice::BeginWithIssued => {
            "an SD-JWT begins with a signed token, and has its disclosures after tildes"
        }
        TokenAdvice::AskIssuer => {
            "ask the issuer about it: most have an introspection or user endpoint"
        }
        TokenAdvice::AskApplication => {
            "only the application that wrote it can check or open it, with its secret"
        }
        TokenAdvice::ReadSession => {
            "its content is base64url in front of the time; the application that wrote it checks it, with its secret"
        }
        TokenAdvice::ReadXml => "`base64 -d` shows its XML; a library for SAML checks it",
        TokenAdvice::CheckCwt => "a library for COSE checks it",
        TokenAdvice::KeepPassword => {
            "whoever sees it has the password: it is base64, and not encrypted"
        }
        TokenAdvice::GiveAsKey => {
            "`jott verify --key SOURCE TOKEN` takes a key, `jott key show --key SOURCE` shows it"
        }
        TokenAdvice::SignClaims => "`jott issue --claims FILE` makes a token of claims",
        TokenAdvice::FillPlaceholder => {
            "what was to be put there has no value, or nobody has put it there: look where the token comes from"
        }
        TokenAdvice::LookForShape => "a token looks like `eyJ….eyJ….…`",
        TokenAdvice::TakeOutOfBase64Twice => "`base64 -d | base64 -d` takes it out",
        TokenAdvice::TakeOutOfHexadecimal => "`xxd -r -p` takes it out",
        TokenAdvice::CheckPaseto => {
            "a library for PASETO checks it; its content is base64url after the second dot"
        }
        TokenAdvice::OpenPaseto => "a library for PASETO opens it, with the key",
        TokenAdvice::UseItsCharacters => "a token has letters, digits, `-`, `_` and dots only",
        TokenAdvice::LeaveUtf16 => match running {
            Running::Verify => {
                "PowerShell's `>` writes that: pipe the token (`… | jott verify`) or use `Out-File -Encoding ascii`"
            }
            _ => {
                "PowerShell's `>` writes that: pipe the token (`… | jott decode`), or use `Out-File -Encoding ascii`"
            }
        },
        TokenAdvice::ChooseLines => {
            "`--batch` checks a token a line, `--find` every token in a text; a token that was wrapped has to be joined"
        }
    };
    words.to_owned()
}

fn character(found: char) -> &'static str {
    match found {
        '+' | '/' => "base64url writes `-` and `_` for `+` and `/`",
        '=' => "base64url in tokens has no padding (RFC 7515 section 2), and this would not be any",
        '%' => "the token seems to be percent-encoded: decode it first",
        '…' => "an ellipsis stands for what was left out: copy the token whole",
        '*' => "asterisks stand for what was left out: copy the token whole",
        c if !c.is_ascii() && !escape::is_plain(c.encode_utf8(&mut [0; 4])) => {
            "it cannot be seen, and chats, pages and editors put it there: copy the token from plain text"
        }
        c if c.is_whitespace() => "the token seems to be wrapped: join its lines without spaces",
        _ => "a token has only letters, digits, `-`, `_` and the dots between its segments",
    }
}
