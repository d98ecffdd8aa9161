//! The last requests that were answered, for assertions in tests; they never contain a secret.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};
use tokio::sync::Notify;

use crate::demo::endpoint::Endpoint;
use crate::demo::event::Asked;
use crate::demo::fault::Fault;
use crate::text::time::{Timestamp, rfc3339};

/// How many are kept.
const MOST: usize = 1000;

/// A request that was answered.
pub(super) struct Seen {
    pub(super) number: u64,
    pub(super) time: Timestamp,
    pub(super) asked: Arc<Asked>,
    pub(super) endpoint: Option<Endpoint>,
    pub(super) grant: Option<&'static str>,
    /// The status of the answer; `None` where the connection was reset instead.
    pub(super) status: Option<u16>,
    pub(super) reasons: Vec<(String, &'static str)>,
    pub(super) faults: Vec<Fault>,
}

/// Which requests are wanted.
#[derive(Default)]
pub(super) struct Filter {
    pub(super) endpoint: Option<Endpoint>,
    pub(super) client: Option<String>,
    /// The number of the last one that is known already.
    pub(super) after: u64,
}

/// The last requests.
#[derive(Default)]
pub(super) struct RequestsSeen {
    kept: Mutex<Kept>,
    more: Notify,
}

#[derive(Default)]
struct Kept {
    last: u64,
    requests: VecDeque<Seen>,
}

impl RequestsSeen {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps one; its number is given to it.
    pub(super) fn add(&self, mut seen: Seen) {
        let mut kept = self.lock();
        kept.last = kept.last.saturating_add(1);
        seen.number = kept.last;
        if kept.requests.len() >= MOST {
            kept.requests.pop_front();
        }
        kept.requests.push_back(seen);
        drop(kept);
        self.more.notify_waiters();
    }

    pub(super) fn clear(&self) {
        self.lock().requests.clear();
    }

    /// Those that are wanted, in JSON, the oldest first.
    pub(super) fn found(&self, filter: &Filter) -> Vec<Value> {
        let kept = self.lock();
        let wanted = kept.requests.iter().filter(|seen| filter.wants(seen));
        wanted.map(Seen::json).collect()
    }

    /// As [`RequestsSeen::found`], once there are at least `least`.
    pub(super) async fn wait(&self, filter: &Filter, least: usize) -> Vec<Value> {
        loop {
            let more = self.more.notified();
            let found = self.found(filter);
            if found.len() >= least {
                return found;
            }
            more.await;
        }
    }
}

impl Filter {
    fn wants(&self, seen: &Seen) -> bool {
        let client = self.client.is_none() || self.client == seen.asked.client;
        let endpoint = self.endpoint.is_none() || self.endpoint == seen.endpoint;
        client && endpoint && seen.number > self.after
    }
}

impl Seen {
    fn json(&self) -> Value {
        let mut members = Map::new();
        let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
        set("number", self.number.into());
        set("time", rfc3339(self.time).into());
        set("method", self.asked.method.as_str().into());
        set("path", self.asked.path.as_str().into());
        set("endpoint", self.endpoint.map(Endpoint::name).into());
        set("client", self.asked.client.as_deref().into());
        set("grant_type", self.grant.into());
        set("status", self.status.into());
        let reasons = self.reasons.iter();
        let reasons = reasons.map(|(text, section)| json!({"reason": text, "section": section}));
        set("reasons", reasons.collect());
        set(
            "faults",
            self.faults.iter().map(|fault| fault.name()).collect(),
        );
        Value::Object(members)
    }
}
