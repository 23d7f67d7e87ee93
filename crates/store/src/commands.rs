//! What handsets are asked to do, and how far each request has come: queued, sent (a session took it), answered, expired.
//!
//! A command goes by the outbox like every other message. The message says which command it carries, so that its PUBACK is the
//! command's; the answer names the command itself. A newer one of the same kind takes the place of one that was not heard. What a
//! person has it ring or say is sealed there: whose number it is, and what they are told, is nobody's to read in a copy of the file.

use crate::{
    AuditRow, Connection, DownMessage, Job, JobError, Keys, Lane, Store, StoreError, TakeMessage, audit,
    db::on, handsets, micros, outbox, reading, rows, script::Script,
};
use async_trait::async_trait;
use model::{HandsetId, IncidentId, Timestamp};
use protocol::CommandKind;

/// Signs kept of what a handset adds to its answer.
const DETAIL_SIGNS: usize = 200;
const WHAT: &str = "a command";
/// The kinds whose messages carry a number or words that somebody wrote.
const SEALED: [CommandKind; 2] = [CommandKind::Call, CommandKind::Say];
/// While a life may depend on it the platform asks every half a minute where somebody is: of those questions so many are listed.
const LOCATES_LISTED: i64 = 10;

/// Something a handset is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandsetCommand {
    /// Its name, by which the answer says what it answers.
    pub id: String,
    /// Who is asked.
    pub handset: HandsetId,
    /// What, as on the wire.
    pub kind: String,
    /// On account of which incident.
    pub incident: Option<IncidentId>,
    /// The account that asks; empty where the platform does.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// After this it need not be done any more.
    pub expires_at: Timestamp,
}

/// Puts commands out, each with the messages that carry it; one whose name is known is left as it is.
#[derive(Debug)]
pub struct PutCommands {
    /// Which.
    pub commands: Vec<(HandsetCommand, Vec<DownMessage>)>,
    /// What is sealed of them is sealed with these.
    pub keys: Keys,
    /// Who asked, and why they may; nothing where the platform asks.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for PutCommands {
    type Output = ();
    // Most are questions of the platform, many at once: they stand behind presses.
    const LANE: Lane = Lane::Acknowledgement;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        for (command, messages) in &self.commands {
            let (known,): (bool,) = on!(Connection, connection, to => sqlx::query_as(
                "SELECT EXISTS (SELECT 1 FROM commands WHERE handset_id = $1 AND command_id = $2)")
                .bind(command.handset.as_str())
                .bind(&command.id)
                .fetch_one(to)
                .await)?;
            if known {
                continue;
            }
            insert(&mut script, command);
            let is_sealed = SEALED.iter().any(|kind| kind.as_str() == command.kind);
            for message in messages {
                if is_sealed {
                    outbox::put_sealed(&mut script, &self.keys, message)?;
                } else {
                    outbox::put(&mut script, message);
                }
                outbox::carries(&mut script, message, &command.id);
            }
        }
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// What was asked before of the same kind and not heard is not asked any more.
pub(crate) fn insert(script: &mut Script, command: &HandsetCommand) {
    let at = micros(command.at);
    script.add(
        "UPDATE commands SET expires_at_us = $3 WHERE handset_id = $1 AND kind = $2 AND kind <> 'ask'
           AND sent_at_us IS NULL AND answered_at_us IS NULL AND expires_at_us > $3",
        [command.handset.as_str().into(), command.kind.as_str().into(), at.into()],
    );
    script.add(
        "INSERT INTO commands (command_id, handset_id, kind, incident_id, asked_by, created_at_us, expires_at_us)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (handset_id, command_id) DO NOTHING",
        [
            command.id.as_str().into(),
            command.handset.as_str().into(),
            command.kind.as_str().into(),
            command.incident.as_ref().map(IncidentId::as_str).into(),
            command.by.as_str().into(),
            at.into(),
            micros(command.expires_at).into(),
        ],
    );
}

/// A handset answers a command. What it said is kept with its other messages; the first answer counts.
#[derive(Debug)]
pub struct AnswerCommand {
    /// The message as it came.
    pub message: TakeMessage,
    /// Which command it names.
    pub command: String,
    /// Done, or yes.
    pub ok: bool,
    /// What the handset adds.
    pub detail: Option<String>,
}

#[async_trait]
impl Job for AnswerCommand {
    type Output = ();
    const LANE: Lane = Lane::Acknowledgement;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        handsets::insert_message(connection, &self.message).await?;
        let mut script = Script::default();
        answered(&mut script, &self.message, &self.command, self.ok, self.detail.as_deref());
        script.run(connection).await.map(drop)
    }
}

