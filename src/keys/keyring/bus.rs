//! The Secret Service on the session bus: its calls, and the prompts with which it asks a person
//! (Secret Service API, draft 0.2).

use serde::Serialize;
use serde::de::DeserializeOwned;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::{Flags, Message, Type as MessageType};
use zbus::zvariant::{DynamicType, ObjectPath, OwnedObjectPath, OwnedValue, Type};
use zbus::{Error as BusError, MatchRule};

use crate::keys::timeout::Progress;

/// The name of the service, and where it is.
const NAME: &str = "org.freedesktop.secrets";
pub(super) const ROOT: &str = "/org/freedesktop/secrets";

pub(super) const SERVICE_INTERFACE: &str = "org.freedesktop.Secret.Service";
pub(super) const COLLECTION_INTERFACE: &str = "org.freedesktop.Secret.Collection";
pub(super) const ITEM_INTERFACE: &str = "org.freedesktop.Secret.Item";
const PROMPT_INTERFACE: &str = "org.freedesktop.Secret.Prompt";

/// The path that means none.
const NONE: &str = "/";

/// The path, unless it is the one that means none.
pub(super) fn some(path: OwnedObjectPath) -> Option<OwnedObjectPath> {
    (path.as_str() != NONE).then_some(path)
}

/// A connection to the bus, and a channel to the thread that waits for the result.
pub(super) struct Bus {
    connection: Connection,
    progress: Progress,
}

impl Bus {
    pub(super) fn connect(progress: &Progress) -> Result<Self, BusError> {
        Ok(Bus {
            connection: Connection::session()?,
            progress: progress.clone(),
        })
    }

    /// Calls a method; the arguments are a tuple.
    pub(super) fn call<R, B>(
        &self,
        path: &str,
        interface: &str,
        method: &str,
        arguments: &B,
    ) -> Result<R, BusError>
    where
        R: DeserializeOwned + Type,
        B: Serialize + DynamicType,
    {
        let answer =
            self.connection
                .call_method(Some(NAME), path, Some(interface), method, arguments)?;
        answer.body().deserialize()
    }

    /// The value of a property, which must have the expected type.
    pub(super) fn property<R>(&self, path: &str, interface: &str, name: &str) -> Result<R, BusError>
    where
        R: TryFrom<OwnedValue>,
    {
        let properties = "org.freedesktop.DBus.Properties";
        let value: OwnedValue = self.call(path, properties, "Get", &(interface, name))?;
        value.try_into().map_err(|_| BusError::InvalidReply)
    }

    /// Lets the service ask a person, who is told `words`; `None` where the person declines, or
    /// nobody can be asked.
    pub(super) fn prompt(
        &self,
        path: &OwnedObjectPath,
        words: String,
    ) -> Result<Option<OwnedValue>, BusError> {
        let rule = MatchRule::builder()
            .msg_type(MessageType::Signal)
            .sender(NAME)?
            .path(path.clone())?
            .interface(PROMPT_INTERFACE)?
            .member("Completed")?
            .build();
        let mut answers = MessageIterator::for_match_rule(rule, &self.connection, Some(4))?;
        let (connection, prompt) = (self.connection.clone(), path.clone());
        self.progress
            .asks(words, move || dismiss(&connection, &prompt));
        // The argument names the window that the prompt would appear above; it is not known here.
        let () = self.call(path, PROMPT_INTERFACE, "Prompt", &("",))?;
        let answer = answers.next().ok_or(BusError::InvalidReply)??;
        self.progress.is_answered();
        let (is_dismissed, result): (bool, OwnedValue) = answer.body().deserialize()?;
        Ok((!is_dismissed).then_some(result))
    }

    /// Whether the service has this name on the bus too.
    pub(super) fn is_also(&self, name: &str) -> bool {
        let owner = |name: &str| -> Result<String, BusError> {
            let bus = "org.freedesktop.DBus";
            let answer = self.connection.call_method(
                Some(bus),
                "/org/freedesktop/DBus",
                Some(bus),
                "GetNameOwner",
                &(name,),
            )?;
            answer.body().deserialize()
        };
        matches!((owner(NAME), owner(name)), (Ok(ours), Ok(other)) if ours == other)
    }
}

/// Closes the window of a prompt, without waiting to hear that it is closed.
fn dismiss(connection: &Connection, prompt: &ObjectPath<'_>) {
    let message = || -> Result<Message, BusError> {
        Message::method_call(prompt, "Dismiss")?
            .destination(NAME)?
            .interface(PROMPT_INTERFACE)?
            .with_flags(Flags::NoReplyExpected)?
            .build(&())
    };
    // The result does not matter any more.
    let _ = message().and_then(|message| connection.send(&message));
}
