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
use futures_util::stream::{self, StreamExt as _};
use incident::{Command, Incident, ladder::Callee};
use model::{SignedDuration, StationId, Timestamp};
use std::{collections::HashMap, time::Duration};
use store::{CommitDesk, DoneCall, FinishCall, JobError, StoreError, WaitingCall};
use tokio_util::sync::CancellationToken;

/// Calls done in one go.
const AT_ONCE: usize = 50;
/// Of them side by side, those about one incident in their order: the writer commits together what waits together. Stations are
/// asked one after the other: each is chosen by what those before it have to do already.
const SIDE_BY_SIDE: usize = 16;
/// Pause while more waited than is done in one go: of 10,000 open incidents each minute's steps are 170 calls a second.
const GO_ON_AFTER: Duration = Duration::from_millis(5);
/// A call that failed twice is left alone for so long, so that those behind it are done.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(5);
const NO_CHANNEL: &str = "没有设置通知渠道";
const NO_STATION: &str = "现在没有服务站可派";

/// Does what is due until stopped.
pub async fn follow(desk: Desk, stop: CancellationToken) {
    let mut aside = Aside::default();
    while !stop.is_cancelled() {
        let pause = match desk.call_next(&mut aside).await {
            Ok(true) => GO_ON_AFTER,
            Ok(false) => POLL_EVERY,
            Err(error) => {
                tracing::error!(event = "calls_unreadable", %error);
                POLL_EVERY
            }
        };
        stop.run_until_cancelled(tokio::time::sleep(pause)).await;
    }
}

/// Calls that are left alone for now. They stay in front of all others.
#[derive(Debug, Default)]
struct Aside {
    /// Those that failed, and until when each is left alone; after its first failure it is not.
    failed: HashMap<i64, Option<Timestamp>>,
    /// How many cannot be read.
    passed_over: u32,
}

impl Aside {
    /// How far the next look must reach.
    fn reach(&self, now: Timestamp) -> u32 {
        let left_alone = self.failed.values().flatten().filter(|until| **until > now).count();
        let before = u32::try_from(AT_ONCE.saturating_add(left_alone)).unwrap_or(u32::MAX);
        before.saturating_add(self.passed_over)
    }

    /// That one failed; again, if it did before.
    fn note_failed(&mut self, row: i64, again_at: Timestamp) {
        self.failed.entry(row).and_modify(|until| *until = Some(again_at)).or_insert(None);
    }

    /// Of the calls that wait those that are done now: those of one group one after the other, the groups side by side. A group is
    /// one incident, and all incidents for which a station is asked are one.
    fn next(&mut self, waiting: Vec<WaitingCall>, now: Timestamp) -> Vec<Vec<WaitingCall>> {
        // Of what waits no more nothing need be known.
        self.failed.retain(|row, _| waiting.iter().any(|call| call.row == *row));
        let left_alone_until = |call: &WaitingCall| self.failed.get(&call.row).copied().flatten();
        let is_free = |call: &WaitingCall| left_alone_until(call).is_none_or(|until| until <= now);
        let mut all: Vec<Vec<WaitingCall>> = Vec::new();
        for call in waiting.into_iter().filter(is_free).take(AT_ONCE) {
            let is_of_it =
                |calls: &&mut Vec<WaitingCall>| calls.iter().any(|one| one.incident == call.incident);
            match all.iter_mut().find(is_of_it) {
                Some(calls) => calls.push(call),
                None => all.push(vec![call]),
            }
        }
        let asks = |calls: &Vec<WaitingCall>| calls.iter().any(|call| call.call.callee == Callee::Station);
        let (asking, mut groups): (Vec<_>, Vec<_>) = all.into_iter().partition(asks);
        if !asking.is_empty() {
            // The longest begins first.
            groups.insert(0, asking.into_iter().flatten().collect());
        }
        groups
    }
}

