//! What a station can do besides going there, and which of it helps with what.

use crate::ladder::kinds;
use model::{Signal, SignalKind};
use serde::{Deserialize, Serialize};

/// What a station can do besides going there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Skill {
    /// Somebody there is trained in first aid.
    FirstAid,
    /// They lift and carry a person.
    Lifting,
    /// Somebody there knows how to be with people who have dementia.
    Dementia,
    /// They have a car, to search and to bring home.
    Vehicle,
    /// They keep spare keys of homes.
    Key,
}

/// The skills of which any helps with these signals; none if whoever is near is as good as another.
pub fn wanted(signals: &[Signal]) -> Vec<Skill> {
    let mut wanted: Vec<Skill> = kinds(signals).into_iter().flat_map(helps).copied().collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

fn helps(kind: SignalKind) -> &'static [Skill] {
    match kind {
        SignalKind::Fall => &[Skill::FirstAid, Skill::Lifting],
        // Somebody has to be looked for, and brought home.
        SignalKind::Wandering | SignalKind::FenceExit | SignalKind::ZoneEntry | SignalKind::Overdue => {
            &[Skill::Dementia, Skill::Vehicle]
        }
        // Nobody may come to the door.
        SignalKind::Inactivity => &[Skill::Key],
        SignalKind::Press
        | SignalKind::Call
        | SignalKind::Silence
        | SignalKind::LowBattery
        | SignalKind::TakenOff
        | SignalKind::LoginRefused
        | SignalKind::TwoPlaces => &[],
    }
}
