//! Where a resident stands to their fences, by what the watch remembers of them.
//!
//! The watch writes that down once a minute, and at once when somebody has changed sides; so an age may be a minute more than it is.

use geofence::{
    FenceKey, Policy, Remembered, Resident, Standing, State, World, fence::Fence, standing, zone::Zones,
};
use model::{ResidentId, Timestamp, Wgs84};
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

    /// To the fence at that place of those asked about; or why that one cannot be used.
    pub(super) fn to(&self, place: usize, now: Timestamp) -> Result<Option<StandingView>, &str> {
        let Some(number) = self.numbers.get(place) else { return Ok(None) };
        let number = *number.as_ref().map_err(String::as_str)?;
        let found = standing(&World::default(), &self.resident, &self.state, number, now);
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
