//! What a relative says about an incident.

use serde::{Deserialize, Serialize};

/// What a relative does, in one touch of a telephone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Is ringing the person up.
    Calling,
    /// Has spoken with the person, who is well.
    ReachedWell,
    /// Is on the way.
    Coming,
    /// Something else, in their own words.
    Other,
}

impl Answer {
    /// The name as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Calling => "calling",
            Self::ReachedWell => "reached_well",
            Self::Coming => "coming",
            Self::Other => "other",
        }
    }

    /// What a screen in simplified Chinese shows.
    pub fn label(self) -> &'static str {
        match self {
            Self::Calling => "正在打给老人",
            Self::ReachedWell => "联系上了，老人没事",
            Self::Coming => "我在路上",
            Self::Other => "其他",
        }
    }
}
