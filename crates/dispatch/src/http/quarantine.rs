//! What could not be understood, for those who can find out why.
//!
//! It is often a position with one wrong value beside it. So its digits are hidden until somebody says what they need them for, and
//! that is a look at whoever carried the handset.

use super::{
    App, case_looks,
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
use futures_util::future::try_join_all;
use model::{HandsetId, ResidentId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{QuarantinedMessage, RecordLookOnce, WriteAudit};
use utoipa::{IntoParams, ToSchema};

/// Characters of a payload shown; the store has all of it.
const SHOWN: usize = 4_096;
/// Stands for a digit that is not shown.
const HIDDEN: char = '*';
/// What a look is called in the audit log and before a supervisor.
const READ: &str = "read_quarantine";

/// What the digits are needed for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NeededFor {
    /// What the digits are needed for, among which places stand. It goes on record, and before a supervisor for each who carried a
    /// handset then and has no open incident. Without it they are hidden.
    reason: Option<String>,
}

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
    /// Why it could not be used. It quotes what is wrong, so its digits are hidden with the others.
    reason: String,
    /// How many bytes it has.
    size: usize,
    /// Its beginning as text, the digits hidden unless a reason was given.
    payload_text: String,
    /// Whether the digits are hidden.
    masked: bool,
}

impl QuarantineItem {
    fn new(message: QuarantinedMessage, masked: bool) -> Self {
        let beginning = &message.payload[..message.payload.len().min(SHOWN)];
        Self {
            id: message.row.to_string(),
            handset: message.handset,
            topic: message.topic,
            received_at: message.received_at,
            reason: told(&message.reason, masked),
            size: message.payload.len(),
            payload_text: told(&String::from_utf8_lossy(beginning), masked),
            masked,
        }
    }
}

/// What nobody understood may hold a place anywhere, and there is none without a digit.
fn told(text: &str, masked: bool) -> String {
    text.chars().map(|sign| if masked && sign.is_numeric() { HIDDEN } else { sign }).collect()
}

/// Messages in quarantine, newest first. Whose they are often nobody can say, so they are for accounts of the whole district.
#[utoipa::path(get, path = "/api/quarantine", operation_id = "list_quarantine", params(Paging, NeededFor), responses((status = 200, body = Page<QuarantineItem>)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(paging): Query<Paging>,
    Query(NeededFor { reason }): Query<NeededFor>,
) -> Result<Json<Page<QuarantineItem>>, Problem> {
    visitor.may(Action::ReadQuarantine, &Subject::Everybody, None)?;
    let (limit, before) = (paging.limit()?, paging.number()?.unwrap_or(i64::MAX));
    let found = app.shared.store.quarantined(before, limit).await?;
    let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| full).map(|last| last.row.to_string());
    let carriers: BTreeSet<&ResidentId> =
        found.iter().filter_map(|message| message.resident.as_ref()).collect();
    let reason = reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if let Some(reason) = reason {
        looked_at(&app, &visitor, &carriers, reason).await?;
    }
    let whom = shown_to(carriers.into_iter());
    let detail = format!("{} messages, {}, {whom}", found.len(), reason.unwrap_or("digits hidden"));
    app.shared.store.write(WriteAudit(vec![visitor.audit(READ, "quarantine", detail)])).await?;
    let masked = reason.is_none();
    let items = found.into_iter().map(|message| QuarantineItem::new(message, masked)).collect();
    Ok(Json(Page { items, next }))
}

/// A place is a look at whoever was there, and where no open incident is the reason a supervisor reviews it.
async fn looked_at(
    app: &App,
    visitor: &Visitor,
    carriers: &BTreeSet<&ResidentId>,
    reason: &str,
) -> Result<(), Problem> {
    let store = &app.shared.store;
    let mut looks = Vec::new();
    for resident in carriers {
        visitor.note_breadth(resident).await?;
        if !store.has_open_incident(resident).await? {
            looks.push(case_looks::by(visitor, READ, resident, reason));
        }
    }
    let written = looks.into_iter().map(|look| store.write(RecordLookOnce { look, audit: Vec::new() }));
    try_join_all(written).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_place_is_read_from_what_is_hidden() {
        let broken = r#"{"lat":33.962,"lon":118.275e0,"accuracy_m":-1,"at":"２０"}"#;
        assert_eq!(told(broken, true), r#"{"lat":**.***,"lon":***.***e*,"accuracy_m":-*,"at":"**"}"#);
        assert_eq!(told(broken, false), broken);
        assert_eq!(told("help", true), "help");
    }

    #[test]
    fn why_it_could_not_be_used_tells_no_place_either() {
        let message = QuarantinedMessage {
            row: 7,
            handset: None,
            resident: None,
            topic: "jjl/h1/fix".to_owned(),
            received_at: Timestamp::UNIX_EPOCH,
            reason: r#"lat: "33,9624" is not a number"#.to_owned(),
            payload: br#"{"lat":"33,9624"}"#.to_vec(),
        };
        let item = QuarantineItem::new(message.clone(), true);
        assert_eq!(item.reason, r#"lat: "**,****" is not a number"#);
        assert_eq!(QuarantineItem::new(message.clone(), false).reason, message.reason);
    }
}
