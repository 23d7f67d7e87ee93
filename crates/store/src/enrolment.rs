//! Entering residents, and putting their records right.

use crate::{
    AuditRow, Connection, Job, JobError, Keys, Lane, Resident, audit, db::on, script::Script, seal::last_four,
};
use async_trait::async_trait;
use model::{Division, Wgs84};

/// Adds a resident with contacts.
#[derive(Debug)]
pub struct AddResident {
    /// Who.
    pub resident: Resident,
    /// What the sealed columns are sealed with.
    pub keys: Keys,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

/// Replaces a resident's record and contacts. One that is not there, or was erased, is a [`JobError::Conflict`].
#[derive(Debug)]
pub struct ChangeResident {
    /// The record from now on.
    pub resident: Resident,
    /// What the sealed columns are sealed with.
    pub keys: Keys,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

/// A value as it stands in the three columns of a sealed one.
struct Sealed {
    text: Option<Vec<u8>>,
    index: Option<Vec<u8>>,
    last4: Option<String>,
}

fn seal(keys: &Keys, column: &str, resident: &Resident, value: Option<&str>) -> Result<Sealed, JobError> {
    let sealed = value.map(|value| keys.seal(column, resident.id.as_str(), value)).transpose();
    Ok(Sealed {
        text: sealed.map_err(|error| JobError::Broken(error.to_string()))?,
        index: value.map(|value| keys.index(column, value)),
        last4: value.map(last_four),
    })
}

/// Writes the record with one of two statements that take the same values; says how many rows it touched.
async fn write(
    connection: &mut Connection,
    statement: &'static str,
    resident: &Resident,
    keys: &Keys,
) -> Result<u64, JobError> {
    let sealed = |column, value: &Option<String>| seal(keys, column, resident, value.as_deref());
    let number = sealed("identity_number", &resident.identity_number)?;
    let telephone = sealed("telephone", &resident.telephone)?;
    let address = sealed("address", &resident.address)?;
    let done = on!(Connection, connection, to => sqlx::query(statement)
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
        .bind(resident.division.as_ref().map(Division::as_str))
        .bind(keys.key_id())
        .bind(number.text)
        .bind(number.index)
        // With the birth date and the district its last four signs would be the whole number.
        .bind(None::<String>)
        .bind(telephone.text)
        .bind(telephone.index)
        .bind(telephone.last4)
        .bind(address.text)
        .bind(address.index)
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(done)
}

fn contacts(script: &mut Script, resident: &Resident, keys: &Keys) -> Result<(), JobError> {
    for (place, contact) in (0i64..).zip(&resident.contacts) {
        let telephone = seal(keys, "contact_telephone", resident, Some(&contact.telephone))?;
        script.add(
            "INSERT INTO contacts (resident_id, place, name, relation, key_id, telephone_sealed, telephone_index,
               telephone_last4) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                resident.id.as_str().into(),
                place.into(),
                contact.name.as_str().into(),
                contact.relation.as_str().into(),
                keys.key_id().into(),
                telephone.text.into(),
                telephone.index.into(),
                telephone.last4.as_deref().into(),
            ],
        );
    }
    Ok(())
}

#[async_trait]
impl Job for AddResident {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        const INSERT: &str =
            "INSERT INTO residents (resident_id, name, sex, birth_date, lives_alone, cognitive_impairment, self_care,
               conditions, allergies, home_lat, home_lon, division, key_id, identity_number_sealed,
               identity_number_index, identity_number_last4, telephone_sealed, telephone_index, telephone_last4,
               address_sealed, address_index)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
        write(connection, INSERT, &self.resident, &self.keys).await?;
        let mut script = Script::default();
        contacts(&mut script, &self.resident, &self.keys)?;
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

#[async_trait]
impl Job for ChangeResident {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        const UPDATE: &str =
            "UPDATE residents SET name = $2, sex = $3, birth_date = $4, lives_alone = $5, cognitive_impairment = $6,
               self_care = $7, conditions = $8, allergies = $9, home_lat = $10, home_lon = $11, division = $12,
               key_id = $13, identity_number_sealed = $14, identity_number_index = $15, identity_number_last4 = $16,
               telephone_sealed = $17, telephone_index = $18, telephone_last4 = $19, address_sealed = $20,
               address_index = $21
             WHERE resident_id = $1 AND erased_at_us IS NULL";
        if write(connection, UPDATE, &self.resident, &self.keys).await? == 0 {
            return Err(JobError::Conflict);
        }
        let mut script = Script::default();
        script.add("DELETE FROM contacts WHERE resident_id = $1", [self.resident.id.as_str().into()]);
        contacts(&mut script, &self.resident, &self.keys)?;
        // How somebody is watched follows from their record where nobody said anything else.
        script.add("INSERT INTO watch_changes (resident_id) VALUES ($1)", [self.resident.id.as_str().into()]);
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}
