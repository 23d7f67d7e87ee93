//! The HTTP door: telephones whose apps post where they are.
//!
//! - `POST /owntracks`: OwnTracks in HTTP mode, with the handset's name and password (Basic).
//! - `GET|POST /osmand`: OsmAnd and Traccar Client, known by an id that nobody can guess.
//!
//! Both obey the rules of the MQTT door: a message is taken only from the handset it is bound to, anybody else's goes
//! to quarantine, and a 2xx means *on disk*. Nothing is unpacked: a few bytes of gzip may be a gigabyte, and an app that is told
//! so (415) still has its message. Of a body that is too large the beginning is taken ([`incoming`]): refused, it would come again for
//! ever, before all that is behind it. A request that its app gives up is carried to the disk all the same.
//! To add an app: a file here with its handler, a route in [`router`], and a dialect in `protocol`.

mod basic;
mod incoming;
mod osmand;
mod owntracks;
mod refusal;
mod rooms;
mod strangers;

use crate::accept::Accept;
use crate::hall::{Hall as _, Message};
use axum::{
    Router,
    body::Bytes,
    extract::Request,
    http::{HeaderMap, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use model::HandsetId;
use refusal::Refusal;
use rooms::Rooms;
use std::{sync::Arc, time::Duration};
use strangers::{Ids, Strangers};
use tokio::sync::{Semaphore, oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Where OwnTracks posts.
pub(crate) const OWNTRACKS: &str = "/owntracks";
/// Where OsmAnd and Traccar Client report.
pub(crate) const OSMAND: &str = "/osmand";
/// Bodies of more than 64 KiB that are in memory at once, each of 4 MiB at most: a list of positions, as an app sends it after a day
/// without network. Of one telephone it is one. For one more there is room a little later: it waits so long.
const LARGE_AT_ONCE: usize = 8;
const ROOM_WITHIN: Duration = Duration::from_secs(10);
/// How long one may come in before it gives its room up: it is told to come again while there is time to say so.
const READ_WITHIN: Duration = Duration::from_secs(18);
/// The same where the beginning calls for help. It is raised with whatever is there by then.
const URGENT_ROOM_WITHIN: Duration = Duration::from_secs(2);
const URGENT_READ_WITHIN: Duration = Duration::from_secs(8);
/// The same of those that name their telephone behind the beginning, and may be anybody's.
const NAMELESS_AT_ONCE: usize = 2;
/// These come in sooner: whoever it is, two that are slow would keep out all others.
const NAMELESS_WITHIN: Duration = Duration::from_secs(8);
/// Messages on their way to the disk. With more the disk is not keeping up, and apps keep theirs and come again.
const ON_THEIR_WAY: usize = 512;
/// How long an app is kept waiting for the disk; it repeats what it got no answer to.
const ON_DISK_WITHIN: Duration = Duration::from_secs(15);
/// From the head of a request to its answer: the longest wait for a log-in's turn, and the disk.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);

/// What the handlers share; cheap to clone.
#[derive(Clone)]
struct Door {
    accept: Arc<Accept>,
    tasks: TaskTracker,
    stop: CancellationToken,
    room: Arc<Semaphore>,
    large: Arc<Rooms>,
    nameless: Arc<Semaphore>,
    strangers: Arc<Strangers>,
    ids: Arc<Ids>,
}

/// The routes of the apps. What they bring is carried to the disk on the tracker; once stopped, nothing is taken.
pub fn router(accept: Arc<Accept>, tasks: TaskTracker, stop: CancellationToken) -> Router {
    let [room, nameless] = [ON_THEIR_WAY, NAMELESS_AT_ONCE].map(|places| Arc::new(Semaphore::new(places)));
    let large = Arc::new(Rooms::new(LARGE_AT_ONCE));
    let (strangers, ids) = (Arc::default(), Arc::default());
    let door = Door { accept, tasks, stop, room, large, nameless, strangers, ids };
    Router::new()
        .route(OWNTRACKS, post(owntracks::take))
        .route(OSMAND, get(osmand::take).post(osmand::take))
        .layer(middleware::from_fn(in_time))
        .with_state(door)
}

/// A client that sends its body byte by byte holds no place for ever. What has arrived whole is on its way by then.
async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(ANSWERED_WITHIN, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::NotOnDisk.into_response(),
    }
}

/// Whether the body is something else than it would be by itself.
fn is_packed(headers: &HeaderMap) -> bool {
    let codings = headers.get_all(header::CONTENT_ENCODING).iter();
    codings.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).any(|coding| {
        let coding = coding.trim_ascii();
        !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity")
    })
}

impl Door {
    /// Returns when the message is on disk. One that calls for help is taken also when there is no room. Of one telephone that
    /// sends without a pause none waits here: it would take the places of others, and apps keep theirs and come again.
    async fn carry(&self, message: Message, is_urgent: bool) -> Result<(), Refusal> {
        if !is_urgent && !self.accept.has_pace(&message.handset) {
            return Err(Refusal::Busy);
        }
        let accept = Arc::clone(&self.accept);
        self.begin(is_urgent, async move { accept.accept(message).await }).await
    }

    /// Returns when a message that cannot be taken is in quarantine.
    async fn put_aside(
        &self,
        handset: Option<HandsetId>,
        topic: &str,
        payload: Bytes,
        reason: String,
    ) -> Result<(), Refusal> {
        let (accept, topic) = (Arc::clone(&self.accept), topic.to_owned());
        let kept = async move { accept.quarantine(handset.as_ref(), &topic, payload, reason).await };
        self.begin(false, kept).await
    }

    /// In a task of its own: whatever becomes of the request, what has arrived is taken.
    async fn begin(
        &self,
        is_urgent: bool,
        work: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Refusal> {
        if self.stop.is_cancelled() {
            return Err(Refusal::Unavailable);
        }
        let place = Arc::clone(&self.room).try_acquire_owned();
        if place.is_err() && !is_urgent {
            return Err(Refusal::Busy);
        }
        let (on_disk, done) = oneshot::channel();
        self.tasks.spawn(async move {
            work.await;
            drop(place);
            // An app that has gone sends it again, and it is known then.
            on_disk.send(()).unwrap_or_default();
        });
        match tokio::time::timeout(ON_DISK_WITHIN, done).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Refusal::NotOnDisk),
        }
    }
}
