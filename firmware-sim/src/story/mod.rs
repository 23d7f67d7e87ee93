//! Stories with names: each shows one thing the platform is for, to one of the people it is for.
//!
//! To add one, write a function in `scenes` that lays down a [`Script`], and add it to [`all`] with what it shows and to
//! whom. A story is laid down relative to the home of its resident, so that it can be told of any handset. What the platform makes of it
//! with the demo's own fences and policies stands in `crates/server/src/demo/watched_tests.rs`.

mod scenes;

use crate::life::{Life, Script, Traits};
use crate::seed;
use crate::world::{Ground, Habits};
use model::{HandsetId, Timestamp};
use rand::rngs::StdRng;
use std::time::Duration;

/// An old person's pace in stories.
const PACE_MPS: f64 = 0.8;

/// What a scene is made of: the home of the resident, and chance.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) home: Ground,
    pub(crate) rng: StdRng,
}

/// One story.
#[derive(Clone, Copy)]
pub struct Story {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it shows.
    pub shows: &'static str,
    /// Whom it is for.
    pub to: &'static str,
    /// The hour and minute in China at which it begins.
    pub begins: (u8, u8),
    /// The demo's handset it is told of unless another is named.
    pub handset: u32,
    traits: fn(&mut Traits),
    script: fn(&mut Stage) -> Script,
}

impl std::fmt::Debug for Story {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Story").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Story {
    /// What is laid down for a resident who lives there.
    pub fn script(&self, home: Ground, seed: u64) -> Script {
        let rng = seed::generator(seed, "story", self.name);
        (self.script)(&mut Stage { home, rng })
    }

    /// How long it lasts.
    pub fn lasting(&self, home: Ground, seed: u64) -> Duration {
        self.script(home, seed).lasting()
    }

    /// The life of the one it is about, from `start` on.
    pub fn life(&self, id: HandsetId, home: Ground, seed: u64, start: Timestamp) -> Life {
        let habits = Habits { pace_mps: Some(PACE_MPS), ..Habits::default() };
        let mut traits = Traits { tunnels: true, charge_pct: Some(82.0), habits, ..Traits::default() };
        (self.traits)(&mut traits);
        Life::of_a_story(id, home, &traits, self.script(home, seed), seed, start)
    }
}

/// The story of that name.
pub fn find(name: &str) -> Option<&'static Story> {
    all().iter().find(|story| story.name == name)
}

/// All stories, the plainest first.
pub fn all() -> &'static [Story] {
    &STORIES
}

fn plain(_: &mut Traits) {}

const STORIES: [Story; 13] = [
    Story {
        name: "fall-in-the-kitchen",
        shows: "a fall seen by the accelerometer, two minutes of silence, then the button: one incident, two signals, and \
                the handset says at each step how far help has come",
        to: "the old person, operators and station staff",
        begins: (10, 20),
        handset: 193,
        traits: plain,
        script: scenes::fall_in_the_kitchen,
    },
    Story {
        name: "false-alarm-cancel",
        shows: "somebody sits down hard, then presses by mistake and takes it back: nothing is closed by itself",
        to: "operators",
        begins: (15, 10),
        handset: 194,
        traits: plain,
        script: scenes::false_alarm_cancel,
    },
    Story {
        name: "nobody-at-the-desk",
        shows: "a press that no operator takes, told without --speed: after half a minute it rings at the supervisor's \
                desk, after a minute at the station and the family too, and then at all of them again",
        to: "the supervisor",
        begins: (12, 10),
        handset: 194,
        traits: plain,
        script: scenes::nobody_at_the_desk,
    },
    Story {
        name: "press-in-a-tunnel",
        shows: "a press without position and network, heard minutes later: late, and honest about where",
        to: "operators",
        begins: (9, 40),
        handset: 195,
        traits: plain,
        script: scenes::press_in_a_tunnel,
    },
    Story {
        name: "lost-at-dusk",
        shows: "a resident with dementia walks on and on, to the canal, and sits down in the dark; nobody presses",
        to: "operators and the family",
        begins: (16, 40),
        handset: 196,
        traits: plain,
        script: scenes::lost_at_dusk,
    },
    Story {
        name: "night-leaving",
        shows: "out of the door at half past two at night, to and fro before the house, round the block",
        to: "operators and the family",
        begins: (2, 30),
        handset: 197,
        traits: plain,
        script: scenes::night_leaving,
    },
    Story {
        name: "pacing-at-the-gate",
        shows: "an afternoon's restlessness in its three kinds: pacing, lapping, random",
        to: "the engineer who tunes the detector",
        begins: (17, 30),
        handset: 198,
        traits: plain,
        script: scenes::pacing_at_the_gate,
    },
    Story {
        name: "bus-to-market",
        shows: "by bus over the canal and back at eight metres a second: nothing may be raised",
        to: "the engineer who fears false alarms",
        begins: (8, 30),
        handset: 199,
        traits: plain,
        script: scenes::bus_to_market,
    },
    Story {
        name: "drifting-at-home",
        shows: "two hours in an armchair with positions that jump and lie: nothing may be raised",
        to: "the engineer who fears false alarms",
        begins: (13, 0),
        handset: 200,
        traits: lying,
        script: scenes::drifting_at_home,
    },
    Story {
        name: "battery-forgotten",
        shows: "warnings at 20, 10 and 5 %, then silence and a button that does nothing, until somebody charges it",
        to: "the family and the administrator",
        begins: (14, 0),
        handset: 193,
        traits: forgetful,
        script: scenes::battery_forgotten,
    },
    Story {
        name: "taken-off",
        shows: "the handset lies on the table: taken off, put on again, on the charger overnight",
        to: "the family",
        begins: (20, 30),
        handset: 194,
        traits: plain,
        script: scenes::taken_off,
    },
    Story {
        name: "flood-after-outage",
        shows: "four hours without a network: the press comes first, then where she is now, then 1,440 old positions",
        to: "operators and the engineer",
        begins: (9, 0),
        handset: 195,
        traits: plain,
        script: scenes::flood_after_outage,
    },
    Story {
        name: "repeats-after-reboot",
        shows: "a modem that sends twice and a flash that forgets what was taken: nothing is doubled",
        to: "the engineer",
        begins: (11, 0),
        handset: 196,
        traits: plain,
        script: scenes::repeats_after_reboot,
    },
];

fn forgetful(traits: &mut Traits) {
    traits.forgets_charging = 1.0;
}

fn lying(traits: &mut Traits) {
    traits.lying_share = 0.4;
}

#[cfg(test)]
mod tests;
