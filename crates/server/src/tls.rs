//! The certificate of every listener that speaks TLS, read again when it is renewed.
//!
//! [`Certificate`] hands out one acceptor for good; behind it the certificate is exchanged. Connections that are up go on
//! with the one they began with. A pair that cannot be used (half written, not belonging together, gone) changes
//! nothing but the health: the old one serves on, and everybody sees that the new one does not. So does everybody when
//! one comes to its end and nobody has renewed it.

mod validity;

use anyhow::{Context as _, ensure};
use dispatch::Shared;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use std::{
    fmt,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use validity::Validity;

/// How often the files are looked at: two small reads, and a renewal that waits longer for nobody to notice.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// The troubles that the health names.
const UNUSABLE: &str = "certificate_unusable";
const ENDING: &str = "certificate_ending";

/// Where certificate and key lie, in PEM: the chain with the server's own first, and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CertificateFiles {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// What the files hold; the fingerprint tells whether they have changed.
struct Contents {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// The certificate in use.
pub(crate) struct Certificate {
    files: CertificateFiles,
    current: RwLock<Arc<CertifiedKey>>,
}

impl CertificateFiles {
    fn read(&self) -> anyhow::Result<Contents> {
        let read = |name: &str, path: &PathBuf| {
            std::fs::read(path).with_context(|| format!("{name} {} cannot be read", path.display()))
        };
        let certificate = read("tls.certificate", &self.certificate)?;
        let key = read("tls.key", &self.key)?;
        Ok(Contents { certificate, key })
    }

    fn parse(&self, contents: &Contents) -> anyhow::Result<CertifiedKey> {
        let (certificate, key) = (self.certificate.display(), self.key.display());
        let chain = CertificateDer::pem_slice_iter(&contents.certificate)
            .collect::<Result<Vec<_>, _>>()
            .with_context(|| format!("tls.certificate {certificate} is not PEM"))?;
        ensure!(!chain.is_empty(), "tls.certificate {certificate} holds no certificate");
        let private = PrivateKeyDer::from_pem_slice(&contents.key)
            .with_context(|| format!("tls.key {key} holds no private key in PEM"))?;
        CertifiedKey::from_der(chain, private, &ring::default_provider())
            .with_context(|| format!("tls.certificate {certificate} and tls.key {key} do not make a pair"))
    }
}

impl Contents {
    fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.certificate, &self.key).hash(&mut hasher);
        hasher.finish()
    }
}

impl Certificate {
    /// Reads the files; without a pair that can be used nothing is listened for.
    pub(crate) fn load(files: CertificateFiles) -> anyhow::Result<Arc<Self>> {
        let first = files.parse(&files.read()?)?;
        Ok(Arc::new(Self { files, current: RwLock::new(Arc::new(first)) }))
    }

    /// Accepts TLS 1.2 and 1.3 with whatever certificate is in use at the time.
    pub(crate) fn acceptor(self: &Arc<Self>) -> anyhow::Result<TlsAcceptor> {
        let resolver: Arc<dyn ResolvesServerCert> = Arc::clone(self) as _;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .context("no version of TLS")?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        // Handsets come back by the thousand after an outage; one with a ticket costs no signature.
        config.ticketer = ring::Ticketer::new().context("no key for TLS tickets")?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// Looks at the files until stopped, every few seconds and at each SIGHUP.
    pub(crate) async fn follow(self: Arc<Self>, shared: Shared, stop: CancellationToken) {
        let mut hangups = match signal(SignalKind::hangup()) {
            Ok(hangups) => Some(hangups),
            Err(error) => {
                tracing::warn!(event = "no_sighup", %error);
                None
            }
        };
        let mut seen = None;
        while !stop.is_cancelled() {
            seen = self.look(seen, &shared).await;
            self.look_at_its_end(&shared);
            let hangup = async {
                match &mut hangups {
                    Some(hangups) => hangups.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = hangup => {
                    tracing::info!(event = "certificate_asked_for_again");
                    seen = None;
                }
            }
        }
    }

    /// Takes the pair in the files into use if it differs from what was `seen`; gives what is there now.
    async fn look(self: &Arc<Self>, seen: Option<u64>, shared: &Shared) -> Option<u64> {
        let certificate = Arc::clone(self);
        let outcome = tokio::task::spawn_blocking(move || certificate.renew(seen)).await;
        let (there, trouble) = match outcome {
            Ok(Ok(there)) => (Some(there), None),
            Ok(Err((there, error))) => (there, Some(format!("{error:#}"))),
            Err(error) => (None, Some(error.to_string())),
        };
        let is_news = there.is_none() || there != seen;
        if is_news {
            let detail = trouble.map(|word| {
                format!("{word}; TLS goes on with the certificate it has until there is a good one")
            });
            shared.health.set(UNUSABLE, detail, shared.clock.now());
        }
        there
    }

    fn look_at_its_end(&self, shared: &Shared) {
        let now = shared.clock.now();
        let current = Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner));
        let validity = current.end_entity_cert().ok().and_then(|own| Validity::read(own));
        shared.health.set(ENDING, validity.and_then(|validity| validity.trouble(now)), now);
    }

    fn renew(&self, seen: Option<u64>) -> Result<u64, (Option<u64>, anyhow::Error)> {
        let contents = self.files.read().map_err(|error| (None, error))?;
        let there = contents.fingerprint();
        if seen == Some(there) {
            return Ok(there);
        }
        let pair = self.files.parse(&contents).map_err(|error| (Some(there), error))?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.cert != pair.cert {
            tracing::info!(event = "certificate_renewed", file = %self.files.certificate.display());
        }
        *current = Arc::new(pair);
        Ok(there)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("files", &self.files).finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}
