//! Encryption for the server of the tests.

use std::{net::TcpStream, path::PathBuf, sync::Arc};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};

pub(super) type Encrypted = StreamOwned<ServerConnection, TcpStream>;

const CERTIFICATE: &[u8] = include_bytes!("../../data/tls/localhost.der");
const KEY: &[u8] = include_bytes!("../../data/tls/localhost.key.der");

/// The certificate of a server that encrypts, for who is to trust it.
pub fn certificate() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/data/tls/localhost.pem"))
}

pub(super) fn config() -> ServerConfig {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows the versions of today")
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(CERTIFICATE)], key)
        .expect("the key is that of the certificate")
}

pub(super) fn accept(config: Arc<ServerConfig>, stream: TcpStream) -> Encrypted {
    let connection = ServerConnection::new(config).expect("the settings are sound");
    StreamOwned::new(connection, stream)
}
