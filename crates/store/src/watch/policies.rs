//! How residents are watched, and who is.

use super::note_change;
use crate::{AuditRow, Connection, Job, JobError, Lane, Store, StoreError, db::on, micros, reading, rows};
use async_trait::async_trait;
use geofence::{Policy, Worn};
use model::{HandsetId, ResidentId, Timestamp};
use serde::{Deserialize, Serialize};

/// How a resident is watched, with what must be known of the handset for it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WatchPolicy {
    /// What is watched.
    #[serde(flatten)]
    pub policy: Policy,
    /// How often the handset says something at least, where that is not the handset's own; 0: its silence is not supervised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heartbeat_s: Option<f64>,
    /// Where the handset is worn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worn: Option<Worn>,
    /// Handsets of people who go with them; one of these near, and what looks like wandering weighs less.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<HandsetId>,
}

/// A policy as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPolicy {
    /// What it says.
    pub policy: WatchPolicy,
    /// Counts its changes.
    pub version: i64,
}

/// Enters a resident's policy, or changes it.
#[derive(Debug)]
pub struct PutPolicy {
    /// Whose.
    pub resident: ResidentId,
    /// What it says from now on.
    pub policy: WatchPolicy,
    /// The version it is changed from; 0 if there was none.
    pub from_version: i64,
    /// When.
    pub at: Timestamp,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for PutPolicy {
    /// Its version from now on. [`JobError::Conflict`] if it is at another version than it is changed from.
    type Output = i64;
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<i64, JobError> {
        let document = serde_json::to_string(&self.policy)?;
        let statement = if self.from_version > 0 {
            "UPDATE policies SET document = $2, version = version + 1, changed_at_us = $3
             WHERE resident_id = $1 AND version = $4"
        } else {
            "INSERT INTO policies (resident_id, document, version, changed_at_us) VALUES ($1, $2, $4 + 1, $3)
             ON CONFLICT (resident_id) DO NOTHING"
        };
        let rows = on!(Connection, connection, to => sqlx::query(statement)
            .bind(self.resident.as_str())
            .bind(&document)
            .bind(micros(self.at))
            .bind(self.from_version)
            .execute(to)
            .await
            .map(|done| done.rows_affected()))?;
        super::only_one(rows)?;
        note_change(connection, Some(&self.resident), &self.audit).await?;
        Ok(self.from_version.saturating_add(1))
    }
}

/// Somebody who is watched: there is a policy or a fence, or a handset was given to them.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact on record of its own")]
pub struct WatchedResident {
    /// Who.
    pub id: ResidentId,
    /// What they are called.
    pub name: String,
    /// What is on record of them that bears on it.
    pub lives_alone: bool,
    /// May not know the way.
    pub cognitive_impairment: bool,
    /// Whether their positions may be kept; who took the consent back is watched for what the handset says of itself alone.
    pub is_tracked: bool,
    /// How they are watched, where somebody said so.
    pub policy: Option<StoredPolicy>,
    /// What they carried, each from a moment on until another, the newest last.
    pub carried: Vec<(HandsetId, Timestamp, Option<Timestamp>)>,
    /// How often what they carry now says something at least, in seconds, where somebody said so.
    pub heartbeat_s: Option<f64>,
    /// A telephone speaks for what they carry now. Apps are silent for as long as nobody moves.
    pub is_telephone: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    resident_id: String,
    name: String,
    lives_alone: bool,
    cognitive_impairment: bool,
    is_tracked: bool,
    document: Option<String>,
    version: Option<i64>,
}

const WATCHED: &str = "SELECT residents.resident_id, name, lives_alone, cognitive_impairment,
      untracked_since_us IS NULL AS is_tracked, policies.document, policies.version
    FROM residents LEFT JOIN policies ON policies.resident_id = residents.resident_id
    WHERE residents.erased_at_us IS NULL AND ($1 = '' OR residents.resident_id = $1)
      AND (policies.resident_id IS NOT NULL
        OR EXISTS (SELECT 1 FROM fences
          WHERE fences.resident_id = residents.resident_id AND fences.ended_at_us IS NULL)
        OR EXISTS (SELECT 1 FROM bindings WHERE bindings.resident_id = residents.resident_id))
    ORDER BY residents.resident_id";

const CARRIED: &str = "SELECT resident_id, bindings.handset_id, from_us, to_us, heartbeat_s,
      EXISTS (SELECT 1 FROM phones WHERE phones.handset_id = bindings.handset_id) AS is_telephone
    FROM bindings JOIN handsets ON handsets.handset_id = bindings.handset_id
    WHERE ($1 = '' OR resident_id = $1)
    ORDER BY resident_id, from_us";

#[derive(sqlx::FromRow)]
struct CarriedRow {
    resident_id: String,
    handset_id: String,
    from_us: i64,
    to_us: Option<i64>,
    heartbeat_s: Option<f64>,
    is_telephone: bool,
}

impl WatchedResident {
    fn of(row: Row) -> Result<Self, StoreError> {
        let what = "a policy";
        let policy = row.document.zip(row.version).map(|(document, version)| {
            rows::document(what, &document).map(|policy| StoredPolicy { policy, version })
        });
        Ok(Self {
            id: rows::resident(what, row.resident_id)?,
            name: row.name,
            lives_alone: row.lives_alone,
            cognitive_impairment: row.cognitive_impairment,
            is_tracked: row.is_tracked,
            policy: policy.transpose()?,
            carried: Vec::new(),
            heartbeat_s: None,
            is_telephone: false,
        })
    }

