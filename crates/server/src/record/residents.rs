//! Who is watched and how, as a residents' file says it.

use super::Span;
use anyhow::{bail, ensure};
use geofence::Rules;
use geofence::replay::{HandsetEntry, ResidentEntry, ResidentsFile, SnoozeEntry, SnoozedEntry};
use model::{HandsetId, ResidentId, SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::{Snooze, Snoozed, Store, StoredFence, StoredHabits, StoredZone, WatchedResident};

/// A fix may be so old when it arrives; no handset keeps one for longer.
pub(super) const LATE: SignedDuration = SignedDuration::from_hours(24 * 8);

/// Everybody who is watched, and which of them are wanted.
pub(super) struct People {
    watched: Vec<WatchedResident>,
    wanted: HashSet<ResidentId>,
    carriers: HashMap<HandsetId, Vec<(ResidentId, Timestamp, Timestamp)>>,
    fences: HashMap<ResidentId, Vec<StoredFence>>,
    habits: HashMap<ResidentId, StoredHabits>,
    zones: Vec<StoredZone>,
    snoozes: HashMap<ResidentId, Vec<SnoozeEntry>>,
}

impl People {
    /// Reads them; those who are named, or all.
    pub(super) async fn load(store: &Store, named: &[ResidentId], span: Span) -> anyhow::Result<Self> {
        let watched = store.watched(None).await?;
        ensure!(
            !watched.is_empty(),
            "nobody is watched: no resident has a fence or a policy, or may lose the way by the record"
        );
        let is_watched = |id: &ResidentId| watched.iter().any(|one| one.id == *id);
        if let Some(unknown) = named.iter().find(|id| !is_watched(id)) {
            bail!(
                "{unknown} is not watched: there is no such resident, or there is no fence and no policy for them and nothing in the record"
            );
        }
        let all = watched.iter().map(|one| &one.id);
        let wanted: HashSet<ResidentId> =
            if named.is_empty() { all.cloned().collect() } else { named.iter().cloned().collect() };
        let mut carriers: HashMap<HandsetId, Vec<_>> = HashMap::new();
        for one in &watched {
            for (handset, from, to) in &one.carried {
                let times = (one.id.clone(), *from, to.unwrap_or(Timestamp::MAX));
                carriers.entry(handset.clone()).or_default().push(times);
            }
        }
        let mut fences: HashMap<ResidentId, Vec<StoredFence>> = HashMap::new();
        for fence in store.fences(None).await? {
            fences.entry(fence.resident.clone()).or_default().push(fence);
        }
        let habits = store.habits(None).await?.into_iter();
        let habits = habits.map(|one| (one.resident.clone(), one)).collect();
        let zones = store.zones().await?;
        let mut snoozes: HashMap<ResidentId, Vec<SnoozeEntry>> = HashMap::new();
        for Snooze { resident, about, from, until, .. } in store.snoozes_between(span.lead, span.to).await? {
            let about = match about {
                Snoozed::Fence(id) => SnoozedEntry::Fence(id),
                Snoozed::Zone(id) => SnoozedEntry::Zone(id),
            };
            snoozes.entry(resident).or_default().push(SnoozeEntry { about, from, until });
        }
        Ok(Self { watched, wanted, carriers, fences, habits, zones, snoozes })
    }

    /// How many are wanted.
    pub(super) fn count(&self) -> usize {
        self.wanted.len()
    }

    /// Whom a recording is of, as it goes on record: each by name, so that it is found by whom it was about.
    pub(super) fn told(&self, day: &str) -> String {
        let names: BTreeSet<&str> = self.wanted.iter().map(ResidentId::as_str).collect();
        let names: Vec<&str> = names.into_iter().collect();
        format!("{day}: {} shown: {}", names.len(), names.join(" "))
    }

    /// Who of the wanted carried a handset then. Of two at once the one who came later counts, as for the watch.
    pub(super) fn carrier(&self, handset: &HandsetId, at: Timestamp) -> Option<&ResidentId> {
        let then = self.carriers.get(handset)?.iter().filter(|(_, from, to)| *from <= at && at < *to);
        let carrier = then.max_by_key(|(_, from, _)| *from).map(|(resident, ..)| resident)?;
        self.is_wanted(carrier).then_some(carrier)
    }

    /// Whether they are to be recorded.
    pub(super) fn is_wanted(&self, resident: &ResidentId) -> bool {
        self.wanted.contains(resident)
    }

    /// The handsets that may have sent something in that time which is about the wanted.
    pub(super) fn handsets(&self, span: Span) -> Vec<HandsetId> {
        let earliest = span.lead.checked_sub(LATE).unwrap_or(Timestamp::MIN);
        let wanted = self.watched.iter().filter(|one| self.is_wanted(&one.id));
        let carried = wanted.flat_map(|one| &one.carried);
        let then = carried.filter(|(_, from, to)| *from < span.to && to.is_none_or(|to| to > earliest));
        let handsets: BTreeSet<&HandsetId> = then.map(|(handset, ..)| handset).collect();
        handsets.into_iter().cloned().collect()
    }

    /// The residents' file. What they carried last is theirs; the lines say whose a handset was before.
    pub(super) fn file(&self, span: Span, rules: Rules) -> ResidentsFile {
        let mut taken: HashSet<&HandsetId> = HashSet::new();
        let wanted = self.watched.iter().filter(|one| self.is_wanted(&one.id));
        let residents = wanted.map(|one| {
            let before = |(_, from, _): &&(HandsetId, Timestamp, Option<Timestamp>)| *from < span.to;
            let last = one.carried.iter().rev().find(before).map(|(handset, ..)| handset);
            self.entry(one, last.filter(|handset| taken.insert(*handset)))
        });
        let residents = residents.collect();
        let zones = self.zones.iter().map(|zone| zone.entry.clone()).collect();
        ResidentsFile { residents, zones, rules: Some(rules).filter(|rules| *rules != Rules::default()) }
    }

    /// As the watch takes them: of whom is not tracked nothing that wants positions.
    fn entry(&self, one: &WatchedResident, handset: Option<&HandsetId>) -> ResidentEntry {
        let in_force = one.in_force();
        let fences = self.fences.get(&one.id).filter(|_| one.is_tracked);
        let habits = self.habits.get(&one.id).filter(|_| one.is_tracked);
        let snoozes = self.snoozes.get(&one.id).filter(|_| one.is_tracked);
        ResidentEntry {
            id: one.id.clone(),
            name: one.name.clone(),
            policy: in_force.policy,
            handset: handset.map(|id| HandsetEntry {
                id: id.clone(),
                worn: in_force.worn,
                heartbeat_s: in_force.heartbeat_s,
                phone: None,
            }),
            fences: fences.into_iter().flatten().map(|fence| fence.entry.clone()).collect(),
            companions: in_force.companions,
            habits: habits.map(|known| known.habits.clone()),
            snoozes: snoozes.cloned().unwrap_or_default(),
        }
    }
}
