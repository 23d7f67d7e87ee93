//! One-use links: somebody gets an account, a relative a grant with it, or a new password for the account they have.
//!
//! The link holds a code; the table keeps its SHA-256. It is used once, before it expires, and whoever uses it is let
//! in by the same transaction.

use crate::{
    Account, AddGrant, AddSession, AddUser, AuditRow, ChangeUser, Connection, Job, JobError, Lane, Store,
    StoreError, UserChange, audit, db::on, micros, reading, rows, script::Script, sessions::token_hash,
};
use access::Role;
use async_trait::async_trait;
use model::{Division, StationId, Timestamp};

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: String,
    /// The account that gets a new password; none, and a new account is made.
    pub username: Option<String>,
    /// What the account is for.
    pub role: Role,
    /// Of staff: whose records the account will be for; everybody's if none is named.
    pub scope: Option<Division>,
    /// Of station staff: where they will work.
    pub station: Option<StationId>,
    /// The name others will see.
    pub display_name: String,
    /// Of a relative: what they are to the resident.
    pub relation: String,
    /// Of a relative: the consent that the grant stands on.
    pub consent: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Who invites.
    pub created_by: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Invites.
#[derive(Debug)]
pub struct Invite {
    /// To what.
    pub invitation: Invitation,
    /// The secret in the link.
    pub code: String,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for Invite {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let it = &self.invitation;
        let mut script = Script::default();
        script.add(
            "INSERT INTO invitations (invitation_id, code_hash, username, role, display_name, relation, consent_id,
               created_at_us, created_by, expires_at_us, scope, station_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            [
                it.id.as_str().into(),
                token_hash(&self.code).as_slice().into(),
                it.username.as_deref().into(),
                it.role.as_str().into(),
                it.display_name.as_str().into(),
                it.relation.as_str().into(),
                it.consent.as_deref().into(),
                micros(it.created_at).into(),
                it.created_by.as_str().into(),
                micros(it.expires_at).into(),
                it.scope.as_ref().map(Division::as_str).into(),
                it.station.as_ref().map(StationId::as_str).into(),
            ],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// Takes an invitation back.
#[derive(Debug)]
pub struct WithdrawInvitation {
    /// Which.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for WithdrawInvitation {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        script.add(
            "UPDATE invitations SET withdrawn_at_us = $1
             WHERE invitation_id = $2 AND used_at_us IS NULL AND withdrawn_at_us IS NULL",
            [micros(self.at).into(), self.id.as_str().into()],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// What the invited person gets.
#[derive(Debug)]
pub enum Joining {
    /// An account of their own, and of a relative the grant.
    Account(Box<Account>, Option<AddGrant>),
    /// A new password for the account they have, with this hash; the second factor is set up anew.
    Password(String, String),
}

/// Uses an invitation. One that was used, taken back or has expired meanwhile is a [`JobError::Conflict`].
#[derive(Debug)]
pub struct Join {
    /// The secret in the link.
    pub code: String,
    /// What its holder gets.
    pub joining: Joining,
    /// The session that begins with it, and what goes on record.
    pub session: AddSession,
}

#[async_trait]
impl Job for Join {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        use_up(connection, &self.code, self.session.at).await?;
        let mut script = Script::default();
        match &self.joining {
            Joining::Account(account, grant) => {
                AddUser { account: account.as_ref().clone(), audit: Vec::new() }.script(&mut script);
                if let Some(grant) = grant {
                    grant.script(&mut script);
                }
            }
            Joining::Password(username, hash) => {
                let password = UserChange::Password { hash: hash.clone(), at: self.session.at, stays: None };
                for change in [password, UserChange::NoSecondFactor] {
                    ChangeUser { username: username.clone(), change, audit: Vec::new() }.script(&mut script);
                }
            }
        }
        self.session.script(&mut script);
        script.run(connection).await.map(drop)
    }
}

/// Uses an invitation for an account that is there: it gets the grant. One that was used, taken back or has expired meanwhile is a
/// [`JobError::Conflict`].
#[derive(Debug)]
pub struct Redeem {
    /// The secret in the link.
    pub code: String,
    /// What its holder gets.
    pub grant: AddGrant,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for Redeem {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        use_up(connection, &self.code, self.grant.from).await?;
        let mut script = Script::default();
        self.grant.script(&mut script);
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// An invitation opens once what it opens.
async fn use_up(connection: &mut Connection, code: &str, at: Timestamp) -> Result<(), JobError> {
    let used = on!(Connection, connection, to => sqlx::query(
        "UPDATE invitations SET used_at_us = $1
         WHERE code_hash = $2 AND used_at_us IS NULL AND withdrawn_at_us IS NULL AND expires_at_us > $1",
    )
    .bind(micros(at))
    .bind(token_hash(code))
    .execute(to)
    .await
    .map(|done| done.rows_affected()))?;
    if used == 0 { Err(JobError::Conflict) } else { Ok(()) }
}

#[derive(sqlx::FromRow)]
struct InvitationRow {
    invitation_id: String,
    username: Option<String>,
    role: String,
    display_name: String,
    relation: String,
    consent_id: Option<String>,
    created_at_us: i64,
    created_by: String,
    expires_at_us: i64,
    scope: Option<String>,
    station_id: Option<String>,
}

const INVITATION: &str = "an invitation";

impl TryFrom<InvitationRow> for Invitation {
    type Error = StoreError;

    fn try_from(row: InvitationRow) -> Result<Self, StoreError> {
        let role = Role::from_name(&row.role);
        Ok(Self {
            role: role.ok_or_else(|| rows::broken(INVITATION, &format!("role {}", row.role)))?,
            id: row.invitation_id,
            username: row.username,
            display_name: row.display_name,
            relation: row.relation,
            consent: row.consent_id,
            created_at: rows::time(INVITATION, row.created_at_us)?,
            created_by: row.created_by,
            expires_at: rows::time(INVITATION, row.expires_at_us)?,
            scope: row.scope.map(|code| rows::division(INVITATION, code)).transpose()?,
            station: row.station_id.map(|id| rows::station(INVITATION, id)).transpose()?,
        })
    }
}

/// Which invitations are listed.
#[derive(Debug, Clone, Copy)]
pub struct InvitationsOf<'a> {
    /// To what belongs to this part of the district.
    pub scope: Option<&'a Division>,
    /// Those of relatives alone.
    pub is_of_relatives: bool,
}

/// Those that can still be used at the time `$1`, within the scope `$2` (the empty text is everybody's), of relatives alone if `$3`
/// says so. A relative's is where the resident lives, or nowhere on record; one to a new password where the account is for.
macro_rules! open_invitations {
    () => {
        "SELECT invitations.invitation_id, invitations.username, invitations.role, invitations.display_name,
           invitations.relation, invitations.consent_id, invitations.created_at_us, invitations.created_by,
           invitations.expires_at_us, invitations.scope, invitations.station_id
         FROM invitations LEFT JOIN users ON users.username = invitations.username
           LEFT JOIN consents ON consents.consent_id = invitations.consent_id
           LEFT JOIN residents ON residents.resident_id = consents.resident_id
         WHERE invitations.used_at_us IS NULL AND invitations.withdrawn_at_us IS NULL AND invitations.expires_at_us > $1
           AND (NOT $3 OR invitations.consent_id IS NOT NULL)
           AND ($2 = '' OR CASE
             WHEN invitations.consent_id IS NOT NULL THEN COALESCE(residents.division, $2) LIKE $2 || '%'
             ELSE COALESCE(CASE WHEN invitations.username IS NULL THEN invitations.scope ELSE users.scope END, '')
               LIKE $2 || '%' END)"
    };
}

impl Store {
    /// The invitation with this code, if it can still be used.
    pub async fn invitation(&self, code: &str, now: Timestamp) -> Result<Option<Invitation>, StoreError> {
        let found: Option<InvitationRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT invitation_id, username, role, display_name, relation, consent_id, created_at_us, created_by,
               expires_at_us, scope, station_id FROM invitations
             WHERE code_hash = $1 AND used_at_us IS NULL AND withdrawn_at_us IS NULL AND expires_at_us > $2",
        )
        .bind(token_hash(code))
        .bind(micros(now))
        .fetch_optional(to)
        .await)
        .map_err(reading(INVITATION))?;
        found.map(Invitation::try_from).transpose()
    }

    /// The invitations that can still be used, newest first: at most so many, those after the one of that time and id.
    pub async fn invitations(
        &self,
        which: &InvitationsOf<'_>,
        before: Option<&(i64, String)>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<Invitation>, StoreError> {
        let (before_us, id) = before.map_or((i64::MAX, ""), |(at, id)| (*at, id.as_str()));
        let found: Vec<InvitationRow> = on!(Pool, &self.pool, to => sqlx::query_as(concat!(
            open_invitations!(),
            " AND (invitations.created_at_us < $4 OR (invitations.created_at_us = $4 AND invitations.invitation_id < $5))
             ORDER BY invitations.created_at_us DESC, invitations.invitation_id DESC LIMIT $6"
        ))
        .bind(micros(now))
        .bind(which.scope.map_or("", Division::as_str))
        .bind(which.is_of_relatives)
        .bind(before_us)
        .bind(id)
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(INVITATION))?;
        found.into_iter().map(Invitation::try_from).collect()
    }

    /// The invitation of this id, if it is one of those and can still be used.
    pub async fn open_invitation(
        &self,
        which: &InvitationsOf<'_>,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        let found: Option<InvitationRow> = on!(Pool, &self.pool, to => sqlx::query_as(concat!(
            open_invitations!(),
            " AND invitations.invitation_id = $4"
        ))
        .bind(micros(now))
        .bind(which.scope.map_or("", Division::as_str))
        .bind(which.is_of_relatives)
        .bind(id)
        .fetch_optional(to)
        .await)
        .map_err(reading(INVITATION))?;
        found.map(Invitation::try_from).transpose()
    }
}
