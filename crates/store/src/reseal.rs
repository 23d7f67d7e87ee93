//! Sealing anew with the present key what was sealed with one of before.

use crate::{Connection, Job, JobError, Keys, Lane, Store, StoreError, db::on, reading, script::Script};
use async_trait::async_trait;

/// Records sealed anew in one go.
const AT_ONCE: i64 = 50;

/// A table with sealed columns.
struct Table {
    /// Finds records of other keys: the two parts of their name, then the sealed columns (up to three).
    find: &'static str,
    /// Writes one: key id, up to three columns, the name's two parts.
    write: &'static str,
    /// What the columns were sealed as.
    columns: [&'static str; 3],
    /// What the record was sealed as.
    record: fn(&str, &str) -> String,
    /// Counts records by key.
    count: &'static str,
}

fn first(one: &str, _: &str) -> String {
    one.to_owned()
}

const TABLES: [Table; 9] = [
    Table {
        find: "SELECT resident_id, '', identity_number_sealed, telephone_sealed, address_sealed FROM residents
               WHERE key_id <> $1 LIMIT $2",
        write: "UPDATE residents SET key_id = $1, identity_number_sealed = $2, telephone_sealed = $3,
                address_sealed = $4 WHERE resident_id = $5 AND $6 = ''",
        columns: ["identity_number", "telephone", "address"],
        record: first,
        count: "SELECT key_id, COUNT(*) FROM residents GROUP BY key_id",
    },
    Table {
        find: "SELECT resident_id, CAST(place AS TEXT), telephone_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM contacts
               WHERE key_id <> $1 LIMIT $2",
        write: "UPDATE contacts SET key_id = $1, telephone_sealed = COALESCE($2, $3, $4)
                WHERE resident_id = $5 AND CAST(place AS TEXT) = $6",
        columns: ["contact_telephone", "", ""],
        record: first,
        count: "SELECT key_id, COUNT(*) FROM contacts GROUP BY key_id",
    },
    Table {
        find: "SELECT username, device, passphrase_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM phones
               WHERE key_id <> $1 AND dialect = 'owntracks' LIMIT $2",
        write: "UPDATE phones SET key_id = $1, passphrase_sealed = COALESCE($2, $3, $4)
                WHERE username = $5 AND device = $6 AND dialect = 'owntracks'",
        columns: ["phone_passphrase", "", ""],
        record: crate::phones::record_of,
        count: "SELECT key_id, COUNT(*) FROM phones WHERE passphrase_sealed IS NOT NULL GROUP BY key_id",
    },
    Table {
        find: "SELECT username, '', totp_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM users WHERE totp_key_id <> $1 LIMIT $2",
        write: "UPDATE users SET totp_key_id = $1, totp_sealed = COALESCE($2, $3, $4)
                WHERE username = $5 AND $6 = ''",
        columns: ["totp", "", ""],
        record: first,
        count: "SELECT totp_key_id, COUNT(*) FROM users WHERE totp_sealed IS NOT NULL GROUP BY totp_key_id",
    },
    Table {
        find: "SELECT username, '', telephone_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM users
               WHERE telephone_key_id <> $1 LIMIT $2",
        write: "UPDATE users SET telephone_key_id = $1, telephone_sealed = COALESCE($2, $3, $4)
                WHERE username = $5 AND $6 = ''",
        columns: ["user_telephone", "", ""],
        record: first,
        count: "SELECT telephone_key_id, COUNT(*) FROM users WHERE telephone_sealed IS NOT NULL GROUP BY telephone_key_id",
    },
    Table {
        find: "SELECT entry_id, '', address_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM roster
               WHERE key_id <> $1 LIMIT $2",
        write: "UPDATE roster SET key_id = $1, address_sealed = COALESCE($2, $3, $4)
                WHERE entry_id = $5 AND $6 = ''",
        columns: ["roster_address", "", ""],
        record: first,
        count: "SELECT key_id, COUNT(*) FROM roster GROUP BY key_id",
    },
    Table {
        find: "SELECT notice_id, '', address_sealed, message_sealed, CAST(NULL AS BYTEA) FROM notices
               WHERE key_id <> $1 AND key_id <> '' LIMIT $2",
        write: "UPDATE notices SET key_id = $1, address_sealed = $2, message_sealed = COALESCE($3, $4)
                WHERE notice_id = $5 AND $6 = ''",
        columns: ["notice_address", "notice_message", ""],
        record: first,
        count: "SELECT key_id, COUNT(*) FROM notices WHERE key_id <> '' GROUP BY key_id",
    },
    Table {
        find: "SELECT signal_id, '', caller_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM callers
               WHERE key_id <> $1 LIMIT $2",
        write: "UPDATE callers SET key_id = $1, caller_sealed = COALESCE($2, $3, $4)
                WHERE signal_id = $5 AND $6 = ''",
        columns: [crate::callers::CALLER, "", ""],
        record: first,
        count: "SELECT key_id, COUNT(*) FROM callers GROUP BY key_id",
    },
    Table {
        find: "SELECT handset_id, message_key, payload_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM outbox
               WHERE key_id <> $1 AND key_id <> '' LIMIT $2",
        write: "UPDATE outbox SET key_id = $1, payload_sealed = COALESCE($2, $3, $4)
                WHERE handset_id = $5 AND message_key = $6",
        columns: [crate::outbox::PAYLOAD, "", ""],
        record: crate::phones::record_of,
        count: "SELECT key_id, COUNT(*) FROM outbox WHERE key_id <> '' GROUP BY key_id",
    },
];

type Sealed = Option<Vec<u8>>;
type Record = (String, String, Sealed, Sealed, Sealed);

/// Seals some records anew; says how many.
#[derive(Debug)]
pub struct Reseal(pub Keys);

#[async_trait]
impl Job for Reseal {
    type Output = usize;
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<usize, JobError> {
        for table in &TABLES {
            let found: Vec<Record> = on!(Connection, connection, to => sqlx::query_as(table.find)
                .bind(self.0.key_id())
                .bind(AT_ONCE)
                .fetch_all(to)
                .await)?;
            if found.is_empty() {
                continue;
            }
            let mut script = Script::default();
            for record in &found {
                self.write(table, record, &mut script)?;
            }
            script.run(connection).await?;
            return Ok(found.len());
        }
        Ok(0)
    }
}

impl Reseal {
    fn write(&self, table: &Table, record: &Record, script: &mut Script) -> Result<(), JobError> {
        let (one, two, ..) = record;
        let name = (table.record)(one, two);
        let anew = |column: &str, sealed: &Sealed| -> Result<Sealed, JobError> {
            let broken = |error: StoreError| JobError::Broken(error.to_string());
            let Some(sealed) = sealed else { return Ok(None) };
            let text = self.0.open(column, &name, sealed).map_err(broken)?;
            self.0.seal(column, &name, &text).map(Some).map_err(broken)
        };
        let [a, b, c] = table.columns;
        script.add(
            table.write,
            [
                self.0.key_id().into(),
                anew(a, &record.2)?.into(),
                anew(b, &record.3)?.into(),
                anew(c, &record.4)?.into(),
                one.as_str().into(),
                two.as_str().into(),
            ],
        );
        Ok(())
    }
}

impl Store {
    /// How many records are sealed with which key.
    pub async fn sealed_with(&self) -> Result<std::collections::BTreeMap<String, u64>, StoreError> {
        let mut all = std::collections::BTreeMap::new();
        for table in &TABLES {
            let found: Vec<(Option<String>, i64)> =
                on!(Pool, &self.pool, to => sqlx::query_as(table.count).fetch_all(to).await)
                    .map_err(reading("sealed records"))?;
            for (key, count) in found {
                let sum: &mut u64 = all.entry(key.unwrap_or_default()).or_default();
                *sum = sum.saturating_add(u64::try_from(count).unwrap_or_default());
            }
        }
        Ok(all)
    }
}
