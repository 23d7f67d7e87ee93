//! How long a session lasts: so long after it was last used, and so long at most.
//!
//! Whoever comes back to a desk that somebody left in the evening finds nobody logged in. A desk on duty is never logged out: while
//! its screen is up it counts as used, and nothing else ends it. So it is with a station's: a tablet that waits for its next task
//! has none open.
//!
//! A desk that nobody used for half an hour, with no screen up, is locked before it is shown anything more: its window was closed or
//! its page stopped, and nobody knows who opens it now. It does not end, for the link may have been cut: the queue goes on.

use super::session::Visitor;
use access::Role;
use model::{SignedDuration, Timestamp};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use store::{ExtendSession, LockSession, Session};
use tokio::time::timeout;

/// At a desk: a shift and some, so that what was left open in the evening is closed in the morning.
const AT_A_DESK: Lasting = Lasting {
    unused: SignedDuration::from_hours(12),
    at_most: SignedDuration::from_hours(30 * 24),
    ends_on_duty: false,
    // Five minutes: other processes know of a use as exactly as it is written.
    parts: 144,
    locked_unused: Some(SignedDuration::from_mins(30)),
};
/// On a telephone of one's own, or a machine's: the family looks now and then, and must not have to log in just when
/// something is up.
const OF_ONES_OWN: Lasting = Lasting {
    unused: SignedDuration::from_hours(7 * 24),
    at_most: SignedDuration::from_hours(90 * 24),
    ends_on_duty: true,
    parts: 12,
    // A telephone has a lock of its own, and a machine cannot say a password.
    locked_unused: None,
};
/// At a station: as on a telephone of one's own, but a page that is up is how the next task reaches it.
const AT_A_STATION: Lasting = Lasting { ends_on_duty: false, ..OF_ONES_OWN };
/// How long an answer waits for the lock of a desk that was left. It shows nothing in any case.
const LOCKED_WITHIN: Duration = Duration::from_millis(500);
/// Sessions whose last use is remembered; with more, those that nobody used for so long that they are locked are forgotten.
const REMEMBERED: usize = 10_000;

/// How a session is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Somebody asked for something.
    Request,
    /// A live screen is up.
    Screen,
}

/// How long sessions of a role last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Lasting {
    /// After the last use.
    unused: SignedDuration,
    /// After the log-in.
    at_most: SignedDuration,
    /// Also when a live screen is up.
    ends_on_duty: bool,
    /// Of the time it may lie unused, so many parts it is; one must be over before it is written that it was used: whoever asks
    /// every second costs nothing.
    parts: i32,
    /// After how long without a use it is locked.
    locked_unused: Option<SignedDuration>,
}

impl Lasting {
    fn of(role: Role) -> Self {
        match role {
            Role::Operator | Role::Supervisor | Role::Admin | Role::Auditor => AT_A_DESK,
            Role::Station => AT_A_STATION,
            Role::Relative | Role::Service => OF_ONES_OWN,
        }
    }

    /// Until when a session runs that is used now, where that is worth writing.
    fn extended(self, session: &Session, by: Use, now: Timestamp) -> Option<Timestamp> {
        let used = after(now, self.unused);
        let is_on_duty = by == Use::Screen && !self.ends_on_duty;
        let until = if is_on_duty { used } else { used.min(after(session.created_at, self.at_most)) };
        let gained = until.duration_since(session.expires_at);
        (gained >= self.unused / self.parts).then_some(until)
    }

    /// Whether nobody used the session for too long, as it is written and as it was seen here.
    fn is_left(self, session: &Session, seen: Timestamp, now: Timestamp) -> bool {
        let Some(locked_unused) = self.locked_unused else { return false };
        let written = session.expires_at.checked_sub(self.unused).unwrap_or(seen);
        now.duration_since(written.max(seen)) > locked_unused
    }
}

/// Until when a session runs that begins now and that nobody uses.
pub(super) fn unused(role: Role, now: Timestamp) -> Timestamp {
    after(now, Lasting::of(role).unused)
}

fn after(from: Timestamp, time: SignedDuration) -> Timestamp {
    from.checked_add(time).unwrap_or(from)
}

/// When sessions were last used in this process. Of a use that a store in trouble did not write it knows all the same.
#[derive(Debug)]
pub(super) struct Lately {
    /// Before it listened nobody could use anything: that is nobody's absence.
    since: Timestamp,
    used: Mutex<HashMap<String, Timestamp>>,
}

