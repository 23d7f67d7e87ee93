//! Windows within which a handset's presses are drills, and who has done theirs.

use crate::{
    AuditRow, Connection, IncidentChange, Job, JobError, Lane, Store, StoreError, audit, db::on, micros,
    people, reading, rows, script::Script,
};
use async_trait::async_trait;
use incident::What;
use model::{Division, HandsetId, ResidentId, SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// The platform lived for up to so long after the last moment on record: a pulse is written every 5 s, and may be late. What ended
/// by then may have been ended by hand.
const PULSE_AGE: SignedDuration = SignedDuration::from_secs(10);

/// A window that staff opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillWindow {
    /// For which handset.
    pub handset: HandsetId,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// The account that opened it.
    pub by: String,
}

/// Opens a window, unless a real incident of the handset or of whoever carries it is open: the next press would be a drill while
/// somebody is in need. So would be what the desk has not placed yet and a clock stamped that was set back since.
#[derive(Debug)]
pub struct OpenDrill {
    /// The window.
    pub window: DrillWindow,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for OpenDrill {
    /// Whether it was opened.
    type Output = bool;
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<bool, JobError> {
        let window = &self.window;
        let (is_in_need,): (bool,) = on!(Connection, connection, to => sqlx::query_as(
            "SELECT EXISTS (SELECT 1 FROM incidents WHERE state <> 'closed' AND drill = FALSE
               AND (subject = 'handset:' || $1 OR subject IN (
                 SELECT 'resident:' || resident_id FROM bindings WHERE handset_id = $1 AND to_us IS NULL)))
               OR EXISTS (SELECT 1 FROM signals WHERE handset_id = $1 AND kind IN ('press', 'fall')
                 AND received_at_us >= $2
                 AND +row_id > COALESCE((SELECT position FROM cursors WHERE name = 'desk'), 0))",
        )
        .bind(window.handset.as_str())
        .bind(micros(window.from))
        .fetch_one(to)
        .await)?;
        if is_in_need {
            return Ok(false);
        }
        let mut script = Script::default();
        end_running(&mut script, &window.handset, window.from);
        script.add(
            "INSERT INTO drill_windows (handset_id, from_us, to_us, opened_by) VALUES ($1, $2, $3, $4)
             ON CONFLICT (handset_id, from_us) DO UPDATE SET to_us = excluded.to_us, opened_by = excluded.opened_by",
            [
                window.handset.as_str().into(),
                micros(window.from).into(),
                micros(window.to).into(),
                window.by.as_str().into(),
            ],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await?;
        Ok(true)
    }
}

/// Ends the window of a handset: whatever comes from now on is real.
#[derive(Debug)]
pub struct EndDrill {
    /// Of which handset.
    pub handset: HandsetId,
    /// When.
    pub at: Timestamp,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for EndDrill {
    type Output = ();
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        end_running(&mut script, &self.handset, self.at);
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// With the drill that it was opened for a window ends: whatever comes after it is real.
pub(crate) fn end_with(script: &mut Script, change: &IncidentChange) {
    let incident = &change.incident;
    let mut ends = change.events.iter().filter(|event| matches!(event.what, What::Closed { .. }));
    let Some(end) = ends.next_back().filter(|_| incident.drill) else { return };
    let handsets: BTreeSet<&HandsetId> =
        incident.signals.iter().filter_map(|signal| signal.handset.as_ref()).collect();
    for handset in handsets {
        end_running(script, handset, end.at);
    }
}

fn end_running(script: &mut Script, handset: &HandsetId, at: Timestamp) {
    let at = micros(at);
    script.add(
        "UPDATE drill_windows SET to_us = $2 WHERE handset_id = $1 AND from_us < $2 AND to_us > $2",
        [handset.as_str().into(), at.into()],
    );
}

/// The clock was set back from the one moment to the other. What was over ends now and not a second time, and what runs ends when it
/// would have. Where a moved window would stand in the place of another one of its handset it ends, too: staff open another.
pub(crate) fn set_back(script: &mut Script, last_alive: Timestamp, now: Timestamp) {
    let over_by = last_alive.checked_add(PULSE_AGE).unwrap_or(last_alive);
    let (alive_us, now_us, over_us) = (micros(last_alive), micros(now), micros(over_by));
    script.add(
        "UPDATE drill_windows SET to_us = $2 WHERE to_us > $2 AND (to_us <= $3 OR EXISTS (
           SELECT 1 FROM drill_windows AS other WHERE other.handset_id = drill_windows.handset_id
             AND other.from_us = drill_windows.from_us + ($2 - $1)))",
        [alive_us.into(), now_us.into(), over_us.into()],
    );
    script.add(
        "UPDATE drill_windows SET from_us = from_us + ($2 - $1), to_us = to_us + ($2 - $1) WHERE to_us > $3",
        [alive_us.into(), now_us.into(), over_us.into()],
    );
}

/// A resident's button, and when it was last tried: pressed, by whoever carries it now, in a drill that was closed. What another
/// handset of theirs did says nothing of this one, nor does a fall of its button; a drill that ended in another one counts with that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastDrill {
    /// Whose.
    pub resident: ResidentId,
    /// Their name.
    pub name: String,
    /// The handset they carry.
    pub handset: Option<HandsetId>,
    /// When the newest drill that was gone through to its end began.
    pub at: Option<Timestamp>,
}

