//! Statements that go to the database together.
//!
//! On SQLite each statement sent alone costs two thread hops, which near idle is most of what a press takes; a
//! script is one. PostgreSQL takes its statements one by one. Nothing in between is looked at: what must be checked
//! is written so that the tables' own rules refuse it, and a script that failed is undone by whoever ran it.

use crate::{Connection, JobError};
use sqlx::{AssertSqlSafe, query::Query};

/// A value of a statement.
#[derive(Debug)]
pub(crate) enum Value {
    Text(Option<String>),
    Int(Option<i64>),
    Float(Option<f64>),
    Bytes(Option<Vec<u8>>),
    Bool(bool),
}

macro_rules! from {
    ($($from:ty => |$value:ident| $into:expr;)*) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $into
            }
        })*
    };
}

from! {
    &str => |text| Self::Text(Some(text.to_owned()));
    String => |text| Self::Text(Some(text));
    Option<&str> => |text| Self::Text(text.map(str::to_owned));
    i64 => |number| Self::Int(Some(number));
    Option<i64> => |number| Self::Int(number);
    Option<f64> => |number| Self::Float(number);
    &[u8] => |bytes| Self::Bytes(Some(bytes.to_vec()));
    Option<Vec<u8>> => |bytes| Self::Bytes(bytes);
    bool => |truth| Self::Bool(truth);
}

/// Binds the values in order; both databases know these types.
macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Int(number) => query.bind(number),
                Value::Float(number) => query.bind(number),
                Value::Bytes(bytes) => query.bind(bytes),
                Value::Bool(truth) => query.bind(truth),
            };
        }
        query
    }};
}

/// Statements in the order in which they are run.
#[derive(Debug, Default)]
pub(crate) struct Script(Vec<(Statement, Vec<Value>)>);

/// A statement, as each database says it.
#[derive(Debug)]
struct Statement {
    sqlite: &'static str,
    postgres: &'static str,
}

impl Script {
    /// Adds a statement whose parameters are `$1`, `$2` …, each of these values in turn.
    pub(crate) fn add<const N: usize>(&mut self, statement: &'static str, values: [Value; N]) {
        self.add_in_both([statement; 2], values);
    }

    /// The same where the two say it in words of their own: first SQLite's, then PostgreSQL's.
    pub(crate) fn add_in_both<const N: usize>(
        &mut self,
        [sqlite, postgres]: [&'static str; 2],
        values: [Value; N],
    ) {
        self.0.push((Statement { sqlite, postgres }, values.into()));
    }

    /// Runs them all, or up to the first that fails. SQLite says the row number of the last insertion.
    pub(crate) async fn run(self, connection: &mut Connection) -> Result<Option<i64>, JobError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        match connection {
            Connection::Sqlite(to) => {
                let text = self.as_one_text();
                let values = self.0.into_iter().flat_map(|(_, values)| values);
                let query: Query<'_, sqlx::Sqlite, _> = bound!(sqlx::query(AssertSqlSafe(text)), values);
                let done = query.execute(to).await?;
                Ok(Some(done.last_insert_rowid()))
            }
            Connection::Postgres(to) => {
                for (statement, values) in self.0 {
                    bound!(sqlx::query(statement.postgres), values).execute(&mut *to).await?;
                }
                Ok(None)
            }
        }
    }

    /// The statements behind one another, their parameters numbered through.
    fn as_one_text(&self) -> String {
        let mut text = String::new();
        let mut before = 0;
        for (statement, values) in &self.0 {
            for (place, part) in statement.sqlite.split('$').enumerate() {
                let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
                match part.get(..digits).and_then(|number| number.parse::<usize>().ok()) {
                    Some(number) if place > 0 => {
                        text.push('$');
                        text.push_str(&number.saturating_add(before).to_string());
                        text.push_str(part.get(digits..).unwrap_or_default());
                    }
                    _ => text.push_str(part),
                }
            }
            text.push(';');
            before = before.saturating_add(values.len());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_through() {
        let mut script = Script::default();
        script.add("INSERT INTO a VALUES ($1, $2, $1)", ["x".into(), 1.into()]);
        script.add("DELETE FROM b", []);
        script.add("UPDATE c SET d = $2 WHERE e = $1", [true.into(), None::<i64>.into()]);
        assert_eq!(
            script.as_one_text(),
            "INSERT INTO a VALUES ($1, $2, $1);DELETE FROM b;UPDATE c SET d = $4 WHERE e = $3;"
        );
    }
}
