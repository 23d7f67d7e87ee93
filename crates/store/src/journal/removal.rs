//! Tracks are kept for a time and then removed: hour by hour, in small steps, counted and put on record.

use super::{
    block::Block,
    hours::hour_of,
    job::count_removed,
    summary::{self, Days},
};
use crate::{
    AuditRow, Connection, Job, JobError, Lane, Store, StoreError, audit, db::on, micros, reading,
    script::Script,
};
use async_trait::async_trait;
use model::{ResidentId, SignedDuration, Timestamp};

/// Parts of hours removed at a time: with their pages some five hundred kilobytes.
const AT_ONCE: i64 = 100;
/// By whom it is, on the record.
const BY: &str = "system";

/// How long fixes are kept, and in which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Exact, by handset. At least as long as anything looks back for repeats.
    pub window: SignedDuration,
    /// At all.
    pub tracks: SignedDuration,
}

impl Default for Kept {
    fn default() -> Self {
        Self { window: SignedDuration::from_hours(48), tracks: SignedDuration::from_hours(24 * 90) }
    }
}

impl Kept {
    pub(super) fn window_us(self) -> i64 {
        i64::try_from(self.window.as_micros()).unwrap_or(i64::MAX)
    }

    /// The end of what is removed.
    fn ends(self, now: Timestamp) -> i64 {
        let kept_us = i64::try_from(self.tracks.as_micros()).unwrap_or(i64::MAX);
        hour_of(micros(now).saturating_sub(kept_us))
    }
}

/// A removal that is under way.
#[derive(Debug, Clone, Copy)]
struct UnderWay {
    before_us: i64,
    parts: i64,
    fixes: i64,
}

/// Removes, step by step.
#[derive(Debug, Default)]
pub(super) struct Removal(Option<UnderWay>);

impl Removal {
    /// The next step: how many fixes it removed; nothing if there are none so old.
    pub(super) async fn step(
        &mut self,
        store: &Store,
        kept: Kept,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let under_way = match self.0 {
            Some(under_way) => under_way,
            None if is_any_before(store, kept.ends(now)).await? && !are_held(store, now).await? => {
                UnderWay { before_us: kept.ends(now), parts: 0, fixes: 0 }
            }
            None => return Ok(None),
        };
        let job = Remove { under_way, is_first: self.0.is_none(), at: now };
        let (parts, fixes) =
            store.write(job).await.map_err(|source| StoreError::Write { what: "tracks", source })?;
        let after = UnderWay {
            parts: under_way.parts.saturating_add(parts),
            fixes: under_way.fixes.saturating_add(fixes),
            ..under_way
        };
        metrics::counter!("jujiale_tracks_removed_fixes_total")
            .increment(u64::try_from(fixes).unwrap_or_default());
        self.0 = (parts >= AT_ONCE).then_some(after);
        if self.0.is_none() {
            tracing::info!(event = "tracks_removed", before = %until(after.before_us), fixes = after.fixes,
                hours = after.parts, "older than tracks are kept");
        }
        Ok(Some(fixes))
    }
}

async fn are_held(store: &Store, now: Timestamp) -> Result<bool, StoreError> {
    Ok(store.removals_held_until().await?.is_some_and(|until| now < until))
}

async fn is_any_before(store: &Store, before_us: i64) -> Result<bool, StoreError> {
    let (is_any,): (bool,) = on!(Pool, &store.pool, to =>
        sqlx::query_as("SELECT EXISTS (SELECT 1 FROM track_hours WHERE hour_us < $1)")
            .bind(before_us)
            .fetch_one(to)
            .await)
    .map_err(reading("old tracks"))?;
    Ok(is_any)
}

fn until(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap_or_default()
}

/// A part of an hour that was removed.
#[derive(sqlx::FromRow)]
struct Removed {
    resident_id: Option<String>,
    hour_us: i64,
    fixes: i64,
    body: Vec<u8>,
}

