//! Sockets by the ten thousand: how they are opened, and what the machine must allow for it.

use anyhow::{Context, Result, ensure};
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, connect, ipproto, socket_with, sockopt};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream, ToSocketAddrs};

/// Linux gives out about 28,000 ports for each pair of addresses; more connections need another source.
const PORTS_A_SOURCE: usize = 25_000;
/// Files besides the sockets: standard streams, the report, libraries.
const OTHER_FILES: u64 = 64;

/// Finds the door.
pub(super) fn resolve(door: &str) -> Result<SocketAddr> {
    let found =
        door.to_socket_addrs().with_context(|| format!("{door:?} is not HOST:PORT, or nobody knows it"))?;
    let mut found: Vec<SocketAddr> = found.collect();
    // The platform listens on 127.0.0.1; `localhost` is often `::1` first.
    found.sort_by_key(SocketAddr::is_ipv6);
    found.first().copied().with_context(|| format!("{door:?} has no address"))
}

/// Raises the number of files this process may open, if need be.
pub(super) fn allow(sockets: usize) -> Result<()> {
    let needed = u64::try_from(sockets).unwrap_or(u64::MAX).saturating_add(OTHER_FILES);
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= needed) {
        return Ok(());
    }
    ensure!(
        limit.maximum.is_none_or(|maximum| maximum >= needed),
        "{sockets} connections need {needed} open files and {} are allowed: raise it with `ulimit -Hn`, or in \
         /etc/security/limits.conf",
        limit.maximum.unwrap_or(0),
    );
    let raised = Rlimit { current: Some(needed), maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised).context("raise the number of open files")
}

/// The address the n-th connection comes from, where it matters: on loopback with more connections than one address has
/// ports, 127.0.0.1, 127.0.0.2 and so on take turns.
pub(super) fn source(door: SocketAddr, number: usize, of: usize) -> Option<Ipv4Addr> {
    let IpAddr::V4(address) = door.ip() else { return None };
    let sources = of.div_ceil(PORTS_A_SOURCE);
    if !address.is_loopback() || sources < 2 {
        return None;
    }
    let turn = u8::try_from(number % sources.min(250)).unwrap_or(0);
    Some(Ipv4Addr::new(127, 0, 0, turn + 1))
}

/// Begins to connect; the socket becomes writable when it is done, well or badly.
pub(super) fn dial(door: SocketAddr, source: Option<Ipv4Addr>) -> io::Result<TcpStream> {
    let family = if door.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let socket = socket_with(family, SocketType::STREAM, flags, Some(ipproto::TCP))?;
    sockopt::set_tcp_nodelay(&socket, true)?;
    if let Some(source) = source {
        bind(&socket, &SocketAddr::from((source, 0)))?;
    }
    match connect(&socket, &door) {
        Ok(()) | Err(rustix::io::Errno::INPROGRESS) => Ok(TcpStream::from(socket)),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_take_turns_only_where_ports_would_run_out() {
        let door = "127.0.0.1:1883".parse().unwrap();
        assert_eq!(source(door, 7, 2_000), None);
        assert_eq!(source("192.0.2.1:1883".parse().unwrap(), 7, 100_000), None);
        let used: std::collections::BTreeSet<_> = (0..100_000).map(|n| source(door, n, 100_000)).collect();
        assert_eq!(used.len(), 4);
        assert!(used.contains(&Some(Ipv4Addr::new(127, 0, 0, 4))));
    }
}
