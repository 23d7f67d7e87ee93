//! One request over one connection of its own.
//!
//! A name is resolved once, and the connection goes to exactly the address that was looked at: a name that means
//! something else a moment later changes nothing. No redirect is followed, no proxy is asked, no cookie kept, and of an answer
//! only the beginning is read. Whatever the other side does or does not do, the attempt ends at the timeout.

mod dial;
mod exchange;
pub(crate) mod target;
pub(crate) mod trust;

pub(crate) use dial::{Dialler, System};
pub(crate) use exchange::{Answer, BODY_AT_MOST};

use crate::outcome::{Again, Refusal, words};
use bytes::Bytes;
use hyper::{HeaderMap, Method};
use model::Timestamp;
use std::{io, net::IpAddr, time::Duration};
use target::Target;

/// What is asked of whom.
pub(crate) struct Request<'a> {
    pub(crate) method: Method,
    pub(crate) target: &'a Target,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why there is no answer. The host is named, the rest of the address may be secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error("the name {host} could not be resolved")]
    Resolve {
        host: String,
        #[source]
        source: io::Error,
    },
    #[error("the name {host} has no address")]
    NoAddress { host: String },
    #[error("{host} is at {address}, {what}, where nothing may be sent")]
    Forbidden { host: String, address: IpAddr, what: &'static str },
    #[error("{host} could not be reached at {address}")]
    Connect {
        host: String,
        address: IpAddr,
        #[source]
        source: io::Error,
    },
    #[error("no private connection to {host}")]
    Tls {
        host: String,
        #[source]
        source: io::Error,
    },
    #[error("{host} broke off before its answer was whole")]
    Exchange {
        host: String,
        #[source]
        source: hyper::Error,
    },
    #[error("{host} gave no whole answer within {} s", .after.as_secs())]
    Timeout { host: String, after: Duration },
}

impl From<CallError> for Refusal {
    fn from(error: CallError) -> Self {
        let again = match &error {
            CallError::Forbidden { .. } => Again::Never,
            CallError::Resolve { .. }
            | CallError::NoAddress { .. }
            | CallError::Connect { .. }
            | CallError::Tls { .. }
            | CallError::Exchange { .. }
            | CallError::Timeout { .. } => Again::Later,
        };
        Self { why: words(&error), again }
    }
}

/// Makes requests, each within the same time.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) dialler: Dialler,
    pub(crate) timeout: Duration,
}

impl Client {
    /// Asks and waits for the answer, or for the timeout.
    pub(crate) async fn call(&self, request: Request<'_>) -> Result<Answer, CallError> {
        let host = request.target.host_text();
        let whole = async {
            let stream = self.dialler.dial(request.target).await?;
            let refused = |source| CallError::Exchange { host: request.target.host_text(), source };
            exchange::exchange(stream, request.target, request.method, request.headers, request.body)
                .await
                .map_err(refused)
        };
        match tokio::time::timeout(self.timeout, whole).await {
            Ok(answer) => answer,
            Err(_elapsed) => Err(CallError::Timeout { host, after: self.timeout }),
        }
    }
}

/// No wish to be left alone is granted for longer: a slip in a date would end what is still owed.
const LONGEST_SILENCE_S: u64 = 24 * 3_600;

impl Answer {
    /// Whether another attempt makes sense after this answer, which came at about this time.
    pub(crate) fn later(&self, now: Timestamp) -> Again {
        let Some(wait) = self.wait(now) else { return Again::Later };
        let wait = model::SignedDuration::from_secs(i64::from(wait));
        now.checked_add(wait).map_or(Again::Later, Again::NotBefore)
    }

    /// How many seconds the other side wishes to be left alone. A date is compared with the other side's own clock.
    fn wait(&self, now: Timestamp) -> Option<u32> {
        let asked = self.header("retry-after")?.trim();
        let seconds = asked.parse::<u64>().ok().or_else(|| {
            let theirs = self.header("date").and_then(date).unwrap_or(now);
            u64::try_from(date(asked)?.duration_since(theirs).as_secs()).ok()
        })?;
        u32::try_from(seconds.min(LONGEST_SILENCE_S)).ok()
    }
}

fn date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()
}
