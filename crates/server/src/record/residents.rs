//! Who is watched and how, as a residents' file says it.

use super::{Span, said};
use anyhow::{bail, ensure};
use geofence::Rules;
use geofence::replay::{AbsenceEntry, HandsetEntry, ResidentEntry, ResidentsFile, SnoozeEntry, SnoozedEntry};
use model::{HandsetId, ResidentId, SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::{Sifted, Snooze, Snoozed, Store, StoredFence, StoredHabits, StoredZone, WatchedResident};

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
    absences: HashMap<ResidentId, Vec<AbsenceEntry>>,
    companions: HashSet<HandsetId>,
    usual_heartbeat_s: Option<f64>,
}

impl People {
    /// Reads them; those who are named, or all.
    pub(super) async fn load(
        store: &Store,
        named: &[ResidentId],
        span: Span,
        usual_heartbeat_s: Option<f64>,
    ) -> anyhow::Result<Self> {
        let watched = store.watched(None).await?;
        ensure!(!watched.is_empty(), "nobody is watched: no resident has a handset, a fence or a policy");
        let is_watched = |id: &ResidentId| watched.iter().any(|one| one.id == *id);
        if let Some(unknown) = named.iter().find(|id| !is_watched(id)) {
            bail!(
                "{unknown} is not watched: there is no such resident, or there is no handset, no fence and no policy for them"
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
        let companions = companions(watched.iter().filter(|one| wanted.contains(&one.id)), span);
        let absences = absences(store, span).await?;
        Ok(Self {
            watched,
            wanted,
            carriers,
            fences,
            habits,
            zones,
            snoozes,
            absences,
            companions,
            usual_heartbeat_s,
        })
    }

    /// How many are wanted.
    pub(super) fn count(&self) -> usize {
        self.wanted.len()
    }

    /// Whom a recording is of, as it goes on record: each by name, so that it is found by whom it was about. Who of the watched goes
    /// with somebody is in it too.
    pub(super) fn told(&self, day: &str, span: Span) -> String {
        let earliest = span.lead.checked_sub(LATE).unwrap_or(Timestamp::MIN);
        let carried = self.companions.iter().filter_map(|handset| self.carriers.get(handset)).flatten();
        let then = carried.filter(|(_, from, to)| *from < span.to && *to > earliest);
        let with = then.map(|(resident, ..)| resident);
        let names: BTreeSet<&str> = self.wanted.iter().chain(with).map(ResidentId::as_str).collect();
        let names: Vec<&str> = names.into_iter().collect();
        format!("{day}: {} shown: {}", names.len(), names.join(" "))
    }

    /// Who of the wanted carried a handset then. Of two at once the one who came later counts, as for the watch.
    pub(super) fn carrier(&self, handset: &HandsetId, at: Timestamp) -> Option<&ResidentId> {
        let then = self.carriers.get(handset)?.iter().filter(|(_, from, to)| *from <= at && at < *to);
        let carrier = then.max_by_key(|(_, from, _)| *from).map(|(resident, ..)| resident)?;
        self.is_wanted(carrier).then_some(carrier)
    }

    /// Whether a handset goes with one of the wanted: where it is says who is together, whoever carries it.
    pub(super) fn is_companion(&self, handset: &HandsetId) -> bool {
        self.companions.contains(handset)
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
        let own = then.map(|(handset, ..)| handset);
        let handsets: BTreeSet<&HandsetId> = own.chain(&self.companions).collect();
        handsets.into_iter().cloned().collect()
    }

    /// The residents' file. What they carried last is theirs; the lines say whose a handset was before.
    pub(super) fn file(&self, span: Span, rules: Rules) -> ResidentsFile {
        let mut taken: HashSet<&HandsetId> = HashSet::new();
        let wanted = self.watched.iter().filter(|one| self.is_wanted(&one.id));
        let residents = wanted
            .map(|one| self.entry(one, last_carried(one, span).filter(|handset| taken.insert(*handset))));
        let residents = residents.collect();
        let zones = self.zones.iter().map(|zone| zone.entry.clone().into()).collect();
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
                heartbeat_s: one.heartbeat_s(self.usual_heartbeat_s),
                phone: None,
            }),
            fences: fences.into_iter().flatten().map(|fence| fence.entry.clone().into()).collect(),
            companions: in_force.companions,
            habits: habits.map(|known| known.habits.clone()),
            snoozes: snoozes.cloned().unwrap_or_default(),
            absences: self.absences.get(&one.id).cloned().unwrap_or_default(),
        }
    }
}

