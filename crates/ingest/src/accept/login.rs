//! Who may come in: a handset's name and its secret.
//!
//! The secret is stored as an argon2id hash. A handset that has proved itself once is known again by a keyed tag
//! (HMAC-SHA-256 under a key kept outside the database), so that thousands coming back after an outage cost a
//! look-up each and no slow hash. Unknown ones wait for the slow hash in their address's [`turns`](super::turns), and hold up
//! nobody else.
//! A wrong secret is remembered by its tag too: an app that tries the same one for ever is hashed once.

use super::{refused_lines::RefusedLines, turns::Turns};
use crate::hall::LogIn;
use model::HandsetId;
use protocol::{PhoneName, Rights};
use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::{Clock, JobError, Phone, PromoteSecret, SetQuickTag, Store, secrets};
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
    lines: RefusedLines,
}

/// Secrets that are known to be none of these hashes. Only handsets that exist have an entry.
#[derive(Debug)]
struct Wrong {
    hashes: Vec<String>,
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
    /// Of the handset's own secret, and of one that was fetched and has not logged in yet.
    hashes: Vec<String>,
    tag: Tag,
    as_of: i64,
}

/// What a fetched secret opens.
#[derive(Debug, PartialEq, Eq)]
enum Fetched {
    /// It is the handset's own now, as of this change.
    Door(i64),
    /// Another has taken its place.
    Nothing,
    /// It is not known at this moment.
    Unknown,
}

impl Porter {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            slow: Arc::new(Semaphore::new(SLOW_AT_ONCE)),
            turns: Turns::default(),
            clock,
            wrong: Mutex::default(),
            lines: RefusedLines::default(),
        }
    }

    /// A stolen handset is not let in, whatever it shows.
    pub(super) fn turn_stolen_away(&self, handset: HandsetId) -> Checked {
        self.refused(handset, "it was reported stolen")
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
            return Ok(self.stranger(username, "not a handset's name"));
        };
        let credential = match store.credential(&handset).await {
            Ok(Some(credential)) => credential,
            Ok(None) => return Ok(self.stranger(username, "no such handset")),
            Err(error) => {
                tracing::warn!(event = "handset_login_unavailable", %error, %handset);
                return Ok(Checked::Known(LogIn::Unavailable));
            }
        };
        if credential.is_stolen {
            return Ok(self.turn_stolen_away(handset));
        }
        let tag = store.keys().quick_tag(handset.as_str(), password);
        if credential.quick_tag.is_some_and(|known| is_same(&known, &tag)) {
            return Ok(Checked::Known(welcome(store, handset, credential.change_number).await));
        }
        let as_of = credential.change_number;
        let hashes: Vec<String> =
            [credential.secret_hash].into_iter().chain(credential.pending_secret_hash).collect();
        if self.is_wrong(&handset, &hashes, &tag) {
            return Ok(self.refused(handset, "the same wrong password"));
        }
        Err(Doubt { handset, password: password.to_vec(), hashes, tag, as_of })
    }

    /// Hashes slowly, in turn.
    async fn resolve(&self, store: &Store, doubt: Doubt) -> Checked {
        let unavailable = Checked::Known(LogIn::Unavailable);
        let Ok(turn) = self.slow.acquire().await else { return unavailable };
        let Doubt { handset, password, hashes, tag, mut as_of } = doubt;
        let known = hashes.clone();
        let matching = move || known.into_iter().find(|hash| secrets::verify(&password, hash));
        let checked = tokio::task::spawn_blocking(matching).await;
        drop(turn);
        match checked {
            Ok(Some(hash)) => {
                if hashes.first() != Some(&hash) {
                    match self.promote(store, &handset, &hash).await {
                        Fetched::Door(now) => as_of = now,
                        Fetched::Nothing => {
                            return self.refused(handset, "a secret that was fetched is void");
                        }
                        Fetched::Unknown => return unavailable,
                    }
                }
                keep_tag(store, &handset, tag, hash).await;
                Checked::Known(welcome(store, handset, as_of).await)
            }
            Ok(None) => {
                self.note_wrong(&handset, hashes, tag);
                self.refused(handset, "wrong password")
            }
            Err(error) => {
                tracing::error!(event = "handset_login_failed", %error, %handset);
                unavailable
            }
        }
    }

    /// The fetched secret is the handset's own from its first log-in on.
    async fn promote(&self, store: &Store, handset: &HandsetId, hash: &str) -> Fetched {
        let at = self.clock.now();
        let promoted =
            store.write(PromoteSecret { handset: handset.clone(), secret_hash: hash.to_owned(), at });
        match promoted.await {
            Ok(number) => Fetched::Door(number),
            Err(JobError::Conflict) => opens(store, handset, hash).await,
            Err(error) => {
                tracing::warn!(event = "secret_not_promoted", %error, %handset);
                Fetched::Unknown
            }
        }
    }

    /// Nobody has this name, so there is nobody to tell of it.
    fn stranger(&self, username: &str, why: &'static str) -> Checked {
        self.lines.write(username, why);
        Checked::Known(LogIn::Refused)
    }

    fn refused(&self, handset: HandsetId, why: &'static str) -> Checked {
        self.lines.write(handset.as_str(), why);
        Checked::RefusedAs(handset)
    }

    fn is_wrong(&self, handset: &HandsetId, hashes: &[String], tag: &Tag) -> bool {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.get(handset).is_some_and(|wrong| wrong.hashes == hashes && wrong.tags.contains(tag))
    }

    /// A new secret of the handset makes its wrong ones unknown again.
    fn note_wrong(&self, handset: &HandsetId, hashes: Vec<String>, tag: Tag) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let known = wrong
            .entry(handset.clone())
            .and_modify(|known| {
                if known.hashes != hashes {
                    known.tags.clear();
                    known.hashes.clone_from(&hashes);
                }
            })
            .or_insert_with(|| Wrong { hashes, tags: VecDeque::new() });
        if known.tags.len() >= WRONG_REMEMBERED {
            known.tags.pop_front();
        }
        known.tags.push_back(tag);
    }
}

