//! A station that says nothing is reminded away from its screen, once for each silence: when nobody has answered an offer, and when
//! whoever is on the way or has arrived has been silent for long, or is again after a word. By message, and by a call where calls are set up, since
//! whoever helps looks at no screen. Whoever has set out is rung themselves where their account has a telephone: perhaps nobody
//! sits beside that of the station.

use super::{Outside, word::Word};
use crate::trouble::{Trouble, pass_over};
use incident::{Incident, Task, TaskState};
use model::Timestamp;
use notify::{Channel, Outgoing};
use store::{Notice, PutNotices, Sifted, SilentTask, StoreError};

/// Stations reminded in one go.
const AT_ONCE: u32 = 50;

impl Outside {
    pub(super) async fn remind_stations(&self, passed_over: &mut u32) -> Result<(), Trouble> {
        let ways: Vec<Channel> =
            [Channel::Sms, Channel::Voice].into_iter().filter(|way| self.sender.has(*way)).collect();
        if ways.is_empty() {
            return Ok(());
        }
        let Sifted { whole, mut broken } =
            self.shared.store.silent_tasks(AT_ONCE.saturating_add(*passed_over)).await?;
        for silent in &whole {
            let reminded = self.remind_station(silent, &ways).await;
            pass_over(&mut broken, &silent.task, reminded)?;
        }
        *passed_over = self.unreadable("tasks of which nothing is heard", &broken);
        Ok(())
    }

    async fn remind_station(&self, silent: &SilentTask, ways: &[Channel]) -> Result<(), Trouble> {
        if let Some((told, message)) = self.to_remind(silent).await? {
            let notices = reminders(silent, &told, &message, ways, self.shared.clock.now());
            let keys = self.shared.store.keys().clone();
            self.shared.store.write(PutNotices { notices, keys }).await?;
        }
        Ok(())
    }

    /// The notice of this name, and what stands in it.
    pub(super) async fn told_before(&self, name: &str) -> Result<Option<(Notice, Outgoing)>, StoreError> {
        let Some(told) = self.shared.store.notice(name).await? else { return Ok(None) };
        let message = serde_json::from_str::<Outgoing>(&told.message)
            .map_err(|error| StoreError::Broken { what: "a message", problem: error.to_string() })?;
        Ok(Some((told, message)))
    }

    /// Whom to remind, with what they were told; none if nobody can be.
    async fn to_remind(&self, silent: &SilentTask) -> Result<Option<(Notice, Outgoing)>, StoreError> {
        let told = self.told_before(&silent.told).await;
        if silent.state == TaskState::Offered {
            return told;
        }
        // Whoever is out there is rung all the same, as if they had not been told before.
        let (told, damaged) = match told {
            Err(error @ StoreError::Broken { .. }) => (None, Some(error)),
            told => (told?, None),
        };
        let store = &self.shared.store;
        let incident = match store.incident_of_task(&silent.task).await? {
            Some(id) => store.incident(&id).await?,
            None => None,
        };
        let Some((incident, task)) = incident.as_ref().and_then(|one| Some((one, one.task(&silent.task)?)))
        else {
            return Ok(told);
        };
        let own = match &task.responder {
            Some(responder) => self.telephone_of(responder).await?.filter(|number| !number.trim().is_empty()),
            None => None,
        };
        match (told, own) {
            (told, None) if told.is_some() => Ok(told),
            (Some(told), Some(own)) => Ok(Some(to_another(told, own))),
            (_, own) => match (self.untold(silent, incident, task, own).await?, damaged) {
                (None, Some(damaged)) => Err(damaged),
                (word, _) => Ok(word),
            },
        }
    }

    /// For who was never told by message: their own telephone, or else the station's, without a link.
    async fn untold(
        &self,
        silent: &SilentTask,
        incident: &Incident,
        task: &Task,
        own: Option<String>,
    ) -> Result<Option<(Notice, Outgoing)>, StoreError> {
        let to = if let Some(own) = own {
            own
        } else {
            let station = self.shared.store.station(&task.station).await?;
            station.map(|station| station.telephone).unwrap_or_default()
        };
        if to.trim().is_empty() {
            return Ok(None);
        }
        let name = self.name_in_messages(incident).await?;
        let word = Word {
            id: silent.told.clone(),
            kind: "task.reminded",
            incident,
            name: &name,
            recipient: &task.name,
            to: &to,
            words: (String::new(), String::new()),
            link: None,
        };
        Ok(Some(word.by(Channel::Sms, self.shared.clock.now())))
    }
}

