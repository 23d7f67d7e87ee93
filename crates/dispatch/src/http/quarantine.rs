//! What could not be understood, for those who can find out why.

use super::{
    App,
    page::Paging,
    problem::Problem,
    session::{Visitor, shown_to},
};
use crate::view::Page;
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Query, State},
};
use model::{HandsetId, ResidentId, Timestamp};
use serde::Serialize;
use std::collections::BTreeSet;
use store::{QuarantinedMessage, WriteAudit};
use utoipa::ToSchema;

/// Characters of a payload shown; the store has all of it.
const SHOWN: usize = 4_096;

/// A message nobody could use.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantineItem {
    /// Its place.
    id: String,
    /// Who sent it.
    #[schema(value_type = Option<String>)]
    handset: Option<HandsetId>,
    /// Where.
    topic: String,
    /// When it reached us.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// Why it could not be used.
    reason: String,
    /// How many bytes it has.
    size: usize,
    /// Its beginning as text.
    payload_text: String,
}

impl From<QuarantinedMessage> for QuarantineItem {
    fn from(message: QuarantinedMessage) -> Self {
        let beginning = &message.payload[..message.payload.len().min(SHOWN)];
        Self {
            id: message.row.to_string(),
            handset: message.handset,
            topic: message.topic,
            received_at: message.received_at,
            reason: message.reason,
            size: message.payload.len(),
            payload_text: String::from_utf8_lossy(beginning).into_owned(),
        }
    }
}

/// Messages in quarantine, newest first. Whose they are often nobody can say, so they are for accounts of the whole district.
#[utoipa::path(get, path = "/api/quarantine", operation_id = "list_quarantine", params(Paging), responses((status = 200, body = Page<QuarantineItem>)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<QuarantineItem>>, Problem> {
    visitor.may(Action::ReadQuarantine, &Subject::Everybody, None)?;
    let (limit, before) = (paging.limit()?, paging.number()?.unwrap_or(i64::MAX));
    let found = app.shared.store.quarantined(before, limit).await?;
    let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| full).map(|last| last.row.to_string());
    let carriers: BTreeSet<&ResidentId> =
        found.iter().filter_map(|message| message.resident.as_ref()).collect();
    let whom = shown_to(carriers.into_iter());
    let look = visitor.audit("read_quarantine", "quarantine", format!("{} messages, {whom}", found.len()));
    app.shared.store.write(WriteAudit(vec![look])).await?;
    Ok(Json(Page { items: found.into_iter().map(QuarantineItem::from).collect(), next }))
}
