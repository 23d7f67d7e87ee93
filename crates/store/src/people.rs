//! Residents and the people to ring about them.

use crate::{Store, StoreError, db::on, reading, rows};
use model::{Division, ResidentId, Wgs84};
use std::collections::BTreeSet;

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
    /// The community, township or district they live in.
    pub division: Option<Division>,
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
    division: Option<String>,
    identity_number_sealed: Option<Vec<u8>>,
    telephone_sealed: Option<Vec<u8>>,
    address_sealed: Option<Vec<u8>>,
}

impl Store {
    /// A resident with contacts, opened.
    pub async fn resident(&self, id: &ResidentId) -> Result<Option<Resident>, StoreError> {
        let found: Option<ResidentRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT name, sex, birth_date, lives_alone, cognitive_impairment, self_care, conditions, allergies,
               home_lat, home_lon, division, identity_number_sealed, telephone_sealed, address_sealed
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
            division: row.division.map(|code| rows::division("a resident", code)).transpose()?,
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

    /// Where a resident lives, where it is on record.
    pub async fn division_of(&self, id: &ResidentId) -> Result<Option<Division>, StoreError> {
        let found: Option<(Option<String>,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT division FROM residents WHERE resident_id = $1")
                .bind(id.as_str())
                .fetch_optional(to)
                .await)
        .map_err(reading("a resident"))?;
        found.and_then(|(code,)| code).map(|code| rows::division("a resident", code)).transpose()
    }

    /// Whose telephone this is, or whose contact has it, however the network spells the number.
    pub async fn residents_by_telephone(&self, number: &str) -> Result<Vec<ResidentId>, StoreError> {
        let what = "a telephone";
        let spelt = model::spellings(number);
        if spelt.is_empty() {
            return Ok(Vec::new());
        }
        let mut all = BTreeSet::new();
        for key in self.keys.index_keys() {
            // As it came, and as many ways as there are to write it; each column has indexes of its own.
            let indexes = |column| {
                let mut all = spelt.iter().map(|one| key.index(column, one));
                [0; 3].map(|_place| all.next().unwrap_or_else(|| key.index(column, number)))
            };
            let ([own, own_too, own_also], [of_contact, of_contact_too, of_contact_also]) =
                (indexes("telephone"), indexes("contact_telephone"));
            let found: Vec<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
                "SELECT resident_id FROM residents WHERE telephone_index IN ($1, $2, $3)
                 UNION SELECT resident_id FROM contacts WHERE telephone_index IN ($4, $5, $6) ORDER BY 1 LIMIT 10",
            )
            .bind(own)
            .bind(own_too)
            .bind(own_also)
            .bind(of_contact)
            .bind(of_contact_too)
            .bind(of_contact_also)
            .fetch_all(to)
            .await)
            .map_err(reading(what))?;
            all.extend(found.into_iter().map(|(id,)| id));
        }
        all.into_iter().take(10).map(|id| rows::resident(what, id)).collect()
    }

    /// Residents by id after the last one seen: all, or those whose name, id or handset holds the text, or
    /// whose telephone is the text. With a scope: of these, those who live in it or nowhere on record.
    pub async fn residents(
        &self,
        text: &str,
        scope: Option<&Division>,
        after: &str,
        limit: u32,
    ) -> Result<Vec<ResidentLine>, StoreError> {
        let pattern = containing(text);
        // More than two keys of before are there only while somebody changes them again and again.
        let keys = self.keys.index_keys();
        let mut indexes = keys.iter().map(|key| key.index("telephone", text));
        let [present, before, before_that] = [0; 3].map(|_place| indexes.next());
        on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT resident_id, name,
               (SELECT handset_id FROM bindings WHERE bindings.resident_id = residents.resident_id
                 AND to_us IS NULL ORDER BY from_us DESC LIMIT 1) AS handset_id
             FROM residents
             WHERE resident_id > $1
               AND (LOWER(name) LIKE LOWER($2) ESCAPE '\\' OR LOWER(resident_id) LIKE LOWER($2) ESCAPE '\\'
                 OR telephone_index IN ($3, $6, $7) OR EXISTS (SELECT 1 FROM bindings WHERE bindings.resident_id = residents.resident_id
                   AND to_us IS NULL AND LOWER(handset_id) LIKE LOWER($2) ESCAPE '\\'))
               AND ($5 = '' OR division IS NULL OR division LIKE $5 || '%')
             ORDER BY resident_id LIMIT $4",
        )
        .bind(after)
        .bind(pattern)
        .bind(present)
        .bind(i64::from(limit))
        .bind(scope.map_or("", Division::as_str))
        .bind(before)
        .bind(before_that)
        .fetch_all(to)
        .await)
        .map_err(reading("residents"))
    }
}
