//! The examples of clients with their tests, as people run them: beside a server of the run's own.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;

use crate::peer;

/// A client with its tests, and what they have to find in it.
struct Example {
    folder: &'static str,
    client: &'static str,
    /// The program that runs the tests, and its arguments.
    runs: Vec<String>,
    /// What the line of a test that failed begins with.
    failed: &'static str,
    /// A bug: what is in the client, what would be a mistake, and the test that finds it.
    bugs: [(&'static str, &'static str, &'static str); 3],
}

impl Example {
    /// A copy of its folder, with its client changed.
    fn copy(&self, change: impl Fn(&str) -> String) -> TempDir {
        let folder = TempDir::new().unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("examples")
            .join(self.folder);
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let mut text = fs::read_to_string(&path).unwrap();
            if path.ends_with(self.client) {
                text = change(&text);
            }
            fs::write(folder.path().join(path.file_name().unwrap()), text).unwrap();
        }
        symlink(peer::node_modules(), folder.path().join("node_modules")).unwrap();
        folder
    }

    /// Which tests fail, and the status.
    fn failures(&self, folder: &TempDir) -> (Vec<String>, Option<i32>) {
        let mut jott = peer::tool(env!("CARGO_BIN_EXE_jott"));
        jott.args(["serve-demo", "--quiet", "--"]).args(&self.runs);
        jott.current_dir(folder.path()).env("NO_PROXY", "127.0.0.1");
        let output = peer::output(&mut jott, &[]);
        let said = String::from_utf8(output.stdout).unwrap();
        let failed = said.lines().filter(|line| line.starts_with(self.failed));
        (failed.map(str::to_owned).collect(), output.status.code())
    }

    /// The client passes, and with each of the bugs the one test that is for it fails.
    #[track_caller]
    fn finds_the_bugs(&self) {
        assert_eq!(self.failures(&self.copy(str::to_owned)), (vec![], Some(0)));
        for (right, wrong, test) in self.bugs {
            let folder = self.copy(|client| {
                assert_eq!(client.matches(right).count(), 1, "{right}");
                client.replace(right, wrong)
            });
            let (failed, status) = self.failures(&folder);
            assert!(
                failed.len() == 1 && failed[0].contains(test),
                "{wrong}: {failed:?}"
            );
            assert_eq!(status, Some(1));
        }
    }
}

#[test]
fn pytest_finds_three_bugs_by_three_faults() {
    let python = peer::python().to_string_lossy().into_owned();
    let runs = [
        &python,
        "-B",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
    ];
    let example = Example {
        folder: "client-in-python",
        client: "client.py",
        runs: runs.map(str::to_owned).to_vec(),
        failed: "FAILED ",
        bugs: [
            (
                "answer.status_code == 401",
                "answer.status_code == 418",
                "::test_an_access_token_that_expired_is_replaced",
            ),
            (
                "        key = jwt.PyJWKClient",
                "        if jwt.get_unverified_header(token)[\"alg\"] == \"none\":
            return jwt.decode(token, options={\"verify_signature\": False})[\"sub\"]
        key = jwt.PyJWKClient",
                "::test_an_id_token_that_is_not_signed_is_refused",
            ),
            (
                "\"require\": [\"exp\", \"sub\"]",
                "\"verify_exp\": False",
                "::test_an_id_token_that_expired_is_refused",
            ),
        ],
    };
    example.finds_the_bugs();
}

#[test]
fn nodes_test_runner_finds_three_bugs_by_three_faults() {
    let example = Example {
        folder: "client-in-node",
        client: "client.mjs",
        runs: ["node", "--test", "--test-reporter=tap"].map(str::to_owned).to_vec(),
        failed: "not ok ",
        bugs: [
            (
                "response.status === 401",
                "response.status === 418",
                " - an access token that expired is replaced",
            ),
            (
                "    const keys = ",
                "    const [header, claims] = token.split(\".\").slice(0, 2).map((part) => JSON.parse(atob(part)));
    if (header.alg === \"none\") return claims.sub;
    const keys = ",
                " - an ID token that is not signed is refused",
            ),
            (
                "requiredClaims: [\"exp\", \"sub\"]",
                "currentDate: new Date(0)",
                " - an ID token that expired is refused",
            ),
        ],
    };
    example.finds_the_bugs();
}
