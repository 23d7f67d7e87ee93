//! Each night: what is usual for somebody, learned from the track of the day that is over.
//!
//! Learning is a function of the track, and a resident's habits are written only over the version they were learned from. So it
//! does no harm if two processes learn, or if somebody has what was learned forgotten meanwhile.

use crate::Watch;
use geofence::{
    Moment,
    habits::{Habits, learn},
};
use model::{Fix, ResidentId, Timestamp};
use std::time::Duration;
use store::{JobError, PutHabits, StoreError, StoredHabits, TrackPoint, WatchedResident};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// How often it is looked whether a day is over.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// The day before is learned once the new one is so old: what was on its way at midnight has arrived.
const SETTLED_BY_MINUTE: u16 = 30;
/// Of somebody who was not watched before, so many days are learned at once where there is a track of them.
const DAYS_BACK: i64 = 56;
/// Pause after each resident, so that learning many never keeps a core for long.
const REST: Duration = Duration::from_millis(20);

/// Learns until stopped.
pub async fn follow_habits(watch: Watch, stop: CancellationToken) {
    let mut through = i64::MIN;
    while !stop.is_cancelled() {
        let day = settled_day(watch.clock.now());
        match learn_all(&watch, day, through < day, &stop).await {
            Ok(()) => through = day,
            Err(error) => {
                tracing::error!(event = "habits_not_learned", error = &error as &dyn std::error::Error);
            }
        }
        stop.run_until_cancelled(sleep(LOOK_EVERY)).await;
    }
}

/// The newest day that is over and has settled, since 1970 on a calendar in Suqian.
fn settled_day(now: Timestamp) -> i64 {
    let local = Moment::from(now).local();
    local.day - if local.minute >= SETTLED_BY_MINUTE { 1 } else { 2 }
}

/// Everybody who is watched for what is usual. `is_new_day`: otherwise only those of whom nothing was looked at yet.
async fn learn_all(
    watch: &Watch,
    day: i64,
    is_new_day: bool,
    stop: &CancellationToken,
) -> Result<(), StoreError> {
    let known = watch.store.habits(None).await?;
    for resident in watch.store.watched(None).await?.iter().filter(|watched| is_learned(watched)) {
        let before = known.iter().find(|known| known.resident == resident.id);
        let is_due = before.is_none_or(|before| is_new_day && before.through_day < day);
        if is_due && !stop.is_cancelled() {
            learn_one(watch, &resident.id, before, day).await?;
            sleep(REST).await;
        }
    }
    Ok(())
}

fn is_learned(watched: &WatchedResident) -> bool {
    let policy = watched.in_force().policy;
    policy.watches_habits() || policy.watches_inactivity()
}

async fn learn_one(
    watch: &Watch,
    resident: &ResidentId,
    before: Option<&StoredHabits>,
    day: i64,
) -> Result<(), StoreError> {
    let mut habits = before.map_or_else(Habits::default, |before| before.habits.clone());
    let first = before.map_or(i64::MIN, |before| before.through_day.saturating_add(1));
    for one in first.max(day - DAYS_BACK + 1)..=day {
        let (from, to) = (Moment::of_local(one, 0).timestamp(), Moment::of_local(one + 1, 0).timestamp());
        let track = watch.store.track(resident, from, to).await?;
        let fixes: Vec<Fix> = track.points.into_iter().map(fix).collect();
        learn(&mut habits, &fixes);
    }
    let version = before.map_or(0, |before| before.version);
    let learned = StoredHabits { resident: resident.clone(), habits, through_day: day, version };
    match watch.store.write(PutHabits { learned }).await {
        // Forgotten, or learned by another process: it is looked at again.
        Ok(()) | Err(JobError::Conflict) => Ok(()),
        Err(error) => {
            tracing::warn!(event = "habits_not_written", %resident, %error);
            Ok(())
        }
    }
}

fn fix(point: TrackPoint) -> Fix {
    Fix {
        boot: None,
        seq: None,
        fix_time: point.fix_time,
        position: point.position,
        accuracy_m: point.accuracy_m,
        method: point.method,
        speed_mps: point.speed_mps,
        bearing_deg: point.bearing_deg,
        battery_pct: point.battery_pct,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_learned_half_an_hour_after_its_midnight() {
        let day = |text: &str| settled_day(text.parse().expect("a time"));
        // Half past midnight in Suqian is 16:30 in Greenwich.
        let before = day("2026-11-28T16:29:59Z");
        assert_eq!(day("2026-11-28T16:30:00Z"), before + 1);
        assert_eq!(day("2026-11-29T16:29:59Z"), before + 1);
        let midnight = Moment::of_local(before + 1, 0).timestamp();
        assert_eq!(midnight.to_string(), "2026-11-27T16:00:00Z", "the day of Greenwich's 28th is over");
    }
}
