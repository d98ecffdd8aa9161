//! What a release is packed into, and how it gets onto other machines, with a small program in the place of `jott`.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;

use tempfile::TempDir;

use crate::support::head_of;

const TARGET: &str = "x86_64-unknown-linux-gnu";
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("packaging")
        .join(name)
}

/// Runs it, and has to end well; gives what it printed.
fn run(command: &mut Command) -> String {
    let name = format!("{command:?}");
    let output = command
        .output()
        .unwrap_or_else(|e| panic!("{name}: {e}; run `tests/cli/install` first"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// A program of that name in a folder, which says its version.
fn program(folder: &Path) -> PathBuf {
    let path = folder.join("jott");
    fs::write(&path, format!("#!/bin/sh\necho jott {VERSION}\n")).unwrap();
    run(Command::new("chmod").arg("755").arg(&path));
    path
}

#[test]
fn packages_have_the_program_with_pages_completions_and_licences() {
    let folder = TempDir::new().unwrap();
    let program = program(folder.path());
    let made = folder.path().join("made");
    run(Command::new(script("packages"))
        .arg(&program)
        .arg(TARGET)
        .arg(&made));
    let made = |name: String| made.join(name);

    let deb = made(format!("jott_{VERSION}_amd64.deb"));
    let of_deb = run(Command::new("dpkg-deb").arg("--contents").arg(deb));
    let rpm = made(format!("jott-{VERSION}-1.x86_64.rpm"));
    let of_rpm = run(Command::new("rpm").args(["-qpl", "--nosignature"]).arg(rpm));
    for file in [
        "/usr/bin/jott",
        "/usr/share/man/man1/jott-verify.1.gz",
        "/usr/share/man/man7/jott-keys.7.gz",
        "/usr/share/bash-completion/completions/jott",
        "/usr/share/fish/vendor_completions.d/jott.fish",
        "/usr/share/doc/jott/THIRD-PARTY-LICENSES.gz",
    ] {
        assert!(of_deb.contains(file), "{file}: {of_deb}");
        assert!(of_rpm.contains(file), "{file}: {of_rpm}");
    }
    assert!(
        of_deb.contains("/usr/share/zsh/vendor-completions/_jott"),
        "{of_deb}"
    );
    assert!(
        of_rpm.contains("/usr/share/zsh/site-functions/_jott"),
        "{of_rpm}"
    );

    // As pip lays it out: a wheel is not run, and so neither is what it takes for a program.
    let wheel = fs::read_dir(folder.path().join("made")).unwrap();
    let mut wheel = wheel.map(|entry| entry.unwrap().path());
    let wheel = wheel.find(|path| path.extension().is_some_and(|end| end == "whl"));
    let place = folder.path().join("environment");
    run(Command::new("python3").args(["-m", "venv"]).arg(&place));
    run(Command::new(place.join("bin/pip"))
        .args([
            "install",
            "--no-index",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .arg(wheel.unwrap()));
    let said = run(Command::new(place.join("bin/jott")).arg("--version"));
    assert_eq!(said, format!("jott {VERSION}\n"));
    let listed = run(Command::new(place.join("bin/pip")).args(["show", "--files", "jott"]));
    assert!(listed.contains("licenses/THIRD-PARTY-LICENSES"), "{listed}");

    // As npm lays them out, without asking a registry for the packages of the other machines.
    let modules = folder.path().join("node_modules");
    for (archive, name) in [("jott", "jott"), ("jott-linux-x64", "jott-linux-x64")] {
        let place = modules.join(name);
        fs::create_dir_all(&place).unwrap();
        let archive = made(format!("{archive}-{VERSION}.tgz"));
        run(Command::new("tar")
            .arg("-xzf")
            .arg(archive)
            .args(["--strip-components", "1", "-C"])
            .arg(place));
    }
    let said = run(Command::new("node").arg(modules.join("jott/jott.js")));
    assert_eq!(said, format!("jott {VERSION}\n"));
    assert!(modules.join("jott-linux-x64/THIRD-PARTY-LICENSES").exists());
}

/// What is linked, by its name and hash, so that whoever has an archive can ask what is known to be faulty in it.
#[test]
fn an_sbom_names_all_that_is_linked_and_nothing_of_where_it_was_made() {
    let sbom = |epoch| {
        run(Command::new(script("sbom"))
            .arg(TARGET)
            .env("SOURCE_DATE_EPOCH", epoch))
    };
    let text = sbom("1700000000");
    assert_eq!(text, sbom("1700000000"));
    assert!(!text.contains(env!("CARGO_MANIFEST_DIR")) && !text.contains("file:"));
    let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(parsed["bomFormat"], "CycloneDX");
    assert_eq!(parsed["metadata"]["timestamp"], "2023-11-14T22:13:20Z");
    let program = format!("pkg:cargo/jott@{VERSION}");
    assert_eq!(parsed["metadata"]["component"]["purl"], program);

    let components = parsed["components"].as_array().unwrap();
    let named = |name: &str| components.iter().find(|one| one["name"] == name);
    let cryptography = named("aws-lc-sys").unwrap();
    let hash = cryptography["hashes"][0]["content"].as_str().unwrap();
    let locked =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    assert!(hash.len() == 64 && locked.contains(hash));
    assert!(
        named("serde_derive").is_none(),
        "it makes code, and is not linked"
    );
    assert!(named("proptest").is_none(), "it tests, and is not linked");
    let licences = run(Command::new(script("licences")).arg(TARGET));
    for component in components {
        let (name, version) = (
            component["name"].as_str().unwrap(),
            component["version"].as_str().unwrap(),
        );
        assert!(
            licences.contains(&format!("\n{name} {version} (")),
            "{name} has no licence"
        );
    }
    // Whoever is called is there.
    let calls = parsed["dependencies"].as_array().unwrap();
    assert_eq!(calls.len(), components.len() + 1);
    for called in calls
        .iter()
        .flat_map(|one| one["dependsOn"].as_array().unwrap())
    {
        assert!(
            components.iter().any(|one| one["bom-ref"] == *called),
            "{called}"
        );
    }
}

/// Packs a folder of this one as a release is packed.
fn pack(folder: &Path, name: &str, form: &str) {
    run(Command::new(script("pack"))
        .current_dir(folder)
        .args([name, form])
        .env("SOURCE_DATE_EPOCH", "1700000000"));
}

/// Whoever builds a release again can compare it (<https://reproducible-builds.org/docs/archives>).
#[test]
fn what_is_packed_again_has_the_same_bytes() {
    let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    // Neither the order in which files come into being, nor their times, nor who may write them is seen.
    let orders = [["b", "a", "c"], ["c", "a", "b"]];
    for (folder, (files, (time, umask))) in folders.iter().zip(
        orders
            .into_iter()
            .zip([("200001010000", "022"), ("202001010000", "002")]),
    ) {
        let inner = folder.path().join("packed");
        fs::create_dir(&inner).unwrap();
        for file in files {
            run(Command::new("sh").current_dir(&inner).args([
                "-c",
                "umask $3; echo $1 > $1; touch -t $2 $1",
                "sh",
                file,
                time,
                umask,
            ]));
        }
        program(&inner);
        for form in ["tar.gz", "zip"] {
            pack(folder.path(), "packed", form);
        }
        run(Command::new(script("packages"))
            .arg(inner.join("jott"))
            .arg(TARGET)
            .arg(folder.path().join("made"))
            .env("SOURCE_DATE_EPOCH", "1700000000"));
    }
    let [one, other] = folders.each_ref().map(|folder| {
        let made = fs::read_dir(folder.path().join("made")).unwrap();
        let packed = fs::read_dir(folder.path()).unwrap();
        let files = made.chain(packed).map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = files
            .filter(|path| path.is_file())
            .map(|path| {
                (
                    path.file_name().unwrap().to_owned(),
                    fs::read(&path).unwrap(),
                )
            })
            .collect();
        files.sort();
        files
    });
    assert_eq!(one.len(), 7, "an archive, a zip, and five packages");
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one.0, other.0);
        assert!(one.1 == other.1, "{} differs", one.0.display());
    }
    let listed = run(Command::new("tar")
        .arg("-tvzf")
        .arg(folders[0].path().join("packed.tar.gz")));
    assert_eq!(
        listed,
        "-rw-r--r-- 0/0               2 2023-11-14 22:13 packed/a\n\
         -rw-r--r-- 0/0               2 2023-11-14 22:13 packed/b\n\
         -rw-r--r-- 0/0               2 2023-11-14 22:13 packed/c\n\
         -rwxr-xr-x 0/0              26 2023-11-14 22:13 packed/jott\n"
    );
}

/// The archive of a release as `packaging/archive` names it, with its sum.
fn archive(folder: &Path) -> (String, Vec<u8>, String) {
    let name = format!("jott-{VERSION}-{TARGET}");
    fs::create_dir(folder.join(&name)).unwrap();
    program(&folder.join(&name));
    let file = format!("{name}.tar.gz");
    pack(folder, &name, "tar.gz");
    let sum = run(Command::new("sha256sum").current_dir(folder).arg(&file));
    let sum = sum.split(' ').next().unwrap().to_owned();
    (file.clone(), fs::read(folder.join(file)).unwrap(), sum)
}

/// A host that has these files of a release; gives its address.
fn host(files: Vec<(String, Vec<u8>)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let request = head_of(&mut connection).unwrap();
            let path = request.split(' ').nth(1).unwrap();
            let found = files
                .iter()
                .find(|(name, _)| *path == format!("/o/jott/releases/download/v{VERSION}/{name}"));
            let (status, body) = match found {
                Some((_, body)) => ("200 OK", body.as_slice()),
                None => ("404 Not Found", [].as_slice()),
            };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = connection
                .write_all(head.as_bytes())
                .and_then(|()| connection.write_all(body));
        }
    });
    format!("http://{address}")
}

