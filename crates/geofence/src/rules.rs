//! The numbers the engine works by, each with how it was sized. A changed set is a new version, can be tried on recorded
//! fixes before it goes live, and stands in the evidence of every signal.

use crate::wandering;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const DAY_S: f64 = 86_400.0;

/// The engine's numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// The version that evidence names.
    pub version: String,
    /// Evidence at which a side is believed, in natural logarithms. Wald's bound is `e^-threshold` false crossings for each
    /// independent run; 7.2 is one in 1,300.
    pub threshold: f64,
    /// The most evidence one fix can give: less than the threshold, so that none decides alone, and more than half, so that
    /// two clear ones do.
    pub fix_at_most: f64,
    /// Repeats of a signal while its episode lasts, in seconds.
    pub repeat_s: f64,
    /// Metres beyond the edge at which an exit is told again.
    pub steps_m: [f64; 3],
    /// How long somebody must be inside a zone shared by all. Two fixes at the usual interval; a bridge is crossed sooner.
    pub zone_dwell_s: f64,
    /// In no zone anything is told so soon after a ride: a bus that is held up on a bridge goes on before.
    pub ride_dwell_s: f64,
    /// From here on nobody walks.
    pub vehicle_mps: f64,
    /// No fix is reached faster than this; what would have to be is an outlier until a second one agrees.
    pub impossible_mps: f64,
    /// A side that no fix has supported for so long is told as unknown.
    pub unknown_after_s: f64,
    /// The most that may lie between two fixes with a forbidden area between them.
    pub cross_within_s: f64,
    /// The odds that a way leads nowhere from which on it is told, as a logarithm. The least at which ordinary walks stay quiet;
    /// learned with the table.
    pub wandering_limit: f64,
    /// So far from all usual ground, beyond what the error explains, is off it.
    pub off_usual_m: f64,
    /// A handset is late after so many of its own heartbeats: an MQTT broker gives up after as many.
    pub late_heartbeats: f64,
    /// And offline after so many.
    pub offline_heartbeats: f64,
    /// A battery is told of below this, once.
    pub battery_low_pct: f64,
    /// And again below this.
    pub battery_very_low_pct: f64,
    /// Taken off for a wash is no news.
    pub taken_off_after_s: f64,
    /// No rest by day that is shorter is told, whatever is usual.
    pub still_least_s: f64,
    /// A rest is told when it is so many times as long as the longest that was usual, or the whole day, unless that is usual too.
    pub still_times_usual: f64,
}

/// Why a version of the rules cannot be tried.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// A number by a name that nobody knows: a slip there would try nothing and say so to nobody.
    #[error("there is no rule {0:?}")]
    Unknown(String),
    /// Not of the form.
    #[error("it is no object of rules")]
    Form,
    /// A rule that is not what it should be.
    #[error("{name} cannot be read")]
    Field {
        /// Which.
        name: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A number the engine cannot work by.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// Other numbers under the name of the built-in ones: evidence would name a version that it was not.
    #[error("version is {0:?}; other numbers than the built-in ones need a name of their own")]
    Version(String),
}

/// A number the engine cannot work by.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{name} is {value}; it is a number from {least} to {most}")]
pub struct NumberError {
    /// Which number.
    pub name: &'static str,
    /// What it is.
    pub value: f64,
    /// What it must be at least.
    pub least: f64,
    /// And at most.
    pub most: f64,
}

impl RulesError {
    /// Which rule is wrong, if it is one of them.
    pub fn rule(&self) -> Option<&str> {
        match self {
            Self::Unknown(name) | Self::Field { name, .. } => Some(name),
            Self::Number(wrong) => Some(wrong.name),
            Self::Version(_) => Some("version"),
            Self::Form => None,
        }
    }
}

impl Rules {
    /// Reads the numbers that differ from the usual ones: an object of them, or a residents' file that has one.
    pub fn from_json(value: &Value) -> Result<Self, RulesError> {
        let own = value.get("rules").unwrap_or(value).as_object().ok_or(RulesError::Form)?;
        let known = json!(Self::default());
        if let Some(name) = own.keys().find(|name| known.get(name.as_str()).is_none()) {
            return Err(RulesError::Unknown(name.clone()));
        }
        // One by one, for the reader does not say which it stumbled over.
        for (name, value) in own {
            let alone = json!({ name.as_str(): value });
            let read = serde_json::from_value::<Self>(alone).map(drop);
            read.map_err(|source| RulesError::Field { name: name.clone(), source })?;
        }
        let rules: Self = serde_json::from_value(json!(own)).map_err(|_read_above| RulesError::Form)?;
        rules.check()?;
        Ok(rules)
    }