pub(crate) fn answered(
    script: &mut Script,
    message: &TakeMessage,
    command: &str,
    ok: bool,
    detail: Option<&str>,
) {
    let at = micros(message.received_at);
    let detail: Option<String> = detail.map(|detail| detail.chars().take(DETAIL_SIGNS).collect());
    script.add(
        "UPDATE commands SET answered_at_us = $3, sent_at_us = COALESCE(sent_at_us, $3), ok = $4, detail = $5
         WHERE handset_id = $1 AND command_id = $2 AND answered_at_us IS NULL",
        [message.handset.as_str().into(), command.into(), at.into(), ok.into(), detail.as_deref().into()],
    );
}

/// What was asked on account of an incident and not heard is void: the incident is over.
#[derive(Debug)]
pub struct VoidCommands {
    /// Which.
    pub incident: IncidentId,
    /// When.
    pub at: Timestamp,
}

#[async_trait]
impl Job for VoidCommands {
    type Output = ();
    const LANE: Lane = Lane::Acknowledgement;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let (incident, at, mut script) = (self.incident.as_str(), micros(self.at), Script::default());
        script.add(
            // From the incident to its commands to what waits for these handsets: the outbox holds everybody's messages.
            "DELETE FROM outbox WHERE settled_at_us IS NULL AND row_id IN (
               SELECT waiting.row_id FROM commands CROSS JOIN outbox AS waiting
               WHERE incident_id = $1 AND asked_by = '' AND waiting.handset_id = commands.handset_id
                 AND waiting.command_id = commands.command_id)",
            [incident.into()],
        );
        script.add(
            "UPDATE commands SET expires_at_us = $2 WHERE incident_id = $1 AND asked_by = ''
               AND sent_at_us IS NULL AND answered_at_us IS NULL AND expires_at_us > $2",
            [incident.into(), at.into()],
        );
        script.run(connection).await.map(drop)
    }
}

/// How far a command has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandState {
    /// It waits for the handset.
    Queued,
    /// The handset has it and has said nothing yet.
    Sent,
    /// The handset answered.
    Answered,
    /// Its time is over.
    Expired,
}

/// A command, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    /// The command.
    pub command: HandsetCommand,
    /// When a session of the handset took it.
    pub sent_at: Option<Timestamp>,
    /// When the handset answered.
    pub answered_at: Option<Timestamp>,
    /// What it answered: done, or yes.
    pub ok: Option<bool>,
    /// What it added.
    pub detail: Option<String>,
}

impl CommandLine {
    /// Whether it is one of the questions where somebody is that the platform asks again and again.
    pub fn is_locate_of_platform(&self) -> bool {
        self.command.kind == "locate" && self.command.by.is_empty()
    }

