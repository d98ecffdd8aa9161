//! The recipes of `man/recipes.md` for other programs, run with those programs as they stand there.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::peer;

const RECIPES: &str = include_str!("../../../man/recipes.md");

/// The keys of the examples.
const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/keys");

/// The commands of a section: those of its sessions, without what they say, and those of a shell.
fn commands(section: &str) -> String {
    let mut sections = RECIPES.split("\n## ");
    let section = sections
        .find(|text| text.lines().next() == Some(section))
        .unwrap_or_else(|| panic!("there is no section {section}"));
    let (mut commands, mut language) = (String::new(), None);
    for line in section.lines() {
        let command = match (line.strip_prefix("```"), language) {
            (Some(after), None) => {
                language = Some(after);
                continue;
            }
            (Some(_), Some(_)) => {
                language = None;
                continue;
            }
            (None, Some("console")) => line.strip_prefix("$ ").or(line.strip_prefix("> ")),
            (None, Some("sh")) => Some(line),
            (None, _) => None,
        };
        commands.extend(command.map(|command| format!("{command}\n")));
    }
    assert!(!commands.is_empty());
    commands
}

/// A folder in which recipes are followed, with programs by the names that they have there.
struct Kitchen {
    folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Kitchen {
    fn new(programs: &[(&str, &str)]) -> Kitchen {
        let folder = TempDir::new().unwrap();
        let bin = folder.path().join("bin");
        fs::create_dir(&bin).unwrap();
        for (name, program) in programs {
            std::os::unix::fs::symlink(peer::program(program), bin.join(name)).unwrap();
        }
        Kitchen {
            folder,
            variables: Vec::new(),
        }
    }

    fn tool(&self, name: &str) -> Command {
        let own = Path::new(env!("CARGO_BIN_EXE_jott")).parent().unwrap();
        let path = format!(
            "{}/bin:{}:{KEYS}:{}",
            self.folder.path().display(),
            own.display(),
            std::env::var("PATH").unwrap()
        );
        let mut command = peer::tool(name);
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.folder.path())
            .env("NO_PROXY", "127.0.0.1")
            .envs(self.variables.iter().map(|(name, value)| (*name, value)))
            .current_dir(self.folder.path());
        command
    }

    /// What a shell says that stops at the first command which fails.
    fn output(&self, commands: &str) -> Output {
        peer::output(self.tool("sh").args(["-e", "-c", commands]), &[])
    }

    #[track_caller]
    fn follow(&self, commands: &str) -> String {
        let Output {
            status,
            stdout,
            stderr,
        } = self.output(commands);
        let stdout = String::from_utf8(stdout).unwrap();
        let stderr = String::from_utf8_lossy(&stderr);
        assert!(status.success(), "{status}: {commands}\n{stdout}\n{stderr}");
        stdout
    }
}

/// `OpenBao`, with everything in memory, until this is dropped.
struct Bao {
    kitchen: Kitchen,
    process: Child,
}

impl Bao {
    fn start() -> Bao {
        let mut kitchen = Kitchen::new(&[("vault", "bao")]);
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let process = kitchen
            .tool("vault")
            .args(["server", "-dev", "-dev-no-store-token"])
            .arg("-dev-root-token-id=root")
            .arg(format!("-dev-listen-address={address}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut variables = vec![
            ("VAULT_ADDR", format!("http://{address}")),
            ("VAULT_TOKEN", "root".to_owned()),
        ];
        kitchen.variables.append(&mut variables);
        let bao = Bao { kitchen, process };
        let started = Instant::now();
        // It listens first, and has its store ready a moment later.
        while TcpStream::connect(&address).is_err()
            || !bao.kitchen.output("vault secrets list").status.success()
        {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "it does not start"
            );
            thread::sleep(Duration::from_millis(100));
        }
        bao
    }
}

impl Drop for Bao {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn openbao_lets_in_whom_the_recipe_says_and_nobody_else() {
    let bao = Bao::start();
    let bao = &bao.kitchen;
    bao.follow("openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem");
    let said = bao.follow(&commands("Vault and OpenBao"));
    assert_eq!(said.matches("token_accessor ").count(), 2, "{said}");
    let log_in = |flags: &str| {
        bao.output(&format!(
            "jott issue -q --key ./ec.pem {flags} | vault write -field=token auth/jwt/login role=deploy jwt=-"
        ))
    };
    let let_in = log_in("--iss ci --sub deploy --aud vault --exp 5m");
    let token = String::from_utf8(let_in.stdout).unwrap();
    let policies = bao.follow(&format!(
        "VAULT_TOKEN={token} vault token lookup -format=json | jq -c .data.policies"
    ));
    assert_eq!(policies, "[\"default\"]\n");
    for (flags, why) in [
        (
            "--iss ci --sub other --aud vault",
            "invalid subject (sub) claim",
        ),
        (
            "--iss ci --sub deploy --aud other",
            "invalid audience (aud) claim",
        ),
        (
            "--iss other --sub deploy --aud vault",
            "invalid issuer (iss) claim",
        ),
        (
            "--iss ci --sub deploy --aud vault --exp -5m",
            "token is expired",
        ),
        (
            "--iss ci --sub deploy --aud vault --fault bad-signature",
            "no known key successfully validated the token signature",
        ),
    ] {
        let stderr = String::from_utf8(log_in(flags).stderr).unwrap();
        assert!(stderr.contains(why), "{flags}: {stderr}");
    }
    let job = "jott fetch --ci --aud vault | vault write auth/gitlab/login role=deploy jwt=-";
    let config = "[workload.claims]\nref = \"other\"\n";
    fs::write(bao.folder.path().join("config"), config).unwrap();
    let output = bao.output(&format!(
        "jott serve-demo -q --config config --as gitlab --aud vault -- sh -c 'vault write -f auth/gitlab/config oidc_discovery_url=$JOTT_ISSUER && {job}'"
    ));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("claim \"ref\" does not match"), "{stderr}");
}

#[test]
fn keys_of_the_transit_engine_of_openbao_sign_by_the_example() {
    let bao = Bao::start();
    let bao = &bao.kitchen;
    bao.follow("vault secrets enable transit");
    for (kind, algorithms) in [
        ("ecdsa-p256", ["ES256"].as_slice()),
        ("ecdsa-p384", &["ES384"]),
        ("ecdsa-p521", &["ES512"]),
        ("rsa-2048", &["RS256", "RS384", "PS256", "PS512"]),
        ("ed25519", &["EdDSA"]),
    ] {
        bao.follow(&format!("vault write -f transit/keys/{kind} type={kind}"));
        for algorithm in algorithms {
            let said = bao.follow(&format!(
                "export VAULT_KEY={kind}
                jott issue -k exec:vault --alg {algorithm} --sub alice > token
                jott verify -q -k exec:vault - < token; jott decode --get header.alg - < token"
            ));
            assert_eq!(said.trim(), *algorithm);
        }
    }
}

#[test]
fn k6_shows_an_api_the_tokens_of_the_recipe() {
    let kitchen = Kitchen::new(&[("k6", "k6")]);
    let recipe = commands("k6, and other load");
    let said = kitchen.follow(&recipe);
    assert!(said.contains("100.00% 30 out of 30"), "{said}");
    // Without the secret nobody takes them, and the run fails.
    let other = recipe.replace("--key env:SECRET_KEY -- k6", "--alg ES256 -- k6");
    let output = kitchen.output(&other);
    assert_eq!(output.status.code(), Some(99));
}
