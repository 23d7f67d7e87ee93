//! Where a resident stands to their fences and how their handset is reached, by what the watch remembers of them.
//!
//! The watch writes that down once a minute, and at once when somebody has changed sides; so an age may be a minute more than it is.

use geofence::{
    FenceKey, Policy, Remembered, Resident, Rules, Standing, State, World,
    fence::Fence,
    silence::{Link, body::Outlook},
    standing,
    zone::Zones,
};
use model::{ResidentId, SignedDuration, Timestamp, Wgs84};
use serde::Serialize;
use store::{Store, StoreError, StoredFence};
use utoipa::ToSchema;

/// Where the resident stands to a fence.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StandingView {
    /// `inside`, `outside` or `unknown`.
    side: &'static str,
    /// Since when they are on that side; null where it is unknown.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Seconds since a position last told; null if none ever did.
    age_s: Option<i64>,
    /// Whether the fence is armed now, by its switch and its hours.
    armed: bool,
    /// Whether it was told and is not over: nobody has come back yet.
    raised: bool,
}

/// What is remembered may be so much older than what was heard: a handset is not said to be late for that.
const WRITTEN_WITHIN: SignedDuration = SignedDuration::from_secs(60);

/// How a resident's handset is reached.
#[derive(Debug)]
pub(super) struct LinkStood {
    pub(super) link: &'static str,
    pub(super) link_since: Option<Timestamp>,
    pub(super) battery_empty_at: Option<Timestamp>,
    /// Whether a day without movement would be told.
    pub(super) outlook: Outlook,
}

impl LinkStood {
    pub(super) async fn of(
        store: &Store,
        id: &ResidentId,
        (rules, heartbeat_s): (&Rules, Option<f64>),
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        Ok(Self::from(&Stood::of(store, id, &[]).await?.state, (rules, heartbeat_s), now))
    }

    fn from(state: &State, (rules, heartbeat_s): (&Rules, Option<f64>), now: Timestamp) -> Self {
        let seen_until = now.checked_sub(WRITTEN_WITHIN).unwrap_or(now);
        let (link, link_since) = state.link(rules, heartbeat_s, seen_until);
        let link = match link {
            Link::Online => "ok",
            Link::Late => "late",
            Link::Offline => "offline",
            Link::Unknown => "unknown",
        };
        Self { link, link_since, battery_empty_at: state.empty_at(), outlook: state.outlook(rules) }
    }
}

/// What the watch remembers of a resident with these fences.
#[derive(Debug)]
pub(super) struct Stood {
    resident: Resident,
    state: State,
    /// For each of the fences asked about, its number among those that can be used.
    numbers: Vec<Result<usize, String>>,
}

impl Stood {
    pub(super) async fn of(
        store: &Store,
        id: &ResidentId,
        fences: &[StoredFence],
    ) -> Result<Self, StoreError> {
        let remembered = store.watch_states(Some(id)).await?.pop();
        Ok(Self::from(id, fences, remembered.and_then(|stored| serde_json::from_str(&stored.document).ok())))
    }

