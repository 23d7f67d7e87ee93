//! People outside the screens: who is called, what they are told, and the sending of it.
//!
//! Notices stand in the store, a row for each recipient and channel. [`follow`] sends what is due and writes down how it
//! went; a life alarm is tried without end while nobody has the incident, and ends when somebody does. What may not be
//! silent, a channel that nobody has tested or an hour in which nobody is on call, is said in the health.

pub mod tasks;
pub mod webhooks;

use crate::{Shared, desk::Desk};
use access::{Action, Role, Subject, Who, decide};
use bus::POLL_EVERY;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use incident::{
    Event, EventKind, Incident,
    ladder::{OnCall, uncovered_week},
};
use model::{Local, SignalId, SignedDuration, Timestamp};
use notify::{
    Again, Channel, Outgoing, Sender,
    retry::{Kind, after_failure},
};
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};
use store::{DueNotice, JobError, NoteAttempt, Notice, PutNotices, StoreError, TakeNotice, WaitingCall};
use tokio_util::sync::CancellationToken;

/// Due notices looked at in one go; those under way are among them.
const AT_ONCE: u32 = 200;
/// Attempts side by side. When so many are under way only life alarms begin, up to [`MOST_ALARMS`]: a receiver that hangs must not
/// hold up a telephone, nor a storm take all sockets.
const MOST: usize = 200;
const MOST_ALARMS: usize = 1_000;
/// An attempt is one process's for so long; longer than any may take.
const LEASE: SignedDuration = SignedDuration::from_secs(90);
/// A channel counts as tested for so long.
pub const TEST_HOLDS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Further variables that templates of a gateway may name.
pub const VARIABLES: &[&str] = &["incident", "resident", "step"];

/// The sending side; absent channels are not set up.
#[derive(Debug, Clone)]
pub struct Outside {
    shared: Shared,
    sender: Arc<Sender>,
    /// Where the console is reached, for the link in a message.
    base: Option<Arc<str>>,
}

impl Outside {
    /// Sends by this.
    pub fn new(shared: Shared, sender: Sender, base: Option<String>) -> Self {
        Self { shared, sender: Arc::new(sender), base: base.map(Into::into) }
    }

    /// What sends.
    pub fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Calls whoever is on the roster now; says in words whom.
    pub(crate) async fn call_roster(
        &self,
        incident: &Incident,
        call: &WaitingCall,
    ) -> Result<String, StoreError> {
        let now = self.shared.clock.now();
        let climb = self.climb(incident).await?;
        let roster = self.shared.store.roster().await?;
        let mut notices = Vec::new();
        for one in roster.iter().filter(|one| one.on_call.covers(Local::at(now))) {
            let about = About {
                kind: "roster",
                recipient: &one.name,
                id: &one.id,
                channel: &one.channel,
                to: &one.address,
            };
            notices.push(self.notice(incident, (call.call.step, climb), &about, now).await?);
        }
        self.put(notices, "此时值班表上没有人").await
    }

    /// Tells the relatives who may know of it and have a telephone on record.
    pub(crate) async fn call_relatives(
        &self,
        incident: &Incident,
        call: &WaitingCall,
    ) -> Result<String, StoreError> {
        let Some(resident) = &incident.resident else {
            return Ok("不知道是哪位老人".to_owned());
        };
        let now = self.shared.clock.now();
        let climb = self.climb(incident).await?;
        let mut notices = Vec::new();
        for relative in self.shared.store.relatives(resident, now).await? {
            if !self.may_know(&relative.username, incident, now).await? {
                continue;
            }
            let Some(telephone) = self.shared.store.telephone_of(&relative.username).await? else { continue };
            let about = About {
                kind: "relative",
                recipient: &relative.username,
                id: &relative.username,
                channel: Channel::Sms.as_str(),
                to: &telephone,
            };
            notices.push(self.notice(incident, (call.call.step, climb), &about, now).await?);
        }
        self.put(notices, "没有家属登记电话").await
    }

