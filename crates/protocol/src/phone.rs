//! What the dialects of telephones have in common: they say -1 or 0 for what they do not know, and never how a
//! position was found.

use crate::gps_one::{Fields, found_by, read_accuracy};
use model::Method;

/// A value from 0 to `most`. A negative one says that the telephone does not know, which is no fault of its own.
pub(crate) fn known(fields: &mut Fields<'_>, key: &str, most: f64) -> Option<f64> {
    match number(fields, key) {
        Some(number) if number < 0.0 => None,
        Some(_) | None => fields.number_within(key, 0.0, most),
    }
}

/// How the position was found, by how far it may be off.
pub(crate) fn read_method(fields: &mut Fields<'_>, key: &str, cut_off: bool) -> (Method, f64) {
    found_by(read_radius(fields, key), cut_off)
}

/// How far a position may be off. Zero says that it is not known.
pub(crate) fn read_radius(fields: &mut Fields<'_>, key: &str) -> Option<f64> {
    let is_unknown = number(fields, key).is_some_and(|number| number == 0.0);
    if is_unknown { None } else { read_accuracy(fields, key) }
}

/// A number, also in quotes, that nobody has judged.
fn number(fields: &Fields<'_>, key: &str) -> Option<f64> {
    let value = fields.get(key)?;
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}
