//! The seam between a door and the store: what a door may ask, and what it may rely on.
//!
//! A door calls [`Hall::accept`] once for every message that arrived whole and answers the handset only after the call
//! has resolved. It never asks twice and never gives up, so waiting and trying again is the hall's part. Calls for one
//! connection are begun in order of arrival and may end in any order.

use std::{net::IpAddr, num::NonZeroU32};

use async_trait::async_trait;
use bytes::Bytes;
use model::HandsetId;
use protocol::{Rights, UpKind};

/// What came of a log-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogIn {
    /// The credentials are this handset's.
    Welcome {
        /// Which topics are its own, its phones' among them.
        rights: Rights,
        /// The last change of the handset that was known when this was decided: what changes later sends the session away.
        as_of: i64,
    },
    /// They are nobody's. The handset is told so and should not come back with the same ones.
    Refused,
    /// Too many from the same address wait to be checked. The handset is told to try again.
    Crowded,
    /// They could not be checked now. The handset is told to try again.
    Unavailable,
}

/// A message that arrived whole, from a handset that may send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who logged in.
    pub handset: HandsetId,
    /// Which of its topics it used, or which dialect it speaks.
    pub kind: UpKind,
    /// That topic as it was written.
    pub topic: String,
    /// The bytes, uninterpreted.
    pub payload: Bytes,
    /// Set if `payload` is only the kept beginning of a larger one: its full size in bytes.
    pub oversized: Option<u64>,
}

/// A message that waits for a handset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Down {
    /// Its place in the outbox. Rows only grow, and a row never appears below one already shown.
    pub row: i64,
    /// The topic it goes out on.
    pub topic: String,
    /// The bytes.
    pub payload: Bytes,
    /// After so many seconds nobody needs it any more; none: not known.
    pub expires_in_s: Option<NonZeroU32>,
}

/// What stands behind a door.
#[async_trait]
pub trait Hall: Send + Sync + 'static {
    /// Checks a handset's credentials, brought from this address. The MQTT user name is the handset.
    async fn log_in(&self, username: &str, password: &[u8], from: IpAddr) -> LogIn;

    /// Takes a message. Resolves only when its content is safely on disk; waits and retries inside rather than failing.
    async fn accept(&self, message: Message);

    /// Unsettled messages for the handset with a row greater than `after`, in order, at most `limit`.
    async fn waiting(&self, handset: &HandsetId, after: i64, limit: usize) -> Vec<Down>;

    /// The first PUBACK of any session settles a row; it is not shown as waiting again.
    async fn settle(&self, handset: &HandsetId, row: i64);

    /// The first session of a handset came up, or its last one went. Called in that order, one call at a time.
    fn presence(&self, handset: &HandsetId, online: bool);

    /// Keeps a message that nothing here can take: a publish or a will on a topic that is not the handset's, a payload
    /// beyond its limit. Resolves when it is on disk, like [`Hall::accept`].
    async fn quarantine(&self, handset: Option<&HandsetId>, topic: &str, payload: Bytes, reason: String);
}
