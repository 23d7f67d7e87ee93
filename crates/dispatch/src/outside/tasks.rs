//! Stations are told of a task by message, each once, with a link that opens that task alone.

use super::{Outside, in_words};
use crate::trouble::Trouble;
use bus::POLL_EVERY;
use incident::{Incident, TaskState};
use model::TaskId;
use notify::{Channel, Outgoing};
use std::{collections::BTreeMap, time::Duration};
use store::{AuditRow, LinkTask, Notice, PutNotices, StoreError, UntoldTask};
use tokio_util::sync::CancellationToken;

/// Tasks told in one go.
const AT_ONCE: u32 = 50;
/// Pause when they cannot be read or told.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// A task's notice is named after it.
const NAME: &str = "task:";

/// Tells until stopped.
pub async fn follow(outside: Outside, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let pause = match outside.tell_stations().await {
            Ok(()) => POLL_EVERY,
            Err(trouble) => {
                tracing::error!(event = "stations_not_told", %trouble);
                RETRY_AFTER
            }
        };
        stop.run_until_cancelled(tokio::time::sleep(pause)).await;
    }
}

/// The task that a notice is about, if it is such a notice.
pub(super) fn about(notice: &Notice) -> Option<TaskId> {
    notice.id.strip_prefix(NAME).and_then(|id| TaskId::new(id).ok())
}

/// Why a station need not be told any more.
pub(super) fn is_settled(incident: &Incident, task: &TaskId) -> Option<String> {
    let state = incident.task(task).map_or(TaskState::Withdrawn, |task| task.state);
    (state != TaskState::Offered).then(|| format!("the task is {}", state.as_str()))
}

impl Outside {
    async fn tell_stations(&self) -> Result<(), Trouble> {
        let Some(base) = self.base.as_ref().filter(|_| self.sender.has(Channel::Sms)) else { return Ok(()) };
        for untold in self.shared.store.untold_tasks(AT_ONCE).await? {
            let link = self.link(base, &untold).await?;
            self.shared.store.write(link).await?;
        }
        Ok(())
    }

    /// What tells a station of its task. One without a telephone has a link that nobody knows, and is not looked at again.
    async fn link(&self, base: &str, untold: &UntoldTask) -> Result<LinkTask, StoreError> {
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
        let token = crate::http::fresh_code().map_err(|_logged| StoreError::Broken {
            what: "a link to a task",
            problem: "there is no randomness".to_owned(),
        })?;
        let name = match &incident.resident {
            Some(resident) => self.shared.store.resident_name(resident).await?,
            None => None,
        };
        let name = name.unwrap_or_else(|| "身份未知的老人".to_owned());
        let what = incident.signals.first().map_or("", |signal| in_words(signal.kind));
        let message = Outgoing {
            id: format!("{NAME}{}", untold.task),
            channel: Channel::Sms,
            to: station.telephone.clone(),
            subject: format!("新任务：{name}"),
            text: format!("居家樂任务：{name}{what}，请打开链接查看并回复。"),
            link: Some(format!("{base}/task/#{token}")),
            variables: BTreeMap::from([
                ("incident".to_owned(), incident.id.to_string()),
                ("resident".to_owned(), name),
                ("step".to_owned(), "0".to_owned()),
                ("type".to_owned(), "task.offered".to_owned()),
            ]),
            drill: incident.drill,
            made_at: at,
        };
        link.notices.notices.push(Notice {
            id: message.id.clone(),
            incident: Some(incident.id.clone()),
            recipient_kind: "station".to_owned(),
            recipient: station.name,
            is_life: incident.severity == model::Severity::Life,
            channel: Channel::Sms.as_str().to_owned(),
            to: message.to.clone(),
            message: serde_json::to_string(&message).unwrap_or_default(),
            due_at: at,
        });
        link.token = Some(token);
        link.audit.push(AuditRow {
            at,
            username: "system".to_owned(),
            source: "system".to_owned(),
            action: "link_task".to_owned(),
            subject: incident.id.to_string(),
            detail: format!("{} {}", untold.station, untold.task),
        });
        Ok(link)
    }
}
