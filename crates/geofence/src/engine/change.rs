//! What becomes of a state when the resident's fences or the zones change: nothing that was told is told again, and nothing
//! that was known of another edge is taken for knowledge of this one.

use super::crossing::Crossings;
use super::fixes::{NEAR_SIGMAS, VISITS, first_heard};
use super::place::Place;
use super::state::{FenceState, State, Visits};
use crate::fence::Fence;
use crate::fence::episode::Episode;
use crate::fence::tracker::Side;
use crate::moment::Moment;
use crate::zone::Zones;
use crate::zone::visit::{Lives, Visit};
use model::Timestamp;

/// Who was seen at one place by so many fixes that are independent of each other rests there, and does not pass by.
const RESTS_WORTH: f32 = 3.0;

/// What has changed about a fence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// When it is armed, or its name.
    Hours,
    /// Its edge lies elsewhere: on which side somebody is must be found anew. What was raised stays raised until a return is
    /// confirmed.
    Edge,
}

/// Which fence of before a fence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Was {
    /// Its number among those of before.
    pub number: usize,
    /// What has changed about it.
    pub change: Change,
}

impl Was {
    fn carry_over(self, held: &FenceState) -> FenceState {
        let mut held = held.clone();
        // On an edge that was moved and not found again nothing has been asked since its hours were forgotten.
        let is_known = held.tracker.side != Side::Unknown;
        if let Some(episode) = held.episode.as_mut().filter(|_| is_known && self.change != Change::None) {
            episode.forget_hours();
        }
        if self.change == Change::Edge {
            let before = std::mem::take(&mut held.tracker);
            if is_known && held.episode.is_none() {
                // They were on the right side: who turns out to be on the wrong one was seen before.
                let mut seen = Episode::default();
                seen.begin_after(before.not_seen_across());
                held.episode = Some(Box::new(seen));
            }
            held.episode.iter_mut().for_each(|episode| episode.beyond_m = None);
        }
        held
    }
}

impl State {
    /// The resident's fences are others now: for each in turn, which one of before it is, if any.
    pub fn keep_fences(&mut self, was: &[Option<Was>]) {
        self.stir();
        let held = |was: &Option<Was>| was.and_then(|was| Some(was.carry_over(self.fences.get(was.number)?)));
        self.fences = was.iter().map(|was| held(was).unwrap_or_default()).collect();
        // What waits knows its fence by its number.
        self.crossings = Crossings::default();
    }

    /// Where the resident was and how they moved is forgotten, as if they were watched from now on; what the handset said of
    /// itself stays.
    pub fn forget_ways(&mut self) {
        let mut watch = std::mem::take(&mut self.watch);
        watch.forget_movement();
        *self = Self { watch, ..Self::default() };
    }

    /// Another handset is carried from now on, or none: what the one before said of itself is forgotten.
    pub fn change_handset(&mut self, now: Timestamp) {
        self.watch.change_handset(Moment::from(now));
    }

    /// The handset should be heard from now on, also if it never was.
    pub fn supervise(&mut self, now: Timestamp) {
        self.watch.supervise(Moment::from(now));
    }

    /// The same of one that nobody missed until now: how long it has been silent is counted from here.
    pub fn supervise_anew(&mut self, now: Timestamp) {
        self.watch.were_deaf(Moment::from(now));
        self.supervise(now);
    }

