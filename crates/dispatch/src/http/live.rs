//! The door to the live websocket.

use super::{
    App,
    problem::Problem,
    session::{Visitor, shown_to},
};
use crate::live::connection;
use access::{Action, Subject};
use axum::{
    extract::{State, ws::WebSocketUpgrade},
    response::Response,
};
use model::ResidentId;
use std::{collections::BTreeSet, time::Duration};
use store::{JobError, WriteAudit};

/// What a client may send: a few words.
const MESSAGE_BYTES: usize = 16 * 1024;
/// A database that cannot be written is the very moment when presses are seen on screens alone: a screen waits
/// this long for its row in the audit, and the row, which stands in its lane, waits for the database.
const ON_RECORD_WITHIN: Duration = Duration::from_secs(1);

impl Visitor {
    /// Puts on record whom a screen showed that was not on record yet.
    pub(crate) async fn showed(
        &self,
        action: &str,
        residents: &BTreeSet<ResidentId>,
    ) -> Result<(), JobError> {
        self.record(action, "live", shown_to(residents.iter())).await
    }
}

/// Begins a live subscription; it is one look, with a beginning and an end on record, and whom it showed meanwhile.
pub(super) async fn live(
    State(app): State<App>,
    visitor: Visitor,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    visitor.may(Action::Live, &Subject::Nothing, None)?;
    let begun = visitor.audit("live_begun", "live", "");
    let on_record = app.shared.store.write(WriteAudit(vec![begun]));
    if let Ok(written) = tokio::time::timeout(ON_RECORD_WITHIN, on_record).await {
        written?;
    } else {
        tracing::warn!(event = "audit_waits", action = "live_begun");
    }
    Ok(upgrade.max_message_size(MESSAGE_BYTES).max_frame_size(MESSAGE_BYTES).on_upgrade(
        move |socket| async move {
            let changed = app.changed.subscribe();
            let (hub, stop) = (app.hub.clone(), app.stop.clone());
            let place = app.screens.open(&visitor.who.username, &visitor.session.id);
            let shown = connection::serve(socket, hub, visitor.clone(), changed, stop, place).await;
            if let Err(error) = visitor.showed("live_ended", &shown).await {
                tracing::warn!(event = "audit_failed", %error);
            }
        },
    ))
}
