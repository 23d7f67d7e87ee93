//! Bytes ⇄ messages of the GPS-one handset, and what a message asks for. Nothing here waits, sends or reads a
//! clock: when a message reached us is an argument.
//!
//! - [`UpTopic`], [`down_topic`], [`may_read`]: which topic means what, and whose it is.
//! - `decode_*`: a payload becomes a message *and* the list of what could not be believed ([`Defect`]). Decoding
//!   never fails. It is lenient in what firmwares vary (a number in quotes, milliseconds for seconds, NULs of a C
//!   buffer at the end) and strict in what would lie about a person (latitude 99, 0/0, the year 1970).
//! - [`press_signal`], [`fall_signal`]: the signal a message asks for, with every remark an operator must see.
//! - [`Receipt`], [`Progress`]: what the handset hears back.
//!
//! To add a message kind: give it a file under `gps_one`, read it through `Fields` (which records a defect for
//! every refusal), and add it to [`UpKind`]. To add a dialect of another maker: a folder beside `gps_one` that
//! ends in the same types. A field that takes part in the identity of a press must set
//! [`Press::doubtful`] when it was there and could not be read: two presses must never be taken for one.
#![warn(missing_docs)]
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]
#![warn(clippy::wildcard_enum_match_arm)]

mod defect;
mod down;
mod gps_one;
mod intake;
mod seen;
mod topic;
mod track;

pub use defect::{Decoded, Defect};
pub use down::{Progress, Receipt, Stage};
pub use gps_one::{
    Answer, FIXES_AT_MOST, Fall, Press, Reading, Samples, Status, decode_answer, decode_fall, decode_fixes,
    decode_press, decode_status,
};
pub use intake::{Context, event_time, fall_signal, press_signal};
pub use topic::{DownKind, TopicError, UpKind, UpTopic, down_topic, filter_matches, may_read};
pub use track::{Believed, Track};
