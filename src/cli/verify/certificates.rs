//! What `jott verify` asks of certificates.

use std::ffi::OsString;

use crate::cli::args::VerifyArgs;
use crate::cli::content_place::ContentPlace;
use crate::cli::failure::Failure;
use crate::cli::key_choice::KeyPlace;
use crate::cli::ui::Ui;

/// Where the revocation lists are that are named.
pub(super) fn revocations<'a>(
    args: &VerifyArgs,
    places: &[KeyPlace<'_>],
    ui: &mut Ui<'_, 'a>,
) -> Result<Vec<ContentPlace<'a>>, Failure> {
    check_roots_are_there(args, places)?;
    let place = |file: &OsString| ContentPlace::of_file(file, "the revocation list", ui);
    args.crl.iter().map(place).collect()
}

/// Demands on certificates need certificates, and so does a time if no claim is looked at.
fn check_roots_are_there(args: &VerifyArgs, places: &[KeyPlace<'_>]) -> Result<(), Failure> {
    let is_roots = |place: &KeyPlace<'_>| matches!(place, KeyPlace::Roots(..));
    if args.signature_only && args.at.is_some() && !places.iter().any(is_roots) {
        return Err(
            Failure::usage("`--signature-only` looks at no time that `--at` could change").hint(
                "it is the time of certificates, with `--key roots:PATH`; leave one of the flags out",
            ),
        );
    }
    let flag = [
        ("--leaf-eku", !args.leaf_eku.is_empty()),
        ("--leaf-san", !args.leaf_san.is_empty()),
        ("--crl", !args.crl.is_empty()),
    ];
    match flag.into_iter().find(|(_, is_given)| *is_given) {
        Some((flag, _)) if !places.iter().any(is_roots) => Err(Failure::usage(format!(
            "`{flag}` asks something of certificates, and no key is `roots:PATH`"
        ))
        .hint("`--key roots:./root.pem` takes tokens whose `x5c` leads to that root")),
        _ => Ok(()),
    }
}
