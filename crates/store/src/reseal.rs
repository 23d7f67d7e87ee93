//! Sealing anew with the present key what was sealed with one of before. What a value is found by goes with it: the index has a key
//! of its own, and that one was seen with the other.
//!
//! A record that cannot be opened is passed over and named; those behind it, and the tables behind its own, are sealed anew.

use crate::{
    Connection, Job, JobError, Keys, Lane, Store, StoreError,
    db::{Pool, on},
    reading,
    script::Script,
};
use async_trait::async_trait;

/// Records sealed anew in one go.
const AT_ONCE: i64 = 50;

/// A table with sealed columns.
struct Table {
    /// As it is called where a record of it is named.
    name: &'static str,
    /// Finds records of other keys behind one of them, in the order of their names: the two parts of that, then the sealed columns (up
    /// to three). A name of one part has an empty second one. First SQLite's words, then PostgreSQL's.
    find: [&'static str; 2],
    /// Writes one: key id, up to three columns, the name's two parts.
    write: &'static str,
    /// Writes by what its columns are found, where they are: up to three indexes, the name's two parts.
    write_indexes: Option<&'static str>,
    /// What the columns were sealed as.
    columns: [&'static str; 3],
    /// What the record was sealed as.
    record: fn(&str, &str) -> String,
    /// Counts records by key.
    count: &'static str,
}

/// What both databases say in the same words.
const fn both(text: &'static str) -> [&'static str; 2] {
    [text, text]
}

fn first(one: &str, _: &str) -> String {
    one.to_owned()
}

const TABLES: [Table; 9] = [
    Table {
        name: "residents",
        find: both(
            "SELECT resident_id, '', identity_number_sealed, telephone_sealed, address_sealed FROM residents
               WHERE key_id <> $1
                 AND resident_id > $3 AND $4 = '' ORDER BY 1, 2 LIMIT $2",
        ),
        write: "UPDATE residents SET key_id = $1, identity_number_sealed = $2, telephone_sealed = $3,
                address_sealed = $4 WHERE resident_id = $5 AND $6 = ''",
        write_indexes: Some(
            "UPDATE residents SET identity_number_index = $1, telephone_index = $2, address_index = $3
             WHERE resident_id = $4 AND $5 = ''",
        ),
        columns: ["identity_number", "telephone", "address"],
        record: first,
        count: "SELECT key_id, COUNT(*) FROM residents GROUP BY key_id",
    },
    Table {
        name: "contacts",
        find: both(
            "SELECT resident_id, CAST(place AS TEXT), telephone_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM contacts
               WHERE key_id <> $1
                 AND resident_id >= $3 AND (resident_id > $3 OR CAST(place AS TEXT) > $4) ORDER BY 1, 2 LIMIT $2",
        ),
        write: "UPDATE contacts SET key_id = $1, telephone_sealed = COALESCE($2, $3, $4)
                WHERE resident_id = $5 AND CAST(place AS TEXT) = $6",
        write_indexes: Some(
            "UPDATE contacts SET telephone_index = COALESCE($1, $2, $3)
             WHERE resident_id = $4 AND CAST(place AS TEXT) = $5",
        ),
        columns: ["contact_telephone", "", ""],
        record: first,
        count: "SELECT key_id, COUNT(*) FROM contacts GROUP BY key_id",
    },
    Table {
        name: "phones",
        find: both(
            "SELECT username, device, passphrase_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM phones
               WHERE key_id <> $1 AND dialect = 'owntracks'
                 AND username >= $3 AND (username > $3 OR device > $4) ORDER BY 1, 2 LIMIT $2",
        ),
        write: "UPDATE phones SET key_id = $1, passphrase_sealed = COALESCE($2, $3, $4)
                WHERE username = $5 AND device = $6 AND dialect = 'owntracks'",
        write_indexes: None,
        columns: ["phone_passphrase", "", ""],
        record: crate::phones::record_of,
        count: "SELECT key_id, COUNT(*) FROM phones WHERE passphrase_sealed IS NOT NULL GROUP BY key_id",
    },
    Table {
        name: "users",
        find: both(
            "SELECT username, '', totp_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM users WHERE totp_key_id <> $1
                 AND username > $3 AND $4 = '' ORDER BY 1, 2 LIMIT $2",
        ),
        write: "UPDATE users SET totp_key_id = $1, totp_sealed = COALESCE($2, $3, $4)
                WHERE username = $5 AND $6 = ''",
        write_indexes: None,
        columns: ["totp", "", ""],
        record: first,
        count: "SELECT totp_key_id, COUNT(*) FROM users WHERE totp_sealed IS NOT NULL GROUP BY totp_key_id",
    },
    Table {
        name: "users",
        find: both(
            "SELECT username, '', telephone_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM users
               WHERE telephone_key_id <> $1
                 AND username > $3 AND $4 = '' ORDER BY 1, 2 LIMIT $2",
        ),
        write: "UPDATE users SET telephone_key_id = $1, telephone_sealed = COALESCE($2, $3, $4)
                WHERE username = $5 AND $6 = ''",
        write_indexes: None,
        columns: ["user_telephone", "", ""],
        record: first,
        count: "SELECT telephone_key_id, COUNT(*) FROM users WHERE telephone_sealed IS NOT NULL GROUP BY telephone_key_id",
    },
    Table {
        name: "roster",
        find: both(
            "SELECT entry_id, '', address_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM roster
               WHERE key_id <> $1
                 AND entry_id > $3 AND $4 = '' ORDER BY 1, 2 LIMIT $2",
        ),
        write: "UPDATE roster SET key_id = $1, address_sealed = COALESCE($2, $3, $4)
                WHERE entry_id = $5 AND $6 = ''",
        write_indexes: None,
        columns: ["roster_address", "", ""],
        record: first,
        count: "SELECT key_id, COUNT(*) FROM roster GROUP BY key_id",
    },
    Table {
        name: "notices",
        find: both(
            "SELECT notice_id, '', address_sealed, message_sealed, CAST(NULL AS BYTEA) FROM notices
               WHERE key_id <> $1 AND key_id <> ''
                 AND notice_id > $3 AND $4 = '' ORDER BY 1, 2 LIMIT $2",
        ),
        write: "UPDATE notices SET key_id = $1, address_sealed = $2, message_sealed = COALESCE($3, $4)
                WHERE notice_id = $5 AND $6 = ''",
        write_indexes: None,
        columns: ["notice_address", "notice_message", ""],
        record: first,
        count: "SELECT key_id, COUNT(*) FROM notices WHERE key_id <> '' GROUP BY key_id",
    },
    Table {
        name: "callers",
        find: both(
            "SELECT signal_id, '', caller_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM callers
               WHERE key_id <> $1
                 AND signal_id > $3 AND $4 = '' ORDER BY 1, 2 LIMIT $2",
        ),
        write: "UPDATE callers SET key_id = $1, caller_sealed = COALESCE($2, $3, $4)
                WHERE signal_id = $5 AND $6 = ''",
        write_indexes: None,
        columns: [crate::callers::CALLER, "", ""],
        record: first,
        count: "SELECT key_id, COUNT(*) FROM callers GROUP BY key_id",
    },
    Table {
        name: "outbox",
        // Most of what handsets were told is sealed with no key, and without the plus signs SQLite walks all of it, in the order of the
        // names, instead of the index that holds the sealed ones alone.
        find: [
            "SELECT handset_id, message_key, payload_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM outbox
               WHERE key_id <> $1 AND key_id <> ''
                 AND +handset_id >= $3 AND (+handset_id > $3 OR +message_key > $4)
               ORDER BY +handset_id, +message_key LIMIT $2",
            "SELECT handset_id, message_key, payload_sealed, CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM outbox
               WHERE key_id <> $1 AND key_id <> ''
                 AND handset_id >= $3 AND (handset_id > $3 OR message_key > $4) ORDER BY 1, 2 LIMIT $2",
        ],
        write: "UPDATE outbox SET key_id = $1, payload_sealed = COALESCE($2, $3, $4)
                WHERE handset_id = $5 AND message_key = $6",
        write_indexes: None,
        columns: [crate::outbox::PAYLOAD, "", ""],
        record: crate::phones::record_of,
        count: "SELECT key_id, COUNT(*) FROM outbox WHERE key_id <> '' GROUP BY key_id",
    },
];

type Sealed = Option<Vec<u8>>;
type Record = (String, String, Sealed, Sealed, Sealed);

/// Behind which record it goes on; before all of them by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResealPlace {
    table: usize,
    one: String,
    two: String,
}

/// A record that cannot be opened with any key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsealedRow {
    /// The table it stands in.
    pub table: &'static str,
    /// Its name in that.
    pub row: String,
    /// Why not.
    pub problem: String,
}

