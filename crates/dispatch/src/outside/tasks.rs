//! Stations are told of a task, each once: by message, with a link that opens that task alone, or where no message can be sent by a
//! call. Whoever says nothing is reminded the same way (`reminders`), and whoever was told hears when it is over (`over`).

use super::{Outside, in_words, word::Word};
use crate::trouble::{Trouble, pass_over};
use bus::POLL_EVERY;
use incident::{Incident, TaskState};
use model::TaskId;
use notify::Channel;
use std::time::Duration;
use store::{AuditRow, LinkTask, Notice, PutNotices, Sifted, StoreError, UntoldTask};
use tokio_util::sync::CancellationToken;

/// Tasks told in one go.
const AT_ONCE: u32 = 50;
/// Pause when they cannot be read or told.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// A task's notices are named after it: `task:ID`, and its reminders `task:ID:1`, `task:ID:way` and `task:ID:scene`, with a number
/// behind it for a silence after another, each with `:voice` at its end for a call beside the message. That it was taken back is `task:ID:over`.
pub(super) const NAME: &str = "task:";

/// How many tasks of each kind cannot be told about, because something of them cannot be read: they stay in front of all others.
#[derive(Debug, Default)]
struct PassedOver {
    offered: u32,
    taken_back: u32,
    silent: u32,
}

/// Tells until stopped.
pub async fn follow(outside: Outside, stop: CancellationToken) {
    let mut passed_over = PassedOver::default();
    while !stop.is_cancelled() {
        let pause = match outside.tell_and_remind(&mut passed_over).await {
            Ok(()) => POLL_EVERY,
            Err(trouble) => {
                tracing::error!(event = "stations_not_told", %trouble);
                RETRY_AFTER
            }
        };
        stop.run_until_cancelled(tokio::time::sleep(pause)).await;
    }
}

/// The task that a notice is about, if it is such a notice, and the state of which it speaks.
pub(super) fn about(notice: &Notice) -> Option<(TaskId, TaskState)> {
    let name = notice.id.strip_prefix(NAME)?;
    let (task, reminder) = name.split_once(':').unwrap_or((name, ""));
    let state = match reminder.split(':').next() {
        Some("way") => TaskState::EnRoute,
        Some("scene") => TaskState::OnScene,
        Some("over") => TaskState::Withdrawn,
        _ => TaskState::Offered,
    };
    Some((TaskId::new(task).ok()?, state))
}

/// Why a station need not be told any more.
pub(super) fn is_settled(incident: &Incident, (task, of): &(TaskId, TaskState)) -> Option<String> {
    let task = incident.task(task);
    let state = task.map_or(TaskState::Withdrawn, |task| task.state);
    if state != *of {
        return Some(format!("the task is {}", state.as_str()));
    }
    let goes_on = matches!(state, TaskState::EnRoute | TaskState::OnScene);
    let has_spoken = goes_on && task.is_some_and(|task| task.overdue == 0);
    has_spoken.then(|| "the station has said how it goes".to_owned())
}

impl Outside {
    /// Whether a station with this telephone hears of a task that it is offered although nobody there looks at a screen.
    pub(crate) fn reaches_station(&self, telephone: &str) -> bool {
        !telephone.trim().is_empty() && self.way_to_stations().is_some()
    }

    /// By which way: a message with the link, or where none can be made a call.
    pub(super) fn way_to_stations(&self) -> Option<Channel> {
        if self.base.is_some() && self.sender.has(Channel::Sms) {
            return Some(Channel::Sms);
        }
        self.sender.has(Channel::Voice).then_some(Channel::Voice)
    }

    async fn tell_and_remind(&self, passed_over: &mut PassedOver) -> Result<(), Trouble> {
        self.tell_stations(&mut passed_over.offered).await?;
        self.tell_of_ends(&mut passed_over.taken_back).await?;
        self.remind_stations(&mut passed_over.silent).await
    }

    /// Names in the health what cannot be read; gives back how many that are.
    pub(super) fn unreadable(&self, kind: &'static str, rows: &[String]) -> u32 {
        self.shared.health.rows_unreadable(kind, rows, self.shared.clock.now());
        u32::try_from(rows.len()).unwrap_or(u32::MAX)
    }

