//! What is known of a resident that decides how much is watched, and how grave it is.

use serde::{Deserialize, Serialize};

/// A resident's policy; what is not said is no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Loses the way: zones shared by all are watched, and what is found weighs more.
    pub dementia: bool,
    /// Nobody else in the home would notice.
    pub lives_alone: bool,
    /// Goes out with a companion as a rule: patterns of wandering must be plainer.
    pub companion: bool,
    /// Whether zones shared by all are watched, where that differs from `dementia`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zones: Option<bool>,
    /// Whether wandering is looked for; yes unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wandering: Option<bool>,
    /// Whether leaving the usual ground is looked for, where that differs from `dementia`. It needs four weeks of habits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub habits: Option<bool>,
    /// Whether a day without movement is looked for, where that differs from `lives_alone`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inactivity: Option<bool>,
}

impl Policy {
    /// Whether rivers, roads and railways alarm for this resident.
    pub fn watches_zones(&self) -> bool {
        self.zones.unwrap_or(self.dementia)
    }

    /// Whether wandering is looked for.
    pub fn watches_wandering(&self) -> bool {
        self.wandering.unwrap_or(true)
    }

    /// Whether leaving the usual ground is looked for.
    pub fn watches_habits(&self) -> bool {
        self.habits.unwrap_or(self.dementia)
    }

    /// Whether a day without movement is looked for.
    pub fn watches_inactivity(&self) -> bool {
        self.inactivity.unwrap_or(self.lives_alone)
    }
}
