//! The identity of a job or a workload, in the form of the platform where it usually runs: a file for each
//! platform.

mod buildkite;
mod circleci;
mod github;
mod gitlab;
mod given;
mod kubernetes;
mod platform;
mod spiffe;

use serde_json::{Map, Value};

use crate::demo::secret::{Secret, random};

pub use platform::{Audience, Platform, Subject, TokenVariable, Variable};

/// The platforms.
pub const PLATFORMS: &[Platform] = &[
    github::PLATFORM,
    gitlab::PLATFORM,
    kubernetes::PLATFORM,
    circleci::PLATFORM,
    buildkite::PLATFORM,
    spiffe::PLATFORM,
];

/// The configuration of the job or the workload.
#[derive(Clone, Debug, Default)]
pub struct WorkloadConfig {
    /// Claims that replace the usual ones, or are added to them.
    pub claims: Map<String, Value>,
    /// The audiences of the tokens from the start.
    pub audience: Vec<String>,
    /// The client that gets tokens in exchange for them.
    pub client: Option<String>,
}

/// A job or a workload that runs beside the server.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Where it usually runs.
    pub platform: &'static Platform,
    /// What the configuration says of it.
    pub config: WorkloadConfig,
    /// The secret with which it asks for its tokens.
    pub secret: Secret,
}

impl Workload {
    /// A workload on a platform.
    ///
    /// # Errors
    /// Where the system gives no random bytes.
    pub fn new(
        platform: &'static Platform,
        config: WorkloadConfig,
    ) -> Result<Workload, &'static str> {
        let secret = random().map_err(|_| "the system gives no random bytes")?;
        Ok(Workload {
            platform,
            config,
            secret: Secret::new(secret),
        })
    }

    /// The claims of its tokens, without times, issuer and audience.
    #[must_use]
    pub fn claims(&self) -> Map<String, Value> {
        let mut claims = (self.platform.claims)(&self.config.claims);
        claims.extend(self.config.claims.clone());
        claims
    }

    /// For whom its tokens are where nobody says it: those of the configuration, or whom the place has there,
    /// or the issuer.
    #[must_use]
    pub fn audiences(&self, issuer: &str) -> Vec<String> {
        if !self.config.audience.is_empty() {
            return self.config.audience.clone();
        }
        let usual = self.platform.audience.map(|usual| usual(&self.claims()));
        vec![usual.unwrap_or_else(|| issuer.to_owned())]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims_of(name: &str, given: &Value) -> (Map<String, Value>, String) {
        let mut platforms = PLATFORMS.iter();
        let platform = platforms.find(|one| one.name == name).unwrap();
        let config = WorkloadConfig {
            claims: given.as_object().unwrap().clone(),
            ..WorkloadConfig::default()
        };
        let claims = Workload::new(platform, config).unwrap().claims();
        let subject = (platform.subject)(&claims);
        (claims, subject)
    }

    #[test]
    fn subjects_are_made_as_the_places_make_them() {
        for (name, subject) in [
            (
                "github",
                "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main",
            ),
            (
                "gitlab",
                "project_path:my-group/my-project:ref_type:branch:ref:main",
            ),
            ("kubernetes", "system:serviceaccount:default:default"),
            (
                "circleci",
                "org/f22b6566-597d-46d5-ba74-99ef5bb3d85c/project/2b8a4a4e-1a7f-4f1c-9c3f-2f6c9d7f6a10/user/4c9f5b1e-0d3b-4c0e-8f53-6a1f0d1f7b2e/vcs-origin/github.com/my-org/my-repo/vcs-ref/refs/heads/main",
            ),
            (
                "buildkite",
                "organization:my-org:pipeline:my-pipeline:ref:refs/heads/main:commit:9f3182061f1e2cca4702c368cbc039b7dc9d4485:step:build",
            ),
            ("spiffe", "spiffe://example.org/workload"),
        ] {
            assert_eq!(claims_of(name, &json!({})).1, subject);
        }
        assert_eq!(PLATFORMS.len(), 6);
    }

    #[test]
    fn a_token_that_nobody_asks_for_is_for_whom_the_place_has_it() {
        for (name, audience) in [
            ("github", "https://github.com/octo-org"),
            ("gitlab", "https://issuer.example"),
            ("kubernetes", "https://issuer.example"),
            ("circleci", "f22b6566-597d-46d5-ba74-99ef5bb3d85c"),
            ("buildkite", "https://buildkite.com/my-org"),
            ("spiffe", "https://issuer.example"),
        ] {
            let platform = Platform::named(name).unwrap();
            let mut workload = Workload::new(platform, WorkloadConfig::default()).unwrap();
            assert_eq!(workload.audiences("https://issuer.example"), [audience]);
            workload.config.audience = vec!["https://api.example".to_owned()];
            assert_eq!(
                workload.audiences("https://issuer.example"),
                ["https://api.example"]
            );
        }
    }

    #[test]
    fn what_follows_from_a_claim_that_is_given_follows_it() {
        let (claims, subject) = claims_of(
            "github",
            &json!({"repository": "acme/shop", "environment": "production"}),
        );
        assert_eq!(
            subject,
            "repo:acme@123456/shop@456789:environment:production"
        );
        assert_eq!(claims["repository_owner"], "acme");
        let workflow = "acme/shop/.github/workflows/deploy.yml@refs/heads/main";
        assert_eq!(claims["job_workflow_ref"], workflow);
        let (_, subject) = claims_of("github", &json!({"event_name": "pull_request"}));
        assert!(subject.ends_with(":pull_request"), "{subject}");
        let environment = json!({"environment": "Production:V1"});
        let (_, subject) = claims_of("github", &environment);
        assert!(
            subject.ends_with(":environment:Production%3AV1"),
            "{subject}"
        );
        let (claims, _) = claims_of("gitlab", &environment);
        assert_eq!(claims["environment_action"], "start");
        let (_, subject) = claims_of("buildkite", &json!({"build_tag": "v1.0.0"}));
        assert!(subject.contains(":ref:refs/tags/v1.0.0:"), "{subject}");
        let (claims, subject) = claims_of(
            "gitlab",
            &json!({"project_path": "acme/shop", "ref": "v1", "ref_type": "tag"}),
        );
        assert_eq!(subject, "project_path:acme/shop:ref_type:tag:ref:v1");
        assert_eq!(claims["ref_path"], "refs/tags/v1");
        assert_eq!(claims["namespace_path"], "acme");
        let pod =
            json!({"kubernetes.io": {"namespace": "web", "serviceaccount": {"name": "shop"}}});
        assert_eq!(
            claims_of("kubernetes", &pod).1,
            "system:serviceaccount:web:shop"
        );
    }
}
