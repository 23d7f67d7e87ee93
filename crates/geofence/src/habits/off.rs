//! Whether somebody has left the ground they usually walk.

use super::{Habits, Nearest};
use crate::moment::Moment;
use crate::signal::{Finding, finding};
use crate::wandering::pattern::{Found, Kind};
use crate::wandering::{Around, Told};
use model::{SignedDuration, Wgs84};
use serde::{Deserialize, Serialize};

/// What else weighs, as a factor of the distance that is off the usual ground: each hour that confusion is commonest in, an hour that is always spent at
/// home, and company.
const NIGHT_WEIGHS: f64 = 0.6;
const SUNDOWN_WEIGHS: f64 = 0.8;
const HOME_HOUR_WEIGHS: f64 = 0.8;
const COMPANY_WEIGHS: f64 = 3.0;
const HOME_HOUR_SHARE: f64 = 0.9;
/// So many fixes in a row must say so, over so long: a short cut is none.
const FIXES: u8 = 3;
const LASTS_S: f64 = 300.0;
/// Back when no further than this share of the distance that is asked.
const BACK_SHARE: f64 = 0.4;
const SIGMAS: f64 = 2.0;

/// What is remembered of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Off {
    since: Moment,
    fixes: u8,
    told: bool,
}

impl Default for Off {
    fn default() -> Self {
        Self { since: Moment::NEVER, fixes: 0, told: false }
    }
}

impl Off {
    /// Our clock was set back by so much.
    pub(crate) fn clock_went_back(&mut self, by: SignedDuration) {
        self.since.set_back(by);
    }

    /// Takes a place on foot; says once for each time that somebody is off the usual ground, which is so many metres from all of
    /// it. Nothing before enough was learned.
    pub fn take(
        &mut self,
        habits: &Habits,
        (place, sigma_m, at): (Wgs84, f64, Moment),
        around: Around,
        off_m: f64,
    ) -> Option<Told> {
        let nearest = habits.nearest(place).filter(|_| habits.is_ready())?;
        let limit_m = off_m * weighs(habits, at, around);
        let least_m = nearest.distance_m - SIGMAS * sigma_m;
        if nearest.distance_m <= limit_m * BACK_SHARE {
            *self = Self::default();
        }
        if least_m < limit_m {
            // In between nothing is said, and nothing is taken back.
            self.fixes = if self.told { self.fixes } else { 0 };
            return None;
        }
        if self.fixes == 0 {
            self.since = at;
        }
        self.fixes = self.fixes.saturating_add(1);
        let lasts = self.fixes >= FIXES && at.seconds_since(self.since) >= LASTS_S;
        if self.told || !lasts {
            return None;
        }
        self.told = true;
        Some(told(habits, &nearest, limit_m, self.since, at))
    }
}

fn weighs(habits: &Habits, at: Moment, around: Around) -> f64 {
    let hour = match crate::wandering::hour(at) {
        crate::wandering::Hour::Night => NIGHT_WEIGHS,
        crate::wandering::Hour::Sundown => SUNDOWN_WEIGHS,
        crate::wandering::Hour::Day => 1.0,
    };
    let is_home_hour = habits.at_home_share(at).is_some_and(|share| share >= HOME_HOUR_SHARE);
    let home = if is_home_hour { HOME_HOUR_WEIGHS } else { 1.0 };
    let company = if around.has_company() { COMPANY_WEIGHS } else { 1.0 };
    hour * home * company
}

fn told(habits: &Habits, nearest: &Nearest, limit_m: f64, since: Moment, at: Moment) -> Told {
    let (lat, lon) = nearest.place.middle;
    let mut findings = vec![
        finding("off_usual_m", nearest.distance_m, limit_m),
        finding("usual_days", f64::from(nearest.place.days), None),
        finding("learned_days", f64::from(habits.days()), f64::from(super::DAYS_LEAST)),
        Finding { name: "usual_lat".to_owned(), value: lat, limit: None },
        Finding { name: "usual_lon".to_owned(), value: lon, limit: None },
    ];
    let share = habits.at_home_share(at).map(|share| finding("at_home_share", share, HOME_HOUR_SHARE));
    findings.extend(share);
    Told { rule: "wandering/unusual", since, found: Found { kind: Kind::Unusual, since, findings } }
}
