//! Where those are about whom an incident is open, as it is told to every connection.
//!
//! A handset may be given to somebody else at any time: a position is told as theirs who carried it when it was taken.

use super::{Frame, Hub};
use crate::{
    Shared,
    view::{IncidentView, LivePosition, PositionView},
};
use model::{Fix, HandsetId, IncidentId, ResidentId, Timestamp};
use store::StoreError;

/// Where somebody is about whom an incident is open.
#[derive(Debug, Clone)]
pub(super) struct Followed {
    handset: HandsetId,
    pub(super) resident: Option<ResidentId>,
    pub(super) fix: Fix,
}

impl Followed {
    pub(super) fn is_of(&self, view: &IncidentView) -> bool {
        let resident = view.resident.as_ref().map(|resident| &resident.id);
        view.handset.as_ref() == Some(&self.handset) && resident == self.resident.as_ref()
    }

    pub(super) fn view(&self, now: Timestamp) -> LivePosition {
        LivePosition {
            handset: self.handset.clone(),
            resident: self.resident.clone(),
            position: PositionView::new(&self.fix, now),
        }
    }
}

impl Hub {
    /// The newest position of a handset, unless somebody else carried it then.
    pub(crate) async fn live_fix(
        &self,
        handset: &HandsetId,
        resident: Option<&ResidentId>,
    ) -> Result<Option<Fix>, StoreError> {
        let Shared { bus, store, .. } = &self.shared;
        let newest = match bus.position(handset) {
            Some(fix) => Some(fix),
            None => store.newest_fix(handset).await?.inspect(|fix| {
                bus.put_position(handset, fix);
            }),
        };
        let Some(fix) = newest else { return Ok(None) };
        Ok(store.is_own_position(handset, resident, &fix).await?.then_some(fix))
    }

    /// Tells the positions that moved of the handsets whose incidents are open.
    pub(super) async fn follow_positions(&self) {
        for (incident, opened_at, found) in self.moved_positions() {
            let own = self.shared.store.is_own_position(&found.handset, found.resident.as_ref(), &found.fix);
            match own.await {
                Ok(true) => self.tell_position(&incident, opened_at, found),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(event = "position_not_told", %error, handset = %found.handset);
                }
            }
        }
    }

    /// Where the handsets of open incidents are now and were not told to be.
    fn moved_positions(&self) -> Vec<(IncidentId, Timestamp, Followed)> {
        let board = self.locked();
        let moved = board.incidents.iter().filter_map(|(id, view)| {
            let handset = view.handset.clone()?;
            let fix = self.shared.bus.position(&handset)?;
            let known = board.positions.get(&handset).map(|known| known.fix.fix_time);
            let resident = view.resident.as_ref().map(|resident| resident.id.clone());
            let found = Followed { handset, resident, fix };
            (known != Some(found.fix.fix_time)).then_some((id.clone(), view.opened_at, found))
        });
        moved.collect()
    }

    /// Unless the incident was closed meanwhile.
    fn tell_position(&self, incident: &IncidentId, opened_at: Timestamp, found: Followed) {
        let mut board = self.locked();
        if board.incidents.contains_key(incident) {
            self.tell(Frame::position(&self.cursor(board.row), &found.view(self.now()), opened_at));
            board.positions.insert(found.handset.clone(), found);
        }
    }
}