    /// Whether the policy lets a relative know of the incident.
    async fn may_know(
        &self,
        username: &str,
        incident: &Incident,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let who = Who {
            granted: self.shared.store.grants(username).await?,
            withheld: self.shared.store.withheld(username).await?,
            ..Who::plain(username, Role::Relative)
        };
        let subject = Subject::Incident {
            id: Some(incident.id.clone()),
            resident: incident.resident.clone(),
            opened_at: incident.opened_at,
            open: incident.is_open(),
            division: None,
        };
        Ok(decide(&who, Action::ReadIncident, &subject, now).is_allowed())
    }

    /// Which climb of the ladder this is: it begins anew whenever somebody had the incident or answered for it.
    async fn climb(&self, incident: &Incident) -> Result<usize, StoreError> {
        let begins_anew = |event: &&Event| {
            matches!(
                event.what.kind(),
                EventKind::Claimed
                    | EventKind::Released
                    | EventKind::Transferred
                    | EventKind::HolderBack
                    | EventKind::HolderLost
                    | EventKind::Noted
                    | EventKind::StepMarked
                    | EventKind::Confirmed
                    | EventKind::Reopened
            )
        };
        Ok(self.shared.store.incident_events(&incident.id).await?.iter().filter(begins_anew).count())
    }

    async fn put(&self, notices: Vec<Notice>, nobody: &str) -> Result<String, StoreError> {
        if notices.is_empty() {
            return Ok(nobody.to_owned());
        }
        let names: Vec<&str> = notices.iter().map(|notice| notice.recipient.as_str()).collect();
        let said = format!("已通知 {}", names.join("、"));
        let put = PutNotices { notices, keys: self.shared.store.keys().clone() };
        self.shared.store.write(put).await.map_err(|source| StoreError::Write { what: "notices", source })?;
        Ok(said)
    }

    async fn notice(
        &self,
        incident: &Incident,
        (step, climb): (u32, usize),
        about: &About<'_>,
        now: Timestamp,
    ) -> Result<Notice, StoreError> {
        let name = match &incident.resident {
            Some(resident) => self.shared.store.resident_name(resident).await?,
            None => None,
        };
        // Within the same climb and quarter of an hour somebody is called once by the same way; then again, if nobody has come.
        let turn = format!("{climb}:{}", now.as_second().div_euclid(900));
        let id = SignalId::from_cause("notice", &[incident.id.as_str(), about.id, about.channel, &turn])
            .to_string();
        let name = name.unwrap_or_else(|| "身份未知的老人".to_owned());
        let what = incident.signals.first().map_or("", |signal| in_words(signal.kind));
        let wanting =
            if incident.holder().is_some() { "接线员暂未回应" } else { "暂时无人接警" };
        let channel =
            Channel::ALL.into_iter().find(|one| one.as_str() == about.channel).unwrap_or(Channel::Sms);
        let variables = BTreeMap::from([
            ("incident".to_owned(), incident.id.to_string()),
            ("resident".to_owned(), name.clone()),
            ("step".to_owned(), step.to_string()),
            ("type".to_owned(), "incident.unanswered".to_owned()),
        ]);
        let message = Outgoing {
            id: id.clone(),
            channel,
            to: about.to.to_owned(),
            subject: format!("{name}{what}，{wanting}"),
            text: format!("居家樂：{name}{what}，{wanting}，请立即处理或致电呼叫中心。"),
            link: self.base.as_ref().map(|base| format!("{base}/#incident={}", incident.id)),
            variables,
            drill: incident.drill,
            made_at: now,
        };
        Ok(Notice {
            id,
            incident: Some(incident.id.clone()),
            recipient_kind: about.kind.to_owned(),
            recipient: about.recipient.to_owned(),
            is_life: incident.severity == model::Severity::Life,
            channel: about.channel.to_owned(),
            to: about.to.to_owned(),
            message: serde_json::to_string(&message).unwrap_or_default(),
            due_at: now,
        })
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
        let take = TakeNotice { id: due.notice.id.clone(), next_at: due.next_at, until };
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
        if let Some(why) = self.is_needless(&notice).await {
            note.attempts = due.attempts;
            note.why = Some(why);
        } else {
            match serde_json::from_str::<Outgoing>(&notice.message) {
                Err(error) => note.why = Some(format!("the stored message cannot be read: {error}")),
                Ok(message) => match self.sender.send(&message, now).await {
                    Ok(sent) => {
                        note.is_sent = true;
                        note.provider_id = sent.provider_id;
                        note.took_ms = i64::try_from(sent.took.as_millis()).unwrap_or(i64::MAX);
                    }
                    Err(failed) => {
                        let kind = if notice.is_life { Kind::Life } else { Kind::Other };
                        let at = self.shared.clock.now();
                        note.next_at =
                            after_failure(kind, &notice.id, attempts, notice.due_at, at, failed.again);
                        note.took_ms = i64::try_from(failed.took.as_millis()).unwrap_or(i64::MAX);
                        let is_over = matches!(failed.again, Again::Never | Again::Gone);
                        tracing::warn!(event = "notice_failed", id = %notice.id, channel = %notice.channel, attempts, is_over);
                        note.why = Some(failed.why);
                    }
                },
            }
        }
        note.at = self.shared.clock.now();
        if let Err(error) = self.shared.store.write(note).await {
            tracing::error!(event = "notice_not_written", %error);
        }
        notice.id
    }

