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

/// The authorities of this file, or of the system.
pub(crate) fn authorities(
    setting: &str,
    file: Option<&Path>,
) -> Result<Vec<CertificateDer<'static>>, SettingsError> {
    let setting = format!("{setting}.ca_file");
    let Some(path) = file else {
        let system = rustls_native_certs::load_native_certs().certs;
        if system.is_empty() {
            let why =
                "this system has no certificates of authorities: install ca-certificates, or name a file";
            return Err(SettingsError::value(setting, why));
        }
        return Ok(system);
    };
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let some = read.and_then(|all| if all.is_empty() { Err(PemError::NoItemsFound) } else { Ok(all) });
    some.map_err(|source| SettingsError::Authorities { setting, path: PathBuf::from(path), source })
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
