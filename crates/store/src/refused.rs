//! What is odd about log-ins, as technical signals.

use crate::{Connection, Job, JobError, Lane, db::on, handsets, script::Script, signals::insert_once};
use async_trait::async_trait;
use geofence::Remembered;
use model::{HandsetId, Remark, ResidentId, Severity, Signal, SignalId, SignalKind, Timestamp};

const HOUR_S: i64 = 3_600;

/// Something is odd about how a handset logs in: somebody came with a wrong secret under its name, or it speaks from two
/// places at once.
#[derive(Debug)]
pub struct NoteLogIn {
    /// What is odd.
    pub kind: SignalKind,
    /// Under which name.
    pub handset: HandsetId,
    /// When.
    pub at: Timestamp,
}

impl NoteLogIn {
    /// The hour it falls in: all of one kind and one handset within it are one signal.
    pub fn hour(&self) -> i64 {
        self.at.as_second().div_euclid(HOUR_S)
    }
}

#[async_trait]
impl Job for NoteLogIn {
    type Output = ();
    // Whoever guesses must not be able to hold up a press.
    const LANE: Lane = Lane::Background;
    const BRINGS_SIGNALS: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let kind = self.kind;
        let resident = handsets::bound_resident(connection, &self.handset, self.at).await?;
        let is_outside = match &resident {
            Some(resident) => is_outside(connection, resident).await?,
            None => false,
        };
        let signal = Signal {
            id: SignalId::from_cause(kind.as_str(), &[self.handset.as_str(), &self.hour().to_string()]),
            kind,
            handset: Some(self.handset.clone()),
            remarks: if resident.is_none() { vec![Remark::Unbound] } else { Vec::new() },
            resident,
            press_id: None,
            cancel: false,
            at: self.at,
            received_at: self.at,
            late_by_s: 0,
            fix: None,
            caller: None,
            words: None,
            // Whoever wears it outside may be cut off by it: somebody should look, as at all else that is technical.
            graver: is_outside.then_some(Severity::Notice),
            evidence: None,
        };
        let mut script = Script::default();
        insert_once(&mut script, &signal)?;
        script.run(connection).await.map(drop)
    }
}

/// Whether the watch last believed them outside of a safe fence of theirs. What it does not remember, or what cannot be read any
/// more, is not outside.
async fn is_outside(connection: &mut Connection, resident: &ResidentId) -> Result<bool, JobError> {
    let found: Option<(String,)> = on!(Connection, connection, to =>
        sqlx::query_as("SELECT document FROM watch_states WHERE resident_id = $1")
            .bind(resident.as_str())
            .fetch_optional(to)
            .await)?;
    let known = found.and_then(|(document,)| serde_json::from_str::<Remembered>(&document).ok());
    let Some(known) = known else { return Ok(false) };
    let safe: Vec<(String,)> = on!(Connection, connection, to => sqlx::query_as(
        "SELECT fence_id FROM fences WHERE resident_id = $1 AND kind = 'safe' AND ended_at_us IS NULL",
    )
    .bind(resident.as_str())
    .fetch_all(to)
    .await)?;
    Ok(safe.iter().any(|(fence,)| known.is_outside_of(fence)))
}
