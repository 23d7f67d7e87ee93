//! Which ladder runs: the newest that was saved and is one, else the built-in one.

use super::Desk;
use incident::{
    Ladder,
    ladder::{Problem, parse},
};
use std::time::Duration;
use store::{SavedLadder, Store, StoreError};
use tokio_util::sync::CancellationToken;

/// Ladders looked at before the built-in one is taken.
const TRIED: u32 = 20;
/// How often it is looked whether another process saved one, and whether its steps reach anybody.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// The newest ladder that can run, and what is wrong with the newest of all if that one cannot.
pub(crate) async fn newest_good(
    store: &Store,
) -> Result<(Option<(SavedLadder, Ladder)>, Vec<Problem>), StoreError> {
    let mut refused = Vec::new();
    for (place, saved) in store.ladders(TRIED).await?.into_iter().enumerate() {
        match parse(&saved.text) {
            Ok(ladder) => return Ok((Some((saved, ladder)), refused)),
            Err(problems) if place == 0 => refused = problems,
            Err(_older) => {}
        }
    }
    Ok((None, refused))
}

impl Desk {
    /// Takes the newest ladder that can run. A newer one that cannot is said aloud.
    pub async fn take_ladder(&self) -> Result<(), StoreError> {
        let (good, refused) = newest_good(&self.shared.store).await?;
        match refused.first() {
            Some(problem) => {
                let runs = good.as_ref().map_or("the built-in one", |_| "the last good one");
                let detail =
                    format!("the saved ladder cannot run ({problem}); {runs} does. Save it again, mended");
                self.shared.health.raise("ladder_refused", detail, self.shared.clock.now());
            }
            None => self.shared.health.clear("ladder_refused"),
        }
        self.run_ladder(good.map(|(_, ladder)| ladder).unwrap_or_default());
        Ok(())
    }
}

/// Takes up what other processes save, and looks whether its steps reach anybody, until stopped.
pub async fn follow(desk: Desk, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = desk.take_ladder().await {
            tracing::warn!(event = "ladder_unreadable", %error);
        }
        if let Some(outside) = &desk.outside
            && let Err(error) = outside.look(&desk.ladder()).await
        {
            tracing::warn!(event = "channels_unknown", %error);
        }
        stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await;
    }
}
