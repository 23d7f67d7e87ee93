//! A byte stream with an input and an output buffer, over any transport.

use std::io;
use std::time::Duration;

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadHalf, WriteHalf};
use tokio::time::Instant;

/// What an idle connection keeps ready to read into.
const READ_BYTES_MIN: usize = 1024;
/// The most that is read ahead of what has been looked at.
const READ_BYTES_MAX: usize = 64 * 1024;
/// A buffer that grew beyond this is given back when it is empty.
const KEPT_BUFFER_BYTES: usize = 8 * 1024;

/// The two halves of a stream and what is on the way through them.
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
            give_back(&mut self.output);
        }
    }

    /// After packets were taken: an idle connection does not keep the buffer of its largest message.
    pub(super) fn taken(&mut self) {
        if self.input.is_empty() {
            give_back(&mut self.input);
        }
    }
}

fn give_back(buffer: &mut BytesMut) {
    if buffer.capacity() > KEPT_BUFFER_BYTES {
        *buffer = BytesMut::new();
    }
}

/// Reads once; `lacking` is what is known to come. Nothing is lost if this is cancelled.
pub(super) async fn read_some<R: AsyncRead + Unpin>(
    reader: &mut R,
    input: &mut BytesMut,
    lacking: usize,
) -> io::Result<usize> {
    if input.capacity() - input.len() < READ_BYTES_MIN / 2 {
        input.reserve(lacking.clamp(READ_BYTES_MIN, READ_BYTES_MAX));
    }
    reader.read_buf(input).await
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
