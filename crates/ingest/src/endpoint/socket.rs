//! A byte stream with an input and an output buffer, over any transport.

use std::future::poll_fn;
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf, ReadHalf, WriteHalf};
use tokio::time::Instant;

/// What is read at once of packets of whatever size: dozens of fixes.
const READ_BYTES: usize = 4 * 1024;
/// The most that is read at once of a packet known to be large.
const READ_BYTES_MAX: usize = 64 * 1024;

/// The two halves of a stream and what is on the way through them. While nothing is, it holds no buffer: most connections
/// say nothing most of the time.
pub(super) struct Socket<S> {
    pub(super) reader: ReadHalf<S>,
    pub(super) writer: WriteHalf<S>,
    pub(super) input: BytesMut,
    pub(super) output: BytesMut,
    /// When the output must have moved on, while there is any.
    pub(super) write_deadline: Option<Instant>,
    /// The transport may hold something back until it is flushed.
    pub(super) unflushed: bool,
    /// Nothing can be written any more; there may still be something to read.
    pub(super) deaf: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    pub(super) fn new(stream: S) -> Self {
        let (reader, writer) = tokio::io::split(stream);
        Self {
            reader,
            writer,
            input: BytesMut::new(),
            output: BytesMut::new(),
            write_deadline: None,
            unflushed: false,
            deaf: false,
        }
    }

    /// Writes out everything that is left, as long as it takes at most `within`; true if all went.
    pub(super) async fn flush(&mut self, within: Duration) -> bool {
        if self.deaf {
            return false;
        }
        let all = async {
            self.writer.write_all_buf(&mut self.output).await?;
            self.writer.flush().await
        };
        matches!(tokio::time::timeout(within, all).await, Ok(Ok(())))
    }

    /// Writes out what is left, closes our side and waits a moment for the client to close its own: a socket closed with
    /// unread bytes in it resets the connection and can destroy our last words on their way.
    pub(super) async fn close(mut self, within: Duration) {
        if !self.flush(within).await {
            return;
        }
        let farewell = async {
            self.writer.shutdown().await?;
            loop {
                self.input.clear();
                if read_some(&mut self.reader, &mut self.input, 0).await? == 0 {
                    return Ok::<(), io::Error>(());
                }
            }
        };
        if let Ok(Err(error)) = tokio::time::timeout(within, farewell).await {
            tracing::trace!(event = "mqtt_farewell_failed", %error);
        }
    }

    /// Whether [`write_some`] has something to do.
    pub(super) fn wants_write(&self) -> bool {
        self.output.has_remaining() || self.unflushed
    }

    /// After a write: what became of the output and its deadline.
    pub(super) fn wrote(&mut self, result: &io::Result<()>, timeout: Duration) {
        if result.is_err() {
            self.deaf = true;
            self.unflushed = false;
            self.output = BytesMut::new();
        }
        if self.wants_write() {
            self.write_deadline = Some(Instant::now() + timeout);
        } else {
            self.write_deadline = None;
            self.output = BytesMut::new();
        }
    }

    /// After packets were taken.
    pub(super) fn taken(&mut self) {
        if self.input.is_empty() {
            self.input = BytesMut::new();
        }
    }
}

/// Reads once; `lacking` is what is known to come. Nothing is lost if this is cancelled.
pub(super) async fn read_some<R: AsyncRead + Unpin>(
    reader: &mut R,
    input: &mut BytesMut,
    lacking: usize,
) -> io::Result<usize> {
    if lacking > READ_BYTES {
        input.reserve(lacking.min(READ_BYTES_MAX));
        return reader.read_buf(input).await;
    }
    // Read beside and copied: whoever waits for its client's next word keeps no buffer ready for it.
    poll_fn(|context| {
        let mut beside = [MaybeUninit::uninit(); READ_BYTES];
        let mut buffer = ReadBuf::uninit(&mut beside);
        ready!(Pin::new(&mut *reader).poll_read(context, &mut buffer))?;
        input.extend_from_slice(buffer.filled());
        Poll::Ready(Ok(buffer.filled().len()))
    })
    .await
}

/// Does one step of writing: passes on some of the output, or flushes what the transport still holds. Nothing is lost if
/// this is cancelled.
pub(super) async fn write_some<W: AsyncWrite + Unpin>(
    writer: &mut W,
    output: &mut BytesMut,
    unflushed: &mut bool,
) -> io::Result<()> {
    if output.is_empty() {
        writer.flush().await?;
        *unflushed = false;
        return Ok(());
    }
    if writer.write_buf(output).await? == 0 {
        return Err(io::ErrorKind::WriteZero.into());
    }
    *unflushed = true;
    Ok(())
}