    fn carry(&mut self, row: CarriedRow) -> Result<(), StoreError> {
        let what = "a binding";
        let to = row.to_us.map(|to_us| rows::time(what, to_us)).transpose()?;
        if to.is_none() {
            (self.heartbeat_s, self.is_telephone) = (row.heartbeat_s, row.is_telephone);
        }
        self.carried.push((rows::handset(what, row.handset_id)?, rows::time(what, row.from_us)?, to));
        Ok(())
    }

    /// How often what they carry now says something at least, in seconds: as their policy says, else as the handset's own interval
    /// is, else as is usual. Nothing is usual of telephones. None: nothing is carried, or its silence is not supervised.
    pub fn heartbeat_s(&self, usual: Option<f64>) -> Option<f64> {
        let said = self.policy.as_ref().and_then(|stored| stored.policy.heartbeat_s).or(self.heartbeat_s);
        let carries = self.carried.iter().any(|(_, _, to)| to.is_none());
        said.or(usual.filter(|_| carries && !self.is_telephone)).filter(|seconds| *seconds > 0.0)
    }

    /// The policy in force: what was said, and of who is not tracked nothing that wants positions. The silence of their handset needs
    /// none: that a position came is noted where the position is not.
    pub fn in_force(&self) -> WatchPolicy {
        let said = self.policy();
        if self.is_tracked {
            return said;
        }
        let off = Some(false);
        let policy = Policy { zones: off, wandering: off, habits: off, inactivity: off, ..said.policy };
        WatchPolicy { policy, companions: Vec::new(), ..said }
    }

    /// What somebody said; else what is on record: zones for whoever may lose the way, and no patterns of wandering, which want a
    /// decision.
    pub fn policy(&self) -> WatchPolicy {
        self.policy.as_ref().map_or_else(
            || WatchPolicy {
                policy: Policy {
                    dementia: self.cognitive_impairment,
                    lives_alone: self.lives_alone,
                    wandering: Some(false),
                    inactivity: Some(false),
                    ..Policy::default()
                },
                ..WatchPolicy::default()
            },
            |stored| stored.policy.clone(),
        )
    }
}

impl Store {
    /// Who is watched: everybody, or the one resident if that is so.
    pub async fn watched(&self, of: Option<&ResidentId>) -> Result<Vec<WatchedResident>, StoreError> {
        let what = "who is watched";
        let of = of.map_or("", ResidentId::as_str);
        let found: Vec<Row> = on!(Pool, &self.pool, to =>
            sqlx::query_as(WATCHED).bind(of).fetch_all(to).await)
        .map_err(reading(what))?;
        let carried: Vec<CarriedRow> = on!(Pool, &self.pool, to =>
            sqlx::query_as(CARRIED).bind(of).fetch_all(to).await)
        .map_err(reading(what))?;
        let mut watched = found.into_iter().map(WatchedResident::of).collect::<Result<Vec<_>, _>>()?;
        for row in carried {
            // Both are in the order of the residents.
            let Ok(place) = watched.binary_search_by(|one| one.id.as_str().cmp(&row.resident_id)) else {
                continue;
            };
            if let Some(one) = watched.get_mut(place) {
                one.carry(row)?;
            }
        }
        Ok(watched)
    }

    /// A resident's policy, where somebody said how they are watched.
    pub async fn policy(&self, of: &ResidentId) -> Result<Option<StoredPolicy>, StoreError> {
        let found: Option<(String, i64)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT document, version FROM policies WHERE resident_id = $1")
                .bind(of.as_str())
                .fetch_optional(to)
                .await)
        .map_err(reading("a policy"))?;
        found
            .map(|(document, version)| {
                rows::document("a policy", &document).map(|policy| StoredPolicy { policy, version })
            })
            .transpose()
    }

    /// Where the handset is worn, as the policy of whoever carries it says.
    pub async fn worn(&self, handset: &HandsetId) -> Result<Option<Worn>, StoreError> {
        let found: Option<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT document FROM policies JOIN bindings ON bindings.resident_id = policies.resident_id
             WHERE handset_id = $1 AND to_us IS NULL ORDER BY from_us DESC LIMIT 1",
        )
        .bind(handset.as_str())
        .fetch_optional(to)
        .await)
        .map_err(reading("a policy"))?;
        let policy = found.map(|(document,)| rows::document::<WatchPolicy>("a policy", &document));
        Ok(policy.transpose()?.and_then(|policy| policy.worn))
    }

    /// Changes whenever a handset is bound to somebody or taken from somebody.
    pub async fn bindings_mark(&self) -> Result<(i64, i64, i64, i64), StoreError> {
        on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT COUNT(*), COUNT(to_us), COALESCE(MAX(from_us), 0), COALESCE(MAX(to_us), 0) FROM bindings")
            .fetch_one(to)
            .await)
        .map_err(reading("the bindings"))
    }
}
