//! Whom a step of the ladder calls by telephone or message: who is on the roster now, and the family that may know.

use super::{LEASE, Outside, in_words, reach::rings};
use crate::view::chinese;
use access::{Action, Role, Subject, Who, decide};
use incident::{Event, EventKind, Incident, What};
use model::{Local, Severity, SignalId, Timestamp};
use notify::{Channel, Outgoing};
use std::collections::BTreeMap;
use store::{Notice, NoticeLine, PutNotices, StoreError, WaitingCall};

/// Within so long somebody is called once by the same way, and then again if nobody has come.
const TURN_S: i64 = 900;
/// The same where a person may be in need: one ring does not wake everybody, and a call at each step of the ladder would
/// leave no time to dress.
const LIFE_TURN_S: i64 = 180;

/// How long a turn of these calls lasts. A letter wakes nobody, however often it comes.
fn turn_s(is_life: bool, channel: &str) -> i64 {
    if is_life && rings(channel) { LIFE_TURN_S } else { TURN_S }
}

/// Whether it need not be put out: it was, in this turn, or the provider has not yet taken the one before, which is tried again at
/// once by itself.
fn is_under_way(notice: &Notice, before: &[NoticeLine]) -> bool {
    let signs: String = notice.to.chars().filter(|sign| sign.is_alphanumeric()).collect();
    let is_theirs = |line: &&NoticeLine| {
        line.recipient_kind == notice.recipient_kind
            && line.recipient == notice.recipient
            && line.channel == notice.channel
            && signs.ends_with(&line.address_last4)
    };
    // One that was no matter of life may wait for hours.
    let soon = notice.due_at.checked_add(LEASE).unwrap_or(notice.due_at).as_microsecond();
    let waits = |line: &NoticeLine| notice.is_life && line.next_at_us.is_some_and(|at| at <= soon);
    before.iter().filter(is_theirs).any(|line| line.notice_id == notice.id || waits(line))
}

impl Outside {
    /// Calls whoever is on the roster now; says in words whom.
    pub(crate) async fn call_roster(
        &self,
        incident: &Incident,
        call: &WaitingCall,
    ) -> Result<String, StoreError> {
        let now = self.shared.clock.now();
        let climb = self.climb(incident).await?;
        let roster = self.roster().await?;
        let (mut notices, mut unreached) = (Vec::new(), Vec::new());
        for one in roster.iter().filter(|one| one.on_call.covers(Local::at(now))) {
            if !self.is_set_up(&one.channel) {
                unreached.push(without(&one.channel, &one.name));
                continue;
            }
            let about = About {
                kind: "roster",
                recipient: &one.name,
                id: &one.id,
                channel: &one.channel,
                to: &one.address,
            };
            notices.push(self.notice(incident, (call.call.step, climb), &about, now).await?);
        }
        self.put(incident, notices, unreached, "此时值班表上没有人").await
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
        if !self.sender.has(Channel::Sms) {
            return Ok(without(Channel::Sms.as_str(), "家属"));
        }
        let now = self.shared.clock.now();
        let climb = self.climb(incident).await?;
        let mut notices = Vec::new();
        for relative in self.shared.store.relatives(resident, now).await? {
            if !self.may_know(&relative.username, incident, now).await? {
                continue;
            }
            let Some(telephone) = self.telephone_of(&relative.username).await? else { continue };
            let about = About {
                kind: "relative",
                recipient: &relative.username,
                id: &relative.username,
                channel: Channel::Sms.as_str(),
                to: &telephone,
            };
            notices.push(self.notice(incident, (call.call.step, climb), &about, now).await?);
        }
        self.put(incident, notices, Vec::new(), "没有家属登记电话").await
    }

    /// The number on record; one that cannot be opened counts as none, and keeps nobody else from hearing of it.
    pub(super) async fn telephone_of(&self, username: &str) -> Result<Option<String>, StoreError> {
        match self.shared.store.telephone_of(username).await {
            Err(error @ StoreError::Broken { .. }) => {
                tracing::error!(event = "telephone_unreadable", username, %error);
                Ok(None)
            }
            found => found,
        }
    }

    /// Whether anything can be sent by this way; an entry of the roster may be older than the settings.
    fn is_set_up(&self, channel: &str) -> bool {
        Channel::ALL.into_iter().any(|one| one.as_str() == channel && self.sender.has(one))
    }

