//! The websocket of the dashboards.
//!
//! One [`hub`] follows the log of incident events, keeps the open incidents as they look now, and tells every
//! connection. A [`connection`] begins with a snapshot, or with what it missed since its cursor, and then
//! passes on what its account may see. A connection that cannot keep up is closed with [`TOO_SLOW`] and comes
//! back with its cursor; it never slows another. What of it calls somebody at the desk, in the family or at a station (`sounding`),
//! and what their page answers, is noted beside (`on_screens`).

mod attendance;
pub mod connection;
mod cursor;
mod frame;
pub mod hub;
mod in_words;
mod on_screens;
mod said_on_duty;
mod screens;
mod sounding;

pub(crate) use attendance::Attendance;
pub use cursor::Cursor;
pub use frame::{Frame, Snapshot};
pub use hub::{Hub, News};
pub use in_words::frames_in_words;
pub use screens::SCREENS_PER_ACCOUNT;
pub(crate) use screens::Screens;

/// Close code: the client did not read fast enough; resume.
pub const TOO_SLOW: u16 = 4008;
/// Close code: the session has ended; log in again.
pub const SESSION_ENDED: u16 = 4001;
/// Close code: the account has more screens up than one may have, and this one gave way; come back after a while.
pub const TOO_MANY: u16 = 4009;