    /// The numbers of the zones that something is remembered of, in its order.
    pub fn visited(&self) -> impl Iterator<Item = u32> + '_ {
        self.visits.all().iter().map(|visit| visit.zone)
    }

    /// The zones have other numbers now. `number` says the new one of the visit at each place; none, if the zone is gone.
    pub fn renumber_zones(&mut self, number: impl Fn(usize) -> Option<u32>) {
        let mut place = 0;
        self.visits.retain(|visit| {
            let renumbered = number(place);
            place = place.saturating_add(1);
            visit.zone = renumbered.unwrap_or(visit.zone);
            renumbered.is_some()
        });
        self.clear = None;
    }

    /// Zones that were not there before, or elsewhere: who is in one as it comes to be may live there, and does if they rest in it,
    /// further from its edge than the fix may be wrong. Who is only near one does not. Where it was told that somebody is in one, that
    /// goes on until they have left.
    pub fn live_in_new_zones(&mut self, zones: &Zones, is_new: impl Fn(u32) -> bool) {
        let Some((last, place)) = self.last.and_then(|last| Some((last, last.position()?))) else { return };
        self.clear = None;
        let rests = self.rest.is_some_and(|rest| rest.worth >= RESTS_WORTH);
        let visits = &mut self.visits;
        zones.near(place, |zone, distance_m| {
            if !is_new(zone) || distance_m >= 0.0 {
                return;
            }
            let is_home = rests && -distance_m >= f64::from(last.sigma_m);
            let lived_in = Visit::begin(zone, if is_home { Lives::Here } else { Lives::Likely }, last.at);
            match visits.all_mut().iter_mut().find(|visit| visit.zone == zone) {
                // Who was in it before it was drawn anew came there.
                Some(known) if known.raised_at().is_none() && known.tracker.side != Side::Inside => {
                    *known = lived_in;
                }
                Some(_) => {}
                None => push(visits, lived_in),
            }
        });
    }

    /// Zones are watched from now on; none any more if there are none. Those they are in are as those a handset is first heard in: they
    /// may be a home, and may be the river.
    pub fn watch_zones(&mut self, zones: Option<&Zones>, fences: &[Fence]) {
        (self.visits, self.clear) = (Visits::default(), None);
        let place = self.last.and_then(|last| Some((last, last.position()?)));
        let Some((zones, (last, place))) = zones.zip(place) else { return };
        let lives = first_heard(fences, place);
        let visits = &mut self.visits;
        zones.near(place, |zone, distance_m| {
            if is_in(last, distance_m) {
                push(visits, Visit::begin(zone, lives, last.at));
            }
        });
    }
}

/// Whether somebody who was last there may be in a zone that is so far away.
fn is_in(last: Place, distance_m: f64) -> bool {
    distance_m < NEAR_SIGMAS * f64::from(last.sigma_m)
}

fn push(visits: &mut Visits, visit: Visit) {
    if visits.all().len() < VISITS {
        visits.push(visit);
    }
}

#[cfg(test)]
mod tests {
    use super::super::remembered::{FenceKey, Remembered};
    use super::*;
    use crate::replay::ResidentEntry;
    use crate::zone::{Zone, ZoneEntry};
    use crate::{Event, Kind, Resident, Signal, World, step};
    use model::{Fix, Method, Wgs84};
    use serde_json::{Value, json};

    fn resident(fences: &Value) -> Resident {
        let entry = json!({"id": "r1", "policy": {"dementia": true, "wandering": false}, "fences": fences});
        serde_json::from_value::<ResidentEntry>(entry).unwrap().resident(&mut Vec::new())
    }

    fn circle(id: &str, radius_m: f64) -> Value {
        json!({"id": id, "kind": "safe", "shape": {"type": "Circle", "center": [118.2757, 33.9624], "radius_m": radius_m}})
    }

