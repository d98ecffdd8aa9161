use super::*;

fn nothing(name: &str, expected: &str, claims: &str) -> Option<NearMiss> {
    let claims = Json::parse_str(claims).unwrap().value;
    of_nothing(&Name::parse(name), Some(expected), claims)
}

#[test]
fn a_search_ends_after_so_many_members_and_so_deep() {
    let member = |n: usize| format!(r#""m{n}":"{n}""#);
    let members: Vec<String> = (0..MOST_LOOKED_AT + 5).map(member).collect();
    let wide = format!("{{{}}}", members.join(","));
    assert!(nothing("sub", "9999", &wide).is_some());
    assert_eq!(nothing("sub", "10001", &wide), None);
    let deep = |depth| format!("{}\"x\"{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    let found = nothing("sub", "x", &deep(DEEPEST)).unwrap();
    assert!(matches!(&found, NearMiss::Elsewhere(place, Some(ask))
            if place.to_string() == "/a/a/a/a" && ask.to_string() == "/a/a/a/a=x"));
    assert_eq!(nothing("sub", "x", &deep(DEEPEST + 1)), None);
}

#[test]
fn long_names_are_not_copied_for_each_member_below_them() {
    let long = "n\\u0065".repeat(50_000);
    let members = vec![r#""m":{"o":{}}"#; 3_000].join(",");
    let claims = format!(r#"{{"{long}":{{"{long}":{{{members}}}}}}}"#);
    assert_eq!(nothing("sub", "x", &claims), None);
}

#[test]
fn a_claim_of_a_name_that_means_a_place_is_named_by_a_pointer() {
    for (claims, place) in [
        (r#"{"a b":"x"}"#, "a b"),
        (r#"{"/a":"x"}"#, "/~1a"),
        (r#"{"header.a":"x"}"#, "/header.a"),
        (r#"{"https://x.test/r":["x"]}"#, "https://x.test/r"),
    ] {
        let Some(NearMiss::Elsewhere(found, Some(ask))) = nothing("sub", "x", claims) else {
            panic!("{claims}");
        };
        assert_eq!(found.to_string(), place);
        assert_eq!(ask.to_string(), format!("{place}=x"));
    }
    assert_eq!(nothing("sub", "", r#"{"a":""}"#), None);
}

#[test]
fn a_list_in_one_text_is_told_on_either_side() {
    let near = |expected: &str, claims: &str| {
        let claims = Json::parse_str(claims).unwrap().value;
        let found = claims.get("aud").unwrap();
        of_text(&Name::parse("aud"), expected, found, claims)
    };
    for claims in [
        r#"{"aud":"web api"}"#,
        r#"{"aud":"web, api"}"#,
        r#"{"aud":"[\"web\",\"api\"]"}"#,
    ] {
        assert_eq!(
            near("api", claims),
            Some(NearMiss::ListInString),
            "{claims}"
        );
        assert_eq!(near("ap", claims), None, "{claims}");
    }
    for expected in ["web,api", "[\"api\"]", "api web"] {
        let near = near(expected, r#"{"aud":["x","api"]}"#);
        assert_eq!(near, Some(NearMiss::AskedForList), "{expected}");
    }
    assert_eq!(near("", r#"{"aud":"a,"}"#), None);
}