/// Adds what is removed to the days that stay.
async fn sum_up(connection: &mut Connection, removed: &[Removed]) -> Result<(), JobError> {
    let mut days = Days::new();
    for part in removed {
        let resident = part.resident_id.as_deref().and_then(|id| ResidentId::new(id).ok());
        // What cannot be read any more is counted as removed all the same.
        if let (Some(resident), Ok(block)) = (resident, Block::decode(&part.body)) {
            summary::add(&mut days, resident, part.hour_us, &block.rows);
        }
    }
    let mut script = Script::default();
    for ((resident, day_us), day) in days {
        script.add(
            "INSERT INTO track_days (resident_id, day_us, fixes, hours, moved_m) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (resident_id, day_us) DO UPDATE SET fixes = track_days.fixes + excluded.fixes,
               hours = track_days.hours + excluded.hours, moved_m = track_days.moved_m + excluded.moved_m",
            [resident.as_str().into(), day_us.into(), day.fixes.into(), day.hours.into(), day.moved_m.into()],
        );
    }
    script.run(connection).await.map(drop)
}

/// Removes some parts of hours before a time.
#[derive(Debug)]
struct Remove {
    under_way: UnderWay,
    is_first: bool,
    at: Timestamp,
}

impl Remove {
    async fn note(&self, connection: &mut Connection, detail: String) -> Result<(), JobError> {
        let row = AuditRow {
            at: self.at,
            username: BY.to_owned(),
            source: BY.to_owned(),
            action: "remove_tracks".to_owned(),
            subject: "tracks".to_owned(),
            detail,
        };
        let mut script = Script::default();
        audit::insert(&mut script, &[row]);
        script.run(connection).await.map(drop)
    }
}

#[async_trait]
impl Job for Remove {
    /// How many parts, with how many fixes.
    type Output = (i64, i64);
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(i64, i64), JobError> {
        let UnderWay { before_us, parts, fixes } = self.under_way;
        let before = until(before_us);
        if self.is_first {
            self.note(
                connection,
                format!("begins: everything taken before {before} (retention.tracks_days)"),
            )
            .await?;
        }
        let removed: Vec<Removed> = on!(Connection, connection, to => sqlx::query_as(
            "DELETE FROM track_hours WHERE row_id IN (
               SELECT row_id FROM track_hours WHERE hour_us < $1 ORDER BY hour_us LIMIT $2)
             RETURNING resident_id, hour_us, fixes, body",
        )
        .bind(before_us)
        .bind(AT_ONCE)
        .fetch_all(to)
        .await)?;
        let removed_fixes = removed.iter().map(|part| part.fixes).sum();
        sum_up(connection, &removed).await?;
        let removed_parts = i64::try_from(removed.len()).unwrap_or(i64::MAX);
        count_removed(connection, removed_fixes).await?;
        if removed_parts < AT_ONCE {
            let (hours, fixes) = (parts.saturating_add(removed_parts), fixes.saturating_add(removed_fixes));
            self.note(connection, format!("done: {fixes} fixes in {hours} hours before {before}")).await?;
        }
        Ok((removed_parts, removed_fixes))
    }
}

/// Removes some parts of hours of residents who were erased; says whether there may be more.
#[derive(Debug)]
pub struct RemoveErasedTracks;

#[async_trait]
impl Job for RemoveErasedTracks {
    type Output = bool;
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<bool, JobError> {
        let removed: Vec<(i64,)> = on!(Connection, connection, to => sqlx::query_as(
            "DELETE FROM track_hours WHERE row_id IN (
               SELECT track_hours.row_id FROM residents
               JOIN track_hours ON track_hours.resident_id = residents.resident_id
               WHERE erased_at_us IS NOT NULL LIMIT $1) RETURNING fixes",
        )
        .bind(AT_ONCE)
        .fetch_all(to)
        .await)?;
        count_removed(connection, removed.iter().map(|(fixes,)| *fixes).sum()).await?;
        Ok(i64::try_from(removed.len()).is_ok_and(|removed| removed >= AT_ONCE))
    }
}
