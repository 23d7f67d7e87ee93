//! Whom the ladder calls beyond the screens: the nearest station, the family, whoever is on the roster.
//!
//! A step of the ladder leaves a row for each; here they are done, each once: a station is asked in the
//! transaction that says so, and a message has a name by which it is known when it comes again. What cannot be done is written
//! into the row, in the words that are printed in the incident's file, and the ladder goes on: its next step calls again.

use super::{Desk, change::Working};
use crate::{
    candidates::{CandidateView, Field},
    trouble::Trouble,
};
use bus::POLL_EVERY;
use incident::{Command, Incident, ladder::Callee};
use model::StationId;
use store::{CommitDesk, DoneCall, FinishCall, JobError, WaitingCall};
use tokio_util::sync::CancellationToken;

/// Calls done in one go.
const AT_ONCE: u32 = 50;
const NO_CHANNEL: &str = "没有设置通知渠道";
const NO_STATION: &str = "现在没有服务站可派";

/// Does what is due until stopped.
pub async fn follow(desk: Desk, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match desk.shared.store.waiting_calls(AT_ONCE).await {
            Ok(waiting) => {
                for call in waiting {
                    desk.call_out(call).await;
                }
            }
            Err(error) => tracing::error!(event = "calls_unreadable", %error),
        }
        stop.run_until_cancelled(tokio::time::sleep(POLL_EVERY)).await;
    }
}

impl Desk {
    pub(super) async fn call_out(&self, call: WaitingCall) {
        match self.try_call(&call).await {
            // Somebody moved the incident meanwhile: looked at again at the next turn.
            Ok(()) | Err(Trouble::Write(JobError::Conflict)) => {}
            Err(trouble) => tracing::error!(event = "call_failed", incident = %call.incident, %trouble),
        }
    }

    async fn try_call(&self, call: &WaitingCall) -> Result<(), Trouble> {
        let incident = self.shared.store.incident(&call.incident).await?.filter(Incident::is_open);
        let result = match (incident, call.call.callee) {
            (None, _) => "警情已经结束".to_owned(),
            (Some(incident), Callee::Station) => return self.ask_a_station(incident, call).await,
            (Some(incident), Callee::Relatives) => match &self.outside {
                Some(outside) => outside.call_relatives(&incident, call).await?,
                None => NO_CHANNEL.to_owned(),
            },
            (Some(incident), Callee::Roster) => match &self.outside {
                Some(outside) => outside.call_roster(&incident, call).await?,
                None => NO_CHANNEL.to_owned(),
            },
            (Some(_), Callee::Operators | Callee::Everyone) => "已在屏幕上呼叫".to_owned(),
        };
        self.finish(call, result).await
    }

    async fn finish(&self, call: &WaitingCall, result: String) -> Result<(), Trouble> {
        let done = DoneCall { row: call.row, at: self.shared.clock.now(), result };
        Ok(self.shared.store.write(FinishCall(done)).await?)
    }

    /// The nearest that may be asked and hears of it. One that has the task is enough, unless it has fallen silent with it.
    async fn ask_a_station(&self, incident: Incident, call: &WaitingCall) -> Result<(), Trouble> {
        if incident.tasks.iter().any(incident::Task::is_coming) {
            return self.finish(call, "已有服务站接单".to_owned()).await;
        }
        let (best, passed_over) = self.nearest_that_hears(&incident).await?;
        let Some(best) = best else {
            return self.finish(call, passed_over.unwrap_or_else(|| NO_STATION.to_owned())).await;
        };
        let now = self.shared.clock.now();
        let asked = format!("已请{}", best.station.name);
        let result: Vec<String> = passed_over.into_iter().chain([asked]).collect();
        let result = result.join("；");
        let command = Command::DispatchByLadder { station: (best.station.id, best.station.name) };
        let decision = match incident::decide(Some(&incident), &command, None, &self.ladder(), now) {
            Ok(decision) => decision,
            Err(refusal) => return self.finish(call, refusal.to_string()).await,
        };
        let mut working = Working::on(Some(incident));
        working.take(decision, now).map_err(JobError::from)?;
        let changes = working.into_change().into_iter().collect();
        let done_call = Some(DoneCall { row: call.row, at: now, result });
        Ok(self.commit(CommitDesk { changes, done_call, ..CommitDesk::default() }).await?)
    }

    /// The nearest station that may be asked and hears of it, and in words the nearer one that does not: where nobody looks at a
    /// screen and no message or call comes through, nobody would know, and the person would hear that somebody was asked.
    async fn nearest_that_hears(
        &self,
        incident: &Incident,
    ) -> Result<(Option<CandidateView>, Option<String>), Trouble> {
        let field = Field::read(&self.shared, &self.hub, incident).await?;
        let all = field.ranked().items;
        let deaf: Vec<StationId> =
            all.iter().filter(|one| !self.hears(one)).map(|one| one.station.id.clone()).collect();
        let Some(nearest) = recommended(all) else { return Ok((None, None)) };
        if !deaf.contains(&nearest.station.id) {
            return Ok((Some(nearest), None));
        }
        let others = field.ranked_without(&deaf).items;
        let online = if nearest.online.is_none() { "不知道有没有人在线" } else { "没有人在线" };
        let words = format!("{}{online}，也发不了消息，没有请", nearest.station.name);
        Ok((recommended(others), Some(words)))
    }

    fn hears(&self, candidate: &CandidateView) -> bool {
        let outside = self.outside.as_ref();
        candidate.online == Some(true)
            || outside.is_some_and(|outside| outside.reaches_station(&candidate.telephone))
    }
}

fn recommended(candidates: Vec<CandidateView>) -> Option<CandidateView> {
    candidates.into_iter().find(|candidate| candidate.recommended)
}
