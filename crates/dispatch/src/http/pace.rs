//! How fast somebody may ask: a session several times as fast as the busiest page, and a network from which no known session comes
//! as fast as many such pages.
//!
//! What must not be refused is not counted: live screens of known sessions, the doors of telephones, which have a pace of their own,
//! and what providers report, which costs nothing until its secret fits. Nor are pages, which are in memory and of which a part is
//! worth nothing; nor is this machine, where a proxy may be. A live screen of which nobody knows the session costs a look at it, so
//! a network has those at a pace that a whole centre does not reach when it comes back after an outage.

use super::{App, crowd, problem::Problem, session};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use model::{SignedDuration, Timestamp};
use std::{
    cmp::Reverse,
    collections::HashMap,
    hash::{BuildHasher as _, Hash, RandomState},
    net::{IpAddr, SocketAddr},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Sessions and networks remembered, each; beyond it those at rest are forgotten, and of the others the less busy.
const REMEMBERED: usize = 20_000;

/// A pace that may be kept for ever, and how much may come at once.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    each: SignedDuration,
    at_once: i32,
}

/// A page asks for some twenty things when it is opened.
const OF_A_SESSION: Bucket = Bucket { each: SignedDuration::from_millis(20), at_once: 200 };
/// Behind one address of a carrier there are thousands of telephones, and each of them is unknown at its first request.
const OF_A_NETWORK: Bucket = Bucket { each: SignedDuration::from_millis(5), at_once: 800 };

/// Screens of sessions that nobody knows yet: of one address no more than 512 are open, and each tries again after a moment.
const OF_SCREENS: Bucket = Bucket { each: SignedDuration::from_millis(1), at_once: 4_000 };

/// What a request is counted among.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Among {
    Requests,
    Screens,
    /// It is not counted.
    Nothing,
}

/// The request comes from this machine or from a named proxy itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Uncounted;

#[derive(Debug, Default)]
struct Memory {
    /// Sessions that are known to run, by a digest that nobody outside can foresee. Until when each is busy.
    sessions: HashMap<u64, Timestamp>,
    networks: HashMap<IpAddr, Timestamp>,
    /// Of those whose screens ask with sessions that nobody knows.
    screens: HashMap<IpAddr, Timestamp>,
}

/// How fast everybody asks.
#[derive(Debug, Default)]
pub(super) struct Pace {
    memory: Mutex<Memory>,
    digests: RandomState,
}

impl Bucket {
    /// Counts one more for somebody who is busy until then, or says how many seconds they have to wait.
    fn take(self, busy_until: &mut Timestamp, now: Timestamp) -> Result<(), u64> {
        let until = (*busy_until).max(now).checked_add(self.each).unwrap_or(now);
        let too_much = until.duration_since(now) - self.each * self.at_once;
        if too_much.is_positive() {
            return Err(u64::try_from(too_much.as_secs()).unwrap_or(0) + 1);
        }
        *busy_until = until;
        Ok(())
    }
}

impl Pace {
    /// Counts a request, or says how many seconds to wait. A token that nobody knows counts for nothing.
    fn take(&self, among: Among, token: Option<&str>, network: IpAddr, now: Timestamp) -> Result<(), u64> {
        let session = token.map(|token| self.digests.hash_one(token));
        let mut memory = self.locked();
        if let Some(session) = session
            && let Some(busy_until) = memory.sessions.get_mut(&session)
        {
            return match among {
                Among::Requests => OF_A_SESSION.take(busy_until, now),
                Among::Screens | Among::Nothing => Ok(()),
            };
        }
        match among {
            Among::Requests => OF_A_NETWORK.take(remembered(&mut memory.networks, network, now), now),
            Among::Screens => OF_SCREENS.take(remembered(&mut memory.screens, network, now), now),
            Among::Nothing => Ok(()),
        }
    }

    /// The session of this token runs.
    pub(super) fn note_session(&self, token: &str, now: Timestamp) {
        let session = self.digests.hash_one(token);
        remembered(&mut self.locked().sessions, session, now);
    }

    fn locked(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Until when this one is busy; whoever is not remembered is at rest.
fn remembered<K: Eq + Hash>(all: &mut HashMap<K, Timestamp>, key: K, now: Timestamp) -> &mut Timestamp {
    if all.len() >= REMEMBERED && !all.contains_key(&key) {
        all.retain(|_, busy_until| *busy_until > now);
        if all.len() > REMEMBERED / 2 {
            let mut busy: Vec<(K, Timestamp)> = all.drain().collect();
            busy.sort_by_key(|(_, busy_until)| Reverse(*busy_until));
            all.extend(busy.into_iter().take(REMEMBERED / 2));
        }
    }
    all.entry(key).or_insert(now)
}

fn among(path: &str) -> Among {
    let is_asked = path.starts_with("/api/") || matches!(path, "/healthz" | "/readyz" | "/metrics");
    if path == "/api/live" {
        Among::Screens
    } else if is_asked && !path.starts_with("/api/delivery/") {
        Among::Requests
    } else {
        Among::Nothing
    }
}

/// Lets a request through, or tells whoever asks too fast when to come again.
pub(super) async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let speaker =
        request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(speaker)| speaker.ip());
    let among = among(request.uri().path());
    let is_free = among == Among::Nothing || request.extensions().get::<Uncounted>().is_some();
    if let Some(speaker) = speaker.filter(|_| !is_free) {
        let token = session::token(request.headers());
        let counted = app.pace.take(among, token.as_deref(), crowd::network(speaker), app.shared.clock.now());
        if let Err(wait_s) = counted {
            let detail = format!("too many requests; ask again in {wait_s} s");
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_fast", detail);
            return problem.retry_after(wait_s).into_response();
        }
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(1_795_000_000_000 + millisecond).unwrap()
    }

