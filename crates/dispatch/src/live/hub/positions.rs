//! Where those are about whom an incident is open, as it is told to every connection.
//!
//! A handset may be given to somebody else at any time: a position is told as theirs who carried it when it was taken.

use super::{Frame, Hub, POSITIONS_EVERY};
use crate::{
    Shared,
    view::{IncidentView, LivePosition, PositionView},
};
use incident::Incident;
use model::{Fix, HandsetId, IncidentId, ResidentId, Timestamp};
use std::collections::HashSet;
use store::StoreError;
use tokio_util::sync::CancellationToken;

/// Whose position it is: of this handset while this resident carries it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Carried {
    handset: HandsetId,
    resident: Option<ResidentId>,
}

/// A position that was not told yet.
struct Moved {
    incident: IncidentId,
    opened_at: Timestamp,
    carried: Carried,
    fix: Fix,
}

impl Carried {
    /// Once an incident is closed, where the person is now is nobody's business.
    pub(super) fn about(incident: &Incident) -> Option<Self> {
        let handset = incident.handset.clone().filter(|_| incident.is_open())?;
        Some(Self { handset, resident: incident.resident.clone() })
    }

    pub(super) fn shown(view: &IncidentView) -> Option<Self> {
        let resident = view.resident.as_ref().map(|resident| resident.id.clone());
        Some(Self { handset: view.handset.clone()?, resident })
    }

    pub(super) fn at(&self, fix: &Fix, now: Timestamp) -> LivePosition {
        LivePosition {
            handset: self.handset.clone(),
            resident: self.resident.clone(),
            position: PositionView::new(fix, now),
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

    /// Tells the positions that moved of the handsets whose incidents are open, until stopped.
    pub(super) async fn follow_positions(&self, stop: &CancellationToken) {
        let mut tick = tokio::time::interval(POSITIONS_EVERY);
        while stop.run_until_cancelled(tick.tick()).await.is_some() {
            for moved in self.moved_positions() {
                let Carried { handset, resident } = &moved.carried;
                match self.shared.store.is_own_position(handset, resident.as_ref(), &moved.fix).await {
                    Ok(true) => self.tell_position(moved),
                    Ok(false) => {}
                    Err(error) => tracing::warn!(event = "position_not_told", %error, %handset),
                }
            }
            self.follow_responders().await;
        }
    }

    /// Where the handsets of open incidents are now and were not told to be.
    fn moved_positions(&self) -> Vec<Moved> {
        let mut board = self.locked();
        let open: HashSet<Carried> = board.incidents.values().filter_map(Carried::shown).collect();
        board.positions.retain(|carried, _| open.contains(carried));
        let moved = board.incidents.iter().filter_map(|(id, view)| {
            let carried = Carried::shown(view)?;
            let fix = self.shared.bus.position(&carried.handset)?;
            let is_news = board.positions.get(&carried).is_none_or(|known| known.fix_time != fix.fix_time);
            is_news.then(|| Moved { incident: id.clone(), opened_at: view.opened_at, carried, fix })
        });
        moved.collect()
    }

    /// Unless the incident was closed meanwhile.
    fn tell_position(&self, moved: Moved) {
        let Moved { incident, opened_at, carried, fix } = moved;
        let mut board = self.locked();
        if board.incidents.contains_key(&incident) {
            let position = carried.at(&fix, self.now());
            self.tell(Frame::position(&self.cursor(board.row), &position, incident, opened_at));
            board.positions.insert(carried, fix);
        }
    }
}
