//! Fixes that are not judged, each with its reason: none is passed over in silence.

/// Why a fix, or what it says of a zone, is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassedOver {
    /// It is not newer than the newest: it belongs to the track.
    History,
    /// Its radius is so wide that it says nothing.
    Vague,
    /// Nobody can have got there; it waits for a second one that agrees with it.
    Outlier,
    /// So many zones are nearer that one of them is not looked at.
    Crowded,
}

impl PassedOver {
    /// As it is called among the figures.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::History => "history",
            Self::Vague => "vague",
            Self::Outlier => "outlier",
            Self::Crowded => "crowded",
        }
    }
}
