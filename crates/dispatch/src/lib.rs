//! Dispatch: signals become incidents, incidents reach people, people act on them.
//!
//! - [`desk`]: the shell of the incident engine. Reads signals by cursor, fires deadlines, takes the acts of
//!   people; every decision is one transaction before anybody hears of it.
//! - [`candidates`]: which stations could be asked to go, as they stand now.
//! - [`live`]: the websocket of the dashboards: snapshot, cursor, what happened since.
//! - [`http`]: the API, sessions, health, the dashboards' files.
//! - [`outside`]: whom the ladder calls beyond the screens, and the sending of it.
//! - [`view`]: how incidents, residents and positions look from outside.
//! - [`health`]: what is wrong, said aloud. [`commands`]: what a handset is asked to do, in its own words.
//!
//! No rule is decided here: what happens to an incident is `incident`'s, who may see it is `access`'s.

pub mod candidates;
pub mod commands;
pub mod desk;
pub mod health;
pub mod http;
pub mod live;
pub mod outside;
mod trouble;
pub mod view;

use bus::Bus;
use std::sync::Arc;
use store::{Clock, StationLoad, Store, StoreError};

/// Whether nobody may have this name, because what the platform does by itself stands under it.
pub fn is_reserved(username: &str) -> bool {
    ["system", desk::PLATFORM].iter().any(|own| username.eq_ignore_ascii_case(own))
}

/// What every part of dispatch works with; cheap to clone.
#[derive(Debug, Clone)]
pub struct Shared {
    /// What is on disk.
    pub store: Store,
    /// Hints, live positions, unsaved presses.
    pub bus: Arc<dyn Bus>,
    /// The time.
    pub clock: Clock,
    /// What is wrong.
    pub health: health::Health,
}

impl Shared {
    /// All stations by name; those that cannot be read are said in the health.
    pub(crate) async fn stations(&self) -> Result<Vec<StationLoad>, StoreError> {
        let found = self.store.stations().await?;
        self.health.rows_unreadable("stations", &found.broken, self.clock.now());
        Ok(found.whole)
    }

    /// Says in the health which rows of a log were stepped over. Nobody reads them again, so it is said until the next start.
    pub(crate) fn stepped_over(&self, kind: &'static str, rows: &[String]) {
        if !rows.is_empty() {
            self.health.more_rows_unreadable(kind, rows, self.clock.now());
        }
    }
}
