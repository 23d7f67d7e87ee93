//! One dashboard's websocket.

use super::{Frame, Hub, SESSION_ENDED, TOO_SLOW};
use crate::http::session::Visitor;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use serde::Deserialize;
use std::time::Duration;
use tokio::{sync::broadcast::error::RecvError, time::timeout};
use tokio_util::sync::CancellationToken;

/// How long a client may take to say where it stands.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// How long one frame may take to leave; a browser that reads nothing fills its socket and stops here.
const SENT_WITHIN: Duration = Duration::from_secs(10);
/// How long that may hold up the frames: a store that cannot be written is when they matter most.
const LOOKED_AT_WITHIN: Duration = Duration::from_millis(200);
/// How often a session is looked at again.
const SESSION_EVERY: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
struct Hello {
    #[serde(default)]
    resume: Option<String>,
}

type Sender = SplitSink<WebSocket, Message>;

/// Why a connection ended; the number is the close code.
enum End {
    Gone,
    Code(u16, &'static str),
}

/// Serves the connection until it ends.
pub async fn serve(socket: WebSocket, hub: Hub, visitor: Visitor, stop: CancellationToken) {
    metrics::gauge!("jujiale_live_connections").increment(1.0);
    let (mut sender, mut receiver) = socket.split();
    let end = run(&mut sender, &mut receiver, &hub, &visitor, &stop).await;
    if let End::Code(code, reason) = end {
        let close = Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) }));
        // The other end may be gone, or not reading; then there is nobody to tell.
        timeout(Duration::from_secs(1), sender.send(close)).await.unwrap_or(Ok(())).unwrap_or_default();
    }
    metrics::gauge!("jujiale_live_connections").decrement(1.0);
}

async fn run(
    sender: &mut Sender,
    receiver: &mut SplitStream<WebSocket>,
    hub: &Hub,
    visitor: &Visitor,
    stop: &CancellationToken,
) -> End {
    let hello = match timeout(HELLO_WITHIN, hello(receiver)).await {
        Ok(Some(hello)) => hello,
        Ok(None) => return End::Gone,
        Err(_) => return End::Code(1002, "send {\"resume\":null} first"),
    };
    // Subscribed before the beginning is read: what happens meanwhile waits, and what the beginning
    // already holds is passed over.
    let mut frames = hub.subscribe();
    let (beginning, mut row) = match begin(hub, visitor, hello).await {
        Ok(begun) => begun,
        Err(error) => {
            tracing::error!(event = "live_begin_failed", %error);
            return End::Code(1011, "the store cannot be read; come back");
        }
    };
    for text in beginning {
        if !send(sender, text).await {
            return End::Code(TOO_SLOW, "too slow; resume");
        }
    }
    let mut session = tokio::time::interval(SESSION_EVERY);
    session.tick().await;
    loop {
        tokio::select! {
            () = stop.cancelled() => return End::Code(1001, "the platform is restarting; come back"),
            frame = frames.recv() => match frame {
                Ok(frame) => {
                    if is_news(&frame, &mut row) && frame.is_for(&visitor.who, visitor.now())
                        && !send(sender, Utf8Bytes::from(&*frame.text)).await
                    {
                        return End::Code(TOO_SLOW, "too slow; resume");
                    }
                }
                Err(RecvError::Lagged(_)) => return End::Code(TOO_SLOW, "too slow; resume"),
                Err(RecvError::Closed) => return End::Gone,
            },
            heard = receiver.next() => match heard {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return End::Gone,
                // Pings are answered by the library; anything else a client says has no meaning here.
                Some(Ok(_)) => {}
            },
            _ = session.tick() => {
                if let Ok(false) = timeout(LOOKED_AT_WITHIN, visitor.is_still_in()).await {
                    return End::Code(SESSION_ENDED, "the session has ended; log in again");
                }
                timeout(LOOKED_AT_WITHIN, visitor.stay()).await.unwrap_or_default();
            }
        }
    }
}

/// Passes over incident events that the beginning held. Positions, health and unsaved presses carry the
/// present row and are always passed on.
fn is_news(frame: &Frame, row: &mut i64) -> bool {
    if frame.row < *row {
        return false;
    }
    *row = frame.row;
    true
}

async fn begin(
    hub: &Hub,
    visitor: &Visitor,
    hello: Hello,
) -> Result<(Vec<Utf8Bytes>, i64), Box<dyn std::error::Error + Send + Sync>> {
    if let Some(resume) = &hello.resume
        && let Some((frames, row)) = hub.missed(resume).await?
    {
        let now = visitor.now();
        let seen = frames.iter().filter(|frame| frame.is_for(&visitor.who, now));
        return Ok((seen.map(|frame| Utf8Bytes::from(&*frame.text)).collect(), row));
    }
    let (snapshot, row) = hub.snapshot(&visitor.who);
    Ok((vec![Utf8Bytes::from(serde_json::to_string(&snapshot)?)], row))
}

/// The client's first word; one that is no JSON counts as "from the beginning".
async fn hello(receiver: &mut SplitStream<WebSocket>) -> Option<Hello> {
    loop {
        match receiver.next().await? {
            Ok(Message::Text(text)) => {
                return Some(serde_json::from_str(&text).unwrap_or(Hello { resume: None }));
            }
            Ok(Message::Ping(_) | Message::Pong(_)) => {}
            Ok(Message::Binary(_) | Message::Close(_)) | Err(_) => return None,
        }
    }
}

async fn send(sender: &mut Sender, text: Utf8Bytes) -> bool {
    matches!(timeout(SENT_WITHIN, sender.send(Message::Text(text))).await, Ok(Ok(())))
}