/// What was done in one go.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// How many records were sealed anew.
    pub done: usize,
    /// Those that could not be.
    pub broken: Vec<UnsealedRow>,
    /// Where it goes on; nothing: that was all.
    pub next: Option<ResealPlace>,
}

/// Seals some records anew.
#[derive(Debug)]
pub struct Reseal {
    /// The present key, and those that open what was sealed before.
    pub keys: Keys,
    /// From where on.
    pub after: ResealPlace,
}

#[async_trait]
impl Job for Reseal {
    type Output = Resealed;
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<Resealed, JobError> {
        for (number, table) in TABLES.iter().enumerate().skip(self.after.table) {
            let (one, two) = self.after.within(number);
            let [sqlite, postgres] = table.find;
            let find = match connection {
                Connection::Sqlite(_) => sqlite,
                Connection::Postgres(_) => postgres,
            };
            let found: Vec<Record> = on!(Connection, connection, to => sqlx::query_as(find)
                .bind(self.keys.key_id())
                .bind(AT_ONCE)
                .bind(one)
                .bind(two)
                .fetch_all(to)
                .await)?;
            let Some((one, two, ..)) = found.last() else { continue };
            let next = Some(ResealPlace { table: number, one: one.clone(), two: two.clone() });
            let mut resealed = Resealed { next, ..Resealed::default() };
            let mut script = Script::default();
            for record in &found {
                match table.anew(&self.keys, record) {
                    Ok(anew) => {
                        table.put(&self.keys, record, anew, &mut script);
                        resealed.done = resealed.done.saturating_add(1);
                    }
                    Err(error) => resealed.broken.push(table.unsealed(record, &error)),
                }
            }
            script.run(connection).await?;
            return Ok(resealed);
        }
        Ok(Resealed::default())
    }
}

