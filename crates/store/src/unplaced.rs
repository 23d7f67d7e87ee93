//! Signals that stand in no incident (batteries, handsets taken off, silence at home, what was quiet while somebody was away):
//! the person is taken out of them as out of a case, by request or when their term is over.

use crate::{Connection, Job, JobError, Lane, callers, db::on, micros, script::Script};
use async_trait::async_trait;
use incident::nameless_signal;
use model::{ResidentId, Signal, Timestamp};
use sqlx::AssertSqlSafe;

/// Signals in one transaction.
const AT_ONCE: u32 = 200;

/// What the desk has read and placed nowhere. What it has not read yet may be a cry for help, and is left as it is.
const UNPLACED: &str = "SELECT signal_id, received_at_us, body FROM signals
    WHERE +row_id <= COALESCE((SELECT position FROM cursors WHERE name = 'desk'), 0) AND resident_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM incident_signals WHERE incident_signals.signal_id = signals.signal_id)";

/// Before this time there is none left: the way to those whose term is over is short.
const CURSOR: &str = "terms:signals";

/// Out of whose signals the person is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// This resident's.
    One(ResidentId),
    /// Of all who were erased: something may have come in that very moment.
    Erased,
    /// Everybody's that came before a moment.
    Before(Timestamp),
}

/// Takes the person out of some signals that stand in no incident; says of how many.
#[derive(Debug)]
pub struct ForgetSignals(pub Whose);

#[async_trait]
impl Job for ForgetSignals {
    type Output = u64;
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<u64, JobError> {
        let found = self.0.find(connection).await?;
        let mut script = Script::default();
        for signal in &found {
            signal.forget(&mut script)?;
        }
        if let Whose::Before(before) = &self.0 {
            let is_all = found.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
            let last = found.last().filter(|_| !is_all).map_or(micros(*before), |last| last.received_at_us);
            script.add(
                "INSERT INTO cursors (name, position) VALUES ($1, $2)
                 ON CONFLICT (name) DO UPDATE SET position = excluded.position",
                [CURSOR.into(), last.into()],
            );
        }
        script.run(connection).await?;
        Ok(u64::try_from(found.len()).unwrap_or(u64::MAX))
    }
}

/// The same of one resident, as part of another job.
pub(crate) async fn forget_of(
    connection: &mut Connection,
    script: &mut Script,
    resident: &ResidentId,
) -> Result<(), JobError> {
    for signal in Whose::One(resident.clone()).find(connection).await? {
        signal.forget(script)?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Unplaced {
    signal_id: String,
    received_at_us: i64,
    body: String,
}

impl Whose {
    async fn find(&self, connection: &mut Connection) -> Result<Vec<Unplaced>, JobError> {
        let (which, value) = match self {
            Self::One(resident) => ("resident_id = $2 ORDER BY row_id", resident.to_string()),
            Self::Erased => (
                "$2 = '' AND resident_id IN (SELECT resident_id FROM residents WHERE erased_at_us IS NOT NULL)
                 ORDER BY row_id",
                String::new(),
            ),
            Self::Before(before) => (
                "received_at_us < CAST($2 AS BIGINT) AND received_at_us >=
                   COALESCE((SELECT position FROM cursors WHERE name = 'terms:signals'), 0)
                 ORDER BY received_at_us",
                micros(*before).to_string(),
            ),
        };
        let text = format!("{UNPLACED} AND {which} LIMIT $1");
        let found = on!(Connection, connection, to => sqlx::query_as(AssertSqlSafe(text))
            .bind(i64::from(AT_ONCE))
            .bind(value)
            .fetch_all(to)
            .await)?;
        Ok(found)
    }
}

impl Unplaced {
    fn forget(&self, script: &mut Script) -> Result<(), JobError> {
        script.add(
            "UPDATE signals SET body = $1, resident_id = NULL, handset_id = NULL WHERE signal_id = $2",
            [nameless_body(&self.body)?.into(), self.signal_id.as_str().into()],
        );
        callers::forget(script, &self.signal_id);
        Ok(())
    }
}

/// What stays of a signal. Whom one names that cannot be read is not to be told, so nothing of it stays.
pub(crate) fn nameless_body(body: &str) -> Result<String, JobError> {
    match serde_json::from_str::<Signal>(body) {
        Ok(signal) => Ok(serde_json::to_string(&nameless_signal(&signal))?),
        Err(_unreadable) => Ok(String::new()),
    }
}
