//! Those who are on their way and let it be seen where they are: looked at each second while somebody may be.

use super::Hub;
use crate::{live::Frame, view::ResponderView};
use std::collections::BTreeMap;

impl Hub {
    pub(super) async fn follow_responders(&self) {
        let (is_any_known, is_any_under_way) = {
            let board = self.locked();
            let tasks = board.incidents.values().flat_map(|view| &view.tasks);
            (!board.responders.is_empty(), tasks.into_iter().any(|task| task.state.is_under_way()))
        };
        if !is_any_known && !is_any_under_way {
            return;
        }
        let found = match self.shared.store.responders().await {
            Ok(found) => found,
            Err(error) => return tracing::warn!(event = "responders_unreadable", %error),
        };
        let mut board = self.locked();
        let cursor = self.cursor(board.row);
        let view = |one: &store::Responder| ResponderView::of(one, board.incidents.get(&one.incident)?);
        let now: BTreeMap<String, ResponderView> =
            found.iter().filter_map(view).map(|view| (view.task.clone(), view)).collect();
        for (task, view) in &now {
            if board.responders.get(task) != Some(view) {
                self.tell(Frame::responder(&cursor, view));
            }
        }
        for (_, view) in board.responders.iter().filter(|(task, _)| !now.contains_key(*task)) {
            self.tell(Frame::responder(&cursor, &view.clone().gone()));
        }
        board.responders = now;
    }
}