impl ResealPlace {
    /// Behind which record of a table.
    fn within(&self, number: usize) -> (&str, &str) {
        if number == self.table { (self.one.as_str(), self.two.as_str()) } else { ("", "") }
    }
}

/// A column sealed with the present key, and by what it is found.
#[derive(Default)]
struct Anew {
    sealed: Sealed,
    index: Sealed,
}

impl Table {
    /// Its columns, sealed with the present key.
    fn anew(&self, keys: &Keys, record: &Record) -> Result<[Anew; 3], StoreError> {
        let (one, two, first, second, third) = record;
        let name = (self.record)(one, two);
        let anew = |column: &str, sealed: &Sealed| -> Result<Anew, StoreError> {
            let Some(sealed) = sealed else { return Ok(Anew::default()) };
            let text = keys.open(column, &name, sealed)?;
            Ok(Anew {
                sealed: Some(keys.seal(column, &name, &text)?),
                index: self.write_indexes.is_some().then(|| keys.index(column, &text)),
            })
        };
        let [a, b, c] = self.columns;
        Ok([anew(a, first)?, anew(b, second)?, anew(c, third)?])
    }

    fn put(&self, keys: &Keys, record: &Record, anew: [Anew; 3], script: &mut Script) {
        let (one, two, ..) = record;
        let [a, b, c] = anew;
        script.add(
            self.write,
            [
                keys.key_id().into(),
                a.sealed.into(),
                b.sealed.into(),
                c.sealed.into(),
                one.as_str().into(),
                two.as_str().into(),
            ],
        );
        if let Some(write_indexes) = self.write_indexes {
            let (one, two) = (one.as_str().into(), two.as_str().into());
            script.add(write_indexes, [a.index.into(), b.index.into(), c.index.into(), one, two]);
        }
    }

    fn unsealed(&self, record: &Record, error: &StoreError) -> UnsealedRow {
        let row = [record.0.as_str(), record.1.as_str()].join(" ");
        UnsealedRow { table: self.name, row: row.trim_end().to_owned(), problem: error.to_string() }
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

    /// Of the records that are not sealed with the present key those that open with none: they keep the old one from being dropped. At
    /// most so many.
    pub async fn rows_unsealed(&self, at_most: usize) -> Result<Vec<UnsealedRow>, StoreError> {
        let mut broken = Vec::new();
        for table in &TABLES {
            let (mut one, mut two) = (String::new(), String::new());
            let [sqlite, postgres] = table.find;
            let find = match &self.pool {
                Pool::Sqlite(_) => sqlite,
                Pool::Postgres(_) => postgres,
            };
            loop {
                let found: Vec<Record> = on!(Pool, &self.pool, to => sqlx::query_as(find)
                    .bind(self.keys.key_id())
                    .bind(AT_ONCE)
                    .bind(one.as_str())
                    .bind(two.as_str())
                    .fetch_all(to)
                    .await)
                .map_err(reading("sealed records"))?;
                let Some(last) = found.last() else { break };
                (one, two) = (last.0.clone(), last.1.clone());
                let unsealed = |record: &Record| {
                    table.anew(&self.keys, record).err().map(|error| table.unsealed(record, &error))
                };
                broken.extend(found.iter().filter_map(unsealed));
                if broken.len() >= at_most {
                    broken.truncate(at_most);
                    return Ok(broken);
                }
            }
        }
        Ok(broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Database;
    use sqlx::AssertSqlSafe;

    #[tokio::test]
    async fn of_what_handsets_were_told_only_what_is_sealed_is_walked() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("jujiale.db").display());
        let opened = Store::open(&Database::from_url(&url).unwrap(), Keys::fresh().unwrap(), None).await;
        let (store, _writer) = opened.unwrap();
        let Pool::Sqlite(pool) = &store.pool else { unreachable!("a file") };
        let outbox = TABLES.iter().find(|table| table.name == "outbox").unwrap();
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", outbox.find[0])))
                .bind("k2")
                .bind(AT_ONCE)
                .bind("")
                .bind("")
                .fetch_all(pool)
                .await
                .unwrap();
        assert!(plan.iter().any(|(.., step)| step.contains("USING INDEX outbox_by_key")), "{plan:?}");
    }
}
