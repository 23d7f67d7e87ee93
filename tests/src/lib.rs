//! The whole platform as a fixture: the real binary on a data folder and ports of its own, and everybody who
//! talks to it.
//!
//! - [`platform`] starts, kills and restarts `jujiale serve`; nothing it started outlives the test.
//! - [`account`] is a person at the HTTP API, [`live`] the same person's screen.
//! - [`load`] is a crowd of them; [`figures`] is what benchmarks share, [`timetable`] when they act, [`goals`] what they are to reach.
//! - [`redis`] is a Redis that can be stopped, killed and emptied; [`mosquitto`] is a broker to measure beside.
//! - [`handset`] is a handset that behaves; [`wire`] is bytes on a socket, for those that do not.
//! - [`certificate`] is an authority that issues certificates for it.
//! - [`log`] is what a client has heard so far, with a way to wait for more; [`clock`] is time and patience;
//!   [`tools`] finds programs and says which Debian package has a missing one.
//!
//! A test waits for conditions, never for a while: [`clock::until`] asks again and again, [`log::Log::find`]
//! wakes when something arrives. Each test prints the tail of the platform's log when it ends; the test runner
//! shows it only if the test failed. `JJL_SOAK=1` makes those of faults and races long ([`clock::soak`], [`clock::again`]).

pub mod account;
pub mod certificate;
pub mod clock;
pub mod figures;
pub mod goals;
pub mod handset;
pub mod live;
pub mod load;
pub mod log;
pub mod mosquitto;
pub mod platform;
pub mod redis;
pub mod timetable;
pub mod tools;
pub mod wire;

pub use account::{Account, Answer};
pub use certificate::Authority;
pub use clock::{PATIENCE, until};
pub use goals::Goals;
pub use handset::{Handset, press};
pub use live::Live;
pub use load::Load;
pub use mosquitto::Mosquitto;
pub use platform::{Platform, Setup};
pub use redis::Redis;
pub use timetable::Timetable;
