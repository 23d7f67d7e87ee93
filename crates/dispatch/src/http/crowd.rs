//! What keeps a few from taking the place of all: places by address, and an end to those who do not read.

use std::{
    collections::HashMap,
    io,
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// The address by which somebody is counted: of IPv6 the network, for a household has 2^64 addresses.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// How many connections there are from each address.
#[derive(Debug, Clone)]
pub(super) struct Addresses {
    most: usize,
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One connection from an address, until it is dropped.
#[derive(Debug)]
pub(super) struct Here(Addresses, IpAddr);

impl Addresses {
    pub(super) fn new(most: usize) -> Self {
        Self { most, counts: Arc::default() }
    }

    /// A place from this address; none if it has as many as one may have.
    pub(super) fn enter(&self, address: IpAddr) -> Option<Here> {
        let address = network(address);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count >= self.most && !address.is_loopback() {
            return None;
        }
        *count += 1;
        Some(Here(self.clone(), address))
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        let mut counts = self.0.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.1);
            }
        }
    }
}

/// A stream that fails when the other end has taken nothing for a time while there was something to take.
#[derive(Debug)]
pub(super) struct Impatient<S> {
    stream: S,
    within: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<S> Impatient<S> {
    pub(super) fn new(stream: S, within: Duration) -> Self {
        Self { stream, within, waiting: None }
    }

    /// What came of a write: progress resets the clock, and without it the clock runs out.
    fn judge<T>(&mut self, outcome: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.waiting = None;
            return outcome;
        }
        let within = self.within;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(within)));
        ready!(waiting.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the other end reads nothing")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Impatient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Impatient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(outcome, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, buffers);
        self.judge(outcome, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(context);
        self.judge(outcome, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use tokio::time::Instant;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn one_address_has_some_places_and_gives_them_back() {
        let addresses = Addresses::new(2);
        let held = [addresses.enter(ip("2001:db8::1")), addresses.enter(ip("2001:db8::2"))];
        assert!(held.iter().all(Option::is_some));
        assert!(addresses.enter(ip("2001:db8::3")).is_none(), "one network");
        let other = addresses.enter(ip("2001:db8:0:1::3"));
        assert!(other.is_some() && addresses.enter(ip("10.0.0.1")).is_some());
        drop(held);
        assert!(addresses.enter(ip("2001:db8::3")).is_some());
        let proxied: Vec<_> = (0..10).map(|_| addresses.enter(ip("127.0.0.1"))).collect();
        assert!(proxied.iter().all(Option::is_some), "a proxy brings everybody");
        assert_eq!(network(ip("::ffff:10.0.0.1")), ip("10.0.0.1"));
    }

    #[tokio::test]
    async fn who_reads_nothing_is_given_up_and_who_reads_slowly_is_not() {
        let within = Duration::from_millis(400);
        let (near, mut far) = duplex(16);
        let mut near = Impatient::new(near, within);
        let slowly = async {
            let mut got = 0;
            let mut byte = [0; 8];
            while got < 200 {
                sleep(Duration::from_millis(40)).await;
                got += far.read(&mut byte).await.expect("bytes");
            }
            far
        };
        let (written, far) = tokio::join!(near.write_all(&[7; 200]), slowly);
        written.expect("taken bit by bit");
        let began = Instant::now();
        let refused = near.write_all(&[7; 200]).await.expect_err("nobody reads");
        assert!(refused.kind() == io::ErrorKind::TimedOut && began.elapsed() >= within, "{refused}");
        drop(far);
    }
}
