//! The configuration of the demo server is read, or the place of what is wrong is said.

use jott::demo::config::Config;

pub(crate) fn holds(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let read = Config::read(text, &mut |_| Err("there are no files here".to_owned()));
    match read {
        Ok(config) => {
            let mut names: Vec<&str> = config.users.iter().map(|user| user.name.as_str()).collect();
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count, "a user is there twice");
            let together = Config::built_in().and(config);
            assert!(!together.clients.is_empty());
        }
        Err(error) => assert!(!error.message.is_empty()),
    }
}
