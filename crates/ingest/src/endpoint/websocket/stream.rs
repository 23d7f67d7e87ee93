//! A websocket as the byte stream that MQTT wants: what binary frames carry is read, what is written goes out in binary
//! frames. Where one frame ends and the next begins means nothing to either side.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::frame::{Control, Sent, Unframer, put};

/// The largest frame of ours, and about what waits here for a client that does not read.
const FRAME_BYTES_MAX: usize = 16 * 1024;
/// A client that asks whether we are there and does not read the answers is not answered behind so many bytes.
const PONG_BEHIND_BYTES_MAX: usize = 4 * 1024;
/// The status of an ordinary end.
const NORMAL: u16 = 1000;

/// A websocket after its handshake, on the server's side.
#[derive(Debug)]
pub(in crate::endpoint) struct WebsocketStream<S> {
    inner: S,
    unframer: Unframer,
    /// Frames that the transport has not taken yet.
    output: BytesMut,
    /// Nothing more is read: the client closed, went away or broke a rule.
    ended: bool,
    /// Our Close has been put out; nothing may follow it.
    closed: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> WebsocketStream<S> {
    pub(super) fn new(inner: S) -> Self {
        Self { inner, unframer: Unframer::default(), output: BytesMut::new(), ended: false, closed: false }
    }

    fn close(&mut self, reason: &[u8]) {
        if !self.closed {
            put(Sent::Close, reason, &mut self.output);
            self.closed = true;
        }
    }

    fn answer(&mut self, control: Control) {
        match control {
            Control::Ping(payload) => {
                if !self.closed && self.output.len() < PONG_BEHIND_BYTES_MAX {
                    put(Sent::Pong, &payload, &mut self.output);
                }
            }
            Control::Close(reason) => {
                // The status comes back to its sender, the text behind it does not.
                self.close(reason.get(..2).unwrap_or_default());
                self.ended = true;
            }
        }
    }

    /// Takes what was read apart; what it carried stands at its beginning.
    fn take(&mut self, bytes: &mut [u8]) -> usize {
        let mut controls = Vec::new();
        let (kept, violation) = self.unframer.take(bytes, &mut controls);
        for control in controls {
            self.answer(control);
        }
        if let Some(violation) = violation {
            tracing::debug!(event = "websocket_rule_broken", ?violation);
            self.close(&violation.status().to_be_bytes());
            self.ended = true;
        }
        kept
    }

    /// Hands frames to the transport until all have gone.
    fn pass_on(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.output.is_empty() {
            let count = ready!(Pin::new(&mut self.inner).poll_write(context, &self.output))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.output.advance(count);
        }
        self.output = BytesMut::new();
        Poll::Ready(Ok(()))
    }

    /// Sends what reading made necessary, as far as it goes. A client that no longer reads may still be heard.
    fn pass_on_beside(&mut self, context: &mut Context<'_>) {
        if let Poll::Ready(Err(error)) = self.pass_on(context) {
            tracing::trace!(event = "websocket_answer_lost", %error);
            self.output = BytesMut::new();
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for WebsocketStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        while buffer.remaining() > 0 && !this.ended {
            // Frames are taken apart where they were read to: without their headers they only get shorter.
            let mut raw = ReadBuf::new(buffer.initialize_unfilled());
            ready!(Pin::new(&mut this.inner).poll_read(context, &mut raw))?;
            let count = raw.filled().len();
            this.ended |= count == 0;
            let kept = this.take(buffer.initialize_unfilled_to(count));
            this.pass_on_beside(context);
            if kept > 0 {
                buffer.advance(kept);
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for WebsocketStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.closed {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        if self.output.len() >= FRAME_BYTES_MAX {
            ready!(self.pass_on(context))?;
        }
        let payload = bytes.get(..FRAME_BYTES_MAX).unwrap_or(bytes);
        put(Sent::Binary, payload, &mut self.output);
        match self.pass_on(context) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Ready(Ok(())) | Poll::Pending => Poll::Ready(Ok(payload.len())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.pass_on(context))?;
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.close(&NORMAL.to_be_bytes());
        ready!(self.pass_on(context))?;
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