/// Whose button is to be tried: of residents who carry a handset, those whose last drill with it began before a moment, or who never
/// had one.
#[derive(Debug, Clone)]
pub struct DueDrills<'a> {
    /// Before this.
    pub before: Timestamp,
    /// Of these who lives in it or nowhere on record.
    pub scope: Option<&'a Division>,
    /// Of these whose name, or whose handset, holds this text; all, if it is empty.
    pub text: &'a str,
}

impl DueDrills<'_> {
    /// All of them.
    pub fn before(before: Timestamp) -> Self {
        Self { before, scope: None, text: "" }
    }
}

/// What is told of whose button is to be tried.
macro_rules! due {
    ($told:literal, $then:literal) => {
        concat!(
            "SELECT ",
            $told,
            " FROM bindings JOIN residents ON residents.resident_id = bindings.resident_id
             LEFT JOIN (SELECT incidents.resident_id, signals.handset_id, MAX(opened_at_us) AS at_us FROM incidents
               JOIN incident_signals ON incident_signals.incident_id = incidents.incident_id
               JOIN signals ON signals.signal_id = incident_signals.signal_id
               WHERE drill AND state = 'closed' AND signals.kind = 'press'
               GROUP BY incidents.resident_id, signals.handset_id) AS last
               ON last.resident_id = residents.resident_id AND last.handset_id = bindings.handset_id
             WHERE bindings.to_us IS NULL AND residents.erased_at_us IS NULL AND COALESCE(last.at_us, 0) < $1
               AND ($2 = '' OR residents.division IS NULL OR residents.division LIKE $2 || '%')
               AND (LOWER(residents.name) LIKE LOWER($3) ESCAPE '\\'
                 OR LOWER(bindings.handset_id) LIKE LOWER($3) ESCAPE '\\')",
            $then
        )
    };
}

