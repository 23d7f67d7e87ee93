//! What is odd about log-ins, as technical signals.

use crate::{Connection, Job, JobError, Lane, handsets, script::Script, signals::insert_once};
use async_trait::async_trait;
use model::{HandsetId, Remark, Signal, SignalId, SignalKind, Timestamp};

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
            graver: None,
            evidence: None,
        };
        let mut script = Script::default();
        insert_once(&mut script, &signal)?;
        script.run(connection).await.map(drop)
    }
}
