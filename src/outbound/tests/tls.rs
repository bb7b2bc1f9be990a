use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::stand_in::framed;
use super::*;

/// A receiver behind TLS that takes every message, and its certificate as PEM.
async fn receiver(name: &str) -> (u16, String) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let Some(message) = framed(&mut stream).await else { continue };
            let id = field(&message, "MSH", 10);
            let answer = format!("\u{b}MSH|^~\\&|EHR\rMSA|AA|{id}\r\u{1c}\r");
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
    });
    (port, cert.pem())
}

fn over_tls(port: u16, ca_file: Option<std::path::PathBuf>) -> config::Outbound {
    let mut to = config::Outbound { ca_file, ..to_hl7("EHR", port, false) };
    let Protocol::Hl7(hl7) = &mut to.way else { panic!() };
    hl7.tls = true;
    to
}

#[tokio::test]
async fn over_tls_only_whoever_is_trusted_and_has_the_right_name_gets_anything() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ehr.pem");
    let (port, pem) = receiver("127.0.0.1").await;
    std::fs::write(&file, pem).unwrap();
    let bench = Bench::sending_to(vec![over_tls(port, Some(file.clone()))]).await;
    bench.ends(record("s-1", 130)).await;
    assert_eq!(bench.settled().await.arrived, 1);

    let (of_another, pem) = receiver("ehr.example").await;
    std::fs::write(&file, pem).unwrap();
    for to in [over_tls(of_another, Some(file)), over_tls(port, None)] {
        let bench = Bench::sending_to(vec![to]).await;
        bench.ends(record("s-1", 130)).await;
        let shown = bench.until(|to| to.not_reached_since.is_some()).await;
        assert!(
            shown.why.as_ref().is_some_and(|why| why.contains("TLS") || why.contains("trusts no")),
            "{shown:?}"
        );
        assert_eq!((shown.arrived, shown.waiting), (0, 1));
    }
}

#[tokio::test]
async fn a_file_without_certificates_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ehr.pem");
    std::fs::write(&file, "nothing\n").unwrap();
    let bench = Bench::sending_to(vec![over_tls(receiver("127.0.0.1").await.0, Some(file))]).await;
    bench.ends(record("s-1", 130)).await;
    let shown = bench.until(|to| to.why.is_some()).await;
    assert!(shown.why.as_ref().is_some_and(|why| why.contains("ehr.pem")), "{shown:?}");
}