/// Runs what the action runs, as a runner does, and gives that and the path that it adds.
fn action(host: &str, version: &str, sum: &str) -> (Output, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("path");
    let output = Command::new(script("action/install"))
        .env("VERSION", version)
        .env("REPOSITORY", "o/jott")
        .env("SHA256", sum)
        .env("RUNNER_OS", "Linux")
        .env("RUNNER_ARCH", "X64")
        .env("RUNNER_TEMP", folder.path())
        .env("GITHUB_SERVER_URL", host)
        .env("GITHUB_PATH", &path)
        .env("GITHUB_OUTPUT", folder.path().join("output"))
        .output()
        .unwrap();
    let added = fs::read_to_string(path).unwrap_or_default();
    if output.status.success() {
        let said = run(&mut Command::new(Path::new(added.trim()).join("jott")));
        assert_eq!(said, format!("jott {VERSION}\n"));
    }
    (output, added)
}

#[test]
fn the_action_puts_a_release_on_the_path_if_it_has_its_sum() {
    let folder = TempDir::new().unwrap();
    let (file, content, sum) = archive(folder.path());
    let sums = |sum: &str| format!("{sum}  {file}\n").into_bytes();
    let of = |sums: Vec<u8>| {
        host(vec![
            (file.clone(), content.clone()),
            ("SHA256SUMS".to_owned(), sums),
        ])
    };
    let (good, other) = (of(sums(&sum)), of(sums(&"0".repeat(64))));

    for (host, version, given) in [
        (&good, VERSION.to_owned(), ""),
        (&good, format!("v{VERSION}"), ""),
        (&other, VERSION.to_owned(), sum.as_str()),
    ] {
        let (output, added) = action(host, &version, given);
        assert!(output.status.success(), "{output:?}");
        assert!(!added.is_empty());
    }

    let none = of(Vec::new());
    let zeros = "0".repeat(64);
    for (host, version, given, why) in [
        (&other, VERSION, "", "and should be 0000"),
        (&good, VERSION, zeros.as_str(), "and should be 0000"),
        (
            &none,
            VERSION,
            "",
            "SHA256SUMS of release 0.1.0 has no line for",
        ),
        (&good, "9.9.9", "", "of release 9.9.9 cannot be downloaded"),
        (&good, "main", "", "'main' is no release"),
        (&good, "1.0.0/../../x", "", "is no release"),
    ] {
        let (output, added) = action(host, version, given);
        assert_eq!(output.status.code(), Some(1), "{why}");
        assert_eq!(added, "", "{why}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn the_formula_has_the_sum_of_each_archive() {
    let folder = TempDir::new().unwrap();
    let sums = folder.path().join("SHA256SUMS");
    let targets = [
        "aarch64-apple-darwin",
        "x86_64-apple-darwin",
        "aarch64-unknown-linux-gnu",
        TARGET,
    ];
    let line = |(n, target): (usize, &&str)| format!("{n:064}  jott-{VERSION}-{target}.tar.gz\n");
    let lines: String = targets.iter().enumerate().map(line).collect();
    fs::write(&sums, &lines).unwrap();
    let formula = run(Command::new(script("homebrew")).arg("o/jott").arg(&sums));
    for (n, target) in targets.iter().enumerate() {
        let pair =
            format!("v{VERSION}/jott-{VERSION}-{target}.tar.gz\"\n      sha256 \"{n:064}\"\n");
        assert!(formula.contains(&pair), "{formula}");
    }

    fs::write(&sums, lines.replace("apple", "pear")).unwrap();
    let output = Command::new(script("homebrew"))
        .arg("o/jott")
        .arg(&sums)
        .output();
    assert!(!output.unwrap().status.success());
}
