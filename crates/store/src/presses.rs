//! Presses: the bytes as they came, the signal they cause and the receipt, in one transaction.

use crate::{
    Connection, DownMessage, Job, JobError, Lane, Quarantine, Store, StoreError, db::on, handsets, micros,
    outbox, quarantine, reading, script::Script, signals::insert_signal,
};
use async_trait::async_trait;
use model::{Fix, HandsetId, Signal, SignalId, SignalKind, SignedDuration, Timestamp};
use protocol::{Context, DownKind, Press, Receipt, down_topic, event_time, press_signal};

/// How long a receipt waits for its handset. It stays true for ever, but after a day nobody looks for it.
const RECEIPT_KEPT: SignedDuration = SignedDuration::from_hours(24);

/// A press as it came in, to be kept.
#[derive(Debug)]
pub struct TakePress {
    /// On whose topic it came.
    pub handset: HandsetId,
    /// What could be read of it.
    pub press: Press,
    /// Its bytes, or the beginning of them if there were more than is kept.
    pub payload: Vec<u8>,
    /// How many bytes it had.
    pub full_size: u64,
    /// What could not be read of it.
    pub defects: Vec<String>,
    /// How far the handset's clock is known to be ahead.
    pub clock_ahead: Option<SignedDuration>,
    /// The newest fix of the handset. It is looked up before: the journal may take long, and presses of others wait
    /// for this job.
    pub last_known: Option<Fix>,
    /// When it reached us.
    pub received_at: Timestamp,
}

/// What became of a press.
#[derive(Debug, Clone, PartialEq)]
pub enum TakenPress {
    /// It is on disk as this signal.
    New(Box<Signal>),
    /// It was on disk already; it is receipted again.
    Repeat,
}

#[derive(sqlx::FromRow)]
struct Facts {
    first_received_at_us: Option<i64>,
    /// It is known by more than the signal that it became.
    has_identity: bool,
    resident_id: Option<String>,
    same_id_used: bool,
    other_kind_used: bool,
}

impl TakePress {
    fn at(&self) -> Timestamp {
        event_time(self.press.pressed_at, self.received_at, self.clock_ahead).0
    }

    /// The signal of this press, given what is known at this moment.
    pub fn signal(&self, context: &Context) -> Signal {
        press_signal(&self.press, &self.payload, context, self.received_at)
    }

    /// The signal under a name of its own. A press that cannot be told from others is named by its bytes and the
    /// moment it came; of two in one microsecond the second is taken to have come a microsecond later.
    async fn named_signal(&self, connection: &mut Connection, context: &Context) -> Result<Signal, JobError> {
        let mut received_at = self.received_at;
        loop {
            let signal = press_signal(&self.press, &self.payload, context, received_at);
            let (is_taken,): (bool,) = on!(Connection, connection, to =>
                sqlx::query_as("SELECT EXISTS (SELECT 1 FROM presses WHERE signal_id = $1)")
                    .bind(signal.id.as_str())
                    .fetch_one(to)
                    .await)?;
            if !is_taken {
                return Ok(signal);
            }
            let later = received_at.checked_add(SignedDuration::from_micros(1));
            received_at = later.map_err(|error| JobError::Broken(error.to_string()))?;
        }
    }

    /// The receipt of the press that became this signal. It stands under the signal and not under the press's id, for ids come again
    /// after a reboot, and each of those presses waits for a receipt of its own. Where the person was forgotten it stands under the
    /// press's id: the signal is on record in a case that must lead to nobody.
    fn receipt(&self, signal: Option<&SignalId>, received_at: Timestamp) -> Result<DownMessage, JobError> {
        // As precise as it is kept, so that a repeat is receipted in the very same words.
        let received_at = Timestamp::from_microsecond(micros(received_at)).unwrap_or(received_at);
        let (press_id, cancel) = (self.press.press_id.clone(), self.press.cancel);
        let receipt = Receipt { press_id, received_at, cancel };
        // A press and its cancel have one id, and each waits for a receipt of its own.
        let kind = if cancel { "receipt-of-cancel" } else { "receipt" };
        // A receipt without an id says nothing of which press it is: of those the newest is enough.
        let of = self.press.press_id.as_deref().map_or("", |id| signal.map_or(id, SignalId::as_str));
        Ok(DownMessage {
            handset: self.handset.clone(),
            key: format!("{kind}:{of}"),
            topic: down_topic(&self.handset, DownKind::Receipt),
            payload: serde_json::to_string(&receipt)?,
            created_at: self.received_at,
            kept_for: RECEIPT_KEPT,
        })
    }

    /// An administrator sees what could not be read; no press is too many for that.
    fn in_quarantine(&self) -> Quarantine {
        Quarantine {
            handset: Some(self.handset.clone()),
            topic: format!("jjl/{}/press", self.handset),
            received_at: self.received_at,
            reason: self.defects.join("; "),
            payload: self.payload.clone(),
        }
    }

