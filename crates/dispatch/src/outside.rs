//! People outside the screens: who is called, what they are told, and the sending of it.
//!
//! Notices stand in the store, a row for each recipient and channel. [`follow`] sends what is due and writes down how it
//! went; a life alarm is tried without end while nobody has the incident, and ends when somebody does. What may not be
//! silent, a channel that nobody has tested or an hour in which nobody is on call, is said in the health.
//!
//! `called` are whom the ladder calls; [`tasks`], `reminders` and `over` are what stations are told of their tasks; [`webhooks`] tell other
//! programs; `reach` says whether anybody is reached at all.

mod called;
mod over;
pub(crate) mod reach;
mod reminders;
pub mod tasks;
pub mod webhooks;
mod word;

pub use reach::TEST_HOLDS;

use crate::{Shared, desk::Desk};
use bus::POLL_EVERY;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use model::{SignedDuration, Timestamp};
use notify::{
    Again, Channel, Outgoing, Sender,
    retry::{Kind, after_failure, next_attempt},
};
use std::{collections::HashSet, sync::Arc, time::Duration};
use store::{DueNotice, FreeNotices, JobError, NoteAttempt, Notice, StoreError, TakeNotice};
use tokio_util::sync::CancellationToken;
use webhooks::Gone;

/// Due notices looked at in one go; those under way are among them.
const AT_ONCE: u32 = 200;
/// Attempts side by side, of those to people and of those to programs each. When so many are under way only life alarms begin, up to
/// [`MOST_ALARMS`], and then only those of whoever pressed, rang or fell, up to [`MOST_CRIES`]: a storm must not take all sockets, nor
/// those who wandered off the place of a press.
const MOST: usize = 200;
const MOST_ALARMS: usize = 600;
const MOST_CRIES: usize = 1_000;
/// An attempt is one process's for so long; longer than any may take. A process that died over it and is back does not wait for that.
const LEASE: SignedDuration = SignedDuration::from_secs(90);
/// Pause when what was taken before cannot be given back.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Further variables that templates of a gateway may name.
pub const VARIABLES: &[&str] = &["incident", "resident", "step"];

/// The sending side; absent channels are not set up.
#[derive(Debug, Clone)]
pub struct Outside {
    shared: Shared,
    sender: Arc<Sender>,
    /// Where the console is reached, for the link in a message.
    base: Option<Arc<str>>,
    /// This process, by a name that it has again after a restart.
    holder: Arc<str>,
    /// Receivers of webhooks that want nothing more.
    gone: Gone,
}

impl Outside {
    /// Sends by this. `holder` names this process, after a restart as before.
    pub fn new(shared: Shared, sender: Sender, base: Option<String>, holder: &str) -> Self {
        // A path is put behind it, and one that begins with two slashes leads nowhere.
        let base = base.map(|base| Arc::from(base.trim_end_matches('/')));
        Self { shared, sender: Arc::new(sender), base, holder: Arc::from(holder), gone: Gone::default() }
    }

    /// What sends.
    pub fn sender(&self) -> &Sender {
        &self.sender
    }

    /// One attempt, if no other process makes it; gives back whose it was.
    async fn attempt(&self, due: DueNotice) -> String {
        match self.take(&due).await {
            Ok(true) => self.attempt_taken(due).await,
            Ok(false) => due.notice.id,
            Err(error) => {
                tracing::error!(event = "notice_not_taken", %error);
                due.notice.id
            }
        }
    }

    async fn take(&self, due: &DueNotice) -> Result<bool, JobError> {
        let until = self.shared.clock.now().checked_add(LEASE).unwrap_or(due.next_at);
        let (id, by) = (due.notice.id.clone(), self.holder.to_string());
        let take = TakeNotice { id, by, next_at: due.next_at, until };
        self.shared.store.write(take).await
    }

