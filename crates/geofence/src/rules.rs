//! The numbers the engine works by, each with how it was sized. A changed set is a new version, can be tried on recorded
//! fixes before it goes live, and stands in the evidence of every signal.

use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    /// From here on nobody walks.
    pub vehicle_mps: f64,
    /// No fix is reached faster than this; what would have to be is an outlier until a second one agrees.
    pub impossible_mps: f64,
    /// A side that no fix has supported for so long is told as unknown.
    pub unknown_after_s: f64,
    /// The most that may lie between two fixes with a forbidden area between them.
    pub cross_within_s: f64,
}

/// Why a version of the rules cannot be tried.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// A number by a name that nobody knows: a slip there would try nothing and say so to nobody.
    #[error("there is no rule {0:?}")]
    Unknown(String),
    /// Not of the form.
    #[error("it is no object of rules")]
    Form(#[source] serde_json::Error),
    /// A number the engine cannot work by.
    #[error(transparent)]
    Number(#[from] NumberError),
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

impl Rules {
    /// Reads the numbers that differ from the usual ones: an object of them, or a residents' file that has one.
    pub fn from_json(value: &Value) -> Result<Self, RulesError> {
        let own = value.get("rules").unwrap_or(value);
        let known = serde_json::to_value(Self::default()).map_err(RulesError::Form)?;
        let unknown =
            own.as_object().into_iter().flat_map(|own| own.keys()).find(|key| known.get(key).is_none());
        if let Some(key) = unknown {
            return Err(RulesError::Unknown(key.clone()));
        }
        let rules: Self = serde_json::from_value(own.clone()).map_err(RulesError::Form)?;
        rules.check()?;
        Ok(rules)
    }

    /// Whether the engine can work by these numbers: they are numbers, and none of them asks for a look without end.
    pub fn check(&self) -> Result<(), NumberError> {
        const DAY_S: f64 = 86_400.0;
        let bounds = [
            ("threshold", self.threshold, 0.1, 1_000.0),
            ("fix_at_most", self.fix_at_most, 0.01, 1_000.0),
            ("repeat_s", self.repeat_s, 60.0, 30.0 * DAY_S),
            ("zone_dwell_s", self.zone_dwell_s, 0.0, DAY_S),
            ("vehicle_mps", self.vehicle_mps, 0.1, 1_000.0),
            ("impossible_mps", self.impossible_mps, 1.0, 1e6),
            ("unknown_after_s", self.unknown_after_s, 0.0, 365.0 * DAY_S),
            ("cross_within_s", self.cross_within_s, 0.0, DAY_S),
        ];
        let steps = self.steps_m.map(|step_m| ("steps_m", step_m, 1.0, 1e6));
        let wrong =
            bounds.into_iter().chain(steps).find(|(_, value, least, most)| !(least..=most).contains(&value));
        match wrong {
            Some((name, value, least, most)) => Err(NumberError { name, value, least, most }),
            None => Ok(()),
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            version: "2026.11.1".to_owned(),
            threshold: 7.2,
            fix_at_most: 6.2,
            repeat_s: 1_800.0,
            steps_m: [500.0, 1_000.0, 2_000.0],
            zone_dwell_s: 90.0,
            vehicle_mps: 4.5,
            impossible_mps: 40.0,
            unknown_after_s: 3_600.0,
            cross_within_s: 600.0,
        }
    }
}
