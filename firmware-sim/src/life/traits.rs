//! What is wrong with a handset and its surroundings, and what its person does.

use crate::handset::Answers;
use crate::world::{Habits, Worn};
use model::SignedDuration;
use std::time::Duration;

/// What is wrong with a handset, its surroundings and its person. The default: nothing.
#[derive(Debug, Clone, Default)]
pub struct Traits {
    /// What its clock shows more than the true time.
    pub clock_error: SignedDuration,
    /// Whether there are places without a network.
    pub dead_zones: bool,
    /// Whether underpasses swallow satellites and network.
    pub tunnels: bool,
    /// The network fails now and then, on average this often.
    pub outage_every: Option<Duration>,
    /// The handset starts anew now and then, on average this often.
    pub reboot_every: Option<Duration>,
    /// After a start it sends once more what was acknowledged last.
    pub forgets_acknowledgements: bool,
    /// The share of fix messages its modem sends twice.
    pub sends_twice: f64,
    /// The share of conditions in which it tells a far smaller radius than is true.
    pub lying_share: f64,
    /// How often charging is forgotten when it is needed.
    pub forgets_charging: f64,
    /// What is in the battery at the start, in percent; by chance if absent.
    pub charge_pct: Option<f64>,
    /// What the person does of their own accord.
    pub habits: Habits,
    /// Where it is worn.
    pub worn: Worn,
    /// What the person says when they are asked whether all is well.
    pub answers: Answers,
}

/// What it does, and how often things happen.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Switched on that long after the start.
    pub starts_after: Duration,
    /// Measures a position this often.
    pub fix_every: Duration,
    /// The first press comes that long after the start; without it, by chance like the others.
    pub first_press_after: Option<Duration>,
    /// Further presses, on average this often; absent: none.
    pub press_every: Option<Duration>,
    /// No press is made later than that after the start.
    pub presses_until: Option<Duration>,
    /// The share of presses that are taken back soon after.
    pub taken_back: f64,
    /// Falls, on average this often; absent: none.
    pub fall_every: Option<Duration>,
    /// What may look like a fall, on average this often; absent: none.
    pub near_fall_every: Option<Duration>,
}
