//! In whose hands a handset is.

/// Whether a handset is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandsetState {
    /// It is.
    Active,
    /// Nobody carries it any more. Its presses are taken all the same: somebody may have found it in a drawer.
    Retired,
    /// It is in wrong hands, and cut off.
    Stolen,
}

impl HandsetState {
    const ALL: [Self; 3] = [Self::Active, Self::Retired, Self::Stolen];

    /// The state's name on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Stolen => "stolen",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}
