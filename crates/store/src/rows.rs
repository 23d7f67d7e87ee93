//! From stored values to words, with an error that names what is broken.

use crate::StoreError;
use model::{Division, HandsetId, IncidentId, ResidentId, StationId, Timestamp};
use serde::de::DeserializeOwned;

pub(crate) fn time(what: &'static str, micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|error| broken(what, &error))
}

pub(crate) fn handset(what: &'static str, text: String) -> Result<HandsetId, StoreError> {
    HandsetId::new(text).map_err(|error| broken(what, &error))
}

pub(crate) fn resident(what: &'static str, text: String) -> Result<ResidentId, StoreError> {
    ResidentId::new(text).map_err(|error| broken(what, &error))
}

pub(crate) fn station(what: &'static str, text: String) -> Result<StationId, StoreError> {
    StationId::new(text).map_err(|error| broken(what, &error))
}

pub(crate) fn division(what: &'static str, text: String) -> Result<Division, StoreError> {
    Division::new(text).map_err(|error| broken(what, &error))
}

pub(crate) fn incident(what: &'static str, text: String) -> Result<IncidentId, StoreError> {
    IncidentId::new(text).map_err(|error| broken(what, &error))
}

pub(crate) fn document<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| broken(what, &error))
}

pub(crate) fn broken(what: &'static str, problem: &dyn std::fmt::Display) -> StoreError {
    StoreError::Broken { what, problem: problem.to_string() }
}

/// Rows of which each was read by itself: one that is damaged hides none of the others.
#[derive(Debug, Clone)]
pub struct Sifted<T> {
    /// Those that could be read, in their order.
    pub whole: Vec<T>,
    /// The others: which row it is, and why it cannot be read.
    pub broken: Vec<String>,
}

impl<T> Sifted<T> {
    /// How many could not be read: by so many rows the next look must reach further.
    pub fn passed_over(&self) -> u32 {
        u32::try_from(self.broken.len()).unwrap_or(u32::MAX)
    }
}

/// Of rows with their names.
impl<T> FromIterator<(String, Result<T, StoreError>)> for Sifted<T> {
    fn from_iter<I: IntoIterator<Item = (String, Result<T, StoreError>)>>(rows: I) -> Self {
        let (mut whole, mut broken) = (Vec::new(), Vec::new());
        for (name, row) in rows {
            match row {
                Ok(row) => whole.push(row),
                Err(error) => broken.push(format!("{name}: {error}")),
            }
        }
        Self { whole, broken }
    }
}
