//! What the watch knows of residents and zones: read at the start, then followed by the log of changes.

use crate::{LiveRules, Trouble, Watch};
use geofence::fence::Fence;
use geofence::habits::Habits;
use geofence::zone::{Zone, Zones};
use geofence::{FenceKey, Resident, Rules, World};
use model::{HandsetId, ResidentId, SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use store::{Absence, Clock, Sifted, Snooze, Snoozed, Store, StoredFence, StoredZone, WatchedResident};

/// An absence that is ended by hand is stamped before it is on disk, and looked for so far back.
pub(crate) const LATELY: SignedDuration = SignedDuration::from_hours(1);
/// Changes looked at in one go.
const CHANGES: u32 = 1_000;

/// A resident as the engine wants them, with the names of the fences and the handset carried now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Person {
    pub(crate) resident: Resident,
    pub(crate) fences: Vec<FenceKey>,
    pub(crate) handset: Option<HandsetId>,
    /// Handsets of people who go with them.
    pub(crate) companions: Vec<HandsetId>,
    /// Whether their positions may be kept.
    pub(crate) is_tracked: bool,
}

/// Who carries which handset, and when; and with whom handsets go.
#[derive(Debug, Default)]
pub(crate) struct Carriers {
    carried: HashMap<HandsetId, Vec<(Arc<ResidentId>, Timestamp, Timestamp)>>,
    company: HashMap<HandsetId, Vec<Arc<ResidentId>>>,
}

impl Carriers {
    /// Whether anybody who is watched ever carried it.
    pub(crate) fn is_known(&self, handset: &HandsetId) -> bool {
        self.carried.contains_key(handset)
    }

    /// Who carried it then, if that is somebody who is watched. Of two at once the one who came later counts.
    pub(crate) fn of(&self, handset: &HandsetId, at: Timestamp) -> Option<&Arc<ResidentId>> {
        let then = self.carried.get(handset)?.iter().filter(|(_, from, to)| *from <= at && at < *to);
        then.max_by_key(|(_, from, _)| *from).map(|(resident, ..)| resident)
    }

    /// Those whose companion carries it.
    pub(crate) fn accompanied(&self, handset: &HandsetId) -> &[Arc<ResidentId>] {
        self.company.get(handset).map_or(&[], Vec::as_slice)
    }

    fn forget(&mut self, resident: &ResidentId) {
        for carried in self.carried.values_mut() {
            carried.retain(|(other, ..)| **other != *resident);
        }
        self.carried.retain(|_, carried| !carried.is_empty());
        for accompanied in self.company.values_mut() {
            accompanied.retain(|other| **other != *resident);
        }
        self.company.retain(|_, accompanied| !accompanied.is_empty());
    }

    pub(crate) fn add(&mut self, watched: &WatchedResident) {
        let resident = Arc::new(watched.id.clone());
        for (handset, from, to) in &watched.carried {
            let times = (Arc::clone(&resident), *from, to.unwrap_or(Timestamp::MAX));
            self.carried.entry(handset.clone()).or_default().push(times);
        }
        for companion in watched.in_force().companions {
            self.company.entry(companion).or_default().push(Arc::clone(&resident));
        }
    }
}

/// Something the shards must know.
#[derive(Debug, Clone)]
pub(crate) enum News {
    /// Somebody is watched, or otherwise than before; nobody any more if there is no person.
    Person { id: Arc<ResidentId>, person: Option<Box<Person>> },
    /// Nothing that was told of this fence or zone before a moment is repeated until another.
    Snooze { id: Arc<ResidentId>, about: Snoozed, from: Timestamp, until: Timestamp },
    /// They were away as planned for that time, and are expected again.
    Expected { id: Arc<ResidentId>, from: Timestamp, to: Timestamp },
    /// The zones or the rules are others.
    World(Arc<World>),
}

impl From<Snooze> for News {
    fn from(Snooze { resident, about, from, until, .. }: Snooze) -> Self {
        Self::Snooze { id: Arc::new(resident), about, from, until }
    }
}

impl From<Absence> for News {
    fn from(Absence { resident, from, to, .. }: Absence) -> Self {
        Self::Expected { id: Arc::new(resident), from, to }
    }
}

/// What is known, and up to where the log of changes has been read.
#[derive(Debug)]
pub(crate) struct Known {
    store: Store,
    rules: LiveRules,
    usual_heartbeat_s: Option<f64>,
    pub(crate) carriers: Carriers,
    changes: i64,
    snoozes: i64,
    bindings: (i64, i64, i64, i64),
    clock: Clock,
    /// Absences that are over and were told of, and what was said of those that cannot be read.
    over: HashSet<String>,
}