impl Desk {
    /// Does the next calls; whether more may wait.
    async fn call_next(&self, aside: &mut Aside) -> Result<bool, StoreError> {
        let now = self.shared.clock.now();
        let waiting = self.shared.store.waiting_calls(aside.reach(now)).await?;
        aside.passed_over = waiting.passed_over();
        self.shared.health.rows_unreadable("calls of the ladder", &waiting.broken, now);
        let next = aside.next(waiting.whole, now);
        let is_full = next.iter().map(Vec::len).sum::<usize>() >= AT_ONCE;
        let calls = stream::iter(next).map(|calls| self.call_in_turn(calls)).buffer_unordered(SIDE_BY_SIDE);
        let failed: Vec<Vec<i64>> = calls.collect().await;
        let now = self.shared.clock.now();
        let again_at = now.checked_add(AGAIN_AFTER).unwrap_or(now);
        for row in failed.into_iter().flatten() {
            aside.note_failed(row, again_at);
        }
        Ok(is_full)
    }

    /// The calls of one group; gives back those that failed.
    async fn call_in_turn(&self, calls: Vec<WaitingCall>) -> Vec<i64> {
        let mut failed = Vec::new();
        for call in calls {
            let row = call.row;
            if !self.call_out(call).await {
                failed.push(row);
            }
        }
        failed
    }

    /// Whether that could be done. Where somebody moved the incident meanwhile it is looked at again at the next turn.
    pub(super) async fn call_out(&self, call: WaitingCall) -> bool {
        match self.try_call(&call).await {
            Ok(()) | Err(Trouble::Write(JobError::Conflict)) => true,
            Err(trouble) => {
                tracing::error!(event = "call_failed", incident = %call.incident, %trouble);
                false
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use model::IncidentId;
    use store::DueCall;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    fn waiting(row: i64, incident: &str) -> WaitingCall {
        calling(row, incident, Callee::Roster)
    }

    fn calling(row: i64, incident: &str, callee: Callee) -> WaitingCall {
        let call = DueCall { version: 1, step: 2, callee, at: at(0) };
        WaitingCall { row, incident: IncidentId::new(incident).expect("an id"), call }
    }

    fn rows(groups: Vec<Vec<WaitingCall>>) -> Vec<Vec<i64>> {
        groups.into_iter().map(|calls| calls.into_iter().map(|call| call.row).collect()).collect()
    }

    #[test]
    fn calls_that_fail_keep_nobody_behind_them_waiting() {
        let mut aside = Aside::default();
        let all = || (0..60).map(|row| waiting(row, &format!("i-{row}"))).collect::<Vec<_>>();
        let fail = |aside: &mut Aside, until| (0..50).for_each(|row| aside.note_failed(row, until));
        assert_eq!((aside.reach(at(10)), aside.next(all(), at(10)).len()), (50, 50));
        fail(&mut aside, at(15));
        assert_eq!(aside.reach(at(10)), 50);
        let again = rows(aside.next(all(), at(10))).concat();
        assert_eq!(again, (0..50).collect::<Vec<i64>>(), "after the first time at once");
        fail(&mut aside, at(15));
        aside.passed_over = 3;
        assert_eq!(aside.reach(at(14)), 103);
        assert_eq!(rows(aside.next(all(), at(14))).concat(), (50..60).collect::<Vec<i64>>());
        assert_eq!((aside.reach(at(15)), aside.next(all(), at(15)).len()), (53, 50), "tried again");
        fail(&mut aside, at(20));
        assert_eq!(aside.next(all(), at(16)).len(), 10, "they failed before");
        assert_eq!(aside.next(all().split_off(50), at(16)).len(), 10);
        assert!(aside.failed.is_empty(), "what is done is forgotten");
    }

    #[test]
    fn calls_about_one_incident_are_done_in_their_order() {
        let all = vec![waiting(1, "a"), waiting(2, "b"), waiting(3, "a")];
        assert_eq!(rows(Aside::default().next(all, at(10))), [vec![1, 3], vec![2]]);
    }

    /// Two that looked at once would both find the nearest station free.
    #[test]
    fn stations_are_asked_one_after_the_other() {
        let all = vec![
            waiting(1, "a"),
            calling(2, "b", Callee::Station),
            waiting(3, "b"),
            waiting(4, "c"),
            calling(5, "d", Callee::Station),
            calling(6, "a", Callee::Relatives),
        ];
        assert_eq!(rows(Aside::default().next(all, at(10))), [vec![2, 3, 5], vec![1, 6], vec![4]]);
    }
}
