//! One word to somebody about their task: the message, and the notice in which it stands.

use super::Outside;
use incident::Incident;
use model::{Severity, Timestamp};
use notify::{Channel, Outgoing};
use std::collections::BTreeMap;
use store::{Notice, StoreError};

/// What is said, and to whom.
pub(super) struct Word<'a> {
    /// The notice's name.
    pub(super) id: String,
    /// What kind of word it is, to a program.
    pub(super) kind: &'static str,
    /// About the task of which incident.
    pub(super) incident: &'a Incident,
    /// The name of the person it is about.
    pub(super) name: &'a str,
    /// Who hears it.
    pub(super) recipient: &'a str,
    /// Their number.
    pub(super) to: &'a str,
    /// The line above it, and the word itself.
    pub(super) words: (String, String),
    /// What opens the task.
    pub(super) link: Option<String>,
}

impl Word<'_> {
    /// As it is put out, by this way.
    pub(super) fn by(self, channel: Channel, now: Timestamp) -> (Notice, Outgoing) {
        let (subject, text) = self.words;
        let message = Outgoing {
            id: self.id.clone(),
            channel,
            to: self.to.to_owned(),
            subject,
            text,
            link: self.link,
            variables: BTreeMap::from([
                ("incident".to_owned(), self.incident.id.to_string()),
                ("resident".to_owned(), self.name.to_owned()),
                ("step".to_owned(), "0".to_owned()),
                ("type".to_owned(), self.kind.to_owned()),
            ]),
            drill: self.incident.drill,
            made_at: now,
        };
        let notice = Notice {
            id: self.id,
            incident: Some(self.incident.id.clone()),
            recipient_kind: "station".to_owned(),
            recipient: self.recipient.to_owned(),
            is_life: self.incident.is_about_a_life(),
            goes_first: self.incident.severity == Severity::Life,
            channel: channel.as_str().to_owned(),
            to: self.to.to_owned(),
            message: serde_json::to_string(&message).unwrap_or_default(),
            due_at: now,
        };
        (notice, message)
    }
}

impl Outside {
    /// The name of whom an incident is about, as it stands in messages.
    pub(super) async fn name_in_messages(&self, incident: &Incident) -> Result<String, StoreError> {
        let name = match &incident.resident {
            Some(resident) => self.shared.store.resident_name(resident).await?,
            None => None,
        };
        Ok(name.unwrap_or_else(|| "身份未知的老人".to_owned()))
    }
}