impl Known {
    /// Everything, as news.
    pub(crate) async fn load(watch: &Watch) -> Result<(Self, Vec<News>), Trouble> {
        let (store, rules, usual_heartbeat_s) =
            (watch.store.clone(), watch.rules.clone(), watch.usual_heartbeat_s);
        let changes = store.watch_changes_end().await?;
        let snoozes = store.snoozes_end().await?;
        let bindings = store.bindings_mark().await?;
        let carriers = Carriers::default();
        let (clock, over) = (watch.clock, HashSet::new());
        let mut known =
            Self { store, rules, usual_heartbeat_s, carriers, changes, snoozes, bindings, clock, over };
        let mut news = vec![known.world().await?];
        news.extend(known.people(None).await?);
        news.extend(known.store.snoozes_at(watch.clock.now()).await?.into_iter().map(News::from));
        news.extend(known.expected(Timestamp::MIN).await?);
        Ok((known, news))
    }

    /// What has changed since.
    pub(crate) async fn changed(&mut self) -> Result<Vec<News>, Trouble> {
        let mut news = Vec::new();
        let changes = self.store.watch_changes_after(self.changes, CHANGES).await?;
        // Nobody may be left who could put others live.
        let are_rules_others = self.rules.has_changed().unwrap_or(false);
        if are_rules_others {
            tracing::info!(event = "watch_rules_live", "whatever is read from now on is judged by them");
        }
        if are_rules_others || changes.iter().any(|change| change.resident.is_none()) {
            news.push(self.world().await?);
        }
        let mut whose: Vec<_> = changes.iter().filter_map(|change| change.resident.clone()).collect();
        whose.sort_unstable();
        whose.dedup();
        for resident in &whose {
            news.extend(self.people(Some(resident)).await?);
        }
        self.changes = changes.last().map_or(self.changes, |last| last.row);
        let bindings = self.store.bindings_mark().await?;
        if bindings != self.bindings {
            self.bindings = bindings;
            news.extend(self.people(None).await?);
        }
        let snoozes = self.store.snoozes_after(self.snoozes, CHANGES).await?;
        self.snoozes = snoozes.last().map_or(self.snoozes, |last| last.row);
        news.extend(snoozes.into_iter().map(News::from));
        let since = self.clock.now().checked_sub(LATELY).unwrap_or(Timestamp::MIN);
        news.extend(self.expected(since).await?);
        Ok(news)
    }

    /// Who is expected again, and was not told of. A state says of itself up to which absence it was told: at a start all are told.
    async fn expected(&mut self, since: Timestamp) -> Result<Vec<News>, Trouble> {
        let Sifted { mut whole, broken } = self.store.absences_over(since, self.clock.now()).await?;
        for row in broken {
            if self.over.insert(row.clone()) {
                tracing::error!(event = "row_unreadable", %row, "what was told during an absence is not told once more");
            }
        }
        whole.retain(|absence| self.over.insert(absence.id.clone()));
        Ok(whole.into_iter().map(News::from).collect())
    }

    async fn world(&mut self) -> Result<News, Trouble> {
        let zones = self.store.zones().await?.iter().filter_map(usable_zone).collect();
        let rules = Rules::clone(&self.rules.borrow_and_update());
        Ok(News::World(Arc::new(World { rules, zones: Zones::new(zones) })))
    }

    async fn people(&mut self, of: Option<&ResidentId>) -> Result<Vec<News>, Trouble> {
        let watched = self.store.watched(of).await?;
        let mut fences: HashMap<ResidentId, Vec<StoredFence>> = HashMap::new();
        for fence in self.store.fences(of).await? {
            fences.entry(fence.resident.clone()).or_default().push(fence);
        }
        let habits = self.store.habits(of).await?.into_iter();
        let mut habits: HashMap<_, _> =
            habits.map(|known| (known.resident, Arc::new(known.habits))).collect();
        match of {
            Some(resident) => self.carriers.forget(resident),
            None => self.carriers = Carriers::default(),
        }
        let mut news: Vec<News> = Vec::new();
        if let Some(resident) = of.filter(|_| watched.is_empty()) {
            news.push(News::Person { id: Arc::new(resident.clone()), person: None });
        }
        for one in watched {
            self.carriers.add(&one);
            let own = fences.remove(&one.id).filter(|_| one.is_tracked).unwrap_or_default();
            let usual = habits.remove(&one.id).filter(|_| one.is_tracked);
            let person = Some(Box::new(person(&one, &own, usual, self.usual_heartbeat_s)));
            news.push(News::Person { id: Arc::new(one.id), person });
        }
        Ok(news)
    }
}