    fn world(zones: &[&str]) -> World {
        let zone = |id: &&str| {
            let shape = json!({"type": "Circle", "center": [118.2757, 33.9624], "radius_m": 60});
            let entry: ZoneEntry = serde_json::from_value(json!({"id": id, "shape": shape})).unwrap();
            Zone::try_from(&entry).unwrap()
        };
        World { zones: Zones::new(zones.iter().map(zone).collect()), ..World::default() }
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute.saturating_mul(60).saturating_add(1_795_413_600)).unwrap()
    }

    /// Somebody stays so many metres north of home for some minutes.
    fn stay(
        world: &World,
        resident: &Resident,
        state: &mut State,
        north_m: f64,
        minutes: std::ops::Range<i64>,
    ) -> Vec<Signal> {
        let mut told = Vec::new();
        for minute in minutes {
            let fix = Fix {
                boot: None,
                seq: None,
                fix_time: at(minute),
                position: Wgs84::new(33.9624 + north_m / 111_195.0, 118.2757).unwrap(),
                accuracy_m: 10.0,
                method: Method::Gps,
                speed_mps: None,
                bearing_deg: None,
                battery_pct: None,
            };
            step(world, resident, state, Event::Fixes(std::slice::from_ref(&fix)), at(minute), &mut told);
        }
        told
    }

    fn kinds(told: &[Signal]) -> Vec<Kind> {
        told.iter().map(|signal| signal.kind).collect()
    }

    #[test]
    fn a_fence_that_is_moved_tells_nothing_twice_and_its_return_once() {
        let (world, mut state) = (world(&[]), State::default());
        let before = resident(&json!([circle("other", 2_000.0), circle("home", 200.0)]));
        stay(&world, &before, &mut state, 0.0, 0..6);
        assert_eq!(kinds(&stay(&world, &before, &mut state, 450.0, 6..10)), [Kind::FenceExit]);
        // The other fence goes, this one is drawn larger: still outside.
        let after = resident(&json!([circle("home", 300.0)]));
        state.keep_fences(&[Some(Was { number: 1, change: Change::Edge })]);
        assert_eq!(kinds(&stay(&world, &after, &mut state, 450.0, 10..20)), []);
        assert_eq!(kinds(&stay(&world, &after, &mut state, 0.0, 20..26)), [Kind::FenceReturn]);
        assert_eq!(kinds(&stay(&world, &after, &mut state, 450.0, 26..32)), [Kind::FenceExit]);
    }

    /// At another home a fence stands outside only of those whom nobody ever saw in it.
    #[test]
    fn who_was_seen_within_a_fence_was_seen_whatever_becomes_of_its_edge() {
        let safe = |id: &str, lat: f64, radius_m: f64| {
            let shape = json!({"type": "Circle", "center": [118.2757, lat], "radius_m": radius_m});
            json!({"id": id, "kind": "safe", "dwell_s": 300, "shape": shape})
        };
        let other = safe("other", 33.9624 + 1_000.0 / 111_195.0, 200.0);
        for (is_seen, told) in [(true, vec![Kind::FenceExit]), (false, vec![])] {
            let (world, mut state) = (world(&[]), State::default());
            let before = resident(&json!([safe("home", 33.9624, 200.0), other]));
            let begins_m = if is_seen { 0.0 } else { 1_000.0 };
            assert_eq!(kinds(&stay(&world, &before, &mut state, begins_m, 0..20)), []);
            // Twice, as somebody who draws does.
            for _ in 0..2 {
                state.keep_fences(&[
                    Some(Was { number: 0, change: Change::Edge }),
                    Some(Was { number: 1, change: Change::None }),
                ]);
            }
            let after = resident(&json!([safe("home", 33.9624, 240.0), other]));
            assert_eq!(kinds(&stay(&world, &after, &mut state, 1_000.0, 30..45)), told, "{is_seen}");
        }
    }

    #[test]
    fn an_hour_that_was_missed_is_not_missed_again_by_a_fence_that_is_renamed() {
        let (world, mut state) = (world(&[]), State::default());
        let shape = json!({"type": "Circle", "center": [118.2757, 33.9624], "radius_m": 200.0});
        let resident =
            resident(&json!([{"id": "home", "kind": "safe", "shape": shape, "home_by": ["15:00"]}]));
        stay(&world, &resident, &mut state, 0.0, 0..6);
        let told = kinds(&stay(&world, &resident, &mut state, 450.0, 6..70));
        assert_eq!(told.iter().filter(|kind| **kind == Kind::Overdue).count(), 1, "{told:?}");
        state.keep_fences(&[Some(Was { number: 0, change: Change::Hours })]);
        assert_eq!(kinds(&stay(&world, &resident, &mut state, 450.0, 70..75)), []);
    }

    #[test]
    fn who_is_overdue_outside_the_armed_hours_is_told_of_on_when_the_fence_is_renamed() {
        let shape = json!({"type": "Circle", "center": [118.2757, 33.9624], "radius_m": 200.0});
        let night = json!([{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "22:00", "to": "06:00"}]);
        let with = |hours: serde_json::Value| {
            resident(
                &json!([{"id": "home", "kind": "safe", "shape": shape, "home_by": hours, "schedule": night}]),
            )
        };
        for (hours, goes_on) in [(json!(["15:00"]), true), (json!([]), false)] {
            let (world, mut state, before) = (world(&[]), State::default(), with(json!(["15:00"])));
            stay(&world, &before, &mut state, 0.0, 0..6);
            let told = kinds(&stay(&world, &before, &mut state, 450.0, 6..70));
            assert_eq!(told.iter().filter(|kind| **kind == Kind::Overdue).count(), 1, "{told:?}");
            state.keep_fences(&[Some(Was { number: 0, change: Change::Hours })]);
            let told = kinds(&stay(&world, &with(hours), &mut state, 450.0, 70..140));
            assert_eq!(!told.is_empty(), goes_on, "{told:?}");
        }
    }

    #[test]
    fn of_ways_that_are_forgotten_nothing_is_told_and_a_low_battery_once() {
        let (world, mut state) = (world(&[]), State::default());
        let home = resident(&json!([circle("home", 200.0)]));
        let low = Event::Status(crate::silence::Told {
            battery_pct: Some(15.0),
            ..crate::silence::Told::default()
        });
        stay(&world, &home, &mut state, 0.0, 0..6);
        let mut told = stay(&world, &home, &mut state, 450.0, 6..10);
        step(&world, &home, &mut state, low, at(10), &mut told);
        assert_eq!(kinds(&told), [Kind::FenceExit, Kind::LowBattery]);
        state.forget_ways();
        assert_eq!(state.about(), None);
        let mut told = Vec::new();
        step(&world, &home, &mut state, low, at(11), &mut told);
        step(&world, &home, &mut state, Event::Tick, at(180), &mut told);
        assert_eq!(kinds(&told), [], "neither that they are still outside nor the battery again");
        assert_eq!(
            kinds(&stay(&world, &home, &mut state, 0.0, 181..190)),
            [],
            "nobody is known to come back"
        );
    }

    #[test]
    fn an_unchanged_fence_goes_on_where_it_was_and_a_new_one_begins() {
        let (world, mut state) = (world(&[]), State::default());
        let before = resident(&json!([circle("home", 200.0)]));
        stay(&world, &before, &mut state, 0.0, 0..6);
        let after = resident(&json!([circle("wide", 400.0), circle("home", 200.0)]));
        state.keep_fences(&[None, Some(Was { number: 0, change: Change::None })]);
        assert_eq!(kinds(&stay(&world, &after, &mut state, 300.0, 6..12)), [Kind::FenceExit]);
    }

    #[test]
    fn zones_may_be_renumbered_and_who_lives_in_a_new_one_is_left_alone() {
        let home = resident(&json!([]));
        let mut state = State::default();
        stay(&world(&[]), &home, &mut state, 0.0, 0..4);
        let drawn = world(&["pond"]);
        let mut alarmed = state.clone();
        alarmed.renumber_zones(|_| None);
        assert_eq!(kinds(&stay(&drawn, &home, &mut alarmed, 0.0, 4..12)), [Kind::ZoneEntry]);
        state.live_in_new_zones(&drawn.zones, |_| true);
        assert_eq!(kinds(&stay(&drawn, &home, &mut state, 0.0, 4..12)), []);
        assert_eq!(state.visited().collect::<Vec<_>>(), [0]);
        state.renumber_zones(|_| Some(1));
        assert_eq!(state.visited().collect::<Vec<_>>(), [1]);
        assert_eq!(kinds(&stay(&world(&["lake", "pond"]), &home, &mut alarmed, 0.0, 12..14)), []);
    }

    /// A world with one zone of that drawing, so many metres north of home.
    fn drawn_at(north_m: f64, drawn: i64) -> World {
        let middle = [118.2757, 33.9624 + north_m / 111_195.0];
        let shape = json!({"type": "Circle", "center": middle, "radius_m": 60});
        let entry: ZoneEntry = serde_json::from_value(json!({"id": "pond", "shape": shape})).unwrap();
        let zone = Zone { drawn, ..Zone::try_from(&entry).unwrap() };
        World { zones: Zones::new(vec![zone]), ..World::default() }
    }

    #[test]
    fn a_zone_that_is_drawn_over_a_home_is_lived_in() {
        let home = resident(&json!([]));
        for (drawn, told) in [(2, vec![]), (1, vec![Kind::ZoneEntry])] {
            let (before, after) = (drawn_at(66.0, 1), drawn_at(0.0, drawn));
            let mut state = State::default();
            // Near the zone of before, so that something is remembered of it.
            stay(&before, &home, &mut state, 0.0, 0..6);
            assert_eq!(state.visited().count(), 1);
            let written = serde_json::to_string(&Remembered::of(&state, &[], &before.zones)).unwrap();
            let read: Remembered = serde_json::from_str(&written).unwrap();
            let mut again = read.restore(&[], &after.zones, |_| false);
            assert_eq!(kinds(&stay(&after, &home, &mut again, 0.0, 6..90)).first(), told.first(), "{drawn}");
        }
        // Whoever is in it and was told of, is told of until they have left.
        let (before, after) = (drawn_at(0.0, 1), drawn_at(10.0, 2));
        let mut state = State::default();
        stay(&before, &home, &mut state, 900.0, 0..4);
        assert_eq!(kinds(&stay(&before, &home, &mut state, 0.0, 30..40)), [Kind::ZoneEntry]);
        let mut state = Remembered::of(&state, &[], &before.zones).restore(&[], &after.zones, |_| false);
        assert_eq!(kinds(&stay(&after, &home, &mut state, 0.0, 40..75)), [Kind::ZoneEntry]);
        assert_eq!(kinds(&stay(&after, &home, &mut state, 900.0, 82..90)), [Kind::FenceReturn]);
    }

    #[test]
    fn what_was_remembered_before_zones_counted_their_drawing_knows_them_all() {
        let (world, home, mut state) = (drawn_at(0.0, 7), resident(&json!([])), State::default());
        stay(&drawn_at(5_000.0, 7), &home, &mut state, 0.0, 0..4);
        let mut kept = serde_json::to_value(Remembered::of(&state, &[], &world.zones)).unwrap();
        kept.as_object_mut().unwrap().remove("drawn");
        let read: Remembered = serde_json::from_value(kept).unwrap();
        let state = read.restore(&[], &world.zones, |_| false);
        assert_eq!(state.visited().count(), 0);
    }

    #[test]
    fn where_zones_are_watched_from_now_on_a_home_in_one_is_told_of_once_or_not_at_all() {
        for (fences, told) in [(json!([]), vec![Kind::ZoneEntry]), (json!([circle("home", 300.0)]), vec![])] {
            let (world, home, mut state) = (world(&["flood"]), resident(&fences), State::default());
            let mut unwatched = home.clone();
            unwatched.policy.zones = Some(false);
            stay(&world, &unwatched, &mut state, 0.0, 0..10);
            state.watch_zones(Some(&world.zones), &home.fences);
            assert_eq!(kinds(&stay(&world, &home, &mut state, 0.0, 10..200)), told, "{fences}");
            state.watch_zones(None, &home.fences);
            assert_eq!(state.visited().count(), 0);
        }
    }

    #[test]
    fn what_was_written_down_goes_on_where_it_was() {
        let (world, mut state) = (world(&["pond"]), State::default());
        let resident = resident(&json!([circle("home", 200.0)]));
        stay(&world, &resident, &mut state, 300.0, 0..6);
        let keys = [FenceKey { id: "home".to_owned(), version: 3, drawn: 2 }];
        let written = serde_json::to_string(&Remembered::of(&state, &keys, &world.zones)).unwrap();
        let read: Remembered = serde_json::from_str(&written).unwrap();
        let mut again = read.restore(&keys, &world.zones, |_| false);
        let on = |state: &mut State| {
            let told = stay(&world, &resident, state, 0.0, 6..12);
            [told, stay(&world, &resident, state, 700.0, 12..30)].concat()
        };
        let told = on(&mut again);
        assert_eq!(told, on(&mut state));
        assert!(told.iter().any(|signal| signal.kind == Kind::FenceReturn));
    }
}
