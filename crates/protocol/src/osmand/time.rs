//! Times as they stand in a report.

use crate::defect::Defects;
use model::Timestamp;
use serde_json::{Map, Value};

/// Where a report has its time.
pub(super) const KEY: &str = "timestamp";

/// Gives a time without a zone the only zone it can have here, UTC, and says so. Epoch seconds, milliseconds and
/// times with a zone are read as from any handset.
pub(super) fn settle_zone(object: &mut Map<String, Value>, defects: &mut Defects) {
    let Some(Value::String(text)) = object.get(KEY) else { return };
    let text = text.trim();
    let (plain, zoned) = (text.parse::<Timestamp>(), format!("{text}Z"));
    let is_epoch = text.parse::<f64>().is_ok();
    if plain.is_err() && !is_epoch && zoned.parse::<Timestamp>().is_ok() {
        defects.add(KEY, format!("{text} names no zone; it is taken as UTC"));
        object.insert(KEY.to_owned(), Value::String(zoned));
    }
}
