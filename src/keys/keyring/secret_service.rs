//! The keyrings of Linux and the BSDs: gnome-keyring, KWallet, KeePassXC, oo7 and all others that
//! offer the Secret Service.
//!
//! It is a store for the package keyring. The package's own store for this service cannot withdraw
//! a question, cannot tell a locked collection from an empty one, and cannot store a text as text.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use keyring::{Entry, Error};
use keyring_core::api::{Credential, CredentialApi};
use zbus::zvariant::{OwnedObjectPath, Value};
use zeroize::Zeroizing;

use crate::keys::keyring::SERVICE;
use crate::keys::keyring::bus::{
    Bus, COLLECTION_INTERFACE, ITEM_INTERFACE, ROOT, SERVICE_INTERFACE, some,
};
use crate::keys::keyring::product::{declined, not_taken};
use crate::keys::keyring::session::{Sealed, Session};
use crate::keys::keyring::trouble::Trouble;
use crate::keys::timeout::Progress;
use crate::text::escape;
use crate::token::advice::KeyringProduct as Product;
use crate::token::key_fault::KeyFault;

/// How many sessions are tried, one after the other.
const MOST_SESSIONS: usize = 6;

/// The keyring, connected to.
pub(super) struct Store(Arc<Service>);

impl Store {
    /// Connects to the keyring.
    pub(super) fn open(progress: &Progress) -> Result<Self, KeyFault> {
        let bus = Bus::connect(progress).map_err(|e| Trouble::from(e).fault())?;
        Ok(Store(Arc::new(Service {
            bus,
            session: Mutex::new(None),
        })))
    }

    /// The entry of a name, whether it is there or not.
    #[expect(clippy::unnecessary_wraps, reason = "as in the other stores")]
    pub(super) fn entry(&self, name: &str) -> Result<Entry, Error> {
        Ok(self.0.clone().entry(name, None))
    }

    /// Every entry that can be read, after the default collection was unlocked.
    pub(super) fn entries(&self) -> Result<Vec<Entry>, Error> {
        let found = self.0.everything().map_err(Trouble::error)?;
        let entries = found.into_iter();
        let entries = entries.map(|(name, path)| self.0.clone().entry(&name, Some(path)));
        Ok(entries.collect())
    }

    /// The names of the entries that lie open.
    pub(super) fn names(&self) -> Result<Vec<String>, Error> {
        let found = self.0.in_the_open().map_err(Trouble::error)?;
        Ok(found.into_iter().map(|(name, _)| name).collect())
    }

    /// The labels of locked collections, in which there may be more.
    pub(super) fn locked(&self) -> Vec<String> {
        let paths = self.0.locked_collections().unwrap_or_default();
        paths.iter().map(|path| self.0.label(path)).collect()
    }
}

impl Trouble {
    fn error(self) -> Error {
        match self {
            gone if gone.is_gone() => Error::NoEntry,
            other => Error::PlatformFailure(Box::new(other.fault())),
        }
    }
}

struct Service {
    bus: Bus,
    session: Mutex<Option<Session>>,
}

/// The content of an item, and its media type.
type Content<'a> = (&'a [u8], &'a str);

/// Items that a search found.
type FoundItems = (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>);

impl Service {
    fn entry(self: Arc<Self>, name: &str, item: Option<OwnedObjectPath>) -> Entry {
        let credential: Arc<Credential> = Arc::new(Named {
            service: self,
            name: name.to_owned(),
            seen: Mutex::new(item.map(|item| vec![item])),
        });
        Entry {
            inner: keyring_core::Entry::new_with_credential(credential),
        }
    }

    /// The items with these attributes: the unlocked ones and the locked ones. Some services do not
    /// find locked ones.
    fn search(&self, attributes: &HashMap<&str, &str>) -> Result<FoundItems, Trouble> {
        Ok(self
            .bus
            .call(ROOT, SERVICE_INTERFACE, "SearchItems", &(attributes,))?)
    }

    /// The items of a name, all of them unlocked.
    fn named(&self, name: &str) -> Result<Vec<OwnedObjectPath>, Trouble> {
        let refused = self.refused()?;
        let attributes = attributes(name);
        let (mut unlocked, mut withheld) = self.search(&attributes)?;
        if !withheld.is_empty() {
            if let Some(refused) = refused {
                return Err(refused);
            }
            self.unlock(&withheld)?;
            (unlocked, withheld) = self.search(&attributes)?;
        }
        match refused {
            _ if !withheld.is_empty() => Err(self.still_locked(&withheld).into()),
            Some(refused) if unlocked.is_empty() => Err(refused),
            _ => Ok(unlocked),
        }
    }

