//! The JSON of the GPS-one handset, one file a message.
//!
//! `payload` turns bytes into an object, with `salvage` for what is not quite JSON; `value` says what each kind of
//! value may look like; `fields` reads a member or records why not. The message files hold only what is theirs.

mod answer;
mod fall;
mod fields;
mod fix;
mod identity;
mod payload;
mod press;
mod salvage;
mod status;
mod value;

// What the dialects of telephones read with: their JSON is as varied, and their lies are the same.
pub(crate) use fields::{Fields, Told};
pub(crate) use fix::{ACCURACY_AT_MOST_M, SPEED_AT_MOST_MPS, found_by, read_accuracy, read_position};
pub(crate) use payload::{Opened, open_object};
pub(crate) use press::split;

pub use answer::{Answer, decode_answer};
pub use fall::{Fall, Samples, decode_fall};
pub use fix::{FIXES_AT_MOST, decode_fixes};
pub use press::{Press, Reading, decode_press};
pub use status::{Status, decode_status};
pub(crate) use value::storable;
