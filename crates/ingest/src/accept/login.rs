//! Who may come in: a handset's name and its secret.
//!
//! The secret is stored as an argon2id hash. A handset that has proved itself once is known again by a keyed tag
//! (HMAC-SHA-256 under a key kept outside the database), so that thousands coming back after an outage cost a
//! look-up each and no slow hash. Unknown ones wait for the slow hash in their address's [`turns`](super::turns), and hold up
//! nobody else.
//! A wrong secret is remembered by its tag too: an app that tries the same one for ever is hashed once.

use super::turns::Turns;
use crate::hall::LogIn;
use model::HandsetId;
use protocol::{PhoneName, Rights};
use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::{Clock, Phone, PromoteSecret, SetQuickTag, Store, secrets};
use tokio::sync::Semaphore;

/// Slow hashes at once: one core of two stays with the presses.
const SLOW_AT_ONCE: usize = 1;

/// How long a log-in waits for its tag to be kept: longer than a commit, shorter than anybody notices.
const TAG_KEPT_WITHIN: Duration = Duration::from_millis(100);

/// Wrong secrets remembered of one handset: those of the few apps that were set up wrongly, not a guesser's.
const WRONG_REMEMBERED: usize = 8;

type Tag = [u8; 32];

#[derive(Debug)]
pub(super) struct Porter {
    slow: Arc<Semaphore>,
    turns: Turns,
    clock: Clock,
    wrong: Mutex<HashMap<HandsetId, Wrong>>,
}

/// Secrets that are known not to be the one of this hash. Only handsets that exist have an entry.
#[derive(Debug)]
struct Wrong {
    secret_hash: String,
    tags: VecDeque<Tag>,
}

/// What the porter says of a log-in.
#[derive(Debug)]
pub(super) enum Checked {
    /// This.
    Known(LogIn),
    /// No, and this handset's name was used.
    RefusedAs(HandsetId),
}

impl From<Checked> for LogIn {
    fn from(checked: Checked) -> Self {
        match checked {
            Checked::Known(log_in) => log_in,
            Checked::RefusedAs(_) => Self::Refused,
        }
    }
}

/// A log-in that only the slow hash can decide.
#[derive(Debug)]
struct Doubt {
    handset: HandsetId,
    password: Vec<u8>,
    secret_hash: String,
    /// A secret that was fetched and has not logged in yet.
    pending: Option<String>,
    tag: Tag,
}

impl Porter {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            slow: Arc::new(Semaphore::new(SLOW_AT_ONCE)),
            turns: Turns::default(),
            clock,
            wrong: Mutex::default(),
        }
    }

    pub(super) async fn check(
        &self,
        store: &Store,
        username: &str,
        password: &[u8],
        from: IpAddr,
    ) -> Checked {
        let doubt = match self.look(store, username, password).await {
            Ok(known) => return known,
            Err(doubt) => doubt,
        };
        let Ok(turn) = self.turns.take(from).await else { return Checked::Known(LogIn::Crowded) };
        let resolved = self.resolve(store, doubt).await;
        if matches!(resolved, Checked::RefusedAs(_)) {
            turn.failed();
        }
        resolved
    }

    /// What can be said without a slow hash.
    async fn look(&self, store: &Store, username: &str, password: &[u8]) -> Result<Checked, Doubt> {
        let Ok(handset) = HandsetId::new(username) else {
            return Ok(stranger(username, "not a handset's name"));
        };
        let credential = match store.credential(&handset).await {
            Ok(Some(credential)) => credential,
            Ok(None) => return Ok(stranger(username, "no such handset")),
            Err(error) => {
                tracing::warn!(event = "handset_login_unavailable", %error, %handset);
                return Ok(Checked::Known(LogIn::Unavailable));
            }
        };
        if credential.is_stolen {
            return Ok(refused(handset, "it was reported stolen"));
        }
        let tag = store.keys().quick_tag(handset.as_str(), password);
        if credential.quick_tag.is_some_and(|known| is_same(&known, &tag)) {
            return Ok(Checked::Known(welcome(store, handset).await));
        }
        let pending = credential.pending_secret_hash;
        if pending.is_none() && self.is_wrong(&handset, &credential.secret_hash, &tag) {
            return Ok(refused(handset, "the same wrong password"));
        }
        let (password, secret_hash) = (password.to_vec(), credential.secret_hash);
        Err(Doubt { handset, password, secret_hash, pending, tag })
    }

    /// Hashes slowly, in turn.
    async fn resolve(&self, store: &Store, doubt: Doubt) -> Checked {
        let unavailable = Checked::Known(LogIn::Unavailable);
        let Ok(turn) = self.slow.acquire().await else { return unavailable };
        let Doubt { handset, password, secret_hash, pending, tag } = doubt;
        let hashes: Vec<String> = [secret_hash.clone()].into_iter().chain(pending).collect();
        let matching = move || hashes.into_iter().find(|hash| secrets::verify(&password, hash));
        let checked = tokio::task::spawn_blocking(matching).await;
        drop(turn);
        match checked {
            Ok(Some(hash)) => {
                if hash != secret_hash && !self.promote(store, &handset, &hash).await {
                    return unavailable;
                }
                keep_tag(store, &handset, tag, hash).await;
                Checked::Known(welcome(store, handset).await)
            }
            Ok(None) => {
                self.note_wrong(&handset, secret_hash, tag);
                refused(handset, "wrong password")
            }
            Err(error) => {
                tracing::error!(event = "handset_login_failed", %error, %handset);
                unavailable
            }
        }
    }

    /// The fetched secret is the handset's own from its first log-in on.
    async fn promote(&self, store: &Store, handset: &HandsetId, hash: &str) -> bool {
        let at = self.clock.now();
        let promoted =
            store.write(PromoteSecret { handset: handset.clone(), secret_hash: hash.to_owned(), at });
        match promoted.await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(event = "secret_not_promoted", %error, %handset);
                false
            }
        }
    }

    fn is_wrong(&self, handset: &HandsetId, secret_hash: &str, tag: &Tag) -> bool {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.get(handset).is_some_and(|wrong| wrong.secret_hash == secret_hash && wrong.tags.contains(tag))
    }

    /// A new secret of the handset makes its wrong ones unknown again.
    fn note_wrong(&self, handset: &HandsetId, secret_hash: String, tag: Tag) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let known = wrong
            .entry(handset.clone())
            .and_modify(|known| {
                if known.secret_hash != secret_hash {
                    known.tags.clear();
                    known.secret_hash.clone_from(&secret_hash);
                }
            })
            .or_insert_with(|| Wrong { secret_hash, tags: VecDeque::new() });
        if known.tags.len() >= WRONG_REMEMBERED {
            known.tags.pop_front();
        }
        known.tags.push_back(tag);
    }
}

