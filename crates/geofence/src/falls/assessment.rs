//! The judgement of one window.

use super::measures::Around;
use super::reasons::{Findings, Pull};
use super::trace::Trace;
use super::window::{self, Unusable, Window, Worn};
use super::{impact, weights};
use crate::signal::finding;
use crate::trees::probability;
use model::Finding;
use serde::{Deserialize, Serialize};

/// Goes up whenever the same window may be judged otherwise than before: new weights, new measures.
pub const VERSION: u32 = 1;

/// From here on a fall is raised before anybody is asked. Each profile was trained to have its best balance of falls found
/// and false alarms here, so that a probability means the same wherever the handset is worn.
pub const RAISED_FROM: f64 = 0.5;

/// What the detector says of one window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Which detector it was.
    pub version: u32,
    /// The profile it was judged by.
    pub worn: Worn,
    /// What came of it.
    pub verdict: Verdict,
}

/// A judgement, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The window was judged.
    Judged(Judged),
    /// It says nothing; a person must be asked.
    Unusable(Unusable),
}

/// A judgement with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// That this was a fall, from 0 to 1.
    pub probability: f64,
    /// What was measured round the impact, to be told in a sentence.
    pub findings: Findings,
    /// Which measures weighed most, the heaviest first.
    pub pulls: Vec<Pull>,
}

impl Assessment {
    /// That this was a fall; none if the window could not be used.
    pub fn probability(&self) -> Option<f64> {
        match &self.verdict {
            Verdict::Judged(judged) => Some(judged.probability),
            Verdict::Unusable(_) => None,
        }
    }

    /// Whether the window by itself is reason enough to raise a fall.
    pub fn is_fall(&self) -> bool {
        self.probability().is_some_and(|probability| probability >= RAISED_FROM)
    }

    /// What was measured, by name.
    pub fn findings(&self) -> Vec<Finding> {
        let Verdict::Judged(judged) = &self.verdict else { return Vec::new() };
        let found = &judged.findings;
        let mut findings = vec![
            finding("impact_g", found.impact_g, None),
            finding("light_s", found.light_s, None),
            finding("turned_deg", found.turned_deg, None),
            finding("still_s", found.still_s, None),
            finding("impacts", found.impacts, None),
        ];
        findings.extend(found.clipped_at_g.map(|range_g| finding("clipped_at_g", range_g, None)));
        findings
    }

    /// What a report without a window that can be judged is taken for.
    pub fn without(worn: Worn) -> Self {
        Self { version: VERSION, worn, verdict: Verdict::Unusable(Unusable::NoSamples) }
    }

    /// As an operator is told it.
    pub fn sentence_zh(&self) -> String {
        match &self.verdict {
            Verdict::Judged(judged) => judged.findings.sentence_zh(judged.probability, self.is_fall()),
            Verdict::Unusable(why) => why.sentence_zh().to_owned(),
        }
    }
}

/// Judges one window as seen by a handset worn there. No window is too strange: what cannot be used says so.
pub fn assess(window: &Window<'_>, worn: Worn) -> Assessment {
    let verdict = match judge(window, worn) {
        Ok(judged) => Verdict::Judged(judged),
        Err(why) => Verdict::Unusable(why),
    };
    Assessment { version: VERSION, worn, verdict }
}

fn judge(window: &Window<'_>, worn: Worn) -> Result<Judged, Unusable> {
    let rows = window::in_g(window)?;
    let trace = Trace::new(&rows, window.hz);
    let range_g = window::range_g(&rows);
    let profile = weights::of(worn);
    let judged = impact::impacts(&trace).into_iter().map(|at| {
        let measures = Around::new(&trace, at, range_g).measures();
        (profile.log_odds(&measures), measures)
    });
    let (log_odds, measures) = judged.reduce(likelier).ok_or(Unusable::TooShort)?;
    Ok(Judged {
        probability: probability(log_odds),
        findings: Findings::new(&measures, range_g.or_else(|| window::rail_g(window))),
        pulls: Pull::heaviest(profile, &measures),
    })
}

/// Of equals the harder impact, which comes first.
fn likelier<T>(best: (f64, T), next: (f64, T)) -> (f64, T) {
    if next.0 > best.0 { next } else { best }
}
