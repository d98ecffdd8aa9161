//! A workload of SPIFFE: a JWT-SVID in a file, with the claims and for the five minutes that SPIRE gives it, and the
//! trust bundle of its domain in another (SPIFFE JWT-SVID section 3, SPIFFE Trust Domain and Bundle section 4).

use serde_json::Map;

use crate::demo::workload::platform::Platform;

pub(super) const PLATFORM: Platform = Platform {
    name: "spiffe",
    lifetime: 300,
    early: None,
    has_typ: true,
    has_jti: false,
    lists_audience: true,
    claims: |_| Map::new(),
    subject: |_| "spiffe://example.org/workload".to_owned(),
    audience: None,
    variables: &[],
    request: None,
    tokens: &[],
    names_by_audience: false,
    files: &["SPIFFE_JWT_FILE"],
    bundle: Some("SPIFFE_BUNDLE_FILE"),
    program: None,
};
