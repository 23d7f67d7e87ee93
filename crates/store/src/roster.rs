//! Who is to be reached outside the screens, and when.

use crate::{
    AuditRow, Connection, Job, JobError, Keys, Lane, Sifted, Store, StoreError, audit, db::on, reading,
    script::Script, seal::last_four,
};
use async_trait::async_trait;
use incident::ladder::{Hours, OnCall};

const COLUMN: &str = "roster_address";

/// Somebody who is on call at some hours of the week.
#[derive(Clone, PartialEq, Eq)]
pub struct RosterEntry {
    /// Its id.
    pub id: String,
    /// Who.
    pub name: String,
    /// At which hours.
    pub on_call: OnCall,
    /// By which way, as `sms` or `voice`.
    pub channel: String,
    /// The telephone number or the address.
    pub address: String,
}

/// A number that people are rung at is in no log.
impl std::fmt::Debug for RosterEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RosterEntry").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Puts somebody on the roster.
#[derive(Debug)]
pub struct PutOnRoster {
    /// Who, and when.
    pub entry: RosterEntry,
    /// What seals the address.
    pub keys: Keys,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for PutOnRoster {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let entry = &self.entry;
        let sealed = self
            .keys
            .seal(COLUMN, &entry.id, &entry.address)
            .map_err(|error| JobError::Broken(error.to_string()))?;
        let mut script = Script::default();
        script.add(
            "INSERT INTO roster (entry_id, name, days, from_minute, to_minute, channel, key_id, address_sealed,
               address_last4) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [
                entry.id.as_str().into(),
                entry.name.as_str().into(),
                i64::from(entry.on_call.days).into(),
                i64::from(entry.on_call.hours.from).into(),
                i64::from(entry.on_call.hours.to).into(),
                entry.channel.as_str().into(),
                self.keys.key_id().into(),
                sealed.as_slice().into(),
                last_four(&entry.address).into(),
            ],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// Takes somebody off the roster.
#[derive(Debug)]
pub struct TakeOffRoster {
    /// Which entry.
    pub id: String,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for TakeOffRoster {
    /// Whether there was such an entry.
    type Output = bool;
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<bool, JobError> {
        let gone = on!(Connection, connection, to => sqlx::query("DELETE FROM roster WHERE entry_id = $1")
            .bind(&self.id)
            .execute(to)
            .await
            .map(|done| done.rows_affected()))?;
        if gone > 0 {
            let mut script = Script::default();
            audit::insert(&mut script, &self.audit);
            script.run(connection).await?;
        }
        Ok(gone > 0)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    entry_id: String,
    name: String,
    days: i64,
    from_minute: i64,
    to_minute: i64,
    channel: String,
    address_sealed: Vec<u8>,
}

const WHAT: &str = "the roster";

impl Store {
    /// Everybody on the roster, by name. One entry that cannot be opened hides none of the others.
    pub async fn roster(&self) -> Result<Sifted<RosterEntry>, StoreError> {
        let found: Vec<Row> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT entry_id, name, days, from_minute, to_minute, channel, address_sealed FROM roster
             ORDER BY name, entry_id",
        )
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        let entry = |row: Row| -> Result<RosterEntry, StoreError> {
            Ok(RosterEntry {
                address: self.keys.open(COLUMN, &row.entry_id, &row.address_sealed)?,
                id: row.entry_id,
                name: row.name,
                on_call: OnCall {
                    days: u8::try_from(row.days).unwrap_or_default(),
                    hours: Hours {
                        from: u16::try_from(row.from_minute).unwrap_or_default(),
                        to: u16::try_from(row.to_minute).unwrap_or_default(),
                    },
                },
                channel: row.channel,
            })
        };
        Ok(found.into_iter().map(|row| (row.entry_id.clone(), entry(row))).collect())
    }
}
