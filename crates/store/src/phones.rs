//! Telephones: by which name or id each is known in its dialect, and whose handset it is.

use crate::{
    AuditRow, Connection, Job, JobError, Keys, Lane, Store, StoreError, audit,
    db::on,
    provisioning::{SENT_AWAY, WATCHED_OTHERWISE},
    reading, rows,
};
use async_trait::async_trait;
use model::HandsetId;
use protocol::{OsmAndId, Passphrase, PhoneName};

const OWNTRACKS: &str = "owntracks";
const OSMAND: &str = "osmand";
/// The sealed column.
const PASSPHRASE: &str = "phone_passphrase";

/// A telephone that is bound to a handset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phone {
    /// An OwnTracks app.
    OwnTracks(PhoneName),
    /// OsmAnd or Traccar Client.
    OsmAnd,
}

/// By which an OsmAnd id is told from another; it says nothing of the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OsmAndTag(Vec<u8>);

/// Binds an OwnTracks app to a handset; whose it was before is forgotten, and the sessions of that one must log in again. If somebody
/// else has bound it since it was looked at, that is a [`JobError::Conflict`]: of two at once only one may be told that it is done.
#[derive(Debug)]
pub struct BindOwnTracks {
    /// Whose it is now.
    pub handset: HandsetId,
    /// Whose it was when it was looked at.
    pub from: Option<HandsetId>,
    /// Its user and device.
    pub name: PhoneName,
    /// The encryption key that the app was given, if it was given one.
    pub passphrase: Option<String>,
    /// What the passphrase is sealed with.
    pub keys: Keys,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for BindOwnTracks {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let broken = |problem: String| JobError::Broken(problem);
        let sealed = match &self.passphrase {
            None => None,
            Some(words) => {
                Passphrase::new(words).map_err(|error| broken(error.to_string()))?;
                let sealed = self.keys.seal(PASSPHRASE, &record(&self.name), words);
                Some(sealed.map_err(|error| broken(error.to_string()))?)
            }
        };
        let bound = on!(Connection, connection, to => sqlx::query(
            "INSERT INTO phones (dialect, username, device, handset_id, key_id, passphrase_sealed)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (dialect, username, device) DO UPDATE SET handset_id = excluded.handset_id,
               key_id = excluded.key_id, passphrase_sealed = excluded.passphrase_sealed
             WHERE phones.handset_id = $7",
        )
        .bind(OWNTRACKS)
        .bind(self.name.user())
        .bind(self.name.device())
        .bind(self.handset.as_str())
        .bind(self.keys.key_id())
        .bind(sealed)
        .bind(self.from.as_ref().map(HandsetId::as_str))
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?;
        if bound == 0 {
            return Err(JobError::Conflict);
        }
        for handset in self.from.iter().filter(|from| **from != self.handset) {
            about(connection, SENT_AWAY, handset).await?;
        }
        for handset in self.from.iter().chain([&self.handset]) {
            about(connection, WATCHED_OTHERWISE, handset).await?;
        }
        audit::write(connection, &self.audit).await
    }
}

/// Binds an OsmAnd phone to a handset; the id that the handset had before is void. If it is another one than was looked at, that is a
/// [`JobError::Conflict`]: of two at once one would be shown an id that is void already.
#[derive(Debug)]
pub struct BindOsmAnd {
    /// Whose it is now.
    pub handset: HandsetId,
    /// Which id the handset had when it was looked at ([`Store::osmand_of`]).
    pub from: Option<OsmAndTag>,
    /// All that it will show of itself.
    pub id: OsmAndId,
    /// What the id is hashed with.
    pub keys: Keys,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for BindOsmAnd {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let bound = on!(Connection, connection, to => sqlx::query(
            "INSERT INTO phones (dialect, username, device, handset_id, key_id, id_tag)
             VALUES ($1, $2, '', $2, $3, $4)
             ON CONFLICT (dialect, username, device) DO UPDATE SET key_id = excluded.key_id, id_tag = excluded.id_tag
             WHERE phones.id_tag = $5",
        )
        .bind(OSMAND)
        .bind(self.handset.as_str())
        .bind(self.keys.key_id())
        .bind(self.keys.phone_tag(&self.id).as_slice())
        .bind(self.from.as_ref().map(|tag| tag.0.as_slice()))
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?;
        if bound == 0 {
            return Err(JobError::Conflict);
        }
        about(connection, WATCHED_OTHERWISE, &self.handset).await?;
        audit::write(connection, &self.audit).await
    }
}

/// Ends the binding of a telephone to this handset, whose sessions must log in again.
#[derive(Debug)]
pub struct UnbindPhone {
    /// Whose it was.
    pub handset: HandsetId,
    /// Which.
    pub phone: Phone,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for UnbindPhone {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let (dialect, user, device) = match &self.phone {
            Phone::OwnTracks(name) => (OWNTRACKS, name.user(), name.device()),
            Phone::OsmAnd => (OSMAND, self.handset.as_str(), ""),
        };
        let unbound = on!(Connection, connection, to => sqlx::query(
            "DELETE FROM phones WHERE dialect = $1 AND username = $2 AND device = $3 AND handset_id = $4",
        )
        .bind(dialect)
        .bind(user)
        .bind(device)
        .bind(self.handset.as_str())
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?;
        if unbound > 0 && matches!(self.phone, Phone::OwnTracks(_)) {
            about(connection, SENT_AWAY, &self.handset).await?;
        }
        about(connection, WATCHED_OTHERWISE, &self.handset).await?;
        audit::write(connection, &self.audit).await
    }
}

/// What follows for a handset: its sessions know from their log-in which telephones are its own, and whether one speaks for it
/// says how often it is usually heard.
async fn about(
    connection: &mut Connection,
    statement: &'static str,
    handset: &HandsetId,
) -> Result<(), JobError> {
    on!(Connection, connection, to =>
        sqlx::query(statement).bind(handset.as_str()).execute(to).await.map(drop))?;
    Ok(())
}

/// The record that a passphrase is sealed to: the length of the user stands in front, so that no other pair gives
/// the same text.
fn record(name: &PhoneName) -> String {
    record_of(name.user(), name.device())
}

pub(crate) fn record_of(user: &str, device: &str) -> String {
    format!("{}:{user}|{device}", user.len())
}

pub(crate) fn phone(dialect: &str, user: String, device: String) -> Result<Phone, StoreError> {
    match dialect {
        OWNTRACKS => PhoneName::new(user, device)
            .map(Phone::OwnTracks)
            .map_err(|error| StoreError::Broken { what: "a phone", problem: error.to_string() }),
        OSMAND => Ok(Phone::OsmAnd),
        other => Err(StoreError::Broken { what: "a phone", problem: format!("dialect {other}") }),
    }
}

impl Store {
    /// The telephones that are bound to a handset.
    pub async fn phones_of(&self, handset: &HandsetId) -> Result<Vec<Phone>, StoreError> {
        let found: Vec<(String, String, String)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT dialect, username, device FROM phones WHERE handset_id = $1 ORDER BY dialect, username, device",
        )
        .bind(handset.as_str())
        .fetch_all(to)
        .await)
        .map_err(reading("phones"))?;
        found.into_iter().map(|(dialect, user, device)| phone(&dialect, user, device)).collect()
    }