fn usable_zone(zone: &StoredZone) -> Option<Zone> {
    let checked = Zone::try_from(&zone.entry).map(|checked| Zone { drawn: zone.drawn, ..checked });
    checked.inspect_err(|error| tracing::error!(event = "zone_unusable", zone = zone.entry.id, %error)).ok()
}

fn person(
    watched: &WatchedResident,
    stored: &[StoredFence],
    habits: Option<Arc<Habits>>,
    usual_heartbeat_s: Option<f64>,
) -> Person {
    let policy = watched.in_force();
    let (mut fences, mut keys) = (Vec::new(), Vec::new());
    for fence in stored {
        match Fence::try_from(&fence.entry) {
            Ok(checked) => {
                fences.push(checked);
                let (id, version, drawn) = (fence.entry.id.clone(), fence.version, fence.drawn);
                keys.push(FenceKey { id, version, drawn });
            }
            Err(error) => tracing::error!(event = "fence_unusable", fence = fence.entry.id, %error),
        }
    }
    let name = if watched.name.is_empty() { watched.id.to_string() } else { watched.name.clone() };
    let carried = watched.carried.iter().rev().find(|(_, _, to)| to.is_none());
    Person {
        resident: Resident {
            id: watched.id.clone(),
            name,
            policy: policy.policy,
            fences,
            heartbeat_s: watched.heartbeat_s(usual_heartbeat_s),
            worn: policy.worn,
            habits,
        },
        fences: keys,
        handset: carried.map(|(handset, ..)| handset.clone()),
        companions: policy.companions,
        is_tracked: watched.is_tracked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::{StoredPolicy, WatchPolicy};

    fn watched(id: &str, companions: &[&str], is_tracked: bool) -> WatchedResident {
        let companions = companions.iter().map(|id| HandsetId::new(*id).unwrap()).collect();
        let policy = WatchPolicy { companions, ..WatchPolicy::default() };
        WatchedResident {
            id: ResidentId::new(id).unwrap(),
            name: String::new(),
            lives_alone: false,
            cognitive_impairment: false,
            is_tracked,
            policy: Some(StoredPolicy { policy, version: 1 }),
            carried: Vec::new(),
            heartbeat_s: None,
            is_telephone: false,
        }
    }

    #[test]
    fn a_handset_of_which_nobody_said_so_is_missed_as_is_usual() {
        let carried = vec![(HandsetId::new("h1").unwrap(), Timestamp::UNIX_EPOCH, None)];
        let somebody = WatchedResident { policy: None, carried, ..watched("r1", &[], true) };
        let heartbeat_s = |one: &WatchedResident| person(one, &[], None, Some(3_600.0)).resident.heartbeat_s;
        assert_eq!(heartbeat_s(&somebody), Some(3_600.0));
        assert_eq!(
            heartbeat_s(&WatchedResident { heartbeat_s: Some(300.0), ..somebody.clone() }),
            Some(300.0)
        );
        assert_eq!(heartbeat_s(&WatchedResident { heartbeat_s: Some(0.0), ..somebody.clone() }), None);
        assert_eq!(heartbeat_s(&WatchedResident { is_telephone: true, ..somebody.clone() }), None);
        assert_eq!(heartbeat_s(&WatchedResident { carried: Vec::new(), ..somebody }), None);
    }

    #[test]
    fn a_companion_may_go_with_several_and_with_nobody_who_is_not_tracked() {
        let mut carriers = Carriers::default();
        for (id, is_tracked) in [("r1", true), ("r2", true), ("r3", false)] {
            carriers.add(&watched(id, &["daughter"], is_tracked));
        }
        let daughter = HandsetId::new("daughter").unwrap();
        let with = |carriers: &Carriers| -> Vec<String> {
            carriers.accompanied(&daughter).iter().map(ToString::to_string).collect()
        };
        assert_eq!(with(&carriers), ["r1", "r2"]);
        assert!(!carriers.is_known(&daughter), "her own way is nobody's matter");
        carriers.forget(&ResidentId::new("r1").unwrap());
        carriers.add(&watched("r1", &[], true));
        assert_eq!(with(&carriers), ["r2"]);
    }
}
