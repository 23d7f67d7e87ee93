//! Residents by name and by where they live, many at once: a list asks once, and not once for each of its lines.

use crate::{Store, StoreError, db::Pool, reading, rows};
use model::{Division, ResidentId};
use std::collections::HashMap;

const WHAT: &str = "residents of a list";

/// What a list says of a resident, and who may see it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedResident {
    /// Full name.
    pub name: String,
    /// Where they live, where it is on record.
    pub division: Option<Division>,
}

type Row = (String, String, Option<String>);

impl Store {
    /// These residents; of one that is not known there is nothing.
    pub async fn named(
        &self,
        residents: impl IntoIterator<Item = &ResidentId> + Send,
    ) -> Result<HashMap<ResidentId, NamedResident>, StoreError> {
        let ids: Vec<&str> = residents.into_iter().map(ResidentId::as_str).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let ids = serde_json::to_string(&ids).map_err(|error| rows::broken(WHAT, &error))?;
        let found: Vec<Row> = match &self.pool {
            Pool::Sqlite(pool) => {
                sqlx::query_as(
                    "SELECT resident_id, name, division FROM residents
                     WHERE resident_id IN (SELECT value FROM json_each($1))",
                )
                .bind(ids)
                .fetch_all(pool)
                .await
            }
            Pool::Postgres(pool) => {
                sqlx::query_as(
                    "SELECT resident_id, name, division FROM residents
                     WHERE resident_id IN (SELECT value FROM jsonb_array_elements_text($1::jsonb) AS asked (value))",
                )
                .bind(ids)
                .fetch_all(pool)
                .await
            }
        }
        .map_err(reading(WHAT))?;
        let one = |(id, name, code): Row| {
            let division = code.map(|code| rows::division(WHAT, code)).transpose()?;
            Ok((rows::resident(WHAT, id)?, NamedResident { name, division }))
        };
        found.into_iter().map(one).collect()
    }
}
