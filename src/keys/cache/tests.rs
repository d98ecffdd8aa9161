use super::*;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

const NAME: &str = "https://a.test/keys";
const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(NOW.seconds().saturating_add(seconds))
}

fn full() -> (tempfile::TempDir, Cache) {
    let home = tempfile::tempdir().unwrap();
    let cache = Cache(home.path().join("caches/jott"));
    cache.write(NAME, b"the keys", 60, NOW);
    (home, cache)
}

fn body(cache: &Cache, now: Timestamp) -> Option<Vec<u8>> {
    cache.read(NAME, now).map(|kept| kept.body)
}

#[test]
fn an_answer_is_kept_for_its_time() {
    let (_home, cache) = full();
    assert_eq!(body(&cache, NOW), Some(b"the keys".to_vec()));
    assert_eq!(body(&cache, at(59)), Some(b"the keys".to_vec()));
    assert_eq!(body(&cache, at(60)), None);
    assert_eq!(body(&cache, at(-1)), None, "it is from the future");
    assert!(cache.read("https://b.test/keys", NOW).is_none());
    cache.write(NAME, b"other keys", 60, at(30));
    assert_eq!(body(&cache, at(80)), Some(b"other keys".to_vec()));
    cache.write("https://c.test/keys", b"", 0, NOW);
    cache.write(NAME, b"newer keys", 0, at(31));
    assert_eq!(body(&cache, at(32)), None, "the newer may not be kept");
    cache.write(NAME, b"other keys", 60, at(30));
    assert_eq!(fs::read_dir(&cache.0).unwrap().count(), 1);
}

#[test]
fn only_the_user_can_read_and_write_it() {
    let (_home, cache) = full();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&cache.0), 0o700);
    assert_eq!(mode(&cache.file(NAME)), 0o600);
    let open_up = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    open_up(&cache.file(NAME), 0o620);
    assert_eq!(body(&cache, NOW), None);
    open_up(&cache.file(NAME), 0o600);
    open_up(&cache.0, 0o777);
    assert_eq!(body(&cache, NOW), None);
}

#[test]
fn damage_is_the_same_as_no_file() {
    let (_home, cache) = full();
    let path = cache.file(NAME);
    let sound = fs::read(&path).unwrap();
    for index in 0..sound.len() {
        let mut damaged = sound.clone();
        damaged[index] ^= 1;
        fs::write(&path, &damaged).unwrap();
        assert_eq!(body(&cache, NOW), None, "byte {index}");
        fs::write(&path, &sound[..index]).unwrap();
        assert_eq!(body(&cache, NOW), None, "{index} bytes");
    }
    fs::write(&path, [sound.as_slice(), b"!"].concat()).unwrap();
    assert_eq!(body(&cache, NOW), None);
    fs::write(&path, &sound).unwrap();
    assert!(body(&cache, NOW).is_some());
    // A sound file under another's name.
    fs::rename(&path, cache.file("https://b.test/keys")).unwrap();
    assert!(cache.read("https://b.test/keys", NOW).is_none());
}

#[test]
fn longer_than_a_day_is_damage() {
    let (_home, cache) = full();
    cache.write(NAME, b"the keys", lifetime::LONGEST + 1, NOW);
    assert_eq!(body(&cache, NOW), None);
}

#[test]
fn no_symlink_is_followed() {
    let (home, cache) = full();
    let path = cache.file(NAME);
    let elsewhere = home.path().join("elsewhere");
    fs::rename(&path, &elsewhere).unwrap();
    symlink(&elsewhere, &path).unwrap();
    assert_eq!(body(&cache, NOW), None);
    let before = fs::read(&elsewhere).unwrap();
    cache.write(NAME, b"other keys", 60, NOW);
    assert_eq!(fs::read(&elsewhere).unwrap(), before);
    assert_eq!(body(&cache, NOW), Some(b"other keys".to_vec()));

    let folder = home.path().join("folder");
    fs::rename(&cache.0, &folder).unwrap();
    symlink(&folder, &cache.0).unwrap();
    assert_eq!(body(&cache, NOW), None);
}

#[test]
fn nothing_else_than_a_file_is_read() {
    let (_home, cache) = full();
    let path = cache.file(NAME);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(body(&cache, NOW), None);
    cache.write(NAME, b"the keys", 60, NOW);
    assert_eq!(
        fs::read_dir(&cache.0).unwrap().count(),
        1,
        "what was begun is gone"
    );
}

#[test]
fn the_environment_says_where_it_is() {
    let find = |variables: &'static [(&str, &str)]| {
        let env = |name: &str| {
            let found = variables.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| OsString::from(value))
        };
        Cache::find(&env).map(|cache| cache.0)
    };
    assert_eq!(find(&[]), None);
    assert_eq!(
        find(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]),
        Some("/c/jott".into())
    );
    assert_eq!(find(&[("XDG_CACHE_HOME", "c")]), None);
    assert_eq!(find(&[("HOME", "")]), None);
    let usual = if cfg!(target_os = "macos") {
        "/h/Library/Caches/jott"
    } else {
        "/h/.cache/jott"
    };
    assert_eq!(
        find(&[("HOME", "/h"), ("XDG_CACHE_HOME", "")]),
        Some(usual.into())
    );
}
