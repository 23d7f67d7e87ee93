//! Certificates for a platform under test, made on the spot by the `openssl` program.

use crate::tools;
use anyhow::{Context as _, Result, ensure};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use std::{
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

/// An authority of its own in a folder of its own, and the files a platform reads.
#[derive(Debug)]
pub struct Authority {
    folder: tempfile::TempDir,
}

/// A certificate and its key, in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The certificate.
    pub certificate: String,
    /// The key.
    pub key: String,
}

impl Authority {
    /// Makes one that everybody in the test trusts.
    pub fn found() -> Result<Self> {
        tools::need("openssl", "openssl")?;
        let authority = Self { folder: tempfile::tempdir()? };
        authority.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=test authority",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
        ])?;
        Ok(authority)
    }

    /// Where a client finds whom to trust.
    pub fn trusted(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Where the platform reads its certificate.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("server.pem")
    }

    /// Where the platform reads its key.
    pub fn key(&self) -> PathBuf {
        self.folder.path().join("server.key")
    }

    /// A new pair for 127.0.0.1 under this name.
    pub fn issue(&self, name: &str) -> Result<Pair> {
        self.issue_by(name, &["openssl"])
    }

    /// One that was issued 80 days ago and is good for ten more.
    pub fn issue_ending(&self, name: &str) -> Result<Pair> {
        tools::need("faketime", "faketime")?;
        self.issue_by(name, &["faketime", "-f", "-80d", "openssl"])
    }

    fn issue_by(&self, name: &str, openssl: &[&str]) -> Result<Pair> {
        let subject = format!("/CN={name}");
        self.openssl(&[
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-subj",
            &subject,
            "-keyout",
            "new.key",
            "-out",
            "new.csr",
        ])?;
        std::fs::write(
            self.folder.path().join("names"),
            "subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n",
        )?;
        self.run(
            openssl,
            &[
                "x509",
                "-req",
                "-in",
                "new.csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "90",
                "-extfile",
                "names",
                "-out",
                "new.pem",
            ],
        )?;
        let read = |name: &str| std::fs::read_to_string(self.folder.path().join(name));
        Ok(Pair { certificate: read("new.pem")?, key: read("new.key")? })
    }

    /// Puts a pair where the platform reads it.
    pub fn install(&self, pair: &Pair) -> Result<()> {
        write_whole(&self.certificate(), &pair.certificate)?;
        write_whole(&self.key(), &pair.key)
    }

    fn openssl(&self, words: &[&str]) -> Result<()> {
        self.run(&["openssl"], words)
    }

    fn run(&self, program: &[&str], words: &[&str]) -> Result<()> {
        let mut all = program.iter().chain(words);
        let mut command = Command::new(all.next().context("no program")?);
        let done = command.args(all).current_dir(self.folder.path()).output()?;
        ensure!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
        Ok(())
    }
}

/// Writes beside and renames, as every good renewal does.
fn write_whole(path: &Path, text: &str) -> Result<()> {
    let draft = path.with_extension("draft");
    std::fs::write(&draft, text)?;
    std::fs::rename(&draft, path).with_context(|| format!("{}", path.display()))
}

impl Authority {
    /// Connects to a port and shakes hands, trusting this authority alone.
    pub async fn dial(&self, port: u16) -> Result<TlsStream<TcpStream>> {
        let tcp = TcpStream::connect(("127.0.0.1", port)).await?;
        tcp.set_nodelay(true)?;
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.trusted())?)?;
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::IpAddress(IpAddr::from(Ipv4Addr::LOCALHOST).into());
        Ok(TlsConnector::from(Arc::new(config)).connect(name, tcp).await?)
    }
}

impl Pair {
    /// Whether this is the certificate that a connection was shown.
    pub fn is_shown(&self, stream: &TlsStream<TcpStream>) -> Result<bool> {
        let own = CertificateDer::from_pem_slice(self.certificate.as_bytes())?;
        let (_, session) = stream.get_ref();
        Ok(session.peer_certificates().and_then(|chain| chain.first()) == Some(&own))
    }
}
