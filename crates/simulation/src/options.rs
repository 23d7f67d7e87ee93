//! What can be chosen about a world besides its seed.

use crate::Sabotage;
use serde::{Deserialize, Serialize};

/// How a world is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Everything breaks for so many steps; then all faults end, and what must follow is waited for.
    pub events: u64,
    /// The way in which its shell is broken on purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sabotage: Option<Sabotage>,
}

impl Default for Options {
    fn default() -> Self {
        Self { events: 200, sabotage: None }
    }
}