    fn ip(nth: u32) -> IpAddr {
        IpAddr::V4(nth.into())
    }

    /// Of so many requests at one moment, how many were let through.
    fn let_through(pace: &Pace, token: Option<&str>, network: IpAddr, millisecond: i64) -> usize {
        (0..2_000).filter(|_| pace.take(Among::Requests, token, network, at(millisecond)).is_ok()).count()
    }

    #[test]
    fn a_session_has_a_burst_and_then_its_pace() {
        let pace = Pace::default();
        pace.note_session("mine", at(0));
        pace.note_session("theirs", at(0));
        assert_eq!(let_through(&pace, Some("mine"), ip(1), 0), 200);
        let asked = pace.take(Among::Requests, Some("mine"), ip(2), at(0));
        assert_eq!(asked, Err(1), "wherever it asks from");
        assert_eq!(let_through(&pace, Some("mine"), ip(1), 1_000), 50);
        assert_eq!(let_through(&pace, Some("mine"), ip(1), 3_600_000), 200, "nothing more is saved up");
        assert_eq!(let_through(&pace, Some("theirs"), ip(1), 0), 200, "another session is not held up");
        let steadily =
            |nth: &i64| pace.take(Among::Requests, Some("theirs"), ip(1), at(4_000 + nth * 20)).is_ok();
        let steady = (0..10_000).filter(steadily);
        assert_eq!(steady.count(), 10_000, "fifty a second, for ever");
    }

    #[test]
    fn whom_nobody_knows_is_counted_by_network() {
        let pace = Pace::default();
        pace.note_session("known", at(0));
        let ask = |token: Option<&str>| pace.take(Among::Requests, token, ip(1), at(0));
        let invented = (0..2_000).filter(|nth| ask(Some(&format!("x{nth}"))).is_ok());
        assert_eq!(invented.count(), 800, "ever other tokens are no way around it");
        assert_eq!(ask(None), Err(1));
        assert_eq!(let_through(&pace, Some("known"), ip(1), 0), 200, "whoever is in is not held up by them");
        assert_eq!(let_through(&pace, None, ip(2), 0), 800);
        assert_eq!(let_through(&pace, None, ip(1), 1_000), 200);
    }

    #[test]
    fn screens_of_strangers_have_a_pace_that_no_centre_reaches() {
        let pace = Pace::default();
        pace.note_session("known", at(0));
        let opened = |token: Option<&str>, network, millisecond| {
            (0..10_000).filter(|_| pace.take(Among::Screens, token, network, at(millisecond)).is_ok()).count()
        };
        assert_eq!(opened(Some("invented"), ip(1), 0), 4_000);
        assert_eq!(opened(None, ip(1), 1_000), 1_000, "a thousand a second, for ever");
        assert_eq!(opened(Some("known"), ip(1), 1_000), 10_000, "a desk's screen is never refused");
        assert_eq!(opened(None, ip(2), 0), 4_000, "another network is not held up");
        assert_eq!(let_through(&pace, None, ip(1), 1_000), 800, "nor is what else is asked from there");
        assert_eq!(
            let_through(&pace, Some("known"), ip(1), 1_000),
            200,
            "screens take nothing of a session's pace"
        );
    }

    #[test]
    fn little_is_remembered_and_the_busiest_longest() {
        let pace = Pace::default();
        let most = u32::try_from(REMEMBERED).unwrap();
        assert_eq!(let_through(&pace, None, ip(0), 0), 800);
        for nth in 1..=3 * most {
            pace.take(Among::Requests, None, ip(nth), at(1)).unwrap();
        }
        assert!(pace.locked().networks.len() <= REMEMBERED);
        assert!(
            pace.take(Among::Requests, None, ip(0), at(1)).is_err(),
            "who fills the memory is not forgotten for it"
        );
        for nth in 1..=3 * most {
            pace.note_session(&nth.to_string(), at(1));
        }
        assert!(pace.locked().sessions.len() <= REMEMBERED);
    }

    #[test]
    fn what_must_not_be_refused_is_not_counted() {
        for path in
            ["/api/me", "/api/session", "/api/incidents/i-1/claim", "/api/join/x", "/healthz", "/metrics"]
        {
            assert_eq!(among(path), Among::Requests, "{path}");
        }
        assert_eq!(among("/api/live"), Among::Screens);
        for path in ["/", "/assets/index.js", "/api/delivery/sms/x", "/owntracks", "/osmand", "/mqtt"] {
            assert_eq!(among(path), Among::Nothing, "{path}");
        }
    }
}
