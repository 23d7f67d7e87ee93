//! Hints: order, shares, gaps, the other end.

use super::{Ends, PATIENCE, handset, joined};
use crate::{Heard, Hint, Listener, Share};
use tokio::time::timeout;

/// Enough to fall out of order if they could.
const MANY: usize = 300;

/// The next hint; a gap may come at any time and is passed over.
async fn hint(listener: &mut Listener) -> Hint {
    let next = async {
        loop {
            match listener.hear().await {
                Heard::Hint(hint) => return hint,
                Heard::Gap => {}
                Heard::Ended => unreachable!("the bus is alive"),
            }
        }
    };
    timeout(PATIENCE, next).await.expect("a hint")
}

fn downs() -> Vec<Hint> {
    (0..MANY).map(|number| Hint::Down(handset(&format!("h-{number}")))).collect()
}

pub(super) async fn keep_their_order([bus, _]: &Ends) {
    let mut listener = bus.listen();
    let told = [Hint::Signals, Hint::Down(handset("a")), Hint::Down(handset("b")), Hint::Incidents];
    for hint in &told {
        bus.hint(hint.clone());
    }
    for told in told {
        assert_eq!(hint(&mut listener).await, told);
    }
}

pub(super) async fn reach_the_other_end_in_their_order(ends: &Ends) {
    for [from, to] in [[&ends[0], &ends[1]], [&ends[1], &ends[0]]] {
        let mut listener = to.listen();
        joined(from, to).await;
        for told in downs().into_iter().chain([Hint::Incidents]) {
            from.hint(told);
        }
        let mut heard = Vec::new();
        loop {
            match timeout(PATIENCE, listener.hear()).await.expect("the last of the hints") {
                Heard::Hint(Hint::Incidents) => break,
                Heard::Hint(told) => heard.push(told),
                // What was heard before the gap says nothing about what comes after.
                Heard::Gap => heard.clear(),
                Heard::Ended => unreachable!("the bus is alive"),
            }
        }
        let places: Vec<_> =
            heard.iter().filter_map(|told| downs().iter().position(|expected| expected == told)).collect();
        assert!(places.is_sorted(), "out of order: {places:?}");
        assert!(places.last() == Some(&(MANY - 1)), "the last ones are missing: {places:?}");
    }
}

pub(super) async fn reach_those_whose_share_they_concern(ends: &Ends) {
    let share = |nth| Share::nth_of(nth, 2).expect("a half");
    joined(&ends[0], &ends[1]).await;
    let mut halves = [ends[1].listen_to(share(0)), ends[1].listen_to(share(1))];
    joined(&ends[0], &ends[1]).await;
    for told in downs().into_iter().chain([Hint::Incidents]) {
        ends[0].hint(told);
    }
    for (nth, listener) in halves.iter_mut().enumerate() {
        let mut heard = 0;
        loop {
            match hint(listener).await {
                Hint::Incidents => break,
                Hint::Down(handset) => {
                    let is_its = share(u8::try_from(nth).expect("small")).holds(handset.as_str());
                    assert!(is_its, "{handset} is not of this share");
                    heard += 1;
                }
                Hint::Signals | Hint::Unsaved => {}
            }
        }
        assert!(heard > 0, "a half hears of nobody");
    }
}

pub(super) async fn that_flood_are_heard_as_a_gap([bus, _]: &Ends) {
    let mut listener = bus.listen();
    for _ in 0..100_000 {
        bus.hint(Hint::Signals);
    }
    bus.hint(Hint::Incidents);
    let mut gap = false;
    loop {
        match timeout(PATIENCE, listener.hear()).await.expect("the end of the flood") {
            Heard::Hint(Hint::Incidents) => break,
            Heard::Gap => gap = true,
            Heard::Hint(_) => {}
            Heard::Ended => unreachable!("the bus is alive"),
        }
    }
    assert!(gap, "a listener that lost hints must be told so");
}
