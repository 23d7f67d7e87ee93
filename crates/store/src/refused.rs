//! Log-ins that were refused, as technical signals.

use crate::{Connection, Job, JobError, Lane, handsets, script::Script, signals::insert_once};
use async_trait::async_trait;
use model::{HandsetId, Remark, Signal, SignalId, SignalKind, Timestamp};

const HOUR_S: i64 = 3_600;

/// Somebody came with a wrong secret under the name of a handset that exists.
#[derive(Debug)]
pub struct NoteRefusedLogIn {
    /// Under whose name.
    pub handset: HandsetId,
    /// When.
    pub at: Timestamp,
}

impl NoteRefusedLogIn {
    /// The hour it falls in: all refusals of one handset within it are one signal.
    pub fn hour(&self) -> i64 {
        self.at.as_second().div_euclid(HOUR_S)
    }
}

#[async_trait]
impl Job for NoteRefusedLogIn {
    type Output = ();
    // Whoever guesses must not be able to hold up a press.
    const LANE: Lane = Lane::Background;
    const BRINGS_SIGNALS: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let kind = SignalKind::LoginRefused;
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