    async fn tell_stations(&self, passed_over: &mut u32) -> Result<(), Trouble> {
        let Some(way) = self.way_to_stations() else { return Ok(()) };
        let Sifted { whole, mut broken } =
            self.shared.store.untold_tasks(AT_ONCE.saturating_add(*passed_over)).await?;
        for untold in &whole {
            let told = self.tell_station(way, untold).await;
            pass_over(&mut broken, &untold.task, told)?;
        }
        *passed_over = self.unreadable("tasks that were offered", &broken);
        Ok(())
    }

    async fn tell_station(&self, way: Channel, untold: &UntoldTask) -> Result<(), Trouble> {
        let link = self.link(way, untold).await?;
        self.shared.store.write(link).await?;
        Ok(())
    }

    /// What tells a station of its task. One without a telephone has a link that nobody knows, and is not looked at again.
    async fn link(&self, way: Channel, untold: &UntoldTask) -> Result<LinkTask, StoreError> {
        let at = self.shared.clock.now();
        let incident = self.shared.store.incident(&untold.incident).await?.filter(Incident::is_open);
        let station = self.shared.store.station(&untold.station).await?;
        let telephone = station.filter(|station| !station.telephone.trim().is_empty());
        let (keys, task) = (self.shared.store.keys().clone(), untold.task.clone());
        let mut link = LinkTask {
            task,
            token: None,
            at,
            notices: PutNotices { notices: Vec::new(), keys },
            audit: Vec::new(),
        };
        let (Some(incident), Some(station)) = (incident, telephone) else { return Ok(link) };
        let base = self.base.as_ref().filter(|_| way == Channel::Sms);
        link.token = base.map(|_| fresh_token()).transpose()?;
        let name = self.name_in_messages(&incident).await?;
        let what = incident.signals.first().map_or("", |signal| in_words(signal.kind));
        let wanted =
            if base.is_some() { "请打开链接查看并回复" } else { "请马上致电呼叫中心" };
        let word = Word {
            id: format!("{NAME}{}", untold.task),
            kind: "task.offered",
            incident: &incident,
            name: &name,
            recipient: &station.name,
            to: &station.telephone,
            words: (format!("新任务：{name}"), format!("居家樂任务：{name}{what}，{wanted}。")),
            link: base.zip(link.token.as_ref()).map(|(base, token)| format!("{base}/task/#{token}")),
        };
        link.notices.notices.push(word.by(way, at).0);
        link.audit.extend(link.token.as_ref().map(|_| AuditRow {
            at,
            username: "system".to_owned(),
            source: "system".to_owned(),
            action: "link_task".to_owned(),
            subject: incident.id.to_string(),
            detail: format!("{} {}", untold.station, untold.task),
        }));
        Ok(link)
    }
}

fn fresh_token() -> Result<String, StoreError> {
    crate::http::fresh_code().map_err(|_logged| StoreError::Broken {
        what: "a link to a task",
        problem: "there is no randomness".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Timestamp;

    #[test]
    fn a_notice_says_by_its_name_of_which_task_it_is_and_when() {
        for (id, expected) in [
            ("task:t-1", Some(("t-1", TaskState::Offered))),
            ("task:t-1:1", Some(("t-1", TaskState::Offered))),
            ("task:t-1:1:voice", Some(("t-1", TaskState::Offered))),
            ("task:t-1:way", Some(("t-1", TaskState::EnRoute))),
            ("task:t-1:way:1:voice", Some(("t-1", TaskState::EnRoute))),
            ("task:t-1:scene", Some(("t-1", TaskState::OnScene))),
            ("task:t-1:scene:voice", Some(("t-1", TaskState::OnScene))),
            ("task:t-1:scene:2:voice", Some(("t-1", TaskState::OnScene))),
            ("task:t-1:over", Some(("t-1", TaskState::Withdrawn))),
            ("5f0c2a", None),
        ] {
            let notice = Notice {
                id: id.to_owned(),
                incident: None,
                recipient_kind: "station".to_owned(),
                recipient: "东站".to_owned(),
                is_life: true,
                goes_first: true,
                channel: "sms".to_owned(),
                to: String::new(),
                message: String::new(),
                due_at: Timestamp::UNIX_EPOCH,
            };
            let found = about(&notice);
            let found = found.as_ref().map(|(task, state)| (task.as_str(), *state));
            assert_eq!(found, expected, "{id}");
        }
    }
}
