//! A client is made of a metadata document only where that is its own, and what it names is well formed.

const URL: &str = "https://app.example/client.json";

pub(crate) fn holds(input: &[u8]) {
    match jott::demo::documented(URL, input) {
        Ok(client) => {
            let document: serde_json::Value = serde_json::from_slice(input).unwrap();
            assert_eq!(document["client_id"], URL);
            assert_eq!(client.id, URL);
            for uri in &client.redirect_uris {
                assert!(!uri.as_str().contains(['#', ' ', '\n']), "{uri:?}");
            }
        }
        Err(why) => assert!(!why.is_empty()),
    }
}
