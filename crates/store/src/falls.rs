//! Fall reports: each is kept, and what follows from it (`geofence::falls::episode`) is taken in the transaction that brings
//! its cause. Three bring one: the report itself, an answer of the person, and the end of the time to answer. Whoever hands in
//! one of these jobs decides nothing; the open questions of the subject are read, the rule is asked, and what it says is
//! written, or nothing of it.

use crate::{
    Connection, DownMessage, HandsetCommand, Job, JobError, Lane, Store, StoreError, TakeMessage, commands,
    db::on, handsets, micros, outbox, reading, script::Script, signals::insert_once,
};
use async_trait::async_trait;
use geofence::falls::{
    Assessment,
    episode::{Because, CANCELLED_WITHIN, Effect, Event, Falls, Open, Reply, Report, step_within},
};
use model::{Fix, HandsetId, Remark, ResidentId, Signal, SignalId, SignedDuration, Timestamp};
use protocol::{Command, CommandKind, Context, DownKind, Fall, down_topic, event_time, fall_signal};

/// The command by which a person is asked about a fall begins with this; the signal's id follows.
const ASK: &str = "ask-";
/// Subjects whose time is over, taken in one transaction.
const AT_ONCE: i64 = 32;

/// A fall report as it came in, to be kept.
#[derive(Debug)]
pub struct TakeFall {
    /// On whose topic it came.
    pub handset: HandsetId,
    /// What could be read of it.
    pub fall: Fall,
    /// Its bytes.
    pub payload: Vec<u8>,
    /// What the detector says of its window.
    pub assessment: Assessment,
    /// How long the person has to answer.
    pub answer_within: SignedDuration,
    /// How far the handset's clock is known to be ahead.
    pub clock_ahead: Option<SignedDuration>,
    /// The newest fix of the handset; see [`crate::TakePress::last_known`].
    pub last_known: Option<Fix>,
    /// When it reached us.
    pub received_at: Timestamp,
}

#[async_trait]
impl Job for TakeFall {
    /// The signal it is or would be, unless the same report was here before, or says of one that was that it was no fall.
    type Output = Option<Signal>;
    const LANE: Lane = Lane::Life;
    const BRINGS_SIGNALS: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<Option<Signal>, JobError> {
        let message = TakeMessage {
            handset: self.handset.clone(),
            kind: "fall",
            identity: self.fall.identity(&self.handset),
            payload: self.payload.clone(),
            received_at: self.received_at,
        };
        if !handsets::insert_message(connection, &message).await? {
            return Ok(None);
        }
        let at = event_time(self.fall.at, self.received_at, self.clock_ahead).0;
        let (handset, last_known) = (&self.handset, self.last_known.as_ref());
        let resident = handsets::bound_resident(connection, handset, at).await?;
        if self.fall.cancel && self.cancel(connection, &message, resident.as_ref()).await? {
            return Ok(None);
        }
        let context = Context {
            last_known: handsets::own_position(connection, handset, resident.as_ref(), last_known).await?,
            resident,
            clock_ahead: self.clock_ahead,
            ..Context::of(self.handset.clone())
        };
        let mut signal = fall_signal(&self.fall, &self.payload, &context, self.received_at);
        if self.assessment.probability().is_some() {
            signal.remarks.retain(|remark| *remark != Remark::Unjudged);
        }
        let report = Report {
            signal: signal.id.clone(),
            fall_id: self.fall.fall_id.clone(),
            at: signal.at,
            assessment: self.assessment.clone(),
        };
        let subject = subject_of(&signal);
        if !insert_report(connection, &subject, &signal, &report).await? {
            return Ok(None);
        }
        let event = Event::Reported(Box::new(report));
        take(connection, &subject, &event, self.answer_within, self.received_at).await?;
        Ok(Some(signal))
    }
}

