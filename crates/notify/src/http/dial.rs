//! From an address to a connection.

use super::{CallError, target::Target};
use crate::guard::Guard;
use async_trait::async_trait;
use rustls::ClientConfig;
use std::{
    fmt, io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// A name may have several addresses; one that is silent must leave time for the next.
const CONNECT_WITHIN: Duration = Duration::from_secs(4);

/// Names to addresses.
#[async_trait]
pub(crate) trait Resolve: Send + Sync + fmt::Debug {
    async fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// As the system does it.
#[derive(Debug)]
pub(crate) struct System;

#[async_trait]
impl Resolve for System {
    async fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok(lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
    }
}

/// A connection, with TLS or without.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Makes connections.
pub(crate) struct Dialler {
    pub(crate) resolver: Arc<dyn Resolve>,
    /// Absent for a gateway, whose address is the administrator's own.
    pub(crate) guard: Option<Guard>,
    /// Absent where only http is asked for.
    pub(crate) tls: Option<Arc<ClientConfig>>,
}

impl fmt::Debug for Dialler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialler").field("guard", &self.guard).finish_non_exhaustive()
    }
}

impl Dialler {
    /// Resolves once, looks at each address, and connects to the first that may be reached and answers.
    pub(super) async fn dial(&self, target: &Target) -> Result<Box<dyn Stream>, CallError> {
        let addresses = self.permitted(target, self.addresses(target).await?)?;
        let stream = connect(target, &addresses).await?;
        if !target.is_https() {
            return Ok(Box::new(stream));
        }
        let failed = |source| CallError::Tls { host: target.host_text(), source };
        let (Some(config), Some(name)) = (&self.tls, target.server_name()) else {
            return Err(failed(io::Error::from(io::ErrorKind::InvalidInput)));
        };
        let connector = TlsConnector::from(Arc::clone(config));
        Ok(Box::new(connector.connect(name, stream).await.map_err(failed)?))
    }

    async fn addresses(&self, target: &Target) -> Result<Vec<IpAddr>, CallError> {
        match target.literal() {
            Ok(address) => Ok(vec![address]),
            Err(name) => {
                let failed = |source| CallError::Resolve { host: name.to_owned(), source };
                self.resolver.resolve(name).await.map_err(failed)
            }
        }
    }

    /// Those that may be reached; if there is none, the first that may not says why.
    fn permitted(&self, target: &Target, addresses: Vec<IpAddr>) -> Result<Vec<IpAddr>, CallError> {
        let forbids = |address: IpAddr| self.guard.as_ref().and_then(|guard| guard.forbids(address));
        let first = addresses.first().copied();
        let permitted: Vec<_> = addresses.into_iter().filter(|address| forbids(*address).is_none()).collect();
        if !permitted.is_empty() {
            return Ok(permitted);
        }
        let host = target.host_text();
        Err(match first.and_then(|address| Some((address, forbids(address)?))) {
            Some((address, what)) => CallError::Forbidden { host, address, what },
            None => CallError::NoAddress { host },
        })
    }
}

async fn connect(target: &Target, addresses: &[IpAddr]) -> Result<TcpStream, CallError> {
    let host = target.host_text();
    let mut last = CallError::NoAddress { host: host.clone() };
    for &address in addresses {
        let connecting = TcpStream::connect(SocketAddr::new(address, target.port()));
        let source = match timeout(CONNECT_WITHIN, connecting).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(source)) => source,
            Err(_elapsed) => io::Error::from(io::ErrorKind::TimedOut),
        };
        last = CallError::Connect { host: host.clone(), address, source };
    }
    Err(last)
}

#[cfg(test)]
#[path = "dial_tests.rs"]
mod tests;
