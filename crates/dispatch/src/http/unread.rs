//! What an answer leaves unread is read on before it is sent.
//!
//! An answer that comes before the request has arrived whole (too large, no session) ends the connection, and a caller
//! who still writes then meets a broken pipe instead of the reason. So the rest is taken off the line first, up to
//! a size and for a time; a caller who waits to be told to go on is not made to send it.

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::header,
    middleware::Next,
    response::Response,
};
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};
use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    sync::oneshot,
    time::{Instant, timeout_at},
};

/// What is read on of one request: a picture that somebody took for a form, not a film.
const READ_ON_BYTES: usize = 8 * 1024 * 1024;
/// How long is read on.
const READ_ON_FOR: Duration = Duration::from_secs(5);

/// A body that comes back when whoever had it does not read it to its end.
struct Lent {
    body: Body,
    back: Option<oneshot::Sender<Body>>,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(back) = self.back.take().filter(|_| !self.body.is_end_stream()) {
            // Nobody waits for it any more when the connection has ended.
            drop(back.send(std::mem::take(&mut self.body)));
        }
    }
}

/// Around everything else: the answer goes out when the request is in.
pub(super) async fn read_on(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() || request.headers().contains_key(header::EXPECT) {
        return next.run(request).await;
    }
    let (back, mut unread) = oneshot::channel();
    let lent = request.map(|body| Body::new(Lent { body, back: Some(back) }));
    let response = next.run(lent).await;
    if let Ok(body) = unread.try_recv() {
        take_off(body).await;
    }
    response
}

async fn take_off(mut body: Body) {
    let (until, mut bytes) = (Instant::now() + READ_ON_FOR, 0);
    while let Ok(Some(Ok(frame))) = timeout_at(until, body.frame()).await {
        bytes += frame.data_ref().map_or(0, Bytes::len);
        if bytes > READ_ON_BYTES {
            return;
        }
    }
}