    /// All items of ours that can be read, with their names. Items in another locked collection are
    /// not asked for: they would hide all others.
    fn everything(&self) -> Result<Vec<(String, OwnedObjectPath)>, Trouble> {
        let refused = self.refused()?;
        let ours = HashMap::from([("service", SERVICE)]);
        let (mut unlocked, withheld) = self.search(&ours)?;
        let closed = self.locked_collections()?;
        let in_the_open = |item: &OwnedObjectPath| {
            let collection = collection_of(item);
            !closed.iter().any(|closed| closed.as_str() == collection)
        };
        let withheld: Vec<_> = withheld.into_iter().filter(in_the_open).collect();
        if !withheld.is_empty() {
            self.unlock(&withheld)?;
            unlocked = self.search(&ours)?.0;
        }
        match refused {
            Some(refused) if unlocked.is_empty() => return Err(refused),
            _ => {}
        }
        self.with_names(unlocked)
    }

    /// What of ours can be seen without a question to anybody. Where all is closed nothing is searched, for a
    /// search may be one.
    fn in_the_open(&self) -> Result<Vec<(String, OwnedObjectPath)>, Trouble> {
        let is_closed =
            |collection: &OwnedObjectPath| matches!(self.is_locked(collection), Ok(true));
        if self.collections()?.iter().all(is_closed) {
            return Ok(Vec::new());
        }
        let ours = HashMap::from([("service", SERVICE)]);
        self.with_names(self.search(&ours)?.0)
    }

