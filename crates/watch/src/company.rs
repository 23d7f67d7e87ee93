//! Who goes with a resident: the newest fix of their own handset and of each companion's, and until when somebody is near.

use geofence::companion::{WITHIN_M, near_until};
use model::{Fix, HandsetId, Timestamp};

/// What both handsets said last.
#[derive(Debug, Default)]
pub(crate) struct Company {
    own: Option<Fix>,
    /// Of each companion who was heard.
    companions: Vec<(HandsetId, Fix)>,
}

impl Company {
    /// Takes the resident's own fixes; says until when a companion is near, as far as anybody can tell.
    pub(crate) fn walk(&mut self, fixes: &[Fix]) -> Option<Timestamp> {
        let newest = fixes.iter().max_by_key(|fix| fix.fix_time)?;
        if self.own.as_ref().is_none_or(|held| held.fix_time < newest.fix_time) {
            self.own = Some(newest.clone());
        }
        self.near_until()
    }

    /// Takes a companion's newest fix, likewise. What is not newer than what was known of them changes nothing.
    pub(crate) fn meet(&mut self, handset: &HandsetId, fix: &Fix) -> Option<Timestamp> {
        match self.companions.iter_mut().find(|(known, _)| known == handset) {
            Some((_, held)) if held.fix_time >= fix.fix_time => {}
            Some((_, held)) => *held = fix.clone(),
            None => self.companions.push((handset.clone(), fix.clone())),
        }
        self.near_until()
    }

    /// These go with them from now on, and nobody else.
    pub(crate) fn keep(&mut self, companions: &[HandsetId]) {
        self.companions.retain(|(handset, _)| companions.contains(handset));
        if companions.is_empty() {
            self.own = None;
        }
    }

    fn near_until(&self) -> Option<Timestamp> {
        let own = self.own.as_ref()?;
        self.companions.iter().filter_map(|(_, fix)| near_until(own, fix, WITHIN_M)).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Method, Wgs84};

    fn fix(north_m: f64, second: i64) -> Fix {
        let position = Wgs84::new(33.96 + north_m / 111_195.0, 118.28).unwrap();
        let fix_time = Timestamp::from_second(1_795_413_600 + second).unwrap();
        let (boot, seq, speed_mps, bearing_deg, battery_pct) = Default::default();
        let (accuracy_m, method) = (8.0, Method::Gps);
        Fix { boot, seq, fix_time, position, accuracy_m, method, speed_mps, bearing_deg, battery_pct }
    }

    fn handset(id: &str) -> HandsetId {
        HandsetId::new(id).unwrap()
    }

    /// Ten minutes after that second.
    fn until(second: i64) -> Timestamp {
        fix(0.0, second + 600).fix_time
    }

    #[test]
    fn whoever_is_within_fifty_metres_at_the_same_time_is_near() {
        let (daughter, son) = (handset("daughter"), handset("son"));
        let mut company = Company::default();
        assert_eq!(company.meet(&daughter, &fix(10.0, 0)), None, "nobody knows where they are themselves");
        assert_eq!(company.walk(&[fix(900.0, -600), fix(0.0, 60)]), Some(until(60)));
        assert_eq!(company.meet(&daughter, &fix(900.0, 120)), None, "she goes away");
        assert_eq!(company.meet(&daughter, &fix(0.0, 30)), None, "and was here before");
        assert_eq!(company.meet(&son, &fix(20.0, 150)), Some(until(150)), "one is enough");
        assert_eq!(company.walk(&[fix(0.0, 600)]), None, "that was long ago");
        assert_eq!(company.walk(&[]), None);
    }

    #[test]
    fn who_goes_with_them_no_more_is_forgotten() {
        let (daughter, son) = (handset("daughter"), handset("son"));
        let mut company = Company::default();
        company.walk(&[fix(0.0, 0)]);
        assert_eq!(company.meet(&daughter, &fix(0.0, 10)), Some(until(10)));
        company.keep(std::slice::from_ref(&son));
        assert_eq!(company.walk(&[fix(0.0, 20)]), None);
    }
}
