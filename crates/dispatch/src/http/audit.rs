//! Who did and looked at what, for those who watch over it. Reading it is itself on record.

use super::{App, page::Paging, problem::Problem, session::Visitor, tracks::moment};
use crate::view::Page;
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Query, State},
};
use model::{ResidentId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{AuditSearch, NumberedAudit, WriteAudit};
use utoipa::{IntoParams, ToSchema};

/// What is looked for in the audit log; what is left out fits every row.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// By this account.
    username: Option<String>,
    /// With this action, such as `read_resident`.
    action: Option<String>,
    /// Of this incident, resident, handset or list.
    subject: Option<String>,
    /// Of this resident: also of their incidents, and of the handsets they carried at that time.
    resident: Option<String>,
    /// From this time on, RFC 3339.
    from: Option<String>,
    /// Before this time, RFC 3339.
    to: Option<String>,
}

/// One act or look.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditItem {
    /// Its place.
    id: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who.
    username: String,
    /// From where: the peer's address.
    source: String,
    /// What was done.
    action: String,
    /// Whose record, which incident or which list.
    subject: String,
    /// Which range, why, with what result.
    detail: String,
}

impl From<NumberedAudit> for AuditItem {
    fn from(NumberedAudit { row, audit }: NumberedAudit) -> Self {
        Self {
            id: row.to_string(),
            at: audit.at,
            username: audit.username,
            source: audit.source,
            action: audit.action,
            subject: audit.subject,
            detail: audit.detail,
        }
    }
}

impl AuditQuery {
    fn search(&self) -> Result<AuditSearch, Problem> {
        let resident = self.resident.as_deref().map(ResidentId::new).transpose();
        Ok(AuditSearch {
            username: self.username.clone(),
            action: self.action.clone(),
            subject: self.subject.clone(),
            resident: resident
                .map_err(|error| Problem::bad_request(format!("resident is not an id: {error}")))?,
            incident: None,
            from: moment("from", self.from.as_deref())?,
            to: moment("to", self.to.as_deref())?,
        })
    }

    /// What was asked, as it goes on record.
    fn words(&self) -> String {
        let said = [
            ("username", &self.username),
            ("action", &self.action),
            ("subject", &self.subject),
            ("resident", &self.resident),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let said = said.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value.as_deref()?)));
        said.collect::<Vec<_>>().join(" ")
    }
}

/// Acts and looks, newest first. They are about everybody, so they are for accounts of the whole district.
#[utoipa::path(get, path = "/api/audit", operation_id = "list_audit", params(Paging, AuditQuery), responses((status = 200, body = Page<AuditItem>)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(paging): Query<Paging>,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Page<AuditItem>>, Problem> {
    visitor.may(Action::ReadAudit, &Subject::Everybody, None)?;
    let (limit, before) = (paging.limit()?, paging.number()?.unwrap_or(i64::MAX));
    let found = app.shared.store.audited(&query.search()?, before, limit).await?;
    let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| full).map(|last| last.row.to_string());
    let asked = query.words();
    let asked = if asked.is_empty() { "everything" } else { &asked };
    let look = visitor.audit("read_audit", "audit", format!("{} shown of {asked}", found.len()));
    app.shared.store.write(WriteAudit(vec![look])).await?;
    Ok(Json(Page { items: found.into_iter().map(AuditItem::from).collect(), next }))
}
