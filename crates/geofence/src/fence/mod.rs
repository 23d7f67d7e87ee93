//! Fences: a resident's own safe and forbidden areas, decided under uncertainty.
//!
//! A fix goes through four rooms, each a file:
//! 1. [`belief`]: what the fix is worth: its size, its tail, P(outside) at a distance.
//! 2. [`rest`]: what it says beyond *still there*.
//! 3. [`tracker`]: evidence adds up until a side is believed (CUSUM).
//! 4. [`episode`]: what a believed side means: alarm, repeat, steps, return, by the schedule.
//!
//! To add something that is told about a fence: a rule in `episode`, with its deadline in `Episode::wakes_at`.

pub mod belief;
pub mod episode;
pub mod rest;
pub mod tracker;

use crate::moment::Moment;
use crate::schedule::{Schedule, ScheduleError, Written, read_time};
use crate::shape::{Area, Limits, Shape, ShapeError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tracker::Side;

/// Whether leaving or entering alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FenceKind {
    /// Leaving alarms.
    Safe,
    /// Entering alarms.
    Forbidden,
}

impl FenceKind {
    /// The side on which an alarm is due.
    pub fn alarming(self) -> Side {
        match self {
            Self::Safe => Side::Outside,
            Self::Forbidden => Side::Inside,
        }
    }
}

/// A fence as it is written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FenceEntry {
    /// Its name within the resident's.
    pub id: String,
    /// What people call it; its id, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it alarms at all; yes, if nothing is said. One that does not is still followed, to be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub armed: Option<bool>,
    /// Safe or forbidden.
    pub kind: FenceKind,
    /// GeoJSON, a Circle or a Corridor.
    pub shape: Value,
    /// When it is armed; always, if nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schedule: Vec<Value>,
    /// For how long somebody must be on the wrong side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dwell_s: Option<f64>,
    /// Of a safe fence: the times of day, `HH:MM`, by which the resident should be back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub home_by: Vec<String>,
}

/// A fence that was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Fence {
    /// Its name within the resident's.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether it alarms at all.
    pub armed: bool,
    /// Safe or forbidden.
    pub kind: FenceKind,
    /// Where.
    pub area: Area,
    /// When it is armed.
    pub schedule: Schedule,
    /// For how long somebody must be on the wrong side.
    pub dwell_s: f64,
    /// Minutes of the day by which the resident should be back.
    pub home_by: Vec<u16>,
}

/// Why a fence cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FenceError {
    /// Its shape.
    #[error("its shape cannot be used")]
    Shape(#[from] ShapeError),
    /// When somebody should be home.
    #[error("home_by, time {number}, cannot be used")]
    HomeBy {
        /// Which time, counted from 1.
        number: usize,
        /// What is wrong with it.
        #[source]
        source: ScheduleError,
    },
    /// Its hours.
    #[error("schedule, entry {number}, cannot be used: {problem}")]
    Schedule {
        /// Which entry, counted from 1.
        number: usize,
        /// What the reader found.
        problem: String,
    },
    /// Its dwell.
    #[error("dwell_s is {0}; it is a number of seconds from 0 to 86400")]
    Dwell(f64),
}

impl FenceEntry {
    /// As other programs read it, with all that is said of it among its properties.
    pub fn feature(&self) -> Result<Value, ShapeError> {
        let mut properties = json!(self);
        if let Some(members) = properties.as_object_mut() {
            members.remove("shape");
            members.insert("name".to_owned(), json!(self.name.as_ref().unwrap_or(&self.id)));
            members.insert("armed".to_owned(), json!(self.armed.unwrap_or(true)));
        }
        Ok(Shape::from_geojson(&self.shape)?.feature().with(&self.id, properties))
    }
}

impl TryFrom<&FenceEntry> for Fence {
    type Error = FenceError;
    fn try_from(entry: &FenceEntry) -> Result<Self, FenceError> {
        let dwell_s = entry.dwell_s.unwrap_or(0.0);
        if !(0.0..=86_400.0).contains(&dwell_s) {
            return Err(FenceError::Dwell(dwell_s));
        }
        let home_by =
            entry.home_by.iter().zip(1..).map(|(time, number)| {
                read_time(time).map_err(|source| FenceError::HomeBy { number, source })
            });
        Ok(Self {
            id: entry.id.clone(),
            name: entry.name.clone().unwrap_or_else(|| entry.id.clone()),
            armed: entry.armed.unwrap_or(true),
            kind: entry.kind,
            area: Shape::from_geojson(&entry.shape)?.check(&Limits::FENCE)?,
            schedule: read_schedule(&entry.schedule)?,
            dwell_s,
            home_by: home_by.collect::<Result<_, _>>()?,
        })
    }
}

/// Entry by entry, so that the answer names the one that is wrong.
fn read_schedule(entries: &[Value]) -> Result<Schedule, FenceError> {
    let mut read = Vec::with_capacity(entries.len());
    for (entry, number) in entries.iter().zip(1..) {
        let problem = |problem: String| FenceError::Schedule { number, problem };
        let one: Written =
            serde_json::from_value(entry.clone()).map_err(|error| problem(error.to_string()))?;
        Schedule::try_from(vec![one.clone()]).map_err(|error| problem(error.to_string()))?;
        read.push(one);
    }
    // Each was read by itself, so all of them can be.
    Schedule::try_from(read).map_err(|error| FenceError::Schedule { number: 0, problem: error.to_string() })
}

impl Fence {
    /// How many bytes it takes with its shape and its names; what its hours point to is not counted.
    pub fn bytes(&self) -> usize {
        let texts = self.id.capacity().saturating_add(self.name.capacity());
        let home_by = self.home_by.capacity().saturating_mul(size_of::<u16>());
        let own = size_of::<Self>().saturating_sub(size_of::<Area>());
        own.saturating_add(self.area.bytes()).saturating_add(texts).saturating_add(home_by)
    }

    /// Whether it alarms at that moment.
    pub fn is_armed(&self, at: Moment) -> bool {
        self.armed && self.schedule.is_armed(at)
    }

    /// The next moment at which its hours ask for a look: it is armed or disarmed, or somebody should be home.
    pub fn hours_after(&self, at: Moment) -> Moment {
        let today = at.local().day;
        let tonight = self
            .home_by
            .iter()
            .flat_map(|minute| [today, today.saturating_add(1)].map(|day| Moment::of_local(day, *minute)));
        let home_by = tonight.filter(|moment| *moment > at).min().unwrap_or(Moment::NEVER);
        if self.schedule.is_always() { home_by } else { home_by.min(self.schedule.changes_after(at)) }
    }

    /// The last hour by which the resident should be home between two moments, both of them included. One that an exception by
    /// date takes out is none.
    pub fn home_between(&self, from: Moment, to: Moment) -> Option<Moment> {
        let today = to.local().day;
        let days = [today.saturating_sub(1), today];
        let hours = self.home_by.iter().flat_map(|minute| days.map(|day| Moment::of_local(day, *minute)));
        let within = hours.filter(|hour| (from..=to).contains(hour) && !self.schedule.is_taken_out(*hour));
        within.max()
    }
}
