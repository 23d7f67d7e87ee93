//! Residents and the people to ring about them.

use crate::{
    Connection, Job, JobError, Keys, Lane, Store, StoreError, db::on, reading, rows, seal::last_four,
};
use async_trait::async_trait;
use model::{ResidentId, Wgs84};

/// What the platform holds of a resident.
#[derive(Debug, Clone, PartialEq)]
pub struct Resident {
    /// The resident's id.
    pub id: ResidentId,
    /// Full name.
    pub name: String,
    /// `female` or `male`.
    pub sex: String,
    /// `YYYY-MM-DD`.
    pub birth_date: String,
    /// Nobody else at home.
    pub lives_alone: bool,
    /// May not know the way or what happened.
    pub cognitive_impairment: bool,
    /// `full`, `partial` or `none`.
    pub self_care: String,
    /// What a helper must know.
    pub conditions: Vec<String>,
    /// What a helper must not give.
    pub allergies: Vec<String>,
    /// Where home is.
    pub home: Option<Wgs84>,
    /// The citizen's number; sealed.
    pub identity_number: Option<String>,
    /// The resident's own telephone; sealed.
    pub telephone: Option<String>,
    /// Where to send help when the position is unknown; sealed.
    pub address: Option<String>,
    /// Whom to ring, in order.
    pub contacts: Vec<Contact>,
}

/// Somebody to ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Who.
    pub name: String,
    /// What they are to the resident.
    pub relation: String,
    /// Their telephone; sealed.
    pub telephone: String,
}

/// A resident in a list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ResidentLine {
    /// The resident's id.
    pub resident_id: String,
    /// Full name.
    pub name: String,
    /// The handset carried now.
    pub handset_id: Option<String>,
}

/// Adds a resident with contacts.
#[derive(Debug)]
pub struct AddResident {
    /// Who.
    pub resident: Resident,
    /// What the sealed columns are sealed with.
    pub keys: Keys,
}

impl AddResident {
    fn seal(&self, column: &str, value: Option<&String>) -> Result<Option<Vec<u8>>, JobError> {
        value
            .map(|value| self.keys.seal(column, self.resident.id.as_str(), value))
            .transpose()
            .map_err(|error| JobError::Broken(error.to_string()))
    }

    fn index(&self, column: &str, value: Option<&String>) -> Option<Vec<u8>> {
        value.map(|value| self.keys.index(column, value))
    }

    async fn insert_contact(
        &self,
        connection: &mut Connection,
        place: usize,
        contact: &Contact,
    ) -> Result<(), JobError> {
        let place = i64::try_from(place).map_err(|error| JobError::Broken(error.to_string()))?;
        on!(Connection, connection, to => sqlx::query(
            "INSERT INTO contacts (resident_id, place, name, relation, key_id, telephone_sealed, telephone_index,
               telephone_last4) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(self.resident.id.as_str())
        .bind(place)
        .bind(&contact.name)
        .bind(&contact.relation)
        .bind(self.keys.key_id())
        .bind(self.seal("contact_telephone", Some(&contact.telephone))?)
        .bind(self.index("contact_telephone", Some(&contact.telephone)))
        .bind(last_four(&contact.telephone))
        .execute(to)
        .await
        .map(drop))?;
        Ok(())
    }
}

#[async_trait]
impl Job for AddResident {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let resident = &self.resident;
        on!(Connection, connection, to => sqlx::query(
            "INSERT INTO residents (resident_id, name, sex, birth_date, lives_alone, cognitive_impairment, self_care,
               conditions, allergies, home_lat, home_lon, key_id, identity_number_sealed, identity_number_index,
               identity_number_last4, telephone_sealed, telephone_index, telephone_last4, address_sealed,
               address_index)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        )
        .bind(resident.id.as_str())
        .bind(&resident.name)
        .bind(&resident.sex)
        .bind(&resident.birth_date)
        .bind(resident.lives_alone)
        .bind(resident.cognitive_impairment)
        .bind(&resident.self_care)
        .bind(serde_json::to_string(&resident.conditions)?)
        .bind(serde_json::to_string(&resident.allergies)?)
        .bind(resident.home.map(Wgs84::lat))
        .bind(resident.home.map(Wgs84::lon))
        .bind(self.keys.key_id())
        .bind(self.seal("identity_number", resident.identity_number.as_ref())?)
        .bind(self.index("identity_number", resident.identity_number.as_ref()))
        .bind(resident.identity_number.as_deref().map(last_four))
        .bind(self.seal("telephone", resident.telephone.as_ref())?)
        .bind(self.index("telephone", resident.telephone.as_ref()))
        .bind(resident.telephone.as_deref().map(last_four))
        .bind(self.seal("address", resident.address.as_ref())?)
        .bind(self.index("address", resident.address.as_ref()))
        .execute(to)
        .await
        .map(drop))?;
        for (place, contact) in resident.contacts.iter().enumerate() {
            self.insert_contact(connection, place, contact).await?;
        }
        Ok(())
    }
}

