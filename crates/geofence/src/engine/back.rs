//! A clock that was set back between two runs: what was left of everything is left of it, so no silence, dwell or repeat is late by
//! it. Only what goes by the hours of the day stays where it is: it is due at its hour by the clock there is now.

use super::state::State;
use model::SignedDuration;

impl State {
    /// Our clock was set back by so much since this was written down.
    pub fn clock_went_back(&mut self, by: SignedDuration) {
        let Self { newest, companion_until, wakes_at, rode_at, .. } = self;
        for moment in [newest, companion_until, wakes_at, rode_at] {
            moment.set_back(by);
        }
        let known = self.last.iter_mut().chain(self.suspect.as_deref_mut()).chain(self.recent.iter_mut());
        for place in known {
            place.at.set_back(by);
        }
        if let Some(calm) = &mut self.calm {
            calm.supported_at.set_back(by);
        }
        if let Some(late) = &mut self.late {
            late.clock_went_back(by);
        }
        self.crossings.clock_went_back(by);
        for held in &mut self.fences {
            held.tracker.clock_went_back(by);
            if let Some(episode) = &mut held.episode {
                episode.clock_went_back(by);
            }
        }
        for visit in self.visits.all_mut() {
            visit.clock_went_back(by);
        }
        self.watch.clock_went_back(by);
        self.wandering.clock_went_back(by);
        self.off.clock_went_back(by);
    }
}
