//! The log of signals, which dispatch reads by cursor, and calls.

use crate::{
    AuditRow, Connection, Idempotency, Job, JobError, Keys, Lane, Store, StoreError, audit, callers,
    db::{follow, on},
    desk::claim_key,
    is_probe, micros, reading, rows,
    script::{Script, Value},
};
use async_trait::async_trait;
use incident::Incident;
use model::{HandsetId, IncidentId, Signal, SignalId, SignalKind};

/// A signal with its place in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedSignal {
    /// Its place.
    pub row: i64,
    /// The signal.
    pub signal: Signal,
}

pub(crate) fn insert_signal(script: &mut Script, signal: &Signal) -> Result<(), JobError> {
    script.add(
        "INSERT INTO signals (signal_id, kind, handset_id, resident_id, received_at_us, body)
         VALUES ($1, $2, $3, $4, $5, $6)",
        values(signal)?,
    );
    Ok(())
}

/// The same of a signal that may be there already: then nothing happens.
pub(crate) fn insert_once(script: &mut Script, signal: &Signal) -> Result<(), JobError> {
    script.add(
        "INSERT INTO signals (signal_id, kind, handset_id, resident_id, received_at_us, body)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (signal_id) DO NOTHING",
        values(signal)?,
    );
    Ok(())
}

fn values(signal: &Signal) -> Result<[Value; 6], JobError> {
    Ok([
        signal.id.as_str().into(),
        signal.kind.as_str().into(),
        signal.handset.as_ref().map(HandsetId::as_str).into(),
        signal.resident.as_ref().map(model::ResidentId::as_str).into(),
        micros(signal.received_at).into(),
        serde_json::to_string(signal)?.into(),
    ])
}

/// A telephone call that an operator entered.
#[derive(Debug)]
pub struct TakeCall {
    /// The call as a signal, with who rang in whole.
    pub signal: Signal,
    /// What the caller is sealed with.
    pub keys: Keys,
    /// Who entered it.
    pub audit: AuditRow,
    /// So that a request sent twice enters it once.
    pub idempotency: Option<Idempotency>,
}

#[async_trait]
impl Job for TakeCall {
    /// The signal that stands for the call: this one, or that of the same request before.
    type Output = SignalId;
    const LANE: Lane = Lane::Life;
    const BRINGS_SIGNALS: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<SignalId, JobError> {
        if let Some(key) = &self.idempotency
            && let Some(earlier) = claim_key(connection, key, self.signal.id.as_str()).await?
        {
            return SignalId::new(earlier).map_err(|error| JobError::Broken(error.to_string()));
        }
        let mut script = Script::default();
        let signal = callers::seal(&mut script, &self.keys, &self.signal)?;
        // An exchange may announce a call twice before the first is placed.
        insert_once(&mut script, &signal)?;
        audit::insert(&mut script, std::slice::from_ref(&self.audit));
        script.run(connection).await?;
        Ok(self.signal.id.clone())
    }
}

/// A signal that waits to be placed, with what is needed for that.
#[derive(Debug)]
pub struct UnreadSignal {
    /// Its place in the log.
    pub row: i64,
    /// The signal.
    pub signal: Signal,
    /// It came within a window that staff opened for its handset, as presses and falls of a drill do, or from the platform's
    /// own probe, which is never anything else.
    pub is_drill: bool,
    /// Its resident was away as planned when it came.
    pub is_away: bool,
    /// The open incident about its subject: of drills if it belongs to one, else of what is real.
    pub open: Option<Incident>,
    /// The name of the resident it is about, where known.
    pub resident_name: Option<String>,
}

