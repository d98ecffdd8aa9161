use super::*;

#[test]
fn issuers_are_known_by_their_host() {
    for (iss, name) in [
        ("https://accounts.google.com", "Google"),
        ("accounts.google.com", "Google"),
        ("https://a-b.eu.auth0.com/", "Auth0"),
        (
            "https://login.microsoftonline.com/t/v2.0",
            "Microsoft Entra",
        ),
        (
            "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_x",
            "Amazon Cognito",
        ),
        (
            "https://oidc.eks.cn-north-1.amazonaws.com.cn/id/X",
            "Amazon EKS",
        ),
        ("http://localhost:8080/realms/demo", "Keycloak"),
        ("https://id.example/auth/realms/demo", "Keycloak"),
        ("kubernetes/serviceaccount", "Kubernetes"),
    ] {
        assert_eq!(issuer(iss), Some(name), "{iss}");
    }
}

#[test]
fn a_known_name_behind_the_host_is_not_the_issuer() {
    for end in ["?", "#", "\\", "@", ";", "%2f", "\0", " ", "é", ":", "&"] {
        for known in [
            "x.auth0.com",
            ".okta.com",
            "accounts.google.com",
            "oidc.eks.us-east-1.amazonaws.com",
            "cognito-idp.us-east-1.amazonaws.com",
            "x/realms/y",
        ] {
            let iss = format!("https://evil.example{end}{known}");
            assert_eq!(issuer(&iss), None, "{iss}");
        }
    }
    for iss in [
        "https://accounts.google.com@evil.example/",
        "https://accounts.google.com.evil.example/",
        "https://oidc.eks.us-east-1.amazonaws.com.evil.example/",
        "https://oidc.eks.s3.amazonaws.com/id/X",
        "https://cognito-idp.s3-us-west-2.amazonaws.com/x",
        "https://cognito-idp.amazonaws.com/x",
        "https://.auth0.com/",
        "https://evil.example/x.auth0.com",
        "evil.example\\/realms/x",
        "ftp://accounts.google.com",
        "",
    ] {
        assert_eq!(issuer(iss), None, "{iss}");
    }
}