    /// How far it has come by now.
    pub fn state(&self, now: Timestamp) -> CommandState {
        if self.answered_at.is_some() {
            CommandState::Answered
        } else if self.command.expires_at <= now {
            CommandState::Expired
        } else if self.sent_at.is_some() {
            CommandState::Sent
        } else {
            CommandState::Queued
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    command_id: String,
    handset_id: String,
    kind: String,
    incident_id: Option<String>,
    asked_by: String,
    created_at_us: i64,
    expires_at_us: i64,
    sent_at_us: Option<i64>,
    answered_at_us: Option<i64>,
    ok: Option<bool>,
    detail: Option<String>,
}

impl TryFrom<Row> for CommandLine {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let time = |at: Option<i64>| at.map(|at| rows::time(WHAT, at)).transpose();
        let command = HandsetCommand {
            id: row.command_id,
            handset: rows::handset(WHAT, row.handset_id)?,
            kind: row.kind,
            incident: row.incident_id.map(|id| rows::incident(WHAT, id)).transpose()?,
            by: row.asked_by,
            at: rows::time(WHAT, row.created_at_us)?,
            expires_at: rows::time(WHAT, row.expires_at_us)?,
        };
        let (ok, detail) = (row.ok, row.detail);
        Ok(Self {
            command,
            sent_at: time(row.sent_at_us)?,
            answered_at: time(row.answered_at_us)?,
            ok,
            detail,
        })
    }
}

/// How often the platform itself asked where somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locates {
    /// How often.
    pub count: u32,
    /// When first.
    pub first_at: Timestamp,
    /// When last.
    pub last_at: Timestamp,
}

/// What is read of commands, where this holds. What people asked must not be pushed out by what the platform asks again and again.
macro_rules! commands_where {
    ($holds:literal) => {
        concat!(
            "SELECT command_id, handset_id, kind, incident_id, asked_by, created_at_us, expires_at_us, sent_at_us,
               answered_at_us, ok, detail FROM commands WHERE ",
            $holds,
            " AND (kind <> 'locate' OR asked_by <> '' OR row_id IN (SELECT row_id FROM commands WHERE ",
            $holds,
            " AND kind = 'locate' AND asked_by = '' ORDER BY row_id DESC LIMIT $3))
             ORDER BY row_id DESC LIMIT $2"
        )
    };
}

impl Store {
    /// What a handset was asked to do, newest first; of the platform's own questions where it is the newest ten, which are not counted.
    pub async fn commands_to(&self, handset: &HandsetId, limit: u32) -> Result<Vec<CommandLine>, StoreError> {
        self.commands(commands_where!("handset_id = $1"), handset.as_str(), limit).await
    }

    /// What handsets were asked to do on account of an incident, likewise.
    pub async fn commands_about(
        &self,
        incident: &IncidentId,
        limit: u32,
    ) -> Result<Vec<CommandLine>, StoreError> {
        self.commands(commands_where!("incident_id = $1"), incident.as_str(), limit).await
    }

    /// How often the platform asked by itself where the person of an incident is; nothing if it never did.
    pub async fn locates_about(&self, incident: &IncidentId) -> Result<Option<Locates>, StoreError> {
        let (count, first, last): (i64, Option<i64>, Option<i64>) =
            on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT COUNT(*), MIN(created_at_us), MAX(created_at_us) FROM commands
             WHERE incident_id = $1 AND kind = 'locate' AND asked_by = ''",
        )
        .bind(incident.as_str())
        .fetch_one(to)
        .await)
            .map_err(reading(WHAT))?;
        let locates = |(first, last)| {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            Ok(Locates { count, first_at: rows::time(WHAT, first)?, last_at: rows::time(WHAT, last)? })
        };
        first.zip(last).map(locates).transpose()
    }

    async fn commands(
        &self,
        statement: &'static str,
        of: &str,
        limit: u32,
    ) -> Result<Vec<CommandLine>, StoreError> {
        let found: Vec<Row> = on!(Pool, &self.pool, to => sqlx::query_as(statement)
            .bind(of)
            .bind(i64::from(limit).saturating_add(LOCATES_LISTED))
            .bind(LOCATES_LISTED)
            .fetch_all(to)
            .await)
        .map_err(reading(WHAT))?;
        found.into_iter().map(CommandLine::try_from).collect()
    }
}
