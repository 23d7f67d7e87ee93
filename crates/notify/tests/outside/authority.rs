//! An authority of its own and a certificate for this machine, made on the spot by the `openssl` program.

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use std::{path::PathBuf, process::Command, sync::Arc};
use tokio_rustls::TlsAcceptor;

pub(crate) struct Authority {
    folder: tempfile::TempDir,
}

impl Authority {
    /// It vouches for `localhost` and for nothing else.
    pub(crate) fn found() -> Self {
        let authority = Self { folder: tempfile::tempdir().unwrap() };
        let curve = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        authority
            .openssl(&format!("req -x509 {curve} -days 2 -subj /CN=authority -keyout ca.key -out ca.pem"));
        authority.openssl(&format!("req {curve} -subj /CN=server -keyout server.key -out server.csr"));
        std::fs::write(
            authority.file("names"),
            "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n",
        )
        .unwrap();
        authority.openssl(
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem",
        );
        authority
    }

    fn openssl(&self, arguments: &str) {
        let made =
            Command::new("openssl").args(arguments.split(' ')).current_dir(self.folder.path()).output();
        let made = made.expect("this test needs `openssl`: apt-get install openssl");
        assert!(made.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&made.stderr));
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a client is told to believe.
    pub(crate) fn ca_file(&self) -> String {
        self.file("ca.pem").display().to_string()
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let certificate = CertificateDer::from_pem_file(self.file("server.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(self.file("server.key")).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}
