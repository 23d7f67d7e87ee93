//! Where a person is, what happens to them, and what a handset would measure of it. Pure: (state, now, generator) →
//! reading.
//!
//! To add a habit, give [`Habits`] a field and let [`Person`] choose a way for it; to add a place, put it into
//! `district` (once) or `place` (a lattice); to add a movement of the body, add it to [`Motion`].

mod battery;
mod district;
mod error;
mod motion;
mod person;
mod place;
mod sensor;
mod wander;
mod way;

pub use battery::Battery;
pub use district::{
    CANAL_WIDTH_M, bank_near, bus_stops, canal, demo_home, in_tunnel, to_canal_m, tunnel_near,
};
pub use error::{PositionError, Told};
pub use motion::{Motion, Window, Worn};
pub use person::{Habits, Person, Sky, Whereabouts};
pub use place::{Ground, in_dead_zone, market_near, park_near};
pub use sensor::{Reading, Sensor};
pub use wander::{Wandering, straight};
pub use way::{By, Leg, by_bus};