    /// Why it need not be sent any more.
    async fn is_needless(&self, notice: &Notice) -> Option<String> {
        if notice.channel == Channel::Webhook.as_str() {
            // Another program hears of everything, also of the end.
            return None;
        }
        let incident = self.shared.store.incident(notice.incident.as_ref()?).await.ok()??;
        if let Some(task) = tasks::about(notice) {
            return tasks::is_settled(&incident, &task);
        }
        if !incident.is_open() {
            return Some("the incident is over".to_owned());
        }
        let holder = incident.holder().filter(|_| !incident.is_sounding())?;
        Some(format!("{} has the incident", holder.username))
    }

    /// What may not be silent about the ways out.
    async fn look(&self) -> Result<(), StoreError> {
        let now = self.shared.clock.now();
        let tests = self.shared.store.channel_tests().await?;
        let is_fresh = |test: &store::ChannelTest| test.is_ok && now.duration_since(test.at) <= TEST_HOLDS;
        let tested: Vec<&str> =
            tests.iter().filter(|test| is_fresh(test)).map(|test| test.channel.as_str()).collect();
        let by_telephone = [Channel::Sms, Channel::Voice].map(Channel::as_str);
        let is_reachable = tested.iter().any(|channel| by_telephone.contains(channel));
        let untested = (!is_reachable).then(|| {
            "no telephone or message channel has passed a test within 30 days: an incident that nobody at a screen takes \
             reaches nobody else"
                .to_owned()
        });
        self.shared.health.set("no_channel_tested", untested, now);
        let roster = self.shared.store.roster().await?;
        let counted: Vec<OnCall> = roster
            .into_iter()
            .filter(|one| tested.contains(&one.channel.as_str()))
            .map(|one| one.on_call)
            .collect();
        let gaps = uncovered_week(&counted);
        let gaps = (is_reachable && !gaps.is_empty()).then(|| {
            format!("nobody on the roster can be reached by a tested channel at: {}", gaps.join(", "))
        });
        self.shared.health.set("roster_gaps", gaps, now);
        Ok(())
    }
}

/// To whom a notice goes.
struct About<'a> {
    kind: &'a str,
    recipient: &'a str,
    id: &'a str,
    channel: &'a str,
    to: &'a str,
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

/// Sends what is due until stopped. Attempts run side by side: a gateway that is slow holds up nothing but its own.
pub async fn follow(outside: Outside, stop: CancellationToken) {
    let (mut attempts, mut under_way) = (FuturesUnordered::new(), HashSet::new());
    let mut looked = None;
    while !stop.is_cancelled() {
        let now = outside.shared.clock.now();
        match outside.shared.store.due_notices(now, AT_ONCE).await {
            Ok(due) => {
                for due in due {
                    let most = if due.notice.is_life { MOST_ALARMS } else { MOST };
                    if under_way.len() < most && under_way.insert(due.notice.id.clone()) {
                        attempts.push(outside.attempt(due));
                    }
                }
            }
            Err(error) => tracing::error!(event = "notices_unreadable", %error),
        }
        if looked.is_none_or(|at| now.duration_since(at) >= SignedDuration::from_secs(10)) {
            looked = Some(now);
            if let Err(error) = outside.look().await {
                tracing::warn!(event = "channels_unknown", %error);
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
