//! In which hours handsets were heard: any message counts, and a connection that is up. It is noted in memory, and what is new is
//! written now and then behind everything else, once for each handset and hour, so that no press waits for it.

use bus::Bus;
use model::{HandsetId, Timestamp};
use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use store::{Clock, NoteHeard, Store};
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How often it is looked who has a connection, and what is new is written. A connection that lasts no longer than this is noted as it
/// comes up.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// Handsets in one transaction: a press waits no longer for it than for anything else.
const AT_ONCE: usize = 200;
/// How long a store that writes nothing is waited for at the end.
const LAST_WITHIN: Duration = Duration::from_secs(2);
/// What could not be written for so many hours is given up: a report with a gap is better than a memory that grows.
const KEPT_H: i64 = 24;
const HOUR_S: i64 = 3_600;

/// Who was heard in an hour.
#[derive(Debug, Default)]
struct InHour {
    due: HashSet<HandsetId>,
    written: HashSet<HandsetId>,
}

/// By the hour, counted from 1970 on.
#[derive(Debug, Default)]
struct Hours(BTreeMap<i64, InHour>);

impl Hours {
    fn note(&mut self, handset: &HandsetId, hour: i64) {
        let heard = self.0.entry(hour).or_default();
        if !heard.written.contains(handset) && !heard.due.contains(handset) {
            heard.due.insert(handset.clone());
        }
    }

    /// What is over is forgotten.
    fn forget(&mut self, now: i64) {
        self.0.retain(|hour, heard| {
            *hour == now || (!heard.due.is_empty() && now.saturating_sub(*hour) < KEPT_H)
        });
    }

    /// What is to be written, and what is over is forgotten.
    fn take_due(&mut self, now: i64) -> Vec<(i64, Vec<HandsetId>)> {
        self.forget(now);
        let due = self.0.iter().map(|(hour, heard)| (*hour, heard.due.iter().cloned().collect()));
        due.filter(|(_, handsets): &(i64, Vec<HandsetId>)| !handsets.is_empty()).collect()
    }

    /// These were looked up, and those of them that somebody carries are written. The others are looked up again when they are heard
    /// again: somebody may be given one within the hour.
    fn note_written(&mut self, hour: i64, asked: &[HandsetId], carried: Vec<HandsetId>) {
        let Some(heard) = self.0.get_mut(&hour) else { return };
        for handset in asked {
            heard.due.remove(handset);
        }
        heard.written.extend(carried);
    }
}

fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(HOUR_S)
}

/// What was heard and may not be written yet.
#[derive(Debug, Default)]
pub(super) struct Heard(Mutex<Hours>);

impl Heard {
    /// Looks and writes on the tracker until stopped. Who has a connection is looked at also while the store takes nothing, be it for
    /// hours, so the one does not wait for the other.
    pub(super) fn follow(
        store: Store,
        bus: Arc<dyn Bus>,
        clock: Clock,
        tracker: &TaskTracker,
        stop: CancellationToken,
    ) -> Arc<Self> {
        let heard = Arc::new(Self::default());
        let looked = Arc::new(Notify::new());
        let looks = Arc::clone(&heard).look(bus, clock, Arc::clone(&looked), LOOK_EVERY);
        let is_over = stop.clone();
        tracker.spawn(async move { is_over.run_until_cancelled(looks).await });
        let noted = Arc::clone(&heard);
        tracker.spawn(async move {
            while stop.run_until_cancelled(looked.notified()).await.is_some() {
                let now = clock.now();
                if stop.run_until_cancelled(noted.write(&store, now)).await.is_none() {
                    break;
                }
            }
            // Who says something once an hour would else have been silent in this one.
            let last = tokio::time::timeout(LAST_WITHIN, noted.write(&store, clock.now()));
            if last.await.is_err() {
                tracing::warn!(event = "heard_hours_not_kept", "the store writes nothing");
            }
        });
        heard
    }

    /// Notes now and then, for ever, who has a connection, and tells when that was done.
    async fn look(self: Arc<Self>, bus: Arc<dyn Bus>, clock: Clock, looked: Arc<Notify>, every: Duration) {
        let mut look = tokio::time::interval(every);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            look.tick().await;
            let now = clock.now();
            for handset in bus.online() {
                self.note(&handset, now);
            }
            self.hours().forget(hour_of(now));
            looked.notify_one();
        }
    }

    /// A handset was heard.
    pub(super) fn note(&self, handset: &HandsetId, at: Timestamp) {
        self.hours().note(handset, hour_of(at));
    }

    fn hours(&self) -> MutexGuard<'_, Hours> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn write(&self, store: &Store, now: Timestamp) {
        let due = self.hours().take_due(hour_of(now));
        for (hour, handsets) in due {
            let at = Timestamp::from_second(hour.saturating_mul(HOUR_S)).unwrap_or(now);
            for some in handsets.chunks(AT_ONCE) {
                match store.write(NoteHeard { handsets: some.to_vec(), at }).await {
                    Ok(carried) => self.hours().note_written(hour, some, carried),
                    Err(error) => {
                        // They stay due, and the next look tries again.
                        tracing::warn!(event = "heard_hours_not_kept", %error);
                        return;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bus::InProcess;

    fn named(id: &str) -> HandsetId {
        HandsetId::new(id).unwrap()
    }

    #[test]
    fn each_handset_is_written_once_an_hour() {
        let mut hours = Hours::default();
        let (carried, idle) = (named("carried"), named("idle"));
        hours.note(&carried, 7);
        hours.note(&carried, 7);
        hours.note(&idle, 7);
        let mut due = hours.take_due(7);
        due[0].1.sort();
        assert_eq!(due, [(7, vec![carried.clone(), idle.clone()])]);
        hours.note_written(7, &[carried.clone(), idle.clone()], vec![carried.clone()]);
        hours.note(&carried, 7);
        assert!(hours.take_due(7).is_empty(), "it stands there, and the other was not heard again");
        hours.note(&idle, 7);
        assert_eq!(hours.take_due(7), [(7, vec![idle.clone()])], "somebody may have been given it");
        hours.note(&carried, 8);
        assert_eq!(
            hours.take_due(8),
            [(7, vec![idle]), (8, vec![carried])],
            "what was not written stays due"
        );
    }

    #[tokio::test]
    async fn who_has_a_connection_is_looked_at_while_nothing_is_written() {
        let (heard, bus, looked) =
            (Arc::new(Heard::default()), Arc::new(InProcess::default()), Arc::new(Notify::new()));
        let every = Duration::from_millis(10);
        let looks = Arc::clone(&heard).look(Arc::<InProcess>::clone(&bus), Clock::start(), looked, every);
        tokio::pin!(looks);
        for id in ["first", "second"] {
            bus.put_presence(&named(id), true);
            assert!(tokio::time::timeout(every * 10, &mut looks).await.is_err(), "it goes on for ever");
            bus.put_presence(&named(id), false);
        }
        let due: HashSet<HandsetId> = heard.hours().0.values().flat_map(|hour| hour.due.clone()).collect();
        assert_eq!(due, HashSet::from([named("first"), named("second")]));
    }

    #[test]
    fn what_could_not_be_written_for_a_day_is_given_up() {
        let mut hours = Hours::default();
        let handset = named("h1");
        hours.note(&handset, 7);
        assert_eq!(hours.take_due(30), [(7, vec![handset.clone()])]);
        assert!(hours.take_due(31).is_empty());
        // The clock was set back.
        hours.note(&handset, 5);
        assert_eq!(hours.take_due(5), [(5, vec![handset])]);
    }
}