    fn with_names(
        &self,
        items: Vec<OwnedObjectPath>,
    ) -> Result<Vec<(String, OwnedObjectPath)>, Trouble> {
        let mut named = Vec::new();
        for item in items {
            match self.attributes_of(&item) {
                Ok(mut attributes) => {
                    if let Some(name) = attributes.remove("username") {
                        named.push((name, item));
                    }
                }
                // It was removed since the search.
                Err(trouble) if trouble.is_gone() => {}
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(named)
    }

    fn attributes_of(&self, item: &OwnedObjectPath) -> Result<HashMap<String, String>, Trouble> {
        Ok(self.bus.property(item, ITEM_INTERFACE, "Attributes")?)
    }

    /// The collection that new items go to, if there is one.
    fn default_collection(&self) -> Result<Option<OwnedObjectPath>, Trouble> {
        let path = self
            .bus
            .call(ROOT, SERVICE_INTERFACE, "ReadAlias", &("default",))?;
        Ok(some(path))
    }

    fn is_locked(&self, collection: &OwnedObjectPath) -> Result<bool, Trouble> {
        Ok(self
            .bus
            .property(collection, COLLECTION_INTERFACE, "Locked")?)
    }

    fn collections(&self) -> Result<Vec<OwnedObjectPath>, Trouble> {
        Ok(self.bus.property(ROOT, SERVICE_INTERFACE, "Collections")?)
    }

    fn locked_collections(&self) -> Result<Vec<OwnedObjectPath>, Trouble> {
        let mut closed = Vec::new();
        for collection in self.collections()? {
            match self.is_locked(&collection) {
                Ok(true) => closed.push(collection),
                Ok(false) => {}
                Err(trouble) if trouble.is_gone() => {}
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(closed)
    }

    /// Unlocks the default collection; false where that was not necessary.
    fn unlock_default(&self) -> Result<bool, Trouble> {
        match self.default_collection()? {
            Some(collection) if self.is_locked(&collection)? => {
                self.unlock(std::slice::from_ref(&collection))?;
                match self.is_locked(&collection)? {
                    true => Err(self.still_locked(&[collection]).into()),
                    false => Ok(true),
                }
            }
            _ => Ok(false),
        }
    }

    /// Unlocks the default collection. Where nobody does, that is a fault only later if another
    /// collection is open. If none is, a search would find nothing, and KeePassXC would ask again.
    fn refused(&self) -> Result<Option<Trouble>, Trouble> {
        let Err(refused) = self.unlock_default() else {
            return Ok(None);
        };
        let is_closed =
            |collection: &OwnedObjectPath| matches!(self.is_locked(collection), Ok(true));
        match self.collections()?.iter().all(is_closed) {
            true => Err(refused),
            false => Ok(Some(refused)),
        }
    }

    /// Unlocks collections or items; a person may be asked.
    fn unlock(&self, paths: &[OwnedObjectPath]) -> Result<(), Trouble> {
        let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
            self.bus
                .call(ROOT, SERVICE_INTERFACE, "Unlock", &(paths,))?;
        let Some(prompt) = some(prompt) else {
            return Ok(());
        };
        let labels = self.labels(paths);
        let words = match self.are_withheld(paths) {
            true => format!("the keyring asks whether keys in {labels} may be read"),
            false => format!("the keyring asks to unlock {labels}"),
        };
        match self.bus.prompt(&prompt, words)? {
            Some(_) => Ok(()),
            None => Err(self.still_locked(paths).into()),
        }
    }

    /// Whether items are locked in an unlocked collection: KeePassXC asks for each item whether a
    /// program may have it.
    fn are_withheld(&self, items: &[OwnedObjectPath]) -> bool {
        let is_open = |item: &OwnedObjectPath| {
            let locked = self
                .bus
                .property(collection_of(item), COLLECTION_INTERFACE, "Locked");
            matches!(locked, Ok(false))
        };
        items.first().is_some_and(is_open)
    }

    fn still_locked(&self, paths: &[OwnedObjectPath]) -> KeyFault {
        let labels = self.labels(paths);
        match self.are_withheld(paths) {
            true => declined(&format!("keys in {labels} may be read")),
            false => self.product().locked(&labels),
        }
    }

    /// Labels for paths, by the collections that they name or lie in.
    fn labels(&self, paths: &[OwnedObjectPath]) -> String {
        let mut labels: Vec<String> = paths.iter().map(|path| self.label(path)).collect();
        labels.dedup();
        labels.join(" and ")
    }

    /// The label of the collection that a path names or lies in.
    fn label(&self, path: &OwnedObjectPath) -> String {
        let collection = collection_of(path);
        let label: Result<String, _> = self.bus.property(collection, COLLECTION_INTERFACE, "Label");
        let label = label.ok().filter(|label| !label.is_empty());
        let label = label.unwrap_or_else(|| {
            let name = collection.rsplit('/').next();
            name.unwrap_or_default().to_owned()
        });
        format!("`{}`", escape::shorten(&label, 60))
    }

    fn product(&self) -> Product {
        Product::by(|name| self.bus.is_also(name))
    }

    /// Does a task in a session, and in another session if it fails.
    fn in_session<T>(&self, task: impl Fn(&Session) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let mut kept = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let mut attempts = 0_usize;
        loop {
            let session = match kept.take() {
                Some(session) => Ok(session),
                None => Session::open(&self.bus),
            };
            let done = session.and_then(|session| {
                let done = task(&session)?;
                *kept = Some(session);
                Ok(done)
            });
            attempts = attempts.saturating_add(1);
            match done {
                Err(trouble) if trouble.is_of_session() && attempts < MOST_SESSIONS => {}
                done => return done,
            }
        }
    }

    /// Names the collection where an item turns out to be locked.
    fn opened<T>(&self, item: &OwnedObjectPath, done: Result<T, Trouble>) -> Result<T, Trouble> {
        match done {
            Err(trouble) if trouble.is_locked() => {
                Err(self.still_locked(std::slice::from_ref(item)).into())
            }
            done => done,
        }
    }

    fn read(&self, item: &OwnedObjectPath) -> Result<Zeroizing<Vec<u8>>, Trouble> {
        let secret = self.in_session(|session| {
            let sealed: Sealed =
                self.bus
                    .call(item, ITEM_INTERFACE, "GetSecret", &(session.path(),))?;
            session.unseal(sealed)
        });
        self.opened(item, secret)
    }

    fn write(&self, item: &OwnedObjectPath, content: Content<'_>) -> Result<(), Trouble> {
        let done = self.in_session(|session| {
            let sealed = session.seal(content.0, content.1)?;
            Ok(self
                .bus
                .call(item, ITEM_INTERFACE, "SetSecret", &(sealed,))?)
        });
        match self.opened(item, done) {
            Err(trouble) if trouble.is_refusal() && self.product() == Product::KeePassXc => {
                Err(not_taken().into())
            }
            done => done,
        }
    }

    /// Makes an item in the default collection, beside others that may be there.
    fn create(&self, name: &str, content: Content<'_>) -> Result<OwnedObjectPath, Trouble> {
        let Some(collection) = self.default_collection()? else {
            return Err(self.product().no_default().into());
        };
        self.unlock_default()?;
        let label = format!("keyring:{name}@{SERVICE}");
        let (item, prompt) = self.in_session(|session| {
            let properties = HashMap::from([
                (
                    format!("{ITEM_INTERFACE}.Label"),
                    Value::from(label.as_str()),
                ),
                (
                    format!("{ITEM_INTERFACE}.Attributes"),
                    Value::from(attributes(name)),
                ),
            ]);
            let sealed = session.seal(content.0, content.1)?;
            let made: (OwnedObjectPath, OwnedObjectPath) = self.bus.call(
                &collection,
                COLLECTION_INTERFACE,
                "CreateItem",
                &(properties, sealed, false),
            )?;
            Ok(made)
        })?;
        if let Some(item) = some(item) {
            return Ok(item);
        }
        let words = format!("the keyring asks whether {name} may be kept");
        match self.bus.prompt(&prompt, words)? {
            Some(made) => Ok(made.try_into().map_err(|_| zbus::Error::InvalidReply)?),
            None => Err(self.not_made(name)?.into()),
        }
    }

    /// Why a new item was not made. KeePassXC makes an item before it looks at the content, and
    /// leaves it there.
    fn not_made(&self, name: &str) -> Result<KeyFault, Trouble> {
        let (left, _) = self.search(&attributes(name))?;
        for item in &left {
            if self.read(item)?.is_empty() {
                self.delete(item, name)?;
                return Ok(not_taken());
            }
        }
        Ok(declined(&format!("{name} may be kept")))
    }

    fn delete(&self, item: &OwnedObjectPath, name: &str) -> Result<(), Trouble> {
        let prompt = self.bus.call(item, ITEM_INTERFACE, "Delete", &());
        let Some(prompt) = some(self.opened(item, prompt.map_err(Trouble::from))?) else {
            return Ok(());
        };
        let words = format!("the keyring asks whether {name} may be removed");
        match self.bus.prompt(&prompt, words)? {
            Some(_) => Ok(()),
            None => Err(declined(&format!("{name} may be removed")).into()),
        }
    }
}

/// The attributes by which other programs find an entry too.
fn attributes(name: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", name)])
}

/// The path of a collection, from its own or that of an item in it.
fn collection_of(path: &OwnedObjectPath) -> &str {
    let parts = path.match_indices('/');
    // /org/freedesktop/secrets/collection/NAME/ITEM
    let end = parts.map(|(at, _)| at).nth(5);
    path.get(..end.unwrap_or(path.len())).unwrap_or(path)
}

/// An entry of the keyring by its name. Changes apply to the items that were seen.
struct Named {
    service: Arc<Service>,
    name: String,
    seen: Mutex<Option<Vec<OwnedObjectPath>>>,
}

impl Named {
    /// The items of the name, looked for once.
    fn items(&self) -> Result<Vec<OwnedObjectPath>, Trouble> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(items) = &*seen {
            return Ok(items.clone());
        }
        let items = self.service.named(&self.name)?;
        Ok(seen.insert(items).clone())
    }

    /// The item of the name, if there is one.
    fn item(&self) -> Result<Option<OwnedObjectPath>, Error> {
        let items = self.items().map_err(Trouble::error)?;
        match items.as_slice() {
            [] => Ok(None),
            [item] => Ok(Some(item.clone())),
            several => Err(Error::Ambiguous(
                several
                    .iter()
                    .map(|item| {
                        self.service
                            .clone()
                            .entry(&self.name, Some(item.clone()))
                            .inner
                    })
                    .collect(),
            )),
        }
    }
}

impl Named {
    /// Replaces the item that was seen, or makes a new one.
    fn set(&self, content: Content<'_>) -> keyring::Result<()> {
        let done = match self.item()? {
            Some(item) => self.service.write(&item, content),
            None => self.service.create(&self.name, content).map(|item| {
                let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
                *seen = Some(vec![item]);
            }),
        };
        done.map_err(Trouble::error)
    }
}

impl CredentialApi for Named {
    /// With this type, KeePassXC shows the content as a password.
    fn set_password(&self, password: &str) -> keyring::Result<()> {
        self.set((password.as_bytes(), "text/plain"))
    }

    fn set_secret(&self, secret: &[u8]) -> keyring::Result<()> {
        self.set((secret, "application/octet-stream"))
    }

    fn get_secret(&self) -> keyring::Result<Vec<u8>> {
        let item = self.item()?.ok_or(Error::NoEntry)?;
        let mut secret = self.service.read(&item).map_err(Trouble::error)?;
        Ok(std::mem::take(&mut *secret))
    }

    /// Where the item is, and what it is called there.
    fn get_attributes(&self) -> keyring::Result<HashMap<String, String>> {
        let item = self.item()?.ok_or(Error::NoEntry)?;
        let label: Result<String, _> = self.service.bus.property(&item, ITEM_INTERFACE, "Label");
        let label = label.map_err(|e| Trouble::from(e).error())?;
        let label = format!("`{}`", escape::shorten(&label, 60));
        let collection = self.service.label(&item);
        Ok(HashMap::from([
            ("label".to_owned(), label),
            ("collection".to_owned(), collection),
        ]))
    }

    fn delete_credential(&self) -> keyring::Result<()> {
        let item = self.item()?.ok_or(Error::NoEntry)?;
        self.service
            .delete(&item, &self.name)
            .map_err(Trouble::error)
    }

    fn get_credential(&self) -> keyring::Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        Some((SERVICE.to_owned(), self.name.clone()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Named")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
