//! What is usual for a resident: a table derived from the track, and no more kept than [`Habits`] holds.

use super::{note_change, only_one};
use crate::{AuditRow, Connection, Job, JobError, Lane, Store, StoreError, db::on, reading, rows};
use async_trait::async_trait;
use geofence::habits::Habits;
use model::{ResidentId, Wgs84};

/// Habits as they are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredHabits {
    /// Whose.
    pub resident: ResidentId,
    /// What was learned.
    pub habits: Habits,
    /// The last day that was looked at, since 1970 on a calendar in Shanghai.
    pub through_day: i64,
    /// Counts the changes.
    pub version: i64,
}

/// Keeps what was learned.
#[derive(Debug)]
pub struct PutHabits {
    /// As they are from now on; the version is the one they were learned from, 0 if there were none.
    pub learned: StoredHabits,
}

#[async_trait]
impl Job for PutHabits {
    /// [`JobError::Conflict`] if somebody else has learned or forgotten meanwhile.
    type Output = ();
    const LANE: Lane = Lane::Background;
    const ABANDONABLE: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        put(connection, &self.learned).await?;
        note_change(connection, Some(&self.learned.resident), &[]).await
    }
}

async fn put(connection: &mut Connection, learned: &StoredHabits) -> Result<(), JobError> {
    let document = serde_json::to_string(&learned.habits)?;
    let statement = if learned.version > 0 {
        "UPDATE habits SET document = $2, through_day = $3, version = version + 1
         WHERE resident_id = $1 AND version = $4"
    } else {
        "INSERT INTO habits (resident_id, document, through_day, version) VALUES ($1, $2, $3, $4 + 1)
         ON CONFLICT (resident_id) DO NOTHING"
    };
    let rows = on!(Connection, connection, to => sqlx::query(statement)
        .bind(learned.resident.as_str())
        .bind(&document)
        .bind(learned.through_day)
        .bind(learned.version)
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?;
    only_one(rows)
}

/// Forgets what was learned of a resident, all of it or about one place. What is forgotten is not learned again from the track
/// there is: learning begins after `today`.
#[derive(Debug)]
pub struct ForgetHabits {
    /// Whose.
    pub resident: ResidentId,
    /// Within so many metres of this place; everything if none is named.
    pub near: Option<(Wgs84, f64)>,
    /// The day, as in [`StoredHabits::through_day`].
    pub today: i64,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for ForgetHabits {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let found: Option<Row> = on!(Connection, connection, to =>
            sqlx::query_as(HABITS).bind(self.resident.as_str()).fetch_optional(&mut *to).await)?;
        let stored = found.map(stored).transpose().map_err(|error| JobError::Broken(error.to_string()))?;
        let mut kept = stored.unwrap_or_else(|| StoredHabits {
            resident: self.resident.clone(),
            habits: Habits::default(),
            through_day: self.today,
            version: 0,
        });
        if let Some((place, within_m)) = self.near {
            kept.habits.forget_near(place, within_m);
        } else {
            kept.habits.forget();
            kept.through_day = self.today;
        }
        put(connection, &kept).await?;
        note_change(connection, Some(&self.resident), &self.audit).await
    }
}

type Row = (String, String, i64, i64);

const WHAT: &str = "a resident's habits";
const HABITS: &str =
    "SELECT resident_id, document, through_day, version FROM habits WHERE $1 = '' OR resident_id = $1";

fn stored((resident, document, through_day, version): Row) -> Result<StoredHabits, StoreError> {
    let (resident, habits) = (rows::resident(WHAT, resident)?, rows::document(WHAT, &document)?);
    Ok(StoredHabits { resident, habits, through_day, version })
}

impl Store {
    /// What was learned of a resident, or of everybody.
    pub async fn habits(&self, of: Option<&ResidentId>) -> Result<Vec<StoredHabits>, StoreError> {
        let found: Vec<Row> = on!(Pool, &self.pool, to =>
            sqlx::query_as(HABITS).bind(of.map_or("", ResidentId::as_str)).fetch_all(to).await)
        .map_err(reading(WHAT))?;
        found.into_iter().map(stored).collect()
    }
}
