//! Where a person is, and what a handset would measure of it. Pure: (state, now, generator) → reading.

mod battery;
mod person;
mod place;
mod sensor;

pub use battery::Battery;
pub use person::{Person, Whereabouts};
pub use place::{Ground, in_dead_zone, market_near, park_near};
pub use sensor::{Reading, Sensor};