    fn from(id: &ResidentId, fences: &[StoredFence], remembered: Option<Remembered>) -> Self {
        let (mut usable, mut keys, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for stored in fences {
            let checked = Fence::try_from(&stored.entry);
            numbers.push(checked.map_err(|error| super::drawn::chain(&error)).map(|fence| {
                usable.push(fence);
                let (id, version, drawn) = (stored.entry.id.clone(), stored.version, stored.drawn);
                keys.push(FenceKey { id, version, drawn });
                usable.len() - 1
            }));
        }
        let restored = remembered.map(|known| known.restore(&keys, &Zones::default(), |_| false));
        let resident = Resident {
            id: id.clone(),
            name: String::new(),
            policy: Policy::default(),
            fences: usable,
            heartbeat_s: None,
            worn: None,
            habits: None,
        };
        Self { resident, state: restored.unwrap_or_default(), numbers }
    }

    /// To the fence at that place of those asked about, by the rules that the watch works by; or why that one cannot be used.
    pub(super) fn to(
        &self,
        place: usize,
        rules: &Rules,
        now: Timestamp,
    ) -> Result<Option<StandingView>, &str> {
        let Some(number) = self.numbers.get(place) else { return Ok(None) };
        let number = *number.as_ref().map_err(String::as_str)?;
        let world = World { rules: rules.clone(), ..World::default() };
        let found = standing(&world, &self.resident, &self.state, number, now);
        let raised = self.state.fences_told().get(number).is_some_and(|told| *told > 0);
        let age_s = self.state.supported(number).map(|told| now.duration_since(told).as_secs().max(0));
        Ok(found.map(|(standing, armed)| {
            let (side, since) = match standing {
                Standing::Unknown { .. } => ("unknown", None),
                Standing::Inside { since } => ("inside", Some(since)),
                Standing::Outside { since } => ("outside", Some(since)),
            };
            StandingView { side, since, age_s, armed, raised }
        }))
    }

    /// Where the resident rests, or was last, as the watch believes.
    pub(super) fn about(&self) -> Option<Wgs84> {
        self.state.about()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geofence::replay::ResidentEntry;
    use geofence::{Event, silence::Told, step};
    use model::{Fix, Method};

    #[test]
    fn a_handset_is_late_and_offline_by_its_own_interval_and_its_battery_has_an_end() {
        let at = |second: i64| Timestamp::from_second(1_795_413_600 + second).unwrap();
        let entry = serde_json::json!({"id": "r1", "handset": {"id": "h1", "heartbeat_s": 300}});
        let entry: ResidentEntry = serde_json::from_value(entry).unwrap();
        let (resident, mut state) = (entry.resident(&mut Vec::new()), State::default());
        let stands = |state: &State, heartbeat_s, second| {
            let stood = LinkStood::from(state, (&Rules::default(), heartbeat_s), at(second));
            (stood.link, stood.link_since, stood.battery_empty_at)
        };
        assert_eq!(stands(&state, Some(300.0), 0), ("unknown", None, None));
        let outlook = LinkStood::from(&state, (&Rules::default(), None), at(0)).outlook;
        assert_eq!(outlook, Outlook::Learning, "of nobody's days anything is known yet");
        for (second, pct) in [(0, 60.0), (3_600, 50.0)] {
            let told = Event::Status(Told { battery_pct: Some(pct), ..Told::default() });
            step(&World::default(), &resident, &mut state, told, at(second), &mut Vec::new());
        }
        let (heard, empty) = (Some(at(3_600)), Some(at(6 * 3_600)));
        for (second, link) in
            [(4_000, "ok"), (4_109, "ok"), (4_111, "late"), (4_559, "late"), (4_561, "offline")]
        {
            assert_eq!(stands(&state, Some(300.0), second), (link, heard, empty), "{second} s");
        }
        assert_eq!(stands(&state, None, 4_000), ("unknown", heard, empty), "nobody supervises it");
    }

    #[test]
    fn a_side_is_unknown_by_the_rules_that_the_watch_works_by() {
        let at = |second: i64| Timestamp::from_second(1_795_413_600 + second).unwrap();
        let fence = serde_json::json!({"id": "home", "kind": "safe",
            "shape": {"type": "Circle", "center": [118.2757, 33.9624], "radius_m": 200}});
        let resident = serde_json::json!({"id": "r1", "fences": [fence]});
        let resident: ResidentEntry = serde_json::from_value(resident).unwrap();
        let (resident, mut state) = (resident.resident(&mut Vec::new()), State::default());
        for second in [0, 120] {
            let (boot, seq, speed_mps, bearing_deg, battery_pct) = (None, None, None, None, None);
            let position = Wgs84::new(33.9624, 118.2757).unwrap();
            let (fix_time, accuracy_m, method) = (at(second), 10.0, Method::Gps);
            let fix = Fix {
                boot,
                seq,
                fix_time,
                position,
                accuracy_m,
                method,
                speed_mps,
                bearing_deg,
                battery_pct,
            };
            let fixes = Event::Fixes(std::slice::from_ref(&fix));
            step(&World::default(), &resident, &mut state, fixes, at(second), &mut Vec::new());
        }
        let numbers = vec![Ok(0)];
        let stood = Stood { resident, state, numbers };
        for (unknown_after_s, side) in [(3_600.0, "inside"), (900.0, "unknown")] {
            let rules = Rules { unknown_after_s, ..Rules::default() };
            let view = stood.to(0, &rules, at(1_800)).unwrap().unwrap();
            assert_eq!((view.side, view.age_s), (side, Some(1_680)), "after {unknown_after_s} s");
        }
    }
}