/// The keys of [`Subject`](crate::Subject) stand here once more, so that one question brings everything.
const UNREAD: &str = "
    SELECT COALESCE((SELECT position FROM cursors WHERE name = $1), 0), signals.row_id, signals.body,
      incidents.snapshot, drills.snapshot, residents.name,
      (SELECT MAX(from_us) FROM drill_windows
        WHERE drill_windows.handset_id = signals.handset_id AND signals.kind IN ('press', 'fall')
          AND from_us <= signals.received_at_us AND to_us > signals.received_at_us),
      EXISTS (SELECT 1 FROM absences WHERE absences.resident_id = signals.resident_id
        AND from_us <= signals.received_at_us AND to_us > signals.received_at_us)
    FROM signals
    LEFT JOIN incidents ON incidents.state <> 'closed' AND incidents.drill = FALSE AND incidents.subject =
      CASE WHEN signals.resident_id IS NOT NULL THEN 'resident:' || signals.resident_id
        ELSE 'handset:' || signals.handset_id END
    LEFT JOIN incidents AS drills ON drills.state <> 'closed' AND drills.drill = TRUE AND drills.subject =
      CASE WHEN signals.resident_id IS NOT NULL THEN 'resident:' || signals.resident_id
        ELSE 'handset:' || signals.handset_id END
    LEFT JOIN residents ON residents.resident_id = signals.resident_id
    WHERE signals.row_id > COALESCE((SELECT position FROM cursors WHERE name = $1), 0)
    ORDER BY signals.row_id LIMIT $2";

fn is_press_of_probe(signal: &Signal) -> bool {
    signal.kind == SignalKind::Press && signal.handset.as_ref().is_some_and(is_probe)
}

impl Connection {
    /// What a reader of the log of signals has not read, in order, within a transaction: where the reader stands,
    /// and the signals after that. Writers take turns, so nothing older can appear behind it.
    pub async fn unread_signals(
        &mut self,
        reader: &str,
        limit: u32,
    ) -> Result<(i64, Vec<UnreadSignal>), JobError> {
        type Row = (i64, i64, String, Option<String>, Option<String>, Option<String>, Option<i64>, bool);
        let found: Vec<Row> = on!(Connection, self, to =>
            sqlx::query_as(UNREAD).bind(reader).bind(i64::from(limit)).fetch_all(to).await)?;
        let stands_at = found.first().map_or(0, |(stands_at, ..)| *stands_at);
        let unread = |(_, row, body, real, drill, resident_name, window, is_away): Row| {
            let signal: Signal = serde_json::from_str(&body)?;
            // What was pressed before the window and arrives in it is no test of anybody's.
            let in_window = window.is_some_and(|from| micros(signal.at) >= from);
            let is_drill = in_window || is_press_of_probe(&signal);
            let open = if is_drill { drill } else { real };
            let open = open.map(|snapshot| serde_json::from_str(&snapshot)).transpose()?;
            Ok(UnreadSignal { row, signal, is_drill, is_away, open, resident_name })
        };
        Ok((stands_at, found.into_iter().map(unread).collect::<Result<_, JobError>>()?))
    }
}

impl Store {
    /// The signals after a place in the log, in order.
    pub async fn signals_after(&self, row: i64, limit: u32) -> Result<Vec<LoggedSignal>, StoreError> {
        let found: Vec<(i64, String)> = follow!(
            &self.pool,
            (i64, String),
            "SELECT row_id, body FROM signals WHERE TRUE",
            row,
            i64::from(limit)
        )
        .map_err(reading("the log of signals"))?;
        found
            .into_iter()
            .map(|(row, body)| Ok(LoggedSignal { row, signal: rows::document("a signal", &body)? }))
            .collect()
    }

    /// The incident that holds a signal, once dispatch has placed it.
    pub async fn incident_of_signal(&self, signal: &SignalId) -> Result<Option<IncidentId>, StoreError> {
        let found: Option<(String,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT incident_id FROM incident_signals WHERE signal_id = $1")
                .bind(signal.as_str())
                .fetch_optional(to)
                .await)
        .map_err(reading("the incident of a signal"))?;
        found.map(|(id,)| rows::incident("the incident of a signal", id)).transpose()
    }
}
