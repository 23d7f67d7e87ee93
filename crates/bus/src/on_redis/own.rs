//! What this process has to say, until it has been said.
//!
//! The boards are whole at any time; what waits are only the names of those that changed. So nothing here grows
//! with the time Redis is away, and the newest word is the one that is sent. Hints wait in a queue of limited
//! length; if it overflows, the others are told that there is a gap.

use super::wire::Versions;
use crate::{Hint, present::Present};
use model::{HandsetId, Signal, SignalId};
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

/// Hints that wait for Redis at most. Each is told once however often it was given, so only messages to more
/// handsets than this, or a Redis that is away, fill it.
const HINTS_WAITING: usize = 4096;

/// Boards and queue of this process.
#[derive(Debug, Default)]
pub(super) struct Own {
    hints: Vec<Hint>,
    waiting: HashSet<Hint>,
    lost: bool,
    /// Handsets whose positions are to be sent.
    moved: HashSet<HandsetId>,
    pub(super) online: HashSet<Present>,
    came_or_went: HashSet<Present>,
    pub(super) unsaved: BTreeMap<SignalId, Arc<Signal>>,
    unsaved_changed: HashSet<SignalId>,
    saved_elsewhere: Vec<(String, SignalId)>,
    said: Word,
}

/// What Redis should hold of this process once everything taken so far has been said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) versions: Versions,
    pub(super) online: usize,
}

/// What is to be said now.
#[derive(Debug, Default)]
pub(super) struct News {
    /// Everything, not only what changed: whatever Redis holds of this process is wrong.
    pub(super) whole: bool,
    pub(super) lost: bool,
    pub(super) hints: Vec<Hint>,
    pub(super) came: Vec<Present>,
    pub(super) went: Vec<Present>,
    pub(super) shown: Vec<Arc<Signal>>,
    pub(super) saved: Vec<SignalId>,
    /// Presses on the boards of other processes that are on disk now.
    pub(super) saved_elsewhere: Vec<(String, SignalId)>,
    pub(super) versions: Versions,
}

impl News {
    pub(super) fn presence_moved(&self) -> bool {
        self.whole || !(self.came.is_empty() && self.went.is_empty())
    }

    pub(super) fn unsaved_moved(&self) -> bool {
        self.whole || !(self.shown.is_empty() && self.saved.is_empty())
    }

    fn is_empty(&self) -> bool {
        let silent = !self.lost && self.hints.is_empty() && self.saved_elsewhere.is_empty();
        silent && !self.presence_moved() && !self.unsaved_moved()
    }
}

impl Own {
    pub(super) fn hint(&mut self, hint: Hint) {
        if self.hints.len() >= HINTS_WAITING {
            self.hints.clear();
            self.waiting.clear();
            self.lost = true;
        }
        // One that waits already says all that a second would.
        if self.waiting.insert(hint.clone()) {
            self.hints.push(hint);
        }
    }

    pub(super) fn moved(&mut self, handset: &HandsetId) {
        if !self.moved.contains(handset) {
            self.moved.insert(handset.clone());
        }
    }

    pub(super) fn all_moved(&mut self, handsets: Vec<HandsetId>) {
        self.moved.extend(handsets);
    }

    pub(super) fn take_moved(&mut self) -> Vec<HandsetId> {
        std::mem::take(&mut self.moved).into_iter().collect()
    }

    pub(super) fn put_presence(&mut self, who: Present, online: bool) {
        let changed = if online { self.online.insert(who.clone()) } else { self.online.remove(&who) };
        if changed {
            self.came_or_went.insert(who);
        }
    }

    pub(super) fn put_unsaved(&mut self, signal: Arc<Signal>) {
        self.unsaved_changed.insert(signal.id.clone());
        self.unsaved.insert(signal.id.clone(), signal);
    }

    pub(super) fn drop_unsaved(&mut self, id: &SignalId) -> bool {
        let removed = self.unsaved.remove(id).is_some();
        if removed {
            self.unsaved_changed.insert(id.clone());
        }
        removed
    }

    pub(super) fn drop_elsewhere(&mut self, boards: Vec<String>, id: &SignalId) {
        self.saved_elsewhere.extend(boards.into_iter().map(|process| (process, id.clone())));
    }

    /// What has changed since it was last taken, if anything has.
    pub(super) fn take_news(&mut self) -> Option<News> {
        let (came, went) = self.came_or_went.drain().partition(|who| self.online.contains(who));
        let mut news = News { came, went, ..News::default() };
        for id in self.unsaved_changed.drain() {
            match self.unsaved.get(&id) {
                Some(signal) => news.shown.push(Arc::clone(signal)),
                None => news.saved.push(id),
            }
        }
        self.complete(news)
    }

    /// Everything there is, in place of whatever Redis holds.
    pub(super) fn take_whole(&mut self) -> Option<News> {
        self.came_or_went.clear();
        self.unsaved_changed.clear();
        self.lost = true;
        self.complete(News {
            whole: true,
            came: self.online.iter().cloned().collect(),
            shown: self.unsaved.values().cloned().collect(),
            ..News::default()
        })
    }

    pub(super) fn said(&self) -> Word {
        self.said
    }

    fn complete(&mut self, mut news: News) -> Option<News> {
        news.hints = std::mem::take(&mut self.hints);
        self.waiting.clear();
        news.lost = std::mem::take(&mut self.lost);
        news.saved_elsewhere = std::mem::take(&mut self.saved_elsewhere);
        let mut versions = self.said.versions;
        versions.online += u64::from(news.presence_moved());
        versions.unsaved += u64::from(news.unsaved_moved());
        versions.presses = self.unsaved.len();
        self.said = Word { versions, online: self.online.len() };
        news.versions = versions;
        (!news.is_empty()).then_some(news)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handset(name: &str) -> HandsetId {
        HandsetId::new(name).expect("an id")
    }

    #[test]
    fn a_hint_that_waits_is_told_once_and_in_its_place() {
        let mut own = Own::default();
        let down = Hint::Down(handset("a"));
        for hint in [Hint::Signals, down.clone(), Hint::Signals, Hint::Incidents, down.clone()] {
            own.hint(hint);
        }
        let news = own.take_news().expect("news");
        assert_eq!(news.hints, [Hint::Signals, down, Hint::Incidents]);
        assert!(!news.lost && own.take_news().is_none());
    }

    #[test]
    fn a_queue_that_overflows_becomes_a_gap_and_stays_short() {
        let mut own = Own::default();
        for number in 0..100_000 {
            own.hint(Hint::Down(handset(&number.to_string())));
        }
        let news = own.take_news().expect("news");
        assert!(news.lost && news.hints.len() <= HINTS_WAITING, "{}", news.hints.len());
        assert_eq!(news.hints.last(), Some(&Hint::Down(handset("99999"))));
    }

    #[test]
    fn who_came_and_went_meanwhile_is_told_as_it_is_now() {
        let mut own = Own::default();
        let (a, b) = (Present::Handset(handset("a")), Present::Handset(handset("b")));
        own.put_presence(a.clone(), true);
        own.put_presence(b.clone(), true);
        own.put_presence(a.clone(), false);
        let news = own.take_news().expect("news");
        assert_eq!((news.came, news.went), (vec![b.clone()], vec![a.clone()]));
        own.put_presence(b.clone(), true);
        assert!(own.take_news().is_none(), "nothing changed");
        let whole = own.take_whole().expect("everything");
        assert!(whole.whole && whole.lost && whole.came == [b]);
        assert!(whole.versions.online > news.versions.online);
    }
}