    /// Which OsmAnd id a handset has, if it has one.
    pub async fn osmand_of(&self, handset: &HandsetId) -> Result<Option<OsmAndTag>, StoreError> {
        let found: Option<(Vec<u8>,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT id_tag FROM phones WHERE dialect = $1 AND username = $2 AND id_tag IS NOT NULL",
        )
        .bind(OSMAND)
        .bind(handset.as_str())
        .fetch_optional(to)
        .await)
        .map_err(reading("a phone"))?;
        Ok(found.map(|(tag,)| OsmAndTag(tag)))
    }

    /// Whose handset an OwnTracks app is.
    pub async fn handset_of_phone(&self, name: &PhoneName) -> Result<Option<HandsetId>, StoreError> {
        let found: Option<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT handset_id FROM phones WHERE dialect = $1 AND username = $2 AND device = $3",
        )
        .bind(OWNTRACKS)
        .bind(name.user())
        .bind(name.device())
        .fetch_optional(to)
        .await)
        .map_err(reading("a phone"))?;
        found.map(|(id,)| rows::handset("a phone", id)).transpose()
    }

    /// The passphrase that an OwnTracks app seals its messages with, where it was given one.
    pub async fn passphrase_of_phone(&self, name: &PhoneName) -> Result<Option<Passphrase>, StoreError> {
        let found: Option<(Option<Vec<u8>>,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT passphrase_sealed FROM phones WHERE dialect = $1 AND username = $2 AND device = $3",
        )
        .bind(OWNTRACKS)
        .bind(name.user())
        .bind(name.device())
        .fetch_optional(to)
        .await)
        .map_err(reading("a phone's passphrase"))?;
        let Some(sealed) = found.and_then(|(sealed,)| sealed) else { return Ok(None) };
        let words = self.keys.open(PASSPHRASE, &record(name), &sealed)?;
        let broken = |problem: String| StoreError::Broken { what: "a phone's passphrase", problem };
        Passphrase::new(&words).map(Some).map_err(|error| broken(error.to_string()))
    }

    /// Whose handset the OsmAnd phone of this id is, and whether that was reported stolen.
    pub async fn handset_of_osmand(&self, id: &OsmAndId) -> Result<Option<(HandsetId, bool)>, StoreError> {
        let found: Option<(String, bool)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT phones.handset_id, state = 'stolen' FROM phones
             JOIN handsets ON handsets.handset_id = phones.handset_id WHERE id_tag = $1",
        )
        .bind(self.keys.phone_tag(id).as_slice())
        .fetch_optional(to)
        .await)
        .map_err(reading("a phone"))?;
        found.map(|(id, is_stolen)| Ok((rows::handset("a phone", id)?, is_stolen))).transpose()
    }
}
