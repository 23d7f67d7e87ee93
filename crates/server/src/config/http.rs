//! Where the API and the dashboards are served, and what is asked of those who come.

use anyhow::ensure;
use dispatch::live::SCREENS_PER_ACCOUNT;
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};

/// Signs that a token of the settings has at least.
const TOKEN_BYTES: usize = 16;

/// `[http]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Http {
    /// Where the API and the dashboards are served.
    pub(crate) listen: SocketAddr,
    /// The same over TLS, with the certificate of `[tls]`.
    pub(crate) tls_listen: Option<SocketAddr>,
    /// Under which address people outside reach the dashboards, such as `https://care.example`; for links in messages.
    pub(crate) public_url: Option<String>,
    /// Whoever brings this as a bearer reads `/metrics` from another machine.
    metrics_token: Option<notify::Secret>,
    /// Proxies that say in `X-Forwarded-For` and `X-Forwarded-Proto` by whom and how they were asked.
    pub(crate) trusted_proxies: Vec<IpAddr>,
    /// Live screens of one account that may be up at once.
    pub(crate) screens_per_account: usize,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            tls_listen: None,
            public_url: None,
            metrics_token: None,
            trusted_proxies: Vec::new(),
            screens_per_account: SCREENS_PER_ACCOUNT,
        }
    }
}

impl Http {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.metrics_token().is_none_or(|token| token.len() >= TOKEN_BYTES),
            "http.metrics_token (JJL_HTTP__METRICS_TOKEN) can be guessed; take at least {TOKEN_BYTES} signs by chance, such \
             as `openssl rand -hex 16` makes"
        );
        ensure!(
            self.screens_per_account >= 1,
            "http.screens_per_account (JJL_HTTP__SCREENS_PER_ACCOUNT) is 0, but whoever is on duty has a screen up"
        );
        Ok(())
    }

    /// What opens `/metrics` to other machines.
    pub(crate) fn metrics_token(&self) -> Option<&str> {
        self.metrics_token.as_ref().map(notify::Secret::reveal)
    }
}
