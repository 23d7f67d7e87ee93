//! Bytes ⇄ messages of the GPS-one handset and of the telephones that stand in for one, and what a message asks for.
//! Nothing here waits, sends or reads a clock: when a message reached us is an argument.
//!
//! - [`UpTopic`], [`PhoneName`], [`down_topic`]: which topic means what. [`Rights`]: whose it is.
//! - `decode_*`: a payload becomes a message *and* the list of what could not be believed ([`Defect`]). Decoding
//!   never fails. It is lenient in what firmwares vary (a number in quotes, milliseconds for seconds, NULs of a C
//!   buffer at the end) and strict in what would lie about a person (latitude 99, 0/0, the year 1970).
//! - [`press_signal`], [`fall_signal`]: the signal a message asks for, with every remark an operator must see.
//! - [`Receipt`], [`Progress`], [`Command`]: what the handset hears back.
//! - [`decode_owntracks`], [`decode_osmand`]: the dialects of telephones, one folder each. They number nothing, so
//!   `sameness` makes the numbers by which a repeat is known.
//!
//! To add a message kind: give it a file under `gps_one`, read it through `Fields` (which records a defect for
//! every refusal), and add it to [`UpKind`]. To add a dialect of another maker: a folder beside `gps_one` that
//! ends in the same types, and a kind in [`UpKind`] for the whole of it. A field that takes part in the identity of
//! a press must set [`Press::doubtful`] when it was there and could not be read: two presses must never be taken for
//! one.
#![warn(missing_docs)]
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]
#![warn(clippy::wildcard_enum_match_arm)]

mod defect;
mod down;
mod gps_one;
mod intake;
mod osmand;
mod owntracks;
mod phone;
mod placeless;
mod rights;
mod sameness;
mod seen;
mod stepped;
mod topic;
mod track;

pub use defect::{Decoded, Defect};
pub use down::{Command, CommandKind, Progress, Receipt, Stage};
pub use gps_one::{
    Answer, FIXES_AT_MOST, Fall, Press, Reading, Samples, Status, decode_answer, decode_fall, decode_fixes,
    decode_press, decode_status,
};
pub use intake::{Context, event_time, fall_signal, press_signal};
pub use osmand::{
    OsmAndId, OsmAndIdError, Report, decode_osmand, is_json as is_osmand_json, split as split_osmand,
};
pub use owntracks::{
    Location, NONCE_BYTES, OwnTracks, OwnTracksCommand, Passphrase, PhoneName, PhoneNameError, SealError,
    Transition, Waypoint, decode_owntracks, told_topic,
};
pub use placeless::without_place;
pub use rights::Rights;
pub use topic::{DownKind, TopicError, UpKind, UpTopic, down_topic, filter_matches, may_read};
pub use track::{Believed, Track};
