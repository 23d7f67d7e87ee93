//! Virtual GPS-one handsets and the people who carry them: the demo's life, the load of benchmarks, and the
//! other side of every fault test.
//!
//! The parts, from the pure to the wet:
//!
//! - [`world`]: a person who walks between home, market and park, and what a handset would measure of that.
//!   Pure: time and randomness are arguments.
//! - [`handset`]: the firmware as a state machine without sockets. It turns readings and button presses into
//!   messages, keeps what is not acknowledged, and repeats a press until its receipt comes. Pure.
//! - [`Life`]: one person with one handset and everything that goes wrong for them: dead zones, outages, reboots,
//!   wrong clocks. Pure; the same seed and start give the same messages.
//! - [`story`]: lives with names, laid down beforehand, one for each user of the platform.
//! - [`offline`]: a life without a network, as the messages it would send.
//! - [`Driver`]: performs what a life asks for, on a real clock and through a [`Radio`] (rumqttc).
//! - [`run_fleet`], [`hammer`]: many lives at once.
//! - [`load`]: tens of thousands of plain handsets from one thread, to measure the platform.
//!
//! To add a fault of the field, add it to [`Traits`] and let [`Life`] act it out; to add a message kind, add it to
//! [`handset::Handset`]. The driver and the radio need to know neither.

mod clock;
mod driver;
mod fleet;
pub mod hammer;
pub mod handset;
mod life;
pub mod load;
mod observer;
pub mod offline;
mod radio;
pub mod seed;
pub mod story;
pub mod world;

pub use clock::Clock;
pub use driver::{Actor, Driver};
pub use fleet::{FOR_STORIES, FleetConfig, FleetHandset, made_up_handsets, run_fleet, run_fleet_observed};
pub use life::{Act, Life, Plan, Script, Traits};
pub use observer::{Observer, Tally};
pub use radio::{Radio, RadioConfig, RadioEvent};