impl Lately {
    pub(super) fn new(since: Timestamp) -> Self {
        Self { since, used: Mutex::default() }
    }

    /// The session of this name is in use.
    pub(super) fn note(&self, session: &str, now: Timestamp) {
        let mut used = self.locked();
        if used.len() >= REMEMBERED
            && !used.contains_key(session)
            && let Some(locked_unused) = AT_A_DESK.locked_unused
        {
            used.retain(|_, at| now.duration_since(*at) <= locked_unused);
        }
        used.insert(session.to_owned(), now);
    }

    fn seen(&self, session: &str) -> Timestamp {
        self.locked().get(session).copied().unwrap_or(self.since)
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<String, Timestamp>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Visitor {
    /// Locks a desk that was left, and says whether it was. A store in trouble is no time to ask a desk for passwords: it could not
    /// be unlocked either. Nor could one that owes a password or a second factor, which is shown nothing until it has them.
    pub(super) async fn lock_if_left(&mut self) -> bool {
        let may_not_be = self.owes.is_some() || self.store.health().failing.is_some();
        if self.is_locked || may_not_be || !self.is_left() {
            return false;
        }
        self.is_locked = true;
        let audit = vec![self.audit("lock_screen", "session", "nobody used it")];
        let (token_hash, locked_at) = (self.session.token_hash.clone(), Some(self.now()));
        let lock = LockSession { token_hash, locked_at, audit };
        match timeout(LOCKED_WITHIN, self.store.write(lock)).await {
            Ok(Ok(())) => self.session.locked_at = locked_at,
            Ok(Err(error)) => tracing::warn!(event = "session_not_locked", %error),
            Err(_elapsed) => tracing::warn!(event = "session_lock_waits"),
        }
        true
    }

    fn is_left(&self) -> bool {
        let seen = self.lately.seen(&self.session.id);
        Lasting::of(self.who.role).is_left(&self.session, seen, self.now())
    }

    /// Whether the desk was left and locked, and the store does not say so: that could not be written, or not yet.
    fn is_locked_here_alone(&self) -> bool {
        self.is_locked && self.session.locked_at.is_none()
    }

    /// Whether the same session, as it was found anew, is still behind the lock that the store knows nothing of. Whoever unlocks it
    /// uses it.
    pub(super) fn stays_locked(&self, anew: &Self) -> bool {
        self.is_locked_here_alone() && anew.is_left()
    }

    /// Lets the session run on, for it is in use: a desk on duty is never logged out, nor is a station's page that is up. A screen
    /// that is up behind a lock that nobody wrote down is no use, or the lock would be forgotten over it.
    pub(crate) async fn stay(&self, by: Use) {
        if self.is_locked_here_alone() {
            return;
        }
        self.lately.note(&self.session.id, self.now());
        let lasting = Lasting::of(self.who.role);
        let Some(expires_at) = lasting.extended(&self.session, by, self.now()) else { return };
        // A session is looked at again before long; nobody waits for a store in trouble.
        if self.store.health().failing.is_some() {
            return;
        }
        let extend = ExtendSession { token_hash: self.session.token_hash.clone(), expires_at };
        if let Err(error) = self.store.write(extend).await {
            tracing::warn!(event = "session_not_extended", %error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_S: i64 = 3_600;
    const DAY_S: i64 = 24 * HOUR_S;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    fn begun(role: Role) -> Session {
        Session {
            id: "s".to_owned(),
            token_hash: Vec::new(),
            username: "somebody".to_owned(),
            created_at: at(0),
            expires_at: unused(role, at(0)),
            source: String::new(),
            agent: String::new(),
            locked_at: None,
        }
    }

    /// A session used every so many seconds from its beginning on, for so long: how long it ran in all.
    fn ran_for_s(role: Role, by: Use, every_s: i64, for_s: i64) -> i64 {
        let mut session = begun(role);
        let mut second = 0;
        while second < for_s && session.expires_at > at(second) {
            let until = Lasting::of(role).extended(&session, by, at(second));
            session.expires_at = until.unwrap_or(session.expires_at);
            second += every_s;
        }
        session.expires_at.duration_since(at(0)).as_secs()
    }

    #[test]
    fn a_session_ends_so_long_after_its_last_use() {
        for role in Role::ALL {
            let unused_s = match role {
                Role::Operator | Role::Supervisor | Role::Admin | Role::Auditor => 12 * HOUR_S,
                Role::Station | Role::Relative | Role::Service => 7 * DAY_S,
            };
            assert_eq!(begun(role).expires_at, at(unused_s), "{role:?}");
            let used_for_s = 5 * DAY_S;
            let left_s = ran_for_s(role, Use::Request, 60, used_for_s) - used_for_s;
            assert!((unused_s * 11 / 12 - 60..=unused_s).contains(&left_s), "{role:?}: {left_s}");
        }
    }

    #[test]
    fn it_is_not_written_at_each_use() {
        let session = begun(Role::Operator);
        let extended = |second| Lasting::of(Role::Operator).extended(&session, Use::Screen, at(second));
        assert_eq!(extended(299), None);
        assert_eq!(extended(300), Some(at(12 * HOUR_S + 300)));
        let session = begun(Role::Relative);
        let extended = |second| Lasting::of(Role::Relative).extended(&session, Use::Request, at(second));
        assert_eq!(extended(14 * HOUR_S - 1), None);
        assert_eq!(extended(14 * HOUR_S), Some(at(7 * DAY_S + 14 * HOUR_S)));
    }

    #[test]
    fn a_desk_that_nobody_used_for_half_an_hour_is_left() {
        for role in Role::ALL {
            let (session, lasting) = (begun(role), Lasting::of(role));
            let is_left = |seen, second| lasting.is_left(&session, at(seen), at(second));
            let is_desk = matches!(role, Role::Operator | Role::Supervisor | Role::Admin | Role::Auditor);
            assert!(!is_left(-HOUR_S, 1_800), "{role:?}: it began half an hour ago");
            assert_eq!(is_left(-HOUR_S, 1_801), is_desk, "{role:?}: nobody was here since");
            assert!(!is_left(1_000, 2_800), "{role:?}: it was seen here since");
            assert_eq!(is_left(1_000, 2_801), is_desk, "{role:?}: and then no more");
            let elsewhere = Session {
                expires_at: lasting
                    .extended(&session, Use::Screen, at(DAY_S / 4))
                    .unwrap_or(session.expires_at),
                ..session.clone()
            };
            let is_left = lasting.is_left(&elsewhere, at(0), at(DAY_S / 4 + 1_800));
            assert!(!is_left, "{role:?}: another process wrote that its screen is up");
        }
    }

    #[test]
    fn what_was_used_lately_is_remembered_and_no_more() {
        let lately = Lately::new(at(0));
        assert_eq!(lately.seen("s"), at(0), "nobody was away while the platform was");
        lately.note("s", at(5));
        assert_eq!((lately.seen("s"), lately.seen("other")), (at(5), at(0)));
        for nth in 0..REMEMBERED {
            lately.note(&nth.to_string(), at(6));
        }
        lately.note("new", at(1_806));
        assert_eq!((lately.seen("s"), lately.seen("0"), lately.seen("new")), (at(0), at(6), at(1_806)));
        lately.note("newer", at(1_807));
        assert_eq!(lately.locked().len(), 2);
    }

    #[test]
    fn it_ends_at_last_unless_the_desk_is_on_duty() {
        let long_s = 200 * DAY_S;
        for (role, by, most_s) in [
            (Role::Operator, Use::Request, Some(30 * DAY_S)),
            (Role::Auditor, Use::Request, Some(30 * DAY_S)),
            (Role::Station, Use::Request, Some(90 * DAY_S)),
            (Role::Relative, Use::Request, Some(90 * DAY_S)),
            (Role::Service, Use::Request, Some(90 * DAY_S)),
            (Role::Relative, Use::Screen, Some(90 * DAY_S)),
            (Role::Operator, Use::Screen, None),
            (Role::Station, Use::Screen, None),
        ] {
            let ran_s = ran_for_s(role, by, 600, long_s);
            let ends_in_time = match most_s {
                Some(most_s) => (most_s - 15 * HOUR_S..=most_s).contains(&ran_s),
                None => ran_s > long_s,
            };
            assert!(ends_in_time, "{role:?} by {by:?}: {ran_s}");
        }
    }

    #[test]
    fn what_was_left_on_duty_ends_after_it() {
        let old = Session { expires_at: at(100 * DAY_S + 12 * HOUR_S), ..begun(Role::Supervisor) };
        let extended = |by, second| Lasting::of(Role::Supervisor).extended(&old, by, at(second));
        assert_eq!(
            extended(Use::Request, 100 * DAY_S + 6 * HOUR_S),
            None,
            "the screen went, and it is long over"
        );
        assert!(extended(Use::Screen, 100 * DAY_S + 6 * HOUR_S).is_some());
    }
}
