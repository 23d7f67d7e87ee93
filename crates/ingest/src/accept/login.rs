//! Who may come in: a handset's name and its secret.
//!
//! The secret is stored as an argon2id hash. A handset that has proved itself once is known again by a keyed tag
//! (HMAC-SHA-256 under a key kept outside the database), so that thousands coming back after an outage cost a
//! look-up each and no slow hash. Unknown ones wait for the slow hash, a few at a time, and hold up nobody else.

use crate::hall::LogIn;
use model::HandsetId;
use std::{sync::Arc, time::Duration};
use store::{SetQuickTag, Store, secrets};
use tokio::sync::Semaphore;

/// Slow hashes at once: one core of two stays with the presses.
const SLOW_AT_ONCE: usize = 1;

/// How long a log-in waits for its tag to be kept: longer than a commit, shorter than anybody notices.
const TAG_KEPT_WITHIN: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub(super) struct Porter {
    slow: Arc<Semaphore>,
}

impl Default for Porter {
    fn default() -> Self {
        Self { slow: Arc::new(Semaphore::new(SLOW_AT_ONCE)) }
    }
}

impl Porter {
    pub(super) async fn check(&self, store: &Store, username: &str, password: &[u8]) -> LogIn {
        let Ok(handset) = HandsetId::new(username) else {
            return refused(username, "not a handset's name");
        };
        let credential = match store.credential(&handset).await {
            Ok(Some(credential)) => credential,
            Ok(None) => return refused(username, "no such handset"),
            Err(error) => {
                tracing::warn!(event = "handset_login_unavailable", %error, %handset);
                return LogIn::Unavailable;
            }
        };
        let tag = store.keys().quick_tag(handset.as_str(), password);
        if credential.quick_tag.is_some_and(|known| is_same(&known, &tag)) {
            return LogIn::Welcome(handset);
        }
        self.check_slowly(store, handset, password.to_vec(), credential.secret_hash, tag).await
    }

    async fn check_slowly(
        &self,
        store: &Store,
        handset: HandsetId,
        password: Vec<u8>,
        hash: String,
        tag: [u8; 32],
    ) -> LogIn {
        let Ok(turn) = self.slow.acquire().await else { return LogIn::Unavailable };
        let checked = tokio::task::spawn_blocking(move || secrets::verify(&password, &hash)).await;
        drop(turn);
        match checked {
            Ok(true) => {
                keep_tag(store, &handset, tag).await;
                LogIn::Welcome(handset)
            }
            Ok(false) => refused(handset.as_str(), "wrong password"),
            Err(error) => {
                tracing::error!(event = "handset_login_failed", %error, %handset);
                LogIn::Unavailable
            }
        }
    }
}

/// Not worth a refusal, nor a wait on a disk that is full or locked, for the handset may have come to press:
/// without the tag it is hashed slowly again next time.
async fn keep_tag(store: &Store, handset: &HandsetId, tag: [u8; 32]) {
    let kept = store.write(SetQuickTag { handset: handset.clone(), tag });
    match tokio::time::timeout(TAG_KEPT_WITHIN, kept).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(event = "quick_tag_not_kept", %error, %handset),
        // Once it waits in its lane it is written all the same.
        Err(_) => tracing::debug!(event = "quick_tag_not_kept_yet", %handset),
    }
}

fn refused(username: &str, why: &'static str) -> LogIn {
    metrics::counter!("jujiale_handset_logins_refused_total", "why" => why).increment(1);
    tracing::warn!(event = "handset_login_refused", username = %username.escape_debug(), why);
    LogIn::Refused
}

/// Compares in constant time.
fn is_same(known: &[u8], tag: &[u8; 32]) -> bool {
    known.len() == tag.len() && known.iter().zip(tag).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}