impl Store {
    /// When the button that a resident carries was last pressed in a drill that was gone through to its end.
    pub async fn last_drill(&self, resident: &ResidentId) -> Result<Option<Timestamp>, StoreError> {
        let what = "a drill";
        let (found,): (Option<i64>,) = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT MAX(opened_at_us) FROM incidents
             JOIN incident_signals ON incident_signals.incident_id = incidents.incident_id
             JOIN signals ON signals.signal_id = incident_signals.signal_id
             JOIN bindings ON bindings.handset_id = signals.handset_id
               AND bindings.resident_id = incidents.resident_id AND bindings.to_us IS NULL
             WHERE drill AND state = 'closed' AND incidents.resident_id = $1 AND signals.kind = 'press'",
        )
        .bind(resident.as_str())
        .fetch_one(to)
        .await)
        .map_err(reading(what))?;
        found.map(|at| rows::time(what, at)).transpose()
    }

    /// The windows that have not ended, the next to end first, with who carries the handset. With a scope: of handsets whose carrier
    /// lives in it or nowhere on record, and of those that nobody carries.
    pub async fn drill_windows(
        &self,
        now: Timestamp,
        scope: Option<&Division>,
        limit: u32,
    ) -> Result<Vec<(DrillWindow, Option<ResidentId>)>, StoreError> {
        let what = "windows for drills";
        let found: Vec<(String, i64, i64, String, Option<String>)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT handset_id, from_us, to_us, opened_by,
               (SELECT resident_id FROM bindings WHERE bindings.handset_id = drill_windows.handset_id
                  AND bindings.from_us <= $1 AND (bindings.to_us IS NULL OR bindings.to_us > $1)
                ORDER BY bindings.from_us DESC LIMIT 1)
             FROM drill_windows WHERE to_us > $1
               AND ($3 = '' OR NOT EXISTS (SELECT 1 FROM bindings
                 JOIN residents ON residents.resident_id = bindings.resident_id
                 WHERE bindings.handset_id = drill_windows.handset_id AND bindings.from_us <= $1
                   AND (bindings.to_us IS NULL OR bindings.to_us > $1) AND residents.division NOT LIKE $3 || '%'))
             ORDER BY to_us, handset_id LIMIT $2",
        )
        .bind(micros(now))
        .bind(i64::from(limit))
        .bind(scope.map_or("", Division::as_str))
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        let window = |(handset, from, to, by, carrier): (String, i64, i64, String, Option<String>)| {
            let (from, to) = (rows::time(what, from)?, rows::time(what, to)?);
            let carrier = carrier.map(|id| rows::resident(what, id)).transpose()?;
            Ok((DrillWindow { handset: rows::handset(what, handset)?, from, to, by }, carrier))
        };
        found.into_iter().map(window).collect()
    }

    /// Whose button is to be tried, after the last one that was seen; who has waited longest first.
    pub async fn drills_due(
        &self,
        due: &DueDrills<'_>,
        after: Option<&(i64, String)>,
        limit: u32,
    ) -> Result<Vec<LastDrill>, StoreError> {
        let what = "drills that are due";
        let (at, handset) = after.map_or((-1, ""), |(at, handset)| (*at, handset.as_str()));
        let found: Vec<(String, String, String, Option<i64>)> = on!(Pool, &self.pool, to => sqlx::query_as(due!(
            "residents.resident_id, residents.name, bindings.handset_id, last.at_us",
            " AND (COALESCE(last.at_us, 0) > $4 OR (COALESCE(last.at_us, 0) = $4 AND bindings.handset_id > $5))
              ORDER BY COALESCE(last.at_us, 0), bindings.handset_id LIMIT $6"
        ))
        .bind(micros(due.before))
        .bind(due.scope.map_or("", Division::as_str))
        .bind(people::containing(due.text))
        .bind(at)
        .bind(handset)
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        let due = |(id, name, handset, at): (String, String, String, Option<i64>)| {
            Ok(LastDrill {
                resident: rows::resident(what, id)?,
                name,
                handset: Some(rows::handset(what, handset)?),
                at: at.map(|at| rows::time(what, at)).transpose()?,
            })
        };
        found.into_iter().map(due).collect()
    }

    /// How many these are in all.
    pub async fn count_drills_due(&self, due: &DueDrills<'_>) -> Result<u32, StoreError> {
        let (count,): (i64,) = on!(Pool, &self.pool, to => sqlx::query_as(due!("COUNT(*)", ""))
            .bind(micros(due.before))
            .bind(due.scope.map_or("", Division::as_str))
            .bind(people::containing(due.text))
            .fetch_one(to)
            .await)
        .map_err(reading("drills that are due"))?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }
}
