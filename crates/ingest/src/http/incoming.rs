//! A body as far as it was read. What is small is read before it is asked whose it is, as is the beginning of what is large; the rest
//! of that only for whoever may send it, and of few at once.

use super::refusal::Refusal;
use crate::endpoint::{FIXES_BYTES_MAX, KEPT_BEGINNING_BYTES};
use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use bytes::BytesMut;
use futures_util::StreamExt as _;
use std::time::Duration;

/// How long what is not read goes by before the answer: an app that still sends does not hear one.
const GOES_BY_WITHIN: Duration = Duration::from_secs(5);

/// A body on its way in.
pub(super) struct Incoming {
    stream: BodyDataStream,
    read: BytesMut,
    /// How large it is, if its head says so.
    told_bytes: Option<u64>,
    is_over: bool,
    is_left_out: bool,
}

impl Incoming {
    /// Reads the beginning, which is almost always all of it.
    pub(super) async fn begin(body: Body) -> Result<Self, Refusal> {
        let told_bytes = body.size_hint().exact();
        let (stream, read) = (body.into_data_stream(), BytesMut::new());
        let mut incoming = Self { stream, read, told_bytes, is_over: false, is_left_out: false };
        incoming.read_to(KEPT_BEGINNING_BYTES).await?;
        Ok(incoming)
    }

    /// Nothing of it counts, and none of the rest is read.
    pub(super) fn leave_out(&mut self) {
        self.read.clear();
        self.is_left_out = true;
    }

    /// Whether all that counts is there.
    pub(super) fn is_whole(&self) -> bool {
        self.is_over || self.is_left_out
    }

    pub(super) fn beginning(&self) -> &[u8] {
        self.read.get(..KEPT_BEGINNING_BYTES).unwrap_or(&self.read)
    }

    /// All that is there.
    pub(super) fn so_far(&self) -> &[u8] {
        &self.read
    }

    /// Reads the rest of a large one once there is room for it. The room is held while it is in memory, but not for longer than so
    /// much while it comes in: others wait for it.
    pub(super) async fn read_on<R>(
        &mut self,
        room: impl Future<Output = Result<R, Refusal>>,
        within: Duration,
    ) -> Result<Option<R>, Refusal> {
        if self.is_whole() || self.read.len() > FIXES_BYTES_MAX {
            return Ok(None);
        }
        let room = room.await?;
        let read = tokio::time::timeout(within, self.read_to(FIXES_BYTES_MAX)).await;
        read.unwrap_or(Err(Refusal::NotOnDisk))?;
        Ok(Some(room))
    }

    /// What is taken: all of it, or the beginning of what is too large or was not read on, and how large that is.
    pub(super) fn take(&mut self) -> (Bytes, Option<u64>) {
        if self.is_whole() && self.read.len() <= FIXES_BYTES_MAX {
            return (self.read.split().freeze(), None);
        }
        let taken = Bytes::copy_from_slice(self.beginning());
        let there_bytes = u64::try_from(self.read.len()).unwrap_or(u64::MAX);
        self.read = BytesMut::new();
        (taken, Some(self.told_bytes.unwrap_or(there_bytes)))
    }

    /// Lets by what was not read, so that whoever sends it hears the answer.
    pub(super) async fn let_by(mut self) {
        if self.is_over {
            return;
        }
        let rest = async { while let Some(Ok(_)) = self.stream.next().await {} };
        if tokio::time::timeout(GOES_BY_WITHIN, rest).await.is_err() {
            tracing::debug!(event = "phone_body_not_over", "it is answered while it still sends");
        }
    }

    async fn read_to(&mut self, bytes: usize) -> Result<(), Refusal> {
        while !self.is_over && self.read.len() <= bytes {
            match self.stream.next().await {
                Some(Ok(chunk)) => self.read.extend_from_slice(&chunk),
                Some(Err(error)) => {
                    tracing::debug!(event = "phone_body_broken", %error);
                    return Err(Refusal::NotOnDisk);
                }
                None => self.is_over = true,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    #[tokio::test]
    async fn a_body_that_comes_slowly_gives_its_room_up_and_its_beginning_is_there() {
        let chunk = || Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 2 * KEPT_BEGINNING_BYTES]));
        let slow = stream::once(async move { chunk() }).chain(stream::pending());
        let mut incoming = Incoming::begin(Body::from_stream(slow)).await.unwrap();
        let room = async { Ok(()) };
        let read = incoming.read_on(room, Duration::from_millis(50)).await;
        assert_eq!(read, Err(Refusal::NotOnDisk));
        let (taken, oversized) = incoming.take();
        assert_eq!(taken.len(), KEPT_BEGINNING_BYTES);
        assert!(oversized.is_some());
    }
}
