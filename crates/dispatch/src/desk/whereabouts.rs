//! While a person may be in need ([`Incident::is_about_a_life`](incident::Incident::is_about_a_life)), the handset is asked where it
//! is: every 30 s, every 5 min once its battery is nearly empty, and no more when the incident is over. Whose positions are not to
//! be kept is not asked.
//!
//! Which questions there are follows from when the incident was opened, and each has a name made of that: after a restart, and
//! beside other processes, the same question is put once. By a clock that was set back the same turns come again, and are other
//! questions ([`store::Store::clock_era`]). Nothing here is a deadline; a question that is not put is only a position that is older.

use super::Desk;
use crate::{
    commands::{Asked, WITHIN, Wish, command},
    trouble::Trouble,
};
use bus::Hint;
use model::{HandsetId, IncidentId, SignedDuration, Timestamp};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};
use store::{DownMessage, HandsetCommand, JobError, Phone, PutCommands, StoreError, VoidCommands};
use tokio_util::sync::CancellationToken;

/// How often it is asked.
const EVERY: SignedDuration = SignedDuration::from_secs(30);
/// One question in so many is put while there is little left in the battery.
const SPARING: i64 = 10;
/// That is little.
const LITTLE_PCT: f64 = 20.0;
/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Questions put in one transaction.
const AT_ONCE: usize = 50;

/// An open incident in which a person may be in need.
#[derive(Debug, Clone)]
pub(crate) struct InDanger {
    /// Which.
    pub(crate) incident: IncidentId,
    /// Who is to be asked.
    pub(crate) handset: HandsetId,
    /// When it was opened.
    pub(crate) opened_at: Timestamp,
}

/// Asks until stopped.
pub async fn follow(desk: Desk, stop: CancellationToken) {
    let mut asked = HashMap::new();
    while !stop.is_cancelled() {
        if let Err(trouble) = desk.ask_where(&mut asked).await {
            tracing::warn!(event = "whereabouts_not_asked", %trouble);
        }
        stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await;
    }
}

impl Desk {
    /// Puts the questions whose turn it is; `asked` holds the newest of each incident.
    pub(super) async fn ask_where(&self, asked: &mut HashMap<IncidentId, i64>) -> Result<(), Trouble> {
        let now = self.shared.clock.now();
        let open = self.hub.in_danger();
        self.let_rest(asked, &open, now).await?;
        let turn = |one: &InDanger| turn_at(now.duration_since(one.opened_at));
        let due: Vec<&InDanger> =
            open.iter().filter(|one| asked.get(&one.incident) != Some(&turn(one))).collect();
        if due.is_empty() {
            return Ok(());
        }
        let (spared, era) = (self.untracked().await, self.shared.store.clock_era().await?);
        for some in due.chunks(AT_ONCE) {
            let mut known = self.shared.store.askable(some.iter().map(|one| &one.handset)).await?;
            let mut commands = Vec::new();
            for one in some {
                let known = known.remove(&one.handset).unwrap_or_default();
                let turn = turn(one);
                if !spared.contains(&one.handset)
                    && is_put(turn, self.battery_of(one, turn, known.battery).await?)
                {
                    commands.extend(question(one, (era, turn), &known.phones, now));
                }
            }
            let handsets: Vec<HandsetId> =
                commands.iter().map(|(command, _)| command.handset.clone()).collect();
            let keys = self.shared.store.keys().clone();
            self.shared.store.write(PutCommands { commands, keys, audit: Vec::new() }).await?;
            for handset in handsets {
                self.shared.bus.hint(Hint::Down(handset));
            }
            // Whoever is spared is asked as soon as they ask for help.
            let heard = some.iter().filter(|one| !spared.contains(&one.handset));
            asked.extend(heard.map(|one| (one.incident.clone(), turn(one))));
        }
        Ok(())
    }

    /// Whose positions are not kept, because the consent was taken back and nobody asked for help. Where that cannot be read, who
    /// did ask for help is not left alone for it.
    async fn untracked(&self) -> HashSet<HandsetId> {
        match self.shared.store.untracked_handsets().await {
            Ok(all) => all.into_iter().filter(|one| one.asked_at.is_none()).map(|one| one.handset).collect(),
            Err(error) => {
                tracing::warn!(event = "untracked_unreadable", %error);
                HashSet::new()
            }
        }
    }

    /// What is over is not asked about any more, nor heard of what was asked before.
    async fn let_rest(
        &self,
        asked: &mut HashMap<IncidentId, i64>,
        open: &[InDanger],
        at: Timestamp,
    ) -> Result<(), JobError> {
        let open: HashSet<&IncidentId> = open.iter().map(|one| &one.incident).collect();
        let over: Vec<IncidentId> = asked.keys().filter(|known| !open.contains(known)).cloned().collect();
        for incident in over {
            self.shared.store.write(VoidCommands { incident: incident.clone(), at }).await?;
            asked.remove(&incident);
        }
        Ok(())
    }

    /// What is left in the battery, by the newest word of the handset. What is not known right now is looked for once.
    async fn battery_of(
        &self,
        one: &InDanger,
        turn: i64,
        said: Option<(Timestamp, f64)>,
    ) -> Result<Option<f64>, StoreError> {
        let fix = if turn == 0 {
            self.hub.live_fix(&one.handset, None).await?
        } else {
            self.shared.bus.position(&one.handset)
        };
        let by_fix = fix.and_then(|fix| Some((fix.fix_time, fix.battery_pct?)));
        Ok(by_fix.into_iter().chain(said).max_by_key(|(at, _)| *at).map(|(_, left_pct)| left_pct))
    }
}

fn question(
    one: &InDanger,
    (era, turn): (i64, i64),
    phones: &[Phone],
    at: Timestamp,
) -> Option<(HandsetCommand, Vec<DownMessage>)> {
    let asked = Asked {
        id: format!("{}-{era}-{turn}", one.incident),
        handset: &one.handset,
        phones,
        incident: Some(&one.incident),
        by: "",
        at,
        within: WITHIN,
    };
    command(&asked, &Wish::LOCATE)
}

/// The question whose turn it is, counted from 0.
fn turn_at(open_for: SignedDuration) -> i64 {
    open_for.as_secs().div_euclid(EVERY.as_secs())
}

fn is_put(turn: i64, battery_pct: Option<f64>) -> bool {
    let is_nearly_empty = battery_pct.is_some_and(|left_pct| left_pct < LITTLE_PCT);
    !is_nearly_empty || turn % SPARING == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_asked_every_half_minute_and_sparingly() {
        let put = |battery_pct: Option<f64>| -> Vec<i64> {
            let turns = (0..=630).map(|second| turn_at(SignedDuration::from_secs(second)));
            let mut put: Vec<i64> = turns.filter(|turn| is_put(*turn, battery_pct)).collect();
            put.dedup();
            put.into_iter().map(|turn| turn * 30).collect()
        };
        assert_eq!(put(None).len(), 22);
        assert_eq!(put(Some(20.0)), (0..=21).map(|turn| turn * 30).collect::<Vec<_>>());
        assert_eq!(put(Some(19.9)), [0, 300, 600]);
    }
}