impl TakeFall {
    /// The wearer says that it was no fall: a yes to the question about the fall that it names, or about the last one if it names none.
    /// After its time that takes nothing back, and whoever helps hears of it. False if there was none lately, or none of that name: then
    /// it is taken for a fall, for nobody knows what it is about. To another fall it is no answer: that person may lie there.
    async fn cancel(
        &self,
        connection: &mut Connection,
        message: &TakeMessage,
        resident: Option<&ResidentId>,
    ) -> Result<bool, JobError> {
        let within_us = i64::try_from(CANCELLED_WITHIN.as_micros()).unwrap_or(0);
        let since_us = micros(self.received_at).saturating_sub(within_us);
        let named = named_in_report(self.fall.fall_id.as_deref())?;
        let whose = resident.map_or("", ResidentId::as_str);
        let found: Option<(String, String, bool)> = on!(Connection, connection, to => sqlx::query_as(
            "SELECT subject, signal_id, answer_by_us IS NOT NULL FROM fall_reports
             WHERE handset_id = $1 AND received_at_us >= $2 AND ($3 = '' OR replace(report, $3, '') <> report)
               AND COALESCE(resident_id, '') = $4 ORDER BY row_id DESC LIMIT 1")
            .bind(self.handset.as_str())
            .bind(since_us)
            .bind(&named)
            .bind(whose)
            .fetch_optional(to)
            .await)?;
        let Some((subject, signal, is_open)) = found else { return Ok(false) };
        let signal = signal_id(&signal)?;
        let mut script = Script::default();
        commands::answered(&mut script, message, &format!("{ASK}{signal}"), true, None);
        if !is_open {
            script.add(
                "INSERT INTO fall_answers (signal_id, resident_id, handset_id, at_us, reply)
                 SELECT signal_id, resident_id, handset_id, $2, $3 FROM fall_reports WHERE signal_id = $1",
                [signal.as_str().into(), micros(self.received_at).into(), "well".into()],
            );
        }
        script.run(connection).await?;
        let event = Event::Answered { signal, is_well: true };
        take(connection, &subject, &event, SignedDuration::ZERO, self.received_at).await?;
        Ok(true)
    }
}

/// What a person answered to the question about a fall, with the message as it came.
#[derive(Debug)]
pub struct AnswerFall {
    /// The message.
    pub message: TakeMessage,
    /// About which fall.
    pub signal: SignalId,
    /// Whether they are all right.
    pub is_well: bool,
}

#[async_trait]
impl Job for AnswerFall {
    type Output = ();
    const LANE: Lane = Lane::Life;
    const BRINGS_SIGNALS: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        handsets::insert_message(connection, &self.message).await?;
        let mut script = Script::default();
        commands::answered(&mut script, &self.message, &format!("{ASK}{}", self.signal), self.is_well, None);
        script.run(connection).await?;
        let found: Option<(String,)> = on!(Connection, connection, to =>
            sqlx::query_as("SELECT subject FROM fall_reports WHERE signal_id = $1 AND handset_id = $2")
                .bind(self.signal.as_str())
                .bind(self.message.handset.as_str())
                .fetch_optional(to)
                .await)?;
        let Some((subject,)) = found else { return Ok(()) };
        let event = Event::Answered { signal: self.signal.clone(), is_well: self.is_well };
        take(connection, &subject, &event, SignedDuration::ZERO, self.message.received_at).await
    }
}

/// Settles the questions whose time is over.
#[derive(Debug)]
pub struct EndQuestions {
    /// The time now.
    pub now: Timestamp,
}

#[async_trait]
impl Job for EndQuestions {
    /// Whether there was any.
    type Output = bool;
    const LANE: Lane = Lane::Life;
    const BRINGS_SIGNALS: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<bool, JobError> {
        // What no session of the handset has acknowledged never arrived.
        let due: Vec<(String, String, bool)> = on!(Connection, connection, to => sqlx::query_as(
            "SELECT subject, signal_id, EXISTS (SELECT 1 FROM outbox WHERE outbox.handset_id = fall_reports.handset_id
               AND message_key = 'ask:' || signal_id AND settled_at_us IS NULL)
             FROM fall_reports WHERE answer_by_us <= $1 ORDER BY answer_by_us, row_id LIMIT $2",
        )
        .bind(micros(self.now))
        .bind(AT_ONCE)
        .fetch_all(to)
        .await)?;
        for (subject, signal, is_unheard) in &due {
            if *is_unheard {
                let signal = signal_id(signal)?;
                take(connection, subject, &Event::NotReached { signal }, SignedDuration::ZERO, self.now)
                    .await?;
            }
            take(connection, subject, &Event::Time, SignedDuration::ZERO, self.now).await?;
        }
        Ok(!due.is_empty())
    }
}

