//! `--cert`: what of the certificate of the signing key goes into the header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::cli::args::IssueArgs;
use crate::cli::content_place::ContentPlace;
use crate::cli::failure::Failure;
use crate::cli::ui::Ui;
use crate::token::advice::Advice;
use crate::token::chain;
use crate::token::claims::Members;
use crate::token::json::JsonText;
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;

/// The parameters of the header that speak of a certificate.
pub(super) struct Certificate {
    x5c: Option<Vec<String>>,
    x5t: Option<String>,
    x5t_s256: Option<String>,
}

impl Certificate {
    /// Where they are.
    pub(super) fn place<'a>(
        args: &IssueArgs,
        ui: &mut Ui<'_, 'a>,
    ) -> Result<Option<ContentPlace<'a>>, Failure> {
        let file = args.cert.as_deref();
        file.map(|file| ContentPlace::of_file(file, "the certificate", ui))
            .transpose()
    }

    /// Reads the certificates of a place, of which the first has to be that of the key.
    pub(super) fn read(
        place: Option<ContentPlace<'_>>,
        args: &IssueArgs,
        key: &Key,
        ui: &mut Ui<'_, '_>,
    ) -> Result<Option<Self>, Failure> {
        let Some(place) = place else {
            return Ok(None);
        };
        let label = place.label.clone();
        let content = place.content(ui)?;
        let after = |fault: KeyFault| fault.after(&format!("{label}:"));
        let all = chain::certificates(&content.bytes).map_err(after)?;
        let Some(first) = all.first() else {
            return Ok(None);
        };
        if !chain::key_of(first).map_err(after)?.is_pair_of(key) {
            return Err(not_its_own(&all, key).into());
        }
        if let Some(warning) = chain::out_of_order(&all).filter(|_| args.x5c) {
            ui.warn(&warning.message, None);
        }
        Ok(Some(Certificate {
            x5c: args
                .x5c
                .then(|| all.iter().map(|der| STANDARD.encode(der)).collect()),
            x5t: args.x5t.then(|| chain::thumbprint_sha1(first)),
            x5t_s256: args.x5t_s256.then(|| chain::thumbprint_sha256(first)),
        }))
    }

    /// Puts them into a header.
    pub(super) fn set(&self, header: &mut Members<'_>) {
        if let Some(x5t) = &self.x5t {
            header.set_text("x5t", x5t);
        }
        if let Some(x5t) = &self.x5t_s256 {
            header.set_text("x5t#S256", x5t);
        }
        if let Some(x5c) = &self.x5c {
            header.set("x5c", JsonText::of_texts(x5c));
        }
    }
}

fn not_its_own(all: &[Vec<u8>], key: &Key) -> KeyFault {
    let is_below = all
        .iter()
        .any(|der| chain::key_of(der).is_ok_and(|other| other.is_pair_of(key)));
    let message = match is_below {
        true => {
            "the certificate of the key is not the first of the file, as it has to be (RFC 7515 section 4.1.6)"
        }
        false => "the certificate is that of another key than the one that signs",
    };
    KeyFault::rejected(message).hint(Advice::BeginWithOwnCertificate)
}