/// The handset with its phones. If those cannot be read it comes in without them: it may have come to press.
async fn welcome(store: &Store, handset: HandsetId, as_of: i64) -> LogIn {
    let phones = match store.phones_of(&handset).await {
        Ok(phones) => phones.into_iter().filter_map(owntracks).collect(),
        Err(error) => {
            tracing::warn!(event = "phones_unreadable", %error, %handset);
            Vec::new()
        }
    };
    LogIn::Welcome { rights: Rights::new(handset, phones), as_of }
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

/// Whether a secret that could not be promoted is the handset's own: of two log-ins at once the second finds it done.
async fn opens(store: &Store, handset: &HandsetId, hash: &str) -> Fetched {
    match store.credential(handset).await {
        Ok(Some(own)) if own.secret_hash == hash => Fetched::Door(own.change_number),
        Ok(_) => Fetched::Nothing,
        Err(error) => {
            tracing::warn!(event = "handset_login_unavailable", %error, %handset);
            Fetched::Unknown
        }
    }
}

/// Compares in constant time.
fn is_same(known: &[u8], tag: &Tag) -> bool {
    known.len() == tag.len() && known.iter().zip(tag).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::{AddHandset, Database, Keys};
    use tokio_util::{sync::CancellationToken, task::TaskTracker};

    #[test]
    fn a_wrong_secret_is_remembered_until_the_handset_gets_another() {
        let porter = Porter::new(Clock::start());
        let handset = HandsetId::new("h1").unwrap();
        let hashes = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let note = |words: &str, tag: u8| porter.note_wrong(&handset, hashes(words), [tag; 32]);
        let is_wrong = |words: &str, tag: u8| porter.is_wrong(&handset, &hashes(words), &[tag; 32]);
        note("old", 1);
        assert!(is_wrong("old", 1) && !is_wrong("old", 2) && !is_wrong("new", 1));
        note("new", 2);
        assert!(is_wrong("new", 2) && !is_wrong("new", 1), "what was wrong then may be right now");
        for tag in 3..11 {
            note("new", tag);
        }
        assert!(!is_wrong("new", 2) && is_wrong("new", 3) && is_wrong("new", 10), "the oldest is forgotten");
        assert!(!is_wrong("new fetched", 3), "it may be the one that was fetched");
        note("new fetched", 3);
        assert!(
            is_wrong("new fetched", 3),
            "a fetched one that is never used does not keep the slow hash busy"
        );
    }

    #[tokio::test]
    async fn a_fetched_secret_that_nothing_knows_of_is_refused_in_the_handsets_name() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("jujiale.db").display());
        let database = Database::from_url(&url).unwrap();
        let (store, writer) = Store::open(&database, Keys::fresh().unwrap(), None).await.unwrap();
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        tasks.spawn(writer.run(stop.clone()));
        let (porter, handset) = (Porter::new(Clock::start()), HandsetId::new("h1").unwrap());
        let hash = |secret: &[u8]| secrets::hash_handset_secret(secret).unwrap();
        let (own, fetched) = (hash(b"own"), hash(b"fetched"));
        let added = AddHandset { handset: handset.clone(), secret_hash: own.clone() };
        store.write(added).await.unwrap();
        let hashes = vec![own.clone(), fetched];
        let doubt =
            Doubt { handset: handset.clone(), password: b"fetched".to_vec(), hashes, tag: [0; 32], as_of: 0 };
        let void = porter.resolve(&store, doubt).await;
        assert!(matches!(&void, Checked::RefusedAs(name) if *name == handset), "{void:?}");
        assert_eq!(
            porter.promote(&store, &handset, &own).await,
            Fetched::Door(0),
            "another log-in was first"
        );
        stop.cancel();
        tasks.close();
        tasks.wait().await;
    }
}
