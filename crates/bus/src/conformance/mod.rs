//! What every implementation of [`Bus`] must hold. Call [`holds`] from a test beside it; it panics with
//! what is broken.
//!
//! Every part gets two ends of a bus of its own: what two processes of one store hold. An implementation for
//! one process gives the same bus twice. What goes from one end to the other takes a moment, so the suite waits
//! for it; what must not happen is looked for after something that came later has arrived.

mod boards;
mod hints;

use crate::{Bus, Heard, Hint};
use model::HandsetId;
use std::{sync::Arc, time::Duration};
use tokio::time::{sleep, timeout};

/// Two ends of one bus.
pub type Ends = [Arc<dyn Bus>; 2];

/// How long anything may take on a machine busy with other tests.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a condition is looked at again.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Runs the whole suite, each part on a bus of its own.
pub async fn holds(ends: impl Fn() -> Ends) {
    hints::keep_their_order(&ends()).await;
    hints::reach_the_other_end_in_their_order(&ends()).await;
    hints::reach_those_whose_share_they_concern(&ends()).await;
    hints::that_flood_are_heard_as_a_gap(&ends()).await;
    boards::an_older_position_never_replaces_a_newer(&ends()).await;
    boards::the_newest_position_is_known_at_both_ends(&ends()).await;
    boards::unsaved_presses_stay_until_they_are_saved(&ends()).await;
    boards::a_press_saved_at_one_end_leaves_the_other(&ends()).await;
    boards::who_is_online_is_known_at_both_ends(&ends()).await;
    boards::a_station_is_there_wherever_its_screen_is(&ends()).await;
    boards::a_crowd_comes_and_goes(&ends()).await;
    boards::a_healthy_bus_says_so(&ends()).await;
}

fn handset(name: &str) -> HandsetId {
    HandsetId::new(name).expect("a valid id")
}

/// Waits until it is so.
pub async fn until(what: &str, is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            sleep(LOOK_EVERY).await;
        }
    };
    assert!(timeout(PATIENCE, wait).await.is_ok(), "waited {PATIENCE:?} for this: {what}");
}

/// Waits until what one end tells is heard at the other.
pub async fn joined(from: &Arc<dyn Bus>, to: &Arc<dyn Bus>) {
    let mut listener = to.listen();
    let call = Hint::Down(handset("is-anybody-there"));
    let heard = async {
        loop {
            from.hint(call.clone());
            let hear = async { while listener.hear().await != Heard::Hint(call.clone()) {} };
            if timeout(LOOK_EVERY * 5, hear).await.is_ok() {
                return;
            }
        }
    };
    assert!(timeout(PATIENCE, heard).await.is_ok(), "one end does not hear the other");
}
