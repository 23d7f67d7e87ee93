//! The board of live positions: the last word of each handset.

use model::{Fix, HandsetId};
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

/// One position for each handset heard of. Boxed, so that the table's free places cost eight bytes each and
/// not a whole position: a hundred thousand handsets fit in about 25 MB.
#[derive(Debug, Default)]
pub(crate) struct Positions(RwLock<HashMap<HandsetId, Box<Fix>>>);

impl Positions {
    /// Notes a position unless one as new is held; says whether it became the live one.
    pub(crate) fn put(&self, handset: &HandsetId, fix: &Fix) -> bool {
        let mut positions = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match positions.get_mut(handset) {
            Some(held) if held.fix_time >= fix.fix_time => false,
            Some(held) => {
                **held = fix.clone();
                true
            }
            None => {
                positions.insert(handset.clone(), Box::new(fix.clone()));
                true
            }
        }
    }

    pub(crate) fn get(&self, handset: &HandsetId) -> Option<Fix> {
        let positions = self.0.read().unwrap_or_else(PoisonError::into_inner);
        positions.get(handset).map(|fix| Fix::clone(fix))
    }

    /// Everybody of whom a position is held.
    pub(crate) fn handsets(&self) -> Vec<HandsetId> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}
