//! What must be known of handsets before they are asked something: what is left in their batteries, and whether a telephone
//! stands in for them. Of many at once: they are asked in the worst hour.

use crate::{Phone, Store, StoreError, db::Pool, phones::phone, reading, rows};
use model::{HandsetId, Timestamp};
use std::collections::HashMap;

const WHAT: &str = "handsets to be asked";

/// What is known of a handset that is to be asked something.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Askable {
    /// What it said last of its battery, in per cent, and when that came.
    pub battery: Option<(Timestamp, f64)>,
    /// The telephones that are bound to it.
    pub phones: Vec<Phone>,
}

type Row = (String, Option<String>, Option<i64>, Option<String>, Option<String>, Option<String>);

impl Store {
    /// What is known of these handsets; of one that is not known there is nothing.
    pub async fn askable(
        &self,
        handsets: impl IntoIterator<Item = &HandsetId> + Send,
    ) -> Result<HashMap<HandsetId, Askable>, StoreError> {
        let ids: Vec<&str> = handsets.into_iter().map(HandsetId::as_str).collect();
        let ids = serde_json::to_string(&ids).map_err(|error| rows::broken(WHAT, &error))?;
        let found: Vec<Row> = match &self.pool {
            Pool::Sqlite(pool) => {
                sqlx::query_as(
                    "SELECT asked.value, status, status_at_us, dialect, username, device FROM json_each($1) AS asked
                     LEFT JOIN handset_state ON handset_state.handset_id = asked.value
                     LEFT JOIN phones ON phones.handset_id = asked.value
                     ORDER BY asked.value, dialect, username, device",
                )
                .bind(ids)
                .fetch_all(pool)
                .await
            }
            Pool::Postgres(pool) => {
                sqlx::query_as(
                    "SELECT asked.value, status, status_at_us, dialect, username, device
                     FROM jsonb_array_elements_text($1::jsonb) AS asked (value)
                     LEFT JOIN handset_state ON handset_state.handset_id = asked.value
                     LEFT JOIN phones ON phones.handset_id = asked.value
                     ORDER BY asked.value, dialect, username, device",
                )
                .bind(ids)
                .fetch_all(pool)
                .await
            }
        }
        .map_err(reading(WHAT))?;
        let mut all: HashMap<HandsetId, Askable> = HashMap::new();
        for (id, status, status_at, dialect, username, device) in found {
            let one = all.entry(rows::handset(WHAT, id)?).or_default();
            one.battery = battery(status, status_at)?;
            if let (Some(dialect), Some(username), Some(device)) = (dialect, username, device) {
                one.phones.push(phone(&dialect, username, device)?);
            }
        }
        Ok(all)
    }
}

fn battery(status: Option<String>, at: Option<i64>) -> Result<Option<(Timestamp, f64)>, StoreError> {
    let (Some(status), Some(at)) = (status, at) else { return Ok(None) };
    let status: serde_json::Value = serde_json::from_str(&status).unwrap_or_default();
    let left_pct = status.get("battery_pct").and_then(serde_json::Value::as_f64);
    left_pct.map(|left_pct| Ok((rows::time(WHAT, at)?, left_pct))).transpose()
}