    /// Whether the policy lets a relative know of the incident.
    pub(super) async fn may_know(
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
            handled: false,
            division: None,
        };
        Ok(decide(&who, Action::ReadIncident, &subject, now).is_allowed())
    }

    /// Which climb of the ladder this is: it begins anew whenever somebody had the incident or answered for it, and when the clock was
    /// set back, for the turns that come then have the numbers of those in which somebody was called before. Where the events
    /// cannot be read all is one climb: somebody may be called a turn late, and not never.
    async fn climb(&self, incident: &Incident) -> Result<usize, StoreError> {
        let begins_anew = |event: &&Event| {
            // Of notes and steps the holder's alone, which carry the time until which the holder is left alone.
            let goes_on = matches!(
                event.what,
                What::Noted { deadline_at: Some(_), .. } | What::StepMarked { deadline_at: Some(_), .. }
            );
            goes_on
                || matches!(
                    event.what.kind(),
                    EventKind::Claimed
                        | EventKind::Released
                        | EventKind::Transferred
                        | EventKind::HolderBack
                        | EventKind::HolderLost
                        | EventKind::Confirmed
                        | EventKind::Reopened
                        | EventKind::ClockWentBack
                )
        };
        match self.shared.store.incident_events(&incident.id).await {
            Ok(events) => Ok(events.iter().filter(begins_anew).count()),
            Err(error @ StoreError::Broken { .. }) => {
                tracing::error!(event = "events_unreadable", incident = %incident.id, %error);
                Ok(0)
            }
            Err(away) => Err(away),
        }
    }

    /// Puts out what is not under way already; says whom it is to tell, whom it told before, and who cannot be told. That it was put
    /// out is not that it arrived: what became of it stands beside it.
    async fn put(
        &self,
        incident: &Incident,
        notices: Vec<Notice>,
        unreached: Vec<String>,
        nobody: &str,
    ) -> Result<String, StoreError> {
        let before = self.shared.store.notices_about(&incident.id).await?;
        let (under_way, notices): (Vec<Notice>, Vec<Notice>) =
            notices.into_iter().partition(|notice| is_under_way(notice, &before));
        let said: Vec<String> = [("正在通知 ", &notices), ("正在发送或刚通知过 ", &under_way)]
            .into_iter()
            .filter(|(_, whom)| !whom.is_empty())
            .map(|(what, whom)| format!("{what}{}", names(whom)))
            .chain(unreached)
            .collect();
        if said.is_empty() {
            return Ok(nobody.to_owned());
        }
        let put = PutNotices { notices, keys: self.shared.store.keys().clone() };
        self.shared.store.write(put).await.map_err(|source| StoreError::Write { what: "notices", source })?;
        Ok(said.join("；"))
    }

    async fn notice(
        &self,
        incident: &Incident,
        (step, climb): (u32, usize),
        about: &About<'_>,
        now: Timestamp,
    ) -> Result<Notice, StoreError> {
        let name = self.name_in_messages(incident).await?;
        let is_life = incident.is_about_a_life();
        let turn = format!("{climb}:{}", now.as_second().div_euclid(turn_s(is_life, about.channel)));
        let id = SignalId::from_cause("notice", &[incident.id.as_str(), about.id, about.channel, &turn])
            .to_string();
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
            is_life,
            goes_first: incident.severity == Severity::Life,
            channel: about.channel.to_owned(),
            to: about.to.to_owned(),
            message: serde_json::to_string(&message).unwrap_or_default(),
            due_at: now,
        })
    }
}

/// Who stands with a way that is not set up is not called by it: the message would wait for ever, and count as sent to whoever reads.
fn without(channel: &str, whom: &str) -> String {
    format!("没有设置{}渠道，没有通知 {whom}", chinese::word(channel))
}

fn names(notices: &[Notice]) -> String {
    let names: Vec<&str> = notices.iter().map(|notice| notice.recipient.as_str()).collect();
    names.join("、")
}

/// To whom a notice goes.
struct About<'a> {
    kind: &'a str,
    recipient: &'a str,
    id: &'a str,
    channel: &'a str,
    to: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    fn notice(id: &str, is_life: bool) -> Notice {
        Notice {
            id: id.to_owned(),
            incident: None,
            recipient_kind: "roster".to_owned(),
            recipient: "李强".to_owned(),
            is_life,
            goes_first: false,
            channel: "voice".to_owned(),
            to: "139-0000-00-02".to_owned(),
            message: String::new(),
            due_at: at(1_000),
        }
    }

    fn line(id: &str, next_s: Option<i64>) -> NoticeLine {
        NoticeLine {
            notice_id: id.to_owned(),
            recipient_kind: "roster".to_owned(),
            recipient: "李强".to_owned(),
            channel: "voice".to_owned(),
            address_last4: "0002".to_owned(),
            due_at_us: 0,
            next_at_us: next_s.map(|second| at(second).as_microsecond()),
            attempts: 1,
            sent_at_us: None,
            delivered_at_us: None,
            seen_at_us: None,
            undelivered_at_us: None,
            acknowledged_at_us: None,
            took_ms: None,
            ended_at_us: None,
            why: None,
        }
    }

    #[test]
    fn a_life_alarm_rings_again_before_long() {
        for (is_life, channel, turn) in [
            (true, "voice", 180),
            (true, "sms", 180),
            (true, "email", 900),
            (false, "voice", 900),
            (false, "sms", 900),
        ] {
            assert_eq!(turn_s(is_life, channel), turn, "{is_life} {channel}");
        }
    }

    #[test]
    fn what_the_provider_has_not_taken_is_not_put_out_twice() {
        let other_number = NoticeLine { address_last4: "0003".to_owned(), ..line("before", Some(1_010)) };
        let other_way = NoticeLine { channel: "sms".to_owned(), ..line("before", Some(1_010)) };
        for (is_life, before, is_put, why) in [
            (true, line("now", None), false, "sent in this turn"),
            (true, line("before", None), true, "sent in the turn before"),
            (true, line("before", Some(1_060)), false, "tried again in a minute"),
            (true, line("before", Some(4_600)), true, "put out when it was no matter of life"),
            (false, line("before", Some(1_010)), true, "the turns of the others are long enough"),
            (true, other_number, true, "another telephone of the same person"),
            (true, other_way, true, "by another way"),
        ] {
            assert_eq!(!is_under_way(&notice("now", is_life), &[before]), is_put, "{why}");
        }
    }
}