    /// The same for numbers that are to be worked by: whatever is told names its version, so others than the built-in ones have
    /// a name of their own.
    pub fn to_work_by(value: &Value) -> Result<Self, RulesError> {
        let (rules, built_in) = (Self::from_json(value)?, Self::default());
        let is_named = rules == built_in || (rules.version != built_in.version && !rules.version.is_empty());
        if is_named { Ok(rules) } else { Err(RulesError::Version(rules.version)) }
    }

    /// Whether the engine can work by these numbers: they are numbers, and none of them asks for a look without end.
    pub fn check(&self) -> Result<(), NumberError> {
        let steps = self.steps_m.map(|step_m| ("steps_m", step_m, 1.0, 1e6));
        let all = self.of_places().into_iter().chain(steps).chain(self.of_people());
        let wrong = all.into_iter().find(|(_, value, least, most)| !(least..=most).contains(&value));
        match wrong {
            Some((name, value, least, most)) => Err(NumberError { name, value, least, most }),
            None => Ok(()),
        }
    }

    fn of_places(&self) -> [Bounded; 9] {
        [
            ("threshold", self.threshold, 0.1, 1_000.0),
            ("fix_at_most", self.fix_at_most, 0.01, 1_000.0),
            ("repeat_s", self.repeat_s, 60.0, 30.0 * DAY_S),
            ("zone_dwell_s", self.zone_dwell_s, 0.0, DAY_S),
            ("ride_dwell_s", self.ride_dwell_s, 0.0, DAY_S),
            ("vehicle_mps", self.vehicle_mps, 0.1, 1_000.0),
            ("impossible_mps", self.impossible_mps, 1.0, 1e6),
            ("unknown_after_s", self.unknown_after_s, 0.0, 365.0 * DAY_S),
            ("cross_within_s", self.cross_within_s, 0.0, DAY_S),
        ]
    }

    /// A battery is armed again above 30 %, so nothing above that can be called low.
    fn of_people(&self) -> [Bounded; 9] {
        [
            ("wandering_limit", self.wandering_limit, -20.0, 20.0),
            ("off_usual_m", self.off_usual_m, 10.0, 100_000.0),
            ("late_heartbeats", self.late_heartbeats, 1.0, 1_000.0),
            ("offline_heartbeats", self.offline_heartbeats, self.late_heartbeats, 1_000.0),
            ("battery_low_pct", self.battery_low_pct, 0.0, 30.0),
            ("battery_very_low_pct", self.battery_very_low_pct, 0.0, self.battery_low_pct),
            ("taken_off_after_s", self.taken_off_after_s, 60.0, DAY_S),
            ("still_least_s", self.still_least_s, 1_800.0, DAY_S),
            ("still_times_usual", self.still_times_usual, 1.0, 100.0),
        ]
    }
}

/// A number by its name, and what it must be at least and at most.
type Bounded = (&'static str, f64, f64, f64);

impl Default for Rules {
    fn default() -> Self {
        Self {
            version: "2026.11.4".to_owned(),
            threshold: 7.2,
            fix_at_most: 6.2,
            repeat_s: 1_800.0,
            steps_m: [500.0, 1_000.0, 2_000.0],
            zone_dwell_s: 90.0,
            ride_dwell_s: 300.0,
            vehicle_mps: 4.5,
            impossible_mps: 40.0,
            unknown_after_s: 3_600.0,
            cross_within_s: 600.0,
            wandering_limit: wandering::LIMIT,
            off_usual_m: 250.0,
            late_heartbeats: 1.5,
            offline_heartbeats: 3.0,
            battery_low_pct: 20.0,
            battery_very_low_pct: 10.0,
            taken_off_after_s: 900.0,
            still_least_s: 4.0 * 3_600.0,
            still_times_usual: 1.5,
        }
    }
}