/// Who was away as planned in that time; one that cannot be read is named and left out.
async fn absences(store: &Store, span: Span) -> anyhow::Result<HashMap<ResidentId, Vec<AbsenceEntry>>> {
    let Sifted { whole, broken } = store.absences_between(span.lead, span.to).await?;
    for row in broken {
        said(&format!("jujiale record: an absence is left out: {row}"));
    }
    let mut absences: HashMap<ResidentId, Vec<AbsenceEntry>> = HashMap::new();
    for one in whole {
        absences.entry(one.resident).or_default().push(AbsenceEntry { from: one.from, to: one.to });
    }
    Ok(absences)
}

/// What they carried last before the end.
fn last_carried(one: &WatchedResident, span: Span) -> Option<&HandsetId> {
    let before = |(_, from, _): &&(HandsetId, Timestamp, Option<Timestamp>)| *from < span.to;
    one.carried.iter().rev().find(before).map(|(handset, ..)| handset)
}

/// The handsets of those who go with them. A line that names nobody is about whoever has its handset in the residents' file, so one
/// that stands there is left out: its own resident's lines say where it is.
fn companions<'a>(
    wanted: impl Iterator<Item = &'a WatchedResident> + Clone,
    span: Span,
) -> HashSet<HandsetId> {
    let named: HashSet<&HandsetId> = wanted.clone().filter_map(|one| last_carried(one, span)).collect();
    let with = wanted.flat_map(|one| one.in_force().companions);
    with.filter(|handset| !named.contains(handset)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::{StoredPolicy, WatchPolicy};

    fn handset(id: &str) -> HandsetId {
        HandsetId::new(id).unwrap()
    }

    fn somebody(id: &str, carried: &str, companions: &[&str]) -> WatchedResident {
        let companions = companions.iter().map(|id| handset(id)).collect();
        let policy = WatchPolicy { companions, ..WatchPolicy::default() };
        WatchedResident {
            id: ResidentId::new(id).unwrap(),
            name: String::new(),
            lives_alone: false,
            cognitive_impairment: true,
            is_tracked: true,
            policy: Some(StoredPolicy { policy, version: 1 }),
            carried: vec![(handset(carried), Timestamp::UNIX_EPOCH, None)],
            heartbeat_s: None,
            is_telephone: false,
        }
    }

    #[test]
    fn the_handsets_of_who_goes_with_them_are_recorded_too() {
        let to: Timestamp = "2026-11-28T16:00:00Z".parse().unwrap();
        let span = Span { lead: Timestamp::UNIX_EPOCH, from: Timestamp::UNIX_EPOCH, to };
        let (one, other) = (somebody("r1", "h1", &["son", "h2"]), somebody("r2", "h2", &["h1", "daughter"]));
        let of = |wanted: &[&WatchedResident]| {
            let found: BTreeSet<HandsetId> = companions(wanted.iter().copied(), span).into_iter().collect();
            found.into_iter().map(|id| id.to_string()).collect::<Vec<_>>()
        };
        // A neighbour's handset is a companion's, unless the file names it as the neighbour's.
        assert_eq!(of(&[&one]), ["h2", "son"]);
        assert_eq!(of(&[&one, &other]), ["daughter", "son"]);
        let untracked = WatchedResident { is_tracked: false, ..one };
        assert_eq!(of(&[&untracked]), [""; 0]);
    }
}
