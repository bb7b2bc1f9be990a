//! Whom a TLS connection trusts.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Trusts whom the machine trusts, and those of the file. Read anew for each connection: certificates
/// are replaced while the server runs.
///
/// # Errors
/// In words: the file cannot be read, or nobody is trusted at all.
pub(super) fn connector(ca_file: Option<&Path>) -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = ca_file {
        let wrong = |what: &dyn std::fmt::Display| format!("the file {}: {what}", file.display());
        let found = CertificateDer::pem_file_iter(file).map_err(|error| wrong(&error))?;
        let found = found.collect::<Result<Vec<_>, _>>().map_err(|error| wrong(&error))?;
        if roots.add_parsable_certificates(found).0 == 0 {
            return Err(wrong(&"it holds no certificate"));
        }
    }
    if roots.is_empty() {
        return Err("this machine trusts no certificates: name some in ca_file".to_owned());
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
