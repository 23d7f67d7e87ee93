//! One request and its answer over a connection.

use super::{dial::Stream, target::Target};
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, Full};
use hyper::{HeaderMap, Method, Request, StatusCode, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use std::pin::pin;

/// As much of an answer as is read; no provider says more that matters, and a stranger may send for ever.
pub(crate) const BODY_AT_MOST: usize = 64 * 1024;
/// As much of a header as is read.
const HEAD_AT_MOST: usize = 32 * 1024;

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    /// The beginning of its body.
    pub(crate) body: Bytes,
    /// Whether there was more of it.
    pub(crate) is_cut: bool,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

pub(super) async fn exchange(
    stream: Box<dyn Stream>,
    target: &Target,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, hyper::Error> {
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = method;
    *request.uri_mut() = target.path();
    *request.headers_mut() = headers;
    if let Some(host) = target.host_header() {
        request.headers_mut().insert(header::HOST, host);
    }
    let mut builder = http1::Builder::new();
    builder.max_buf_size(HEAD_AT_MOST);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await?;
    let asking = async move { read(sender.send_request(request).await?).await };
    let (mut asking, connection) = (pin!(asking), pin!(connection));
    // The connection moves on only while it is polled. Once it has ended, what it brought is still to be read.
    tokio::select! {
        biased;
        answer = &mut asking => return answer,
        ended = connection => drop(ended),
    }
    asking.await
}

async fn read(response: hyper::Response<hyper::body::Incoming>) -> Result<Answer, hyper::Error> {
    let (head, mut body) = response.into_parts();
    let (mut kept, mut is_cut) = (BytesMut::new(), false);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        let room = BODY_AT_MOST - kept.len();
        kept.extend_from_slice(data.get(..room).unwrap_or(&data));
        if data.len() > room {
            is_cut = true;
            break;
        }
    }
    Ok(Answer { status: head.status, headers: head.headers, body: kept.freeze(), is_cut })
}