/// Our clock was set back: what is left of the time to answer stays left (`falls::episode::Event::ClockWentBack`, of all
/// subjects at once).
#[derive(Debug)]
pub struct KeepQuestions {
    /// By how much.
    pub by: SignedDuration,
}

#[async_trait]
impl Job for KeepQuestions {
    type Output = ();
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let by_us = i64::try_from(self.by.as_micros()).unwrap_or(0).max(0);
        on!(Connection, connection, to => sqlx::query(
            "UPDATE fall_reports SET answer_by_us = answer_by_us - $1 WHERE answer_by_us IS NOT NULL")
            .bind(by_us)
            .execute(to)
            .await
            .map(drop))?;
        Ok(())
    }
}

fn signal_id(text: &str) -> Result<SignalId, JobError> {
    SignalId::new(text).map_err(|error| JobError::Broken(error.to_string()))
}

/// What stands in the document of a report with this id and of no other: a quotation mark within a text stands there behind a
/// backslash. Empty without an id.
fn named_in_report(fall_id: Option<&str>) -> Result<String, JobError> {
    let Some(id) = fall_id else { return Ok(String::new()) };
    Ok(format!("\"fall_id\":{}", serde_json::to_string(id)?))
}

/// Whose falls belong together: a resident's, or a handset's that is bound to nobody.
fn subject_of(signal: &Signal) -> String {
    match (&signal.resident, &signal.handset) {
        (Some(resident), _) => format!("resident:{resident}"),
        (None, handset) => format!("handset:{}", handset.as_ref().map_or("", HandsetId::as_str)),
    }
}

/// False if it is there already.
async fn insert_report(
    connection: &mut Connection,
    subject: &str,
    signal: &Signal,
    report: &Report,
) -> Result<bool, JobError> {
    let (body, document) = (serde_json::to_string(signal)?, serde_json::to_string(report)?);
    let rows = on!(Connection, connection, to => sqlx::query(
        "INSERT INTO fall_reports (signal_id, subject, handset_id, resident_id, received_at_us, probability, raised,
           signal, report) VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7, $8) ON CONFLICT (signal_id) DO NOTHING",
    )
    .bind(signal.id.as_str())
    .bind(subject)
    .bind(signal.handset.as_ref().map_or("", HandsetId::as_str))
    .bind(signal.resident.as_ref().map(ResidentId::as_str))
    .bind(micros(signal.received_at))
    .bind(report.assessment.probability())
    .bind(&body)
    .bind(&document)
    .execute(to)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Load, step, write.
async fn take(
    connection: &mut Connection,
    subject: &str,
    event: &Event,
    answer_within: SignedDuration,
    now: Timestamp,
) -> Result<(), JobError> {
    let mut falls = load(connection, subject).await?;
    let mut effects = Vec::new();
    step_within(&mut falls, event, answer_within, now, &mut effects);
    for effect in effects {
        match effect {
            // The report is on the timeline as it came.
            Effect::Line { .. } => {}
            Effect::Raise { signal, because } => raise(connection, &signal, because).await?,
            Effect::Ask { signal, say, expires_at } => ask(connection, &signal, say, expires_at, now).await?,
            Effect::Heard { signal, reply, .. } => heard(connection, &signal, reply, now).await?,
        }
    }
    Ok(())
}

async fn load(connection: &mut Connection, subject: &str) -> Result<Falls, JobError> {
    let found: Vec<(String, bool, i64)> = on!(Connection, connection, to => sqlx::query_as(
        "SELECT signal_id, raised, answer_by_us FROM fall_reports
         WHERE subject = $1 AND answer_by_us IS NOT NULL ORDER BY row_id",
    )
    .bind(subject)
    .fetch_all(to)
    .await)?;
    let open = |(id, raised, answer_by_us): (String, bool, i64)| {
        let answer_by =
            Timestamp::from_microsecond(answer_by_us).map_err(|error| JobError::Broken(error.to_string()))?;
        Ok(Open { signal: signal_id(&id)?, raised, answer_by })
    };
    Ok(Falls { open: found.into_iter().map(open).collect::<Result<_, JobError>>()? })
}

