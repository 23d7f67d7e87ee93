//! The residents' file: who is watched, how, and what was wrong with what was written.

use super::drawn::DrawnEntry;
use crate::engine::{Resident, World, Worn};
use crate::fence::{Fence, FenceEntry, FenceError};
use crate::habits::Habits;
use crate::policy::Policy;
use crate::rules::{NumberError, Rules};
use crate::zone::{Zone, ZoneEntry, ZoneError, Zones};
use model::{HandsetId, ResidentId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Arc;

/// The whole file. Keys that nobody knows are passed over, but for those of fences and zones, which are named.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ResidentsFile {
    /// Who is watched.
    pub residents: Vec<ResidentEntry>,
    /// Areas shared by all.
    #[serde(default)]
    pub zones: Vec<DrawnEntry<ZoneEntry>>,
    /// Numbers that differ from the usual ones, to try them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Rules>,
}

/// One resident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResidentEntry {
    /// Who.
    pub id: ResidentId,
    /// What they are called.
    #[serde(default)]
    pub name: String,
    /// How they are watched.
    #[serde(default)]
    pub policy: Policy,
    /// What they carry.
    #[serde(default)]
    pub handset: Option<HandsetEntry>,
    /// Their own fences.
    #[serde(default)]
    pub fences: Vec<DrawnEntry<FenceEntry>>,
    /// Handsets of people who go with them; one of these near, and what looks like wandering weighs less.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<HandsetId>,
    /// What was learned of them so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub habits: Option<Habits>,
    /// What somebody wanted to hear nothing of, before the recording begins or within it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub snoozes: Vec<SnoozeEntry>,
    /// When they were away as planned, when nobody was asked to look at what they did not do at home.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absences: Vec<AbsenceEntry>,
}

/// Somebody is away as planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceEntry {
    /// From when.
    pub from: Timestamp,
    /// When it ended: by itself, or by hand.
    pub to: Timestamp,
}

/// Somebody closed a case and wants to hear no repeats for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnoozeEntry {
    /// About what.
    #[serde(flatten)]
    pub about: SnoozedEntry,
    /// When that was said: what is told for the first time after it is told.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// What a snooze is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SnoozedEntry {
    /// A fence of the resident's own.
    Fence(String),
    /// A zone shared by all.
    Zone(String),
}

/// What a resident carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HandsetEntry {
    /// Its name.
    pub id: HandsetId,
    /// Where it is worn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worn: Option<Worn>,
    /// How often it says something at least; without it, its silence is not supervised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heartbeat_s: Option<f64>,
    /// The app on a telephone that stands in for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<PhoneEntry>,
}

/// An OwnTracks app: the user and the device of its topics.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PhoneEntry {
    /// The second level of its topics.
    pub user: String,
    /// And the third.
    pub device: String,
}

/// Something in the file that cannot be used; all the rest is.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// A fence.
    #[error("resident {resident}, fence {fence:?}")]
    Fence {
        /// Whose.
        resident: ResidentId,
        /// Which.
        fence: String,
        /// Why.
        #[source]
        source: FenceError,
    },
    /// A zone.
    #[error("zone {zone:?}")]
    Zone {
        /// Which.
        zone: String,
        /// Why.
        #[source]
        source: ZoneError,
    },
    /// Numbers to work by; the usual ones are used.
    #[error("rules")]
    Rules(#[source] NumberError),
    /// A handset that two residents are said to carry; the first keeps it.
    #[error("handset {handset} is bound to {first} and to {second}")]
    Handset {
        /// Which.
        handset: HandsetId,
        /// Who is named first.
        first: ResidentId,
        /// Who is named then.
        second: ResidentId,
    },
    /// Two residents of one id; what the second carries says nothing.
    #[error("there are two residents {0}; the first is watched")]
    Resident(ResidentId),
    /// Two fences of a resident by one id; the first is watched.
    #[error("resident {resident} has two fences {fence:?}; the first is watched")]
    FenceTwice {
        /// Whose.
        resident: ResidentId,
        /// Which.
        fence: String,
    },
    /// Two zones of one id; the first is watched.
    #[error("there are two zones {0:?}; the first is watched")]
    ZoneTwice(String),
    /// A key of a fence that nobody knows; all else that is said of it is used.
    #[error("resident {resident}, fence {fence:?}: there is no {key:?}")]
    FenceKey {
        /// Whose.
        resident: ResidentId,
        /// Which.
        fence: String,
        /// What nobody knows.
        key: String,
    },
    /// A key of a zone that nobody knows; all else that is said of it is used.
    #[error("zone {zone:?}: there is no {key:?}")]
    ZoneKey {
        /// Which.
        zone: String,
        /// What nobody knows.
        key: String,
    },
}

impl ResidentsFile {
    /// The world, without the zones that cannot be used.
    pub fn world(&self, problems: &mut Vec<Problem>) -> World {
        let (mut zones, mut ids) = (Vec::new(), HashSet::new());
        for drawn in &self.zones {
            let zone = &drawn.entry.id;
            let unknown = drawn.unknown.keys().cloned();
            problems.extend(unknown.map(|key| Problem::ZoneKey { zone: zone.clone(), key }));
            if !ids.insert(zone) {
                problems.push(Problem::ZoneTwice(zone.clone()));
                continue;
            }
            let entry = drawn.in_wgs84().map_err(ZoneError::from);
            match entry.and_then(|entry| Zone::try_from(&*entry)) {
                Ok(zone) => zones.push(zone),
                Err(source) => problems.push(Problem::Zone { zone: zone.clone(), source }),
            }
        }
        let mut rules = self.rules.clone().unwrap_or_default();
        if let Err(wrong) = rules.check() {
            problems.push(Problem::Rules(wrong));
            rules = Rules::default();
        }
        World { rules, zones: Zones::new(zones) }
    }
}

impl ResidentEntry {
    /// The resident, without the fences that cannot be used.
    pub fn resident(&self, problems: &mut Vec<Problem>) -> Resident {
        let fences = self.checked(problems);
        let handset = self.handset.as_ref();
        Resident {
            id: self.id.clone(),
            name: if self.name.is_empty() { self.id.to_string() } else { self.name.clone() },
            policy: self.policy,
            fences,
            heartbeat_s: handset.and_then(|handset| handset.heartbeat_s).filter(|seconds| *seconds > 0.0),
            worn: handset.and_then(|handset| handset.worn),
            habits: self.habits.clone().map(Arc::new),
        }
    }

    /// The fences that can be used, each of them once.
    fn checked(&self, problems: &mut Vec<Problem>) -> Vec<Fence> {
        let (mut fences, mut ids) = (Vec::new(), HashSet::new());
        for drawn in &self.fences {
            let (resident, fence) = (|| self.id.clone(), &drawn.entry.id);
            let unknown = drawn.unknown.keys().cloned();
            problems.extend(unknown.map(|key| Problem::FenceKey {
                resident: resident(),
                fence: fence.clone(),
                key,
            }));
            if !ids.insert(fence) {
                problems.push(Problem::FenceTwice { resident: resident(), fence: fence.clone() });
                continue;
            }
            let entry = drawn.in_wgs84().map_err(FenceError::from);
            match entry.and_then(|entry| Fence::try_from(&*entry)) {
                Ok(fence) => fences.push(fence),
                Err(source) => {
                    problems.push(Problem::Fence { resident: resident(), fence: fence.clone(), source });
                }
            }
        }
        fences
    }
}