/// The handset with its phones. If those cannot be read it comes in without them: it may have come to press.
async fn welcome(store: &Store, handset: HandsetId) -> LogIn {
    let phones = match store.phones_of(&handset).await {
        Ok(phones) => phones.into_iter().filter_map(owntracks).collect(),
        Err(error) => {
            tracing::warn!(event = "phones_unreadable", %error, %handset);
            Vec::new()
        }
    };
    LogIn::Welcome(Rights::new(handset, phones))
}

fn owntracks(phone: Phone) -> Option<PhoneName> {
    match phone {
        Phone::OwnTracks(name) => Some(name),
        Phone::OsmAnd => None,
    }
}

/// Not worth a refusal, nor a wait on a disk that is full or locked, for the handset may have come to press:
/// without the tag it is hashed slowly again next time.
async fn keep_tag(store: &Store, handset: &HandsetId, tag: Tag, secret_hash: String) {
    let kept = store.write(SetQuickTag { handset: handset.clone(), tag, secret_hash });
    match tokio::time::timeout(TAG_KEPT_WITHIN, kept).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(event = "quick_tag_not_kept", %error, %handset),
        // Once it waits in its lane it is written all the same.
        Err(_) => tracing::debug!(event = "quick_tag_not_kept_yet", %handset),
    }
}

/// Nobody has this name, so there is nobody to tell of it.
fn stranger(username: &str, why: &'static str) -> Checked {
    count_refused(username, why);
    Checked::Known(LogIn::Refused)
}

fn refused(handset: HandsetId, why: &'static str) -> Checked {
    count_refused(handset.as_str(), why);
    Checked::RefusedAs(handset)
}

fn count_refused(username: &str, why: &'static str) {
    metrics::counter!("jujiale_handset_logins_refused_total", "why" => why).increment(1);
    tracing::warn!(event = "handset_login_refused", username = %username.escape_debug(), why);
}

/// Compares in constant time.
fn is_same(known: &[u8], tag: &Tag) -> bool {
    known.len() == tag.len() && known.iter().zip(tag).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_secret_is_remembered_until_the_handset_gets_another() {
        let porter = Porter::new(Clock::start());
        let handset = HandsetId::new("h1").unwrap();
        let note = |hash: &str, tag: u8| porter.note_wrong(&handset, hash.to_owned(), [tag; 32]);
        let is_wrong = |hash: &str, tag: u8| porter.is_wrong(&handset, hash, &[tag; 32]);
        note("old", 1);
        assert!(is_wrong("old", 1) && !is_wrong("old", 2) && !is_wrong("new", 1));
        note("new", 2);
        assert!(is_wrong("new", 2) && !is_wrong("new", 1), "what was wrong then may be right now");
        for tag in 3..11 {
            note("new", tag);
        }
        assert!(!is_wrong("new", 2) && is_wrong("new", 3) && is_wrong("new", 10), "the oldest is forgotten");
    }
}