    async fn attempt_taken(&self, due: DueNotice) -> String {
        let notice = due.notice;
        let attempts = due.attempts.saturating_add(1);
        let now = self.shared.clock.now();
        let mut note = NoteAttempt {
            id: notice.id.clone(),
            attempts,
            at: now,
            took_ms: 0,
            is_sent: false,
            provider_id: None,
            why: None,
            next_at: None,
        };
        match self.is_needless(&notice, now).await {
            Ok(None) => self.send(&notice, &mut note).await,
            Ok(Some(why)) => {
                note.attempts = due.attempts;
                note.why = Some(why);
            }
            Err(error) => {
                note.next_at = next_attempt(kind_of(&notice), &notice.id, attempts, notice.due_at, now);
                note.why = Some(error.to_string());
            }
        }
        note.at = self.shared.clock.now();
        if let Err(error) = self.shared.store.write(note).await {
            tracing::error!(event = "notice_not_written", %error);
        }
        notice.id
    }

    async fn send(&self, notice: &Notice, note: &mut NoteAttempt) {
        let message: Outgoing = match serde_json::from_str(&notice.message) {
            Ok(message) => message,
            Err(error) => {
                note.why = Some(format!("the stored message cannot be read: {error}"));
                return;
            }
        };
        let took = match self.sender.send(&message, note.at).await {
            Ok(sent) => {
                note.is_sent = true;
                note.provider_id = sent.provider_id;
                sent.took
            }
            Err(failed) => {
                let (kind, attempts, at) = (kind_of(notice), note.attempts, self.shared.clock.now());
                note.next_at = after_failure(kind, &notice.id, attempts, notice.due_at, at, failed.again);
                let is_over = matches!(failed.again, Again::Never | Again::Gone);
                if failed.again == Again::Gone {
                    self.leave_alone(&notice.to, at);
                }
                tracing::warn!(event = "notice_failed", id = %notice.id, channel = %notice.channel, attempts, is_over);
                note.why = Some(failed.why);
                failed.took
            }
        };
        note.took_ms = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
    }

    /// Why it need not be sent any more. A store that cannot be read keeps no alarm back, but what it is about from a relative of whom
    /// it is not known whether they may know: that is tried again.
    async fn is_needless(&self, notice: &Notice, now: Timestamp) -> Result<Option<String>, StoreError> {
        let is_for_machines = notice.channel == Channel::Webhook.as_str();
        if is_for_machines && !notice.is_life && self.gone.has(&notice.to) {
            return Ok(Some("the receiver wants nothing more".to_owned()));
        }
        let is_for_family = notice.recipient_kind == "relative";
        // Another program hears of everything, also of the end.
        let Some(id) = notice.incident.as_ref().filter(|_| !is_for_machines) else { return Ok(None) };
        let incident = match self.shared.store.incident(id).await {
            Ok(Some(incident)) => incident,
            Err(error) if is_for_family => return Err(error),
            Ok(None) | Err(_) => return Ok(None),
        };
        if let Some(task) = tasks::about(notice) {
            return Ok(tasks::is_settled(&incident, &task));
        }
        if !incident.is_open() {
            return Ok(Some("the incident is over".to_owned()));
        }
        if is_for_family && !self.may_know(&notice.recipient, &incident, now).await? {
            return Ok(Some("this relative may know of it no more".to_owned()));
        }
        let holder = incident.holder().filter(|_| !incident.is_sounding());
        Ok(holder.map(|holder| format!("{} has the incident", holder.username)))
    }
}

fn kind_of(notice: &Notice) -> Kind {
    if notice.is_life { Kind::Life } else { Kind::Other }
}

/// How many attempts may be under way for this one to begin.
fn most(notice: &Notice) -> usize {
    match (notice.goes_first, notice.is_life) {
        (true, _) => MOST_CRIES,
        (false, true) => MOST_ALARMS,
        (false, false) => MOST,
    }
}

/// To whom notices go. Each have a queue and a pool of their own: another program that hangs holds up no telephone, whatever it
/// is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    People,
    Programs,
}