/// The same word to another number.
fn to_another((told, message): (Notice, Outgoing), to: String) -> (Notice, Outgoing) {
    let message = Outgoing { to: to.clone(), ..message };
    (Notice { to, ..told }, message)
}

/// One by each way; the first has the reminder's own name, by which it is known that there is one.
fn reminders(
    silent: &SilentTask,
    told: &Notice,
    message: &Outgoing,
    ways: &[Channel],
    now: Timestamp,
) -> Vec<Notice> {
    let name = message.variables.get("resident").map_or("老人", String::as_str);
    let (subject, text) = words(silent.state, name);
    let reminder = |(nth, way): (usize, &Channel)| {
        let id = if nth == 0 { silent.reminder.clone() } else { format!("{}:{way}", silent.reminder) };
        let mut variables = message.variables.clone();
        variables.insert("type".to_owned(), "task.reminded".to_owned());
        let message = Outgoing {
            id: id.clone(),
            channel: *way,
            subject: subject.clone(),
            text: text.clone(),
            variables,
            made_at: now,
            ..message.clone()
        };
        Notice {
            id,
            channel: way.as_str().to_owned(),
            message: serde_json::to_string(&message).unwrap_or_default(),
            due_at: now,
            ..told.clone()
        }
    };
    ways.iter().enumerate().map(reminder).collect()
}

fn words(state: TaskState, name: &str) -> (String, String) {
    let how = match state {
        TaskState::Offered => {
            let text = format!("居家樂提醒：{name}的任务还没有人答复，请马上答复，或致电呼叫中心。");
            return (format!("任务待答复：{name}"), text);
        }
        TaskState::EnRoute => format!("去{name}处已出发很久"),
        _ => format!("到达{name}处已久"),
    };
    let text =
        format!("居家樂提醒：{how}，没有消息。请马上说明情况，没事也请说一声；需要帮助请致电呼叫中心。");
    (format!("请说明情况：{name}"), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::TaskId;
    use std::collections::BTreeMap;

    #[test]
    fn a_reminder_goes_by_every_way_and_opens_the_same_task() {
        let then = Timestamp::from_second(1_000).expect("a moment");
        let now = Timestamp::from_second(1_060).expect("a moment");
        let message = Outgoing {
            id: "task:t-1".to_owned(),
            channel: Channel::Sms,
            to: "13900000001".to_owned(),
            subject: "新任务：王秀英".to_owned(),
            text: "…".to_owned(),
            link: Some("https://jjl.example/task/#secret".to_owned()),
            variables: BTreeMap::from([("resident".to_owned(), "王秀英".to_owned())]),
            drill: true,
            made_at: then,
        };
        let told = Notice {
            id: message.id.clone(),
            incident: None,
            recipient_kind: "station".to_owned(),
            recipient: "东站".to_owned(),
            is_life: true,
            goes_first: true,
            channel: "sms".to_owned(),
            to: message.to.clone(),
            message: String::new(),
            due_at: then,
        };
        for (state, reminder, word) in [
            (TaskState::Offered, "task:t-1:1", "没有人答复"),
            (TaskState::EnRoute, "task:t-1:way", "已出发很久"),
            (TaskState::OnScene, "task:t-1:scene", "说明情况"),
        ] {
            let silent = SilentTask {
                task: TaskId::new("t-1").expect("an id"),
                told: told.id.clone(),
                reminder: reminder.to_owned(),
                state,
            };
            let put = reminders(&silent, &told, &message, &[Channel::Sms, Channel::Voice], now);
            let names: Vec<_> = put.iter().map(|one| (one.id.as_str(), one.channel.as_str())).collect();
            assert_eq!(names, [(reminder, "sms"), (&*format!("{reminder}:voice"), "voice")]);
            for one in put {
                let sent: Outgoing = serde_json::from_str(&one.message).expect("a message");
                assert_eq!((&sent.id, &sent.to, &sent.link), (&one.id, &message.to, &message.link));
                assert!(
                    sent.drill && sent.text.contains("王秀英") && sent.text.contains(word),
                    "{}",
                    sent.text
                );
                assert_eq!((one.due_at, one.recipient.as_str(), one.is_life), (now, "东站", true));
            }
        }
    }
}
