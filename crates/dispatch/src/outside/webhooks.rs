//! Other programs are told what happens to incidents: each event once to each receiver in the settings, in no order that is
//! promised; the version says which is newer.
//!
//! The events are read by a cursor that moves with the notices that tell of them, so nothing is told twice or left out. Receivers
//! get ids and codes: no name, no telephone, no word of anybody.

use super::Outside;
use crate::trouble::{Trouble, pass_over};
use bus::Hint;
use incident::{Event, Incident};
use model::{SignalId, Timestamp};
use notify::{Channel, Outgoing};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use store::{CursorMove, JobError, Notice, PutNotices, PutRead, Sifted, is_probe};
use tokio_util::sync::CancellationToken;

const CURSOR: &str = "webhooks";
/// Events told in one go.
const AT_ONCE: u32 = 100;
/// Pause when they cannot be read or told.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The code of the trouble that a receiver answered 410.
const RECEIVER_GONE: &str = "receiver_gone";

/// Receivers that answered 410, until the next start: nobody takes one out of the settings, or puts it right, without being told of it
/// by the health. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Gone(Arc<Mutex<BTreeSet<String>>>);

impl Gone {
    fn locked(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing is to be sent there.
    pub(super) fn has(&self, receiver: &str) -> bool {
        self.locked().contains(receiver)
    }

    /// One more; gives back the names of all.
    fn add(&self, receiver: &str) -> String {
        let mut all = self.locked();
        all.insert(receiver.to_owned());
        all.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// Tells until stopped.
pub async fn follow(outside: Outside, stop: CancellationToken) {
    let receivers = outside.sender.receivers();
    if receivers.is_empty() {
        return stop.cancelled().await;
    }
    let mut listener = outside.shared.bus.listen();
    let mut has_begun = false;
    while !stop.is_cancelled() {
        let told = match outside.begin(&mut has_begun).await {
            Ok(()) => outside.tell_receivers(&receivers).await,
            Err(trouble) => Err(trouble),
        };
        match told {
            Ok(true) => {}
            Ok(false) => {
                let news = listener.hear_or_poll(|hint| *hint == Hint::Incidents);
                stop.run_until_cancelled(news).await;
            }
            Err(trouble) => {
                tracing::error!(event = "receivers_not_told", %trouble);
                stop.run_until_cancelled(tokio::time::sleep(RETRY_AFTER)).await;
            }
        }
    }
}

impl Outside {
    /// It answered 410: it is sent nothing more. What happens meanwhile has its rows, which end unsent.
    pub(super) fn leave_alone(&self, receiver: &str, now: Timestamp) {
        let all = self.gone.add(receiver);
        let detail = format!(
            "receivers of webhooks answered 410 and are sent nothing more until the platform is started again: {all}; \
             take them out of the settings, or ask whoever runs them"
        );
        self.shared.health.raise(RECEIVER_GONE, detail, now);
    }

    /// Whoever sets up receivers wants to hear what happens from then on, and not of years.
    async fn begin(&self, has_begun: &mut bool) -> Result<(), Trouble> {
        if !std::mem::replace(has_begun, true) && self.shared.store.cursor(CURSOR).await? == 0 {
            let to = self.shared.store.events_end().await?;
            if to > 0 {
                self.put_read(Vec::new(), CursorMove { name: CURSOR, from: 0, to }).await?;
            }
        }
        Ok(())
    }

    /// False if there was nothing to tell.
    async fn tell_receivers(&self, receivers: &[String]) -> Result<bool, Trouble> {
        let from = self.shared.store.cursor(CURSOR).await?;
        let (end, Sifted { whole, broken: mut passed_over }) =
            self.shared.store.event_log(from, AT_ONCE).await?;
        let Some(to) = end else { return Ok(false) };
        let (now, mut notices, mut known) = (self.shared.clock.now(), Vec::new(), HashMap::new());
        for (row, id, event) in &whole {
            if !known.contains_key(id) {
                let found = self.shared.store.incident(id).await.map_err(Trouble::from);
                known.insert(id, pass_over(&mut passed_over, row, found)?.flatten());
            }
            // The platform's own drill is news to nobody.
            let is_news = |incident: &&Incident| !incident.handset.as_ref().is_some_and(is_probe);
            if let Some(incident) = known.get(id).and_then(Option::as_ref).filter(is_news) {
                notices.extend(self.told(incident, event, receivers, now));
            }
        }
        self.shared.stepped_over("events for other programs", &passed_over);
        match self.put_read(notices, CursorMove { name: CURSOR, from, to }).await {
            // Another process was faster, and has told of them.
            Ok(()) | Err(JobError::Conflict) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    async fn put_read(&self, notices: Vec<Notice>, cursor: CursorMove) -> Result<(), JobError> {
        let keys = self.shared.store.keys().clone();
        self.shared.store.write(PutRead { notices: PutNotices { notices, keys }, cursor }).await
    }

    /// One event, for each receiver.
    fn told(&self, incident: &Incident, event: &Event, receivers: &[String], now: Timestamp) -> Vec<Notice> {
        let id = &incident.id;
        let named = |word: serde_json::Result<serde_json::Value>| {
            word.ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
        };
        let kind = named(serde_json::to_value(event.what.kind()));
        let version = event.version.to_string();
        let variables = BTreeMap::from([
            ("type".to_owned(), format!("incident.{kind}")),
            ("incident".to_owned(), id.to_string()),
            ("version".to_owned(), version.clone()),
            ("at".to_owned(), event.at.to_string()),
            ("severity".to_owned(), named(serde_json::to_value(incident.severity))),
            ("state_now".to_owned(), incident.state_name().as_str().to_owned()),
        ]);
        let notice = |receiver: &String| {
            let name = SignalId::from_cause("webhook", &[receiver, id.as_str(), &version]).to_string();
            let message = Outgoing {
                id: name.clone(),
                channel: Channel::Webhook,
                to: receiver.clone(),
                subject: kind.clone(),
                text: String::new(),
                link: self.base.as_ref().map(|base| format!("{base}/#incident={id}")),
                variables: variables.clone(),
                drill: incident.drill,
                made_at: event.at,
            };
            Notice {
                id: name,
                incident: Some(id.clone()),
                recipient_kind: "webhook".to_owned(),
                recipient: receiver.clone(),
                is_life: false,
                goes_first: false,
                channel: Channel::Webhook.as_str().to_owned(),
                to: receiver.clone(),
                message: serde_json::to_string(&message).unwrap_or_default(),
                due_at: now,
            }
        };
        receivers.iter().map(notice).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wants_nothing_more_is_known_by_name() {
        let gone = Gone::default();
        assert!(!gone.has("township"));
        assert_eq!(gone.add("township"), "township");
        assert_eq!(gone.clone().add("county"), "county, township");
        assert!(gone.has("county") && gone.has("township") && !gone.has("town"));
    }
}
