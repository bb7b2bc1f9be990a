//! Channels over TLS: whoever the machine trusts is told, and nobody else.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::app::{App, BIN};

#[derive(Clone, Copy)]
enum Speaks {
    Http,
    /// Mail, encrypted from the first byte.
    Mail,
    /// Mail, encrypted once the client asks for it.
    MailUpgraded,
}

/// A receiver with a certificate of its own.
struct Receiver {
    acceptor: TlsAcceptor,
    came: mpsc::UnboundedSender<String>,
}

impl Receiver {
    async fn listen(self: &Arc<Self>, speaks: Speaks) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let this = Arc::clone(self);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let this = Arc::clone(&this);
                // Whoever does not trust the certificate hangs up.
                tokio::spawn(async move { this.talk(stream, speaks).await.unwrap_or_default() });
            }
        });
        address
    }

    async fn talk(&self, mut stream: TcpStream, speaks: Speaks) -> std::io::Result<()> {
        match speaks {
            Speaks::Http => self.http(self.acceptor.accept(stream).await?).await,
            Speaks::Mail => self.mail(self.acceptor.accept(stream).await?, true).await,
            Speaks::MailUpgraded => {
                stream.write_all(b"220 mail\r\n").await?;
                for (word, answer) in [("EHLO", "250-mail\r\n250 STARTTLS"), ("STARTTLS", "220 go")]
                {
                    let line = line(&mut BufReader::with_capacity(1, &mut stream)).await?;
                    assert!(line.starts_with(word), "{line} in the clear");
                    stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
                }
                self.mail(self.acceptor.accept(stream).await?, false).await
            }
        }
    }

    async fn http(&self, stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        while line(&mut stream).await? != "\r\n" {}
        let _ = self.came.send("webhook".to_owned());
        stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await?;
        stream.shutdown().await
    }

    async fn mail(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin,
        greets: bool,
    ) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        if greets {
            stream.write_all(b"220 mail\r\n").await?;
            stream.flush().await?;
        }
        loop {
            let command = line(&mut stream).await?;
            let answer = match command.get(..4) {
                None => return Ok(()),
                Some("DATA") => "354 go on",
                Some("QUIT") => "221 bye",
                Some(_) => "250 ok",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
            stream.flush().await?;
            if answer.starts_with('3') {
                while line(&mut stream).await? != ".\r\n" {}
                let _ = self.came.send("mail".to_owned());
                stream.write_all(b"250 ok\r\n").await?;
                stream.flush().await?;
            }
        }
    }
}

async fn line(stream: &mut (impl tokio::io::AsyncBufRead + Unpin)) -> std::io::Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    Ok(line)
}

#[tokio::test]
async fn whoever_the_machine_trusts_is_told_over_tls_and_nobody_else() {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let (sender, mut came) = mpsc::unbounded_channel();
    let receiver =
        Arc::new(Receiver { acceptor: TlsAcceptor::from(Arc::new(config)), came: sender });
    let hook = receiver.listen(Speaks::Http).await;
    let mail = receiver.listen(Speaks::Mail).await;
    let upgraded = receiver.listen(Speaks::MailUpgraded).await;
    let email = |id: &str, address: SocketAddr, tls: &str| {
        format!(
            "[[channels]]\nkind = \"email\"\nid = \"{id}\"\nserver = \"{address}\"\n\
             tls = \"{tls}\"\nfrom = \"a@clinic.example\"\nto = [\"b@clinic.example\"]\n"
        )
    };
    let channels = [
        format!("[[channels]]\nkind = \"webhook\"\nid = \"hook\"\nurl = \"https://{hook}/\"\n"),
        email("mail", mail, "tls"),
        email("upgraded", upgraded, "starttls"),
    ];
    for is_trusted in [true, false] {
        let mut app = App::prepared();
        app.write_config(&channels.concat());
        let admin = app.token(&["token", "add", "boss", "--role", "admin"]);
        let certificates = app.folder.path().join("trusted.pem");
        let other = generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap().cert;
        std::fs::write(&certificates, if is_trusted { cert.pem() } else { other.pem() }).unwrap();
        let mut command = Command::new(BIN);
        command.env("SSL_CERT_FILE", &certificates);
        let log = std::fs::File::create(app.folder.path().join("log")).unwrap();
        app.run_as(command, log).await;
        for id in ["hook", "mail", "upgraded"] {
            let tested: Value = reqwest::Client::new()
                .post(app.url(&format!("/api/v1/channels/{id}/test")))
                .bearer_auth(admin.trim())
                .header("Idempotency-Key", id)
                .json(&json!({}))
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            assert_eq!(tested["delivered"], is_trusted, "{id}: {tested}");
            assert_eq!(came.try_recv().is_ok(), is_trusted, "{id}");
            let why = tested["why"].as_str().unwrap_or_default();
            assert_eq!(why.is_empty(), is_trusted, "{id}: {tested}");
        }
    }
}