/// The `LIKE` pattern of everything that holds this text; wildcards in it mean themselves.
pub(crate) fn containing(text: &str) -> String {
    // PostgreSQL's text cannot hold a NUL, and nobody's name does.
    let text = text.replace('\0', "\u{2400}");
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

#[derive(sqlx::FromRow)]
struct ResidentRow {
    name: String,
    sex: String,
    birth_date: String,
    lives_alone: bool,
    cognitive_impairment: bool,
    self_care: String,
    conditions: String,
    allergies: String,
    home_lat: Option<f64>,
    home_lon: Option<f64>,
    identity_number_sealed: Option<Vec<u8>>,
    telephone_sealed: Option<Vec<u8>>,
    address_sealed: Option<Vec<u8>>,
}

impl Store {
    /// A resident with contacts, opened.
    pub async fn resident(&self, id: &ResidentId) -> Result<Option<Resident>, StoreError> {
        let found: Option<ResidentRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT name, sex, birth_date, lives_alone, cognitive_impairment, self_care, conditions, allergies,
               home_lat, home_lon, identity_number_sealed, telephone_sealed, address_sealed
             FROM residents WHERE resident_id = $1",
        )
        .bind(id.as_str())
        .fetch_optional(to)
        .await)
        .map_err(reading("a resident"))?;
        let Some(row) = found else { return Ok(None) };
        let open = |column: &str, sealed: Option<Vec<u8>>| {
            sealed.map(|sealed| self.keys.open(column, id.as_str(), &sealed)).transpose()
        };
        Ok(Some(Resident {
            id: id.clone(),
            identity_number: open("identity_number", row.identity_number_sealed)?,
            telephone: open("telephone", row.telephone_sealed)?,
            address: open("address", row.address_sealed)?,
            contacts: self.contacts(id).await?,
            name: row.name,
            sex: row.sex,
            birth_date: row.birth_date,
            lives_alone: row.lives_alone,
            cognitive_impairment: row.cognitive_impairment,
            self_care: row.self_care,
            conditions: rows::document("a resident's conditions", &row.conditions)?,
            allergies: rows::document("a resident's allergies", &row.allergies)?,
            home: row.home_lat.zip(row.home_lon).and_then(|(lat, lon)| Wgs84::new(lat, lon).ok()),
        }))
    }

    async fn contacts(&self, id: &ResidentId) -> Result<Vec<Contact>, StoreError> {
        let found: Vec<(String, String, Vec<u8>)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT name, relation, telephone_sealed FROM contacts WHERE resident_id = $1 ORDER BY place",
        )
        .bind(id.as_str())
        .fetch_all(to)
        .await)
        .map_err(reading("a resident's contacts"))?;
        found
            .into_iter()
            .map(|(name, relation, sealed)| {
                let telephone = self.keys.open("contact_telephone", id.as_str(), &sealed)?;
                Ok(Contact { name, relation, telephone })
            })
            .collect()
    }

    /// A resident's name.
    pub async fn resident_name(&self, id: &ResidentId) -> Result<Option<String>, StoreError> {
        let found: Option<(String,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT name FROM residents WHERE resident_id = $1")
                .bind(id.as_str())
                .fetch_optional(to)
                .await)
        .map_err(reading("a resident's name"))?;
        Ok(found.map(|(name,)| name))
    }

    /// Residents by id after the last one seen: all, or those whose name, id or handset holds the text, or
    /// whose telephone is the text.
    pub async fn residents(
        &self,
        text: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<ResidentLine>, StoreError> {
        let pattern = containing(text);
        on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT resident_id, name,
               (SELECT handset_id FROM bindings WHERE bindings.resident_id = residents.resident_id
                 AND to_us IS NULL ORDER BY from_us DESC LIMIT 1) AS handset_id
             FROM residents
             WHERE resident_id > $1
               AND (LOWER(name) LIKE LOWER($2) ESCAPE '\\' OR LOWER(resident_id) LIKE LOWER($2) ESCAPE '\\'
                 OR telephone_index = $3 OR EXISTS (SELECT 1 FROM bindings WHERE bindings.resident_id = residents.resident_id
                   AND to_us IS NULL AND LOWER(handset_id) LIKE LOWER($2) ESCAPE '\\'))
             ORDER BY resident_id LIMIT $4",
        )
        .bind(after)
        .bind(pattern)
        .bind(self.keys.index("telephone", text))
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading("residents"))
    }
}