async fn raise(connection: &mut Connection, id: &SignalId, because: Because) -> Result<(), JobError> {
    let (body, document): (String, String) = on!(Connection, connection, to =>
        sqlx::query_as("SELECT signal, report FROM fall_reports WHERE signal_id = $1")
            .bind(id.as_str())
            .fetch_one(to)
            .await)?;
    let (mut signal, report): (Signal, Report) =
        (serde_json::from_str(&body)?, serde_json::from_str(&document)?);
    signal.evidence = Some(Box::new(because.evidence(&report.assessment)));
    let mut script = Script::default();
    script.add(
        "UPDATE fall_reports SET raised = TRUE, because = $1, signal = $2 WHERE signal_id = $3",
        [because.rule().into(), serde_json::to_string(&signal)?.into(), id.as_str().into()],
    );
    insert_once(&mut script, &signal)?;
    script.run(connection).await.map(drop)
}

async fn ask(
    connection: &mut Connection,
    id: &SignalId,
    say: String,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), JobError> {
    let (handset,): (String,) = on!(Connection, connection, to =>
        sqlx::query_as("SELECT handset_id FROM fall_reports WHERE signal_id = $1")
            .bind(id.as_str())
            .fetch_one(to)
            .await)?;
    let handset = HandsetId::new(handset).map_err(|error| JobError::Broken(error.to_string()))?;
    let command_id = format!("{ASK}{id}");
    let asked = HandsetCommand {
        id: command_id.clone(),
        handset: handset.clone(),
        kind: CommandKind::Ask.as_str().to_owned(),
        incident: None,
        by: String::new(),
        at: now,
        expires_at,
    };
    let command = Command { say: Some(say), ..Command::new(command_id, CommandKind::Ask, expires_at) };
    let message = DownMessage {
        key: format!("ask:{id}"),
        topic: down_topic(&handset, DownKind::Command),
        payload: String::from_utf8_lossy(&command.to_json()).into_owned(),
        created_at: now,
        kept_for: expires_at.duration_since(now),
        handset,
    };
    let mut script = Script::default();
    commands::insert(&mut script, &asked);
    outbox::put(&mut script, &message);
    outbox::carries(&mut script, &message, &asked.id);
    script.add(
        "UPDATE fall_reports SET answer_by_us = $1 WHERE signal_id = $2",
        [micros(expires_at).into(), id.as_str().into()],
    );
    script.run(connection).await.map(drop)
}

/// What was heard of the question, also for those who help; what raised the fall by itself stands in its signal.
async fn heard(
    connection: &mut Connection,
    id: &SignalId,
    reply: Reply,
    now: Timestamp,
) -> Result<(), JobError> {
    let reply = serde_json::to_value(reply)?;
    let reply = reply.as_str().unwrap_or_default();
    let mut script = Script::default();
    script.add(
        "UPDATE fall_reports SET answer_by_us = NULL, reply = $1 WHERE signal_id = $2",
        [reply.into(), id.as_str().into()],
    );
    script.add(
        "INSERT INTO fall_answers (signal_id, resident_id, handset_id, at_us, reply)
         SELECT signal_id, resident_id, handset_id, $2, $3 FROM fall_reports
         WHERE signal_id = $1 AND (because IS NULL OR because IN ('fall/detected', 'fall/not_judged'))",
        [id.as_str().into(), micros(now).into(), reply.into()],
    );
    script.run(connection).await.map(drop)
}

/// The fall that a command asked about, if it was such a question.
pub fn asked_about(command_id: &str) -> Option<SignalId> {
    command_id.strip_prefix(ASK).and_then(|id| SignalId::new(id).ok())
}

impl Store {
    /// Whether the time of any question is over.
    pub async fn are_questions_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        let (due,): (bool,) = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT EXISTS (SELECT 1 FROM fall_reports WHERE answer_by_us <= $1)")
                .bind(micros(now))
                .fetch_one(to)
                .await)
        .map_err(reading("a fall report"))?;
        Ok(due)
    }
}
