//! Who can be there, and the name under which the processes tell each other of it.

use model::{HandsetId, StationId};

/// What stands before a station's id. No handset's id can hold a stroke, so none is taken for the other.
const STATION: &str = "station/";

/// A handset that has a session, or a station of which a screen is up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Present {
    Handset(HandsetId),
    Station(StationId),
}

impl Present {
    /// The handset, if it is one.
    pub(crate) fn handset(&self) -> Option<&HandsetId> {
        match self {
            Self::Handset(handset) => Some(handset),
            Self::Station(_) => None,
        }
    }

    /// Its name among all.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Handset(handset) => handset.to_string(),
            Self::Station(station) => format!("{STATION}{station}"),
        }
    }

    /// Whose name that is; nothing if it is nobody's.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name.strip_prefix(STATION) {
            Some(station) => StationId::new(station).ok().map(Self::Station),
            None => HandsetId::new(name).ok().map(Self::Handset),
        }
    }
}

impl From<&HandsetId> for Present {
    fn from(handset: &HandsetId) -> Self {
        Self::Handset(handset.clone())
    }
}

impl From<&StationId> for Present {
    fn from(station: &StationId) -> Self {
        Self::Station(station.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_station_is_never_taken_for_a_handset_of_the_same_name() {
        let (handset, station) =
            (HandsetId::new("east").expect("an id"), StationId::new("east").expect("an id"));
        let both = [Present::from(&handset), Present::from(&station)];
        assert_ne!(both[0], both[1]);
        for one in both {
            assert_eq!(Present::named(&one.name()), Some(one.clone()), "{one:?}");
        }
        for name in ["", "station/", "station/a b", "desk/east", "not an id"] {
            assert_eq!(Present::named(name), None, "{name:?}");
        }
    }
}
