//! What is known of one handset at this point of the recording.

use geofence::silence::Told;
use model::{Fix, HandsetId, ResidentId, Signal, Timestamp};
use protocol::{Context, Fall, Press, Status, Track, fall_signal, press_signal};
use std::collections::HashSet;

/// A handset's memory, as the door keeps it.
#[derive(Default)]
pub(super) struct Handset {
    track: Track,
    newest: Option<Fix>,
    identities: HashSet<String>,
    /// Press ids seen, apart for presses and cancels.
    ids: HashSet<(String, bool)>,
    /// What an app last said of itself: that it is there, and whether it is on its charger.
    noted: Option<(Option<bool>, Option<bool>)>,
    /// Fixes that were there before.
    repeats: usize,
}

impl Handset {
    /// The fixes that are new, at the times that are believed.
    pub(super) fn fixes(&mut self, fixes: Vec<Fix>, received_at: Timestamp) -> Vec<Fix> {
        let told = fixes.len();
        let believed = self.track.take(fixes, received_at);
        self.repeats += told.saturating_sub(believed.len());
        self.believed(believed.into_iter().map(|one| one.fix).collect())
    }

    /// How many of its fixes were there before.
    pub(super) fn repeats(&self) -> usize {
        self.repeats
    }

    /// Fixes of which that was known when they were recorded.
    pub(super) fn believed(&mut self, fixes: Vec<Fix>) -> Vec<Fix> {
        let held = self.newest.take();
        self.newest = fixes.iter().cloned().chain(held).max_by_key(|fix| fix.fix_time);
        fixes
    }

    /// Notes what it says of itself.
    pub(super) fn status(&mut self, status: &Status, received_at: Timestamp) -> Told {
        self.track.take_status(status, received_at);
        Told {
            online: status.online,
            battery_pct: status.battery_pct,
            charging: status.charging,
            worn: status.worn,
        }
    }

    /// What an app says of its charger with each position, where that is news.
    pub(super) fn charger(&mut self, charging: Option<bool>) -> Option<Told> {
        let said = (Some(true), charging);
        let is_news = self.noted.replace(said) != Some(said);
        let told = Told { online: Some(true), charging, ..Told::default() };
        (is_news && charging.is_some()).then_some(told)
    }

    /// The door says that the app is gone.
    pub(super) fn gone(&mut self) -> Told {
        self.noted = Some((Some(false), None));
        Told { online: Some(false), ..Told::default() }
    }

    fn context(&self, handset: &HandsetId, resident: Option<ResidentId>, has_fix: bool) -> Context {
        Context {
            resident,
            last_known: self.newest.clone().filter(|_| !has_fix),
            clock_ahead: self.track.clock_ahead(),
            ..Context::of(handset.clone())
        }
    }

    /// The signal of a press that was not there before.
    pub(super) fn press(
        &mut self,
        (handset, resident): (&HandsetId, Option<ResidentId>),
        press: Press,
        bytes: &[u8],
        received_at: Timestamp,
    ) -> Option<Signal> {
        if press.identity(handset).is_some_and(|identity| !self.identities.insert(identity)) {
            return None;
        }
        let seen =
            |cancel: bool| press.press_id.as_ref().is_some_and(|id| self.ids.contains(&(id.clone(), cancel)));
        let (same, other) = (seen(press.cancel), seen(!press.cancel));
        let context = Context {
            id_reused: same,
            press_known: press.cancel && other,
            cancelled_earlier: !press.cancel && other,
            ..self.context(handset, resident, press.fix.is_some())
        };
        let signal = press_signal(&press, bytes, &context, received_at);
        self.ids.extend(press.press_id.map(|id| (id, press.cancel)));
        Some(signal)
    }

    /// The signal that a report of a fall is or would be, if it was not there before.
    pub(super) fn fall(
        &mut self,
        (handset, resident): (&HandsetId, Option<ResidentId>),
        fall: &Fall,
        bytes: &[u8],
        received_at: Timestamp,
    ) -> Option<Signal> {
        if fall.identity(handset).is_some_and(|identity| !self.identities.insert(identity)) {
            return None;
        }
        let context = self.context(handset, resident, fall.fix.is_some());
        Some(fall_signal(fall, bytes, &context, received_at))
    }
}
