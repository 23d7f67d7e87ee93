//! Whose certificates are believed: the system's authorities, or those of a file.

use crate::settings::SettingsError;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{
        CertificateDer,
        pem::{Error as PemError, PemObject as _},
    },
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Where systems keep them: Debian and Alpine, Fedora, SUSE, the BSDs.
const SYSTEM: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The authorities of this file, or of the system.
pub(crate) fn authorities(
    setting: &str,
    file: Option<&Path>,
) -> Result<Vec<CertificateDer<'static>>, SettingsError> {
    let setting = format!("{setting}.ca_file");
    let system = || SYSTEM.iter().map(Path::new).find(|path| path.exists());
    let Some(path) = file.or_else(system) else {
        let why = "this system has no certificates of authorities: install ca-certificates, or name a file";
        return Err(SettingsError::value(setting, why));
    };
    let unreadable = |source| SettingsError::Authorities {
        setting: setting.clone(),
        path: PathBuf::from(path),
        source,
    };
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let certificates = read.map_err(unreadable)?;
    if certificates.is_empty() {
        return Err(unreadable(PemError::NoItemsFound));
    }
    Ok(certificates)
}

/// TLS by ring, believing them.
pub(crate) fn tls(setting: &str, file: Option<&Path>) -> Result<Arc<ClientConfig>, SettingsError> {
    let certificates = authorities(setting, file)?;
    let refused = |source| SettingsError::Tls { setting: format!("{setting}.ca_file"), source };
    let mut roots = RootCertStore::empty();
    if file.is_some() {
        for certificate in certificates {
            roots.add(certificate).map_err(refused)?;
        }
    } else {
        // One odd certificate in the system's list is no reason to send nothing.
        roots.add_parsable_certificates(certificates);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(refused)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
