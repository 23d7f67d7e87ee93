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
