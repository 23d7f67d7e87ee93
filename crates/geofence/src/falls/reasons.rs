//! Why a window was judged as it was, in numbers and in words.

use super::measures::{Measures, NAMES};
use crate::number;
use crate::trees::Profile;
use serde::{Deserialize, Serialize};

/// What a human can check about the impact.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// How hard, averaged over 40 ms.
    pub impact_g: f64,
    /// How long in the second before it more than a third of gravity was missing.
    pub light_s: f64,
    /// By how much the posture after it differs from that before.
    pub turned_deg: f64,
    /// The longest rest within five seconds after it.
    pub still_s: f64,
    /// How many impacts of that size there were: steps and jumps come in rows.
    pub impacts: f64,
    /// The range of the sensor, if the impact went beyond it and was harder than could be measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clipped_at_g: Option<f64>,
}

/// Less is in every movement.
const IMPACT_WORTH_TELLING_G: f64 = 1.15;
/// A body that falls may bounce once.
const IMPACTS_WORTH_TELLING: f64 = 3.0;
/// Shorter dips are part of every step.
const LIGHT_WORTH_TELLING_S: f64 = 0.1;
/// Who still stands or sits as before has turned less.
const TURN_WORTH_TELLING_DEG: f64 = 25.0;
const REST_WORTH_TELLING_S: f64 = 1.0;

impl Findings {
    pub(super) fn new(measures: &Measures, clipped_at_g: Option<f64>) -> Self {
        let named = |name: &str| {
            let found = NAMES.iter().zip(measures).find(|(other, _)| **other == name);
            found.map_or(0.0, |(_, value)| *value)
        };
        Self {
            impact_g: named("peak_g"),
            light_s: named("light_s"),
            turned_deg: named("turned_deg"),
            still_s: named("still_s"),
            impacts: named("peaks"),
            clipped_at_g,
        }
    }

    /// As an operator is told it.
    pub(super) fn sentence_zh(&self, probability: f64, is_fall: bool) -> String {
        let is_hard = self.impact_g >= IMPACT_WORTH_TELLING_G;
        let mut parts = vec![match self.clipped_at_g {
            Some(range) => format!("冲击超过传感器量程 {} g", number::tenth(range)),
            None if is_hard => format!("冲击 {:.1} g", self.impact_g),
            None => "没有明显冲击".to_owned(),
        }];
        if self.light_s >= LIGHT_WORTH_TELLING_S {
            parts.push(format!("之前部分失重 {:.1} 秒", self.light_s));
        }
        if is_hard && self.impacts >= IMPACTS_WORTH_TELLING {
            parts.push(format!("前后共有 {:.0} 次类似冲击", self.impacts));
        }
        parts.push(if self.turned_deg >= TURN_WORTH_TELLING_DEG {
            format!("身体姿势改变 {:.0}°", self.turned_deg)
        } else {
            "身体姿势没有明显改变".to_owned()
        });
        parts.push(if self.still_s >= REST_WORTH_TELLING_S {
            format!("之后静止 {:.1} 秒", self.still_s)
        } else {
            "之后仍在活动".to_owned()
        });
        let word = if is_fall { "判断为跌倒" } else { "不像跌倒" };
        format!("{}；{word}（可能性 {}）", parts.join("，"), percent(probability))
    }
}

/// Never 0 % and never 100 %: nothing is that certain.
fn percent(probability: f64) -> String {
    let percent = probability * 100.0;
    if percent < 1.0 {
        "不到 1%".to_owned()
    } else if percent > 99.0 {
        "99% 以上".to_owned()
    } else {
        format!("{percent:.0}%")
    }
}

/// One measure and how far it pulled the judgement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pull {
    /// Which.
    pub measure: String,
    /// What it was.
    pub value: f64,
    /// What it added to the logarithm of the odds; below nothing it spoke against a fall.
    pub log_odds: f64,
}

/// More would not be read.
const PULLS: usize = 4;

impl Pull {
    pub(super) fn heaviest(profile: &Profile, measures: &Measures) -> Vec<Self> {
        let pulls = profile.pulls(measures);
        let named = NAMES.iter().zip(measures).zip(pulls);
        let mut all: Vec<Self> = named
            .map(|((name, value), log_odds)| Self { measure: (*name).to_owned(), value: *value, log_odds })
            .collect();
        all.sort_by(|one, other| other.log_odds.abs().total_cmp(&one.log_odds.abs()));
        all.truncate(PULLS);
        all
    }
}