    async fn facts(
        &self,
        connection: &mut Connection,
        identity: Option<&str>,
        named: Option<&SignalId>,
    ) -> Result<Facts, JobError> {
        Ok(on!(Connection, connection, to => sqlx::query_as(
            "SELECT
               COALESCE((SELECT received_at_us FROM presses WHERE identity = $1),
                 (SELECT received_at_us FROM presses WHERE signal_id = $6)) AS first_received_at_us,
               EXISTS (SELECT 1 FROM presses WHERE identity = $1) AS has_identity,
               (SELECT resident_id FROM bindings
                 WHERE handset_id = $2 AND from_us <= $3 AND (to_us IS NULL OR to_us > $3)
                 ORDER BY from_us DESC LIMIT 1) AS resident_id,
               EXISTS (SELECT 1 FROM presses WHERE handset_id = $2 AND press_id = $4 AND cancel = $5)
                 AS same_id_used,
               EXISTS (SELECT 1 FROM presses WHERE handset_id = $2 AND press_id = $4 AND cancel <> $5)
                 AS other_kind_used",
        )
        .bind(identity)
        .bind(self.handset.as_str())
        .bind(micros(self.at()))
        .bind(self.press.press_id.as_deref())
        .bind(self.press.cancel)
        .bind(named.map(SignalId::as_str))
        .fetch_one(to)
        .await)?)
    }

    async fn context(&self, connection: &mut Connection, facts: Facts) -> Result<Context, JobError> {
        let resident = handsets::resident_id(facts.resident_id)?;
        let last_known = self.last_known.as_ref().filter(|_| self.press.fix.is_none());
        Ok(Context {
            handset: self.handset.clone(),
            last_known: handsets::own_position(connection, &self.handset, resident.as_ref(), last_known)
                .await?,
            resident,
            clock_ahead: self.clock_ahead,
            id_reused: facts.same_id_used,
            press_known: self.press.cancel && facts.other_kind_used,
            cancelled_earlier: !self.press.cancel && facts.other_kind_used,
            oversized: self.full_size > u64::try_from(self.payload.len()).unwrap_or(u64::MAX),
        })
    }

    fn insert(&self, script: &mut Script, identity: Option<&str>, signal: &Signal) -> Result<(), JobError> {
        script.add(
            "INSERT INTO presses (handset_id, identity, press_id, cancel, received_at_us, signal_id, payload,
               full_size, defects) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [
                self.handset.as_str().into(),
                identity.into(),
                self.press.press_id.as_deref().into(),
                self.press.cancel.into(),
                micros(self.received_at).into(),
                signal.id.as_str().into(),
                self.payload.as_slice().into(),
                i64::try_from(self.full_size).unwrap_or(i64::MAX).into(),
                serde_json::to_string(&self.defects)?.into(),
            ],
        );
        Ok(())
    }
}

#[async_trait]
impl Job for TakePress {
    type Output = TakenPress;
    const LANE: Lane = Lane::Life;
    const BRINGS_SIGNALS: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<TakenPress, JobError> {
        let identity = self.press.identity(&self.handset);
        // Where the person was forgotten with the case, this id is what is left of what told the press from others.
        let named =
            identity.as_deref().map(|identity| SignalId::from_cause(SignalKind::Press.as_str(), &[identity]));
        let facts = self.facts(connection, identity.as_deref(), named.as_ref()).await?;
        if let (Some(first), Some(signal)) = (facts.first_received_at_us, &named) {
            let first = Timestamp::from_microsecond(first).unwrap_or(self.received_at);
            let mut script = Script::default();
            outbox::put(&mut script, &self.receipt(facts.has_identity.then_some(signal), first)?);
            script.run(connection).await?;
            return Ok(TakenPress::Repeat);
        }
        let context = self.context(connection, facts).await?;
        let signal = match &identity {
            Some(_) => self.signal(&context),
            None => self.named_signal(connection, &context).await?,
        };
        let mut script = Script::default();
        self.insert(&mut script, identity.as_deref(), &signal)?;
        insert_signal(&mut script, &signal)?;
        outbox::put(&mut script, &self.receipt(Some(&signal.id), self.received_at)?);
        script.run(connection).await?;
        if !self.defects.is_empty() {
            quarantine::insert(connection, &self.in_quarantine()).await?;
        }
        Ok(TakenPress::New(Box::new(signal)))
    }
}

impl Store {
    /// The bytes of the press that caused this signal, as they came.
    pub async fn press_payload(&self, signal: &SignalId) -> Result<Option<Vec<u8>>, StoreError> {
        let found: Option<(Vec<u8>,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT payload FROM presses WHERE signal_id = $1")
                .bind(signal.as_str())
                .fetch_optional(to)
                .await)
        .map_err(reading("a press"))?;
        Ok(found.map(|(payload,)| payload))
    }
}
