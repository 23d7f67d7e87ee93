//! Which positions are not kept: whoever carried the handset when they were taken had taken back the consent to it. Presses and falls go
//! on, with the position they bring. Of other positions it is noted that one came, for the silence of a handset is told all the same: somebody may want
//! its button.

use bus::POLL_EVERY;
use model::{HandsetId, SignedDuration, Timestamp};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::{Store, StoreError, UntrackedHandset, UntrackedSpan};
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How often it is looked for changes: a withdrawal holds within this.
const LOOK_EVERY: Duration = POLL_EVERY.saturating_mul(4);

/// A position that is not kept is noted as a sign of life at most so often: half of the shortest heartbeat a policy can have.
const NOTED_EVERY: SignedDuration = SignedDuration::from_secs(15);

/// What was taken so shortly before a call for help tells where it came from.
const GRACE: SignedDuration = SignedDuration::from_mins(5);

/// What is over is read anew when something about consents changed, or who is untracked, and after so many looks all the same.
const LOOKS: u32 = 60;

/// The times at which a handset's positions were taken that are not kept; the ends are not among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spans(Arc<[(Timestamp, Timestamp)]>);

impl Spans {
    pub(super) fn hold(&self, taken_at: Timestamp) -> bool {
        self.0.iter().any(|(from, to)| (*from..*to).contains(&taken_at))
    }
}

/// Those of each handset that has any.
type Known = HashMap<HandsetId, Spans>;

/// The handsets, once they are known, and when each was last noted to be alive.
#[derive(Debug)]
pub(super) struct Untracked {
    known: watch::Receiver<Option<Arc<Known>>>,
    noted: Mutex<HashMap<HandsetId, Timestamp>>,
}

impl Untracked {
    /// Follows the store on the tracker until stopped.
    pub(super) fn follow(store: Store, tracker: &TaskTracker, stop: CancellationToken) -> Self {
        let (known, receiver) = watch::channel(None);
        tracker.spawn(async move {
            let mut look = tokio::time::interval(LOOK_EVERY);
            look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            let mut seen = Seen::default();
            while stop.run_until_cancelled(look.tick()).await.is_some() {
                match seen.look(&store).await {
                    Ok(found) => {
                        known.send_if_modified(|held: &mut Option<Arc<Known>>| {
                            let is_news = held.as_deref() != Some(&found);
                            if is_news {
                                *held = Some(Arc::new(found));
                            }
                            is_news
                        });
                    }
                    Err(error) => tracing::warn!(event = "untracked_unreadable", %error),
                }
            }
        });
        Self { known: receiver, noted: Mutex::default() }
    }

    /// Which of this handset's positions are not kept, if any. Waits for the first look after a start; a position is in no hurry.
    pub(super) async fn of(&self, handset: &HandsetId) -> Option<Spans> {
        if let Some(known) = &*self.known.borrow() {
            return known.get(handset).cloned();
        }
        let mut receiver = self.known.clone();
        // Whoever follows is gone only when the platform stops.
        let known = receiver.wait_for(Option::is_some).await.ok()?;
        known.as_ref()?.get(handset).cloned()
    }

    /// Whether it is time to note that this handset is alive; if so, it is taken to be noted.
    pub(super) fn is_due(&self, handset: &HandsetId, now: Timestamp) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent =
            |last: &Timestamp| (SignedDuration::ZERO..NOTED_EVERY).contains(&now.duration_since(*last));
        if noted.get(handset).is_some_and(is_recent) {
            return false;
        }
        noted.insert(handset.clone(), now);
        true
    }
}

/// What the last look found.
#[derive(Debug, Default)]
struct Seen {
    changes: i64,
    now: Vec<UntrackedHandset>,
    before: Vec<UntrackedSpan>,
    /// How often [`Seen::before`] was taken to be as it was.
    looks: u32,
}

impl Seen {
    async fn look(&mut self, store: &Store) -> Result<Known, StoreError> {
        // First who is untracked now: whatever changes behind this look is then seen by the next, and meanwhile nothing is kept.
        let now = store.untracked_handsets().await?;
        let changes = store.watch_changes_end().await?;
        if self.looks == 0 || self.looks >= LOOKS || (changes, &now) != (self.changes, &self.now) {
            self.before = store.untracked_spans().await?;
            (self.changes, self.now, self.looks) = (changes, now, 0);
        }
        self.looks += 1;
        Ok(known(&self.now, &self.before))
    }
}

/// Of whoever is untracked now nothing is kept, whenever it is said to be taken; while they ask for help, nothing of before that.
fn known(now: &[UntrackedHandset], before: &[UntrackedSpan]) -> Known {
    let mut spans: HashMap<HandsetId, Vec<(Timestamp, Timestamp)>> = HashMap::new();
    for UntrackedHandset { handset, asked_at } in now {
        let to = asked_at.map_or(Timestamp::MAX, |at| at.checked_sub(GRACE).unwrap_or(at));
        spans.entry(handset.clone()).or_default().push((Timestamp::MIN, to));
    }
    for UntrackedSpan { handset, from, to } in before {
        spans.entry(handset.clone()).or_default().push((*from, *to));
    }
    spans.into_iter().map(|(handset, spans)| (handset, Spans(spans.into()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_handset_is_noted_now_and_then() {
        let untracked = Untracked { known: watch::channel(None).1, noted: Mutex::default() };
        let at = |second| Timestamp::from_second(second).unwrap();
        let [one, other] = ["h1", "h2"].map(|id| HandsetId::new(id).unwrap());
        for (handset, second, is_due) in [
            (&one, 100, true),
            (&one, 114, false),
            (&other, 114, true),
            (&one, 115, true),
            (&one, 116, false),
            // The clock was set back.
            (&one, 50, true),
        ] {
            assert_eq!(untracked.is_due(handset, at(second)), is_due, "{handset} at {second} s");
        }
    }

    #[test]
    fn what_is_kept_goes_by_when_it_was_taken() {
        let at = |second| Timestamp::from_second(1_795_000_000 + second).unwrap();
        let named = |id: &str| HandsetId::new(id).unwrap();
        let now =
            |id: &str, asked: Option<i64>| UntrackedHandset { handset: named(id), asked_at: asked.map(at) };
        let span = |id: &str, from, to| UntrackedSpan { handset: named(id), from: at(from), to: at(to) };
        let known = known(
            &[now("untracked", None), now("in-need", Some(1_000))],
            &[span("again", 100, 200), span("again", 300, 400), span("in-need", 100, 200)],
        );
        for (handset, second, is_held) in [
            ("untracked", -9_000, true),
            ("untracked", 9_000, true),
            ("in-need", 150, true),
            ("in-need", 699, true),
            ("in-need", 700, false),
            ("in-need", 1_001, false),
            ("again", 99, false),
            ("again", 100, true),
            ("again", 199, true),
            ("again", 200, false),
            ("again", 300, true),
        ] {
            let spans = known.get(&named(handset)).unwrap();
            assert_eq!(spans.hold(at(second)), is_held, "{handset} at {second} s");
        }
        assert_eq!(known.get(&named("tracked")), None);
    }
}