pub(crate) fn in_words(kind: model::SignalKind) -> &'static str {
    use model::SignalKind as Kind;
    match kind {
        Kind::Press => "按了求助键",
        Kind::Call => "有来电求助",
        Kind::Fall => "可能跌倒",
        Kind::Wandering => "可能走失徘徊",
        Kind::FenceExit => "离开了安全区域",
        Kind::ZoneEntry => "进入了危险区域",
        Kind::Overdue => "到时未归",
        Kind::Inactivity => "长时间没有活动",
        Kind::Silence => "终端失去联系",
        Kind::LowBattery => "终端电量低",
        Kind::TakenOff => "终端被取下",
        Kind::LoginRefused => "终端登录被拒",
        Kind::TwoPlaces => "终端在两处同时在线",
    }
}

impl Outside {
    /// What this process had taken when it ended is due again: it may have died before or after it was sent, and the other side
    /// knows a repeat by its id.
    async fn give_back(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let free = FreeNotices { by: self.holder.to_string(), now: self.shared.clock.now() };
            match self.shared.store.write(free).await {
                Ok(0) => return,
                Ok(count) => return tracing::warn!(event = "notices_sent_again", count),
                Err(error) => tracing::error!(event = "notices_not_given_back", %error),
            }
            stop.run_until_cancelled(tokio::time::sleep(RETRY_AFTER)).await;
        }
    }

    /// What is due now; so many rows before it cannot be read.
    async fn due(&self, to: To, passed_over: &mut u32) -> Vec<DueNotice> {
        let (now, limit) = (self.shared.clock.now(), AT_ONCE.saturating_add(*passed_over));
        let (kind, due) = match to {
            To::People => ("messages to people outside", self.shared.store.due_notices(now, limit).await),
            To::Programs => ("events to other programs", self.shared.store.due_webhooks(now, limit).await),
        };
        match due {
            Ok(due) => {
                *passed_over = due.passed_over();
                self.shared.health.rows_unreadable(kind, &due.broken, now);
                due.whole
            }
            Err(error) => {
                tracing::error!(event = "notices_unreadable", %error);
                Vec::new()
            }
        }
    }
}

/// Sends what is due until stopped.
pub async fn follow(outside: Outside, stop: CancellationToken) {
    outside.give_back(&stop).await;
    tokio::join!(send_due(&outside, To::People, &stop), send_due(&outside, To::Programs, &stop));
}

/// Attempts run side by side: a gateway that is slow holds up nothing but its own.
async fn send_due(outside: &Outside, to: To, stop: &CancellationToken) {
    let (mut attempts, mut under_way) = (FuturesUnordered::new(), HashSet::new());
    let mut passed_over = 0;
    while !stop.is_cancelled() {
        for due in outside.due(to, &mut passed_over).await {
            if under_way.len() < most(&due.notice) && under_way.insert(due.notice.id.clone()) {
                attempts.push(outside.attempt(due));
            }
        }
        let turn = tokio::time::sleep(POLL_EVERY);
        tokio::pin!(turn);
        loop {
            tokio::select! {
                () = &mut turn => break,
                () = stop.cancelled() => break,
                Some(ended) = attempts.next() => drop(under_way.remove(&ended)),
            }
        }
    }
}

impl Desk {
    /// From now on whom the ladder calls outside is called by this.
    #[must_use]
    pub fn calling(mut self, outside: Outside) -> Self {
        self.outside = Some(outside);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wandered_off_takes_no_press_its_place() {
        let notice = |is_life, goes_first| Notice {
            id: "n-1".to_owned(),
            incident: None,
            recipient_kind: "roster".to_owned(),
            recipient: "李强".to_owned(),
            is_life,
            goes_first,
            channel: "sms".to_owned(),
            to: String::new(),
            message: String::new(),
            due_at: Timestamp::UNIX_EPOCH,
        };
        let (press, out, other) = (notice(true, true), notice(true, false), notice(false, false));
        assert!(most(&press) > most(&out) && most(&out) > most(&other));
        assert_eq!([&press, &out, &other].map(kind_of), [Kind::Life, Kind::Life, Kind::Other]);
    }
}
