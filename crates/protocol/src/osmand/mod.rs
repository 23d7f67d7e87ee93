//! OsmAnd's protocol, as OsmAnd and Traccar Client speak it: a query form, the same as a form in the body, and JSON.
//!
//! `split` takes the id out, which is the phone's credential and must not be kept with what it said; `form` and `json`
//! bring both shapes to reports; `time` reads their times. The speed is in knots in the form, in metres a second in
//! JSON. `alarm=sos` is a press of the emergency button, whatever else can be read.

mod form;
mod id;
mod json;
mod report;
mod time;

pub use id::{OsmAndId, OsmAndIdError, split};

use crate::defect::{Decoded, Defects};
use crate::{Press, Status};
use model::{Fix, Timestamp};

/// What a phone reported.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// Every position that would not lie, in the order sent.
    pub fixes: Vec<Fix>,
    /// The emergency button; almost always none.
    pub presses: Vec<Press>,
    /// What it says of itself.
    pub status: Status,
    /// It says something that is neither a position nor a press: an event, another alarm, cells without a position.
    pub says_more: bool,
}

/// Reads what [`split`] left of a report. Every press that is in it is there, also if nothing else can be read.
pub fn decode_osmand(rest: &[u8], received_at: Timestamp) -> Decoded<Report> {
    let mut defects = Defects::default();
    let report = if is_json(rest) {
        json::read(rest, received_at, &mut defects)
    } else {
        form::read(rest, received_at, &mut defects)
    };
    defects.with(report)
}

/// Whether it is the JSON form; a query form never begins like that.
pub fn is_json(payload: &[u8]) -> bool {
    let text = payload.strip_prefix(b"\xef\xbb\xbf").unwrap_or(payload);
    matches!(text.iter().find(|byte| !byte.is_ascii_whitespace()), Some(b'{' | b'['))
}
