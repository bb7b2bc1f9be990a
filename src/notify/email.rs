use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::ContentType;
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncTransport, Tokio1Executor};

use super::failure::Failure;
use super::webhook::secret_in;
use crate::config::{Email, SmtpTls};
use crate::notice::Message;

/// A mail server that does not answer a command within this time has failed.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
/// A message is handed over within this time, however slowly the server goes on.
const TAKES_WITHIN: Duration = Duration::from_secs(30);

/// Hands messages to a mail server.
pub(super) struct Mailer {
    config: Email,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl std::fmt::Debug for Mailer {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer").field("host", &self.config.host).finish_non_exhaustive()
    }
}

impl Mailer {
    pub(super) fn open(config: &Email) -> Result<Self, String> {
        let parameters = || {
            TlsParameters::new(config.host.clone())
                .map_err(|error| format!("TLS with {} is not possible: {error}", config.host))
        };
        let tls = match config.tls {
            SmtpTls::Tls => Tls::Wrapper(parameters()?),
            SmtpTls::StartTls => Tls::Required(parameters()?),
            SmtpTls::None => Tls::None,
        };
        let mut transport =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(config.host.as_str())
                .port(config.port)
                .tls(tls)
                .timeout(Some(ANSWERS_WITHIN));
        if let (Some(user), Some(file)) = (&config.user, &config.password_file) {
            transport = transport.credentials(Credentials::new(user.clone(), secret_in(file)?));
        }
        Ok(Self { config: config.clone(), transport: transport.build() })
    }

    pub(super) fn to(&self) -> String {
        let people = match self.config.to.len() {
            1 => "1 address".to_owned(),
            many => format!("{many} addresses"),
        };
        format!("{people} through {}", self.config.host)
    }

    pub(super) async fn carry(&self, message: &Message) -> Result<(), Failure> {
        let mail = self.mail(message)?;
        let host = &self.config.host;
        match tokio::time::timeout(TAKES_WITHIN, self.transport.send(mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.failure(&error)),
            Err(_) => Err(Failure::new(
                format!("{host} has not taken the message within {} s.", TAKES_WITHIN.as_secs()),
                "Check whether it works, and the way to it.",
            )),
        }
    }

    fn mail(&self, message: &Message) -> Result<lettre::Message, Failure> {
        let at = Duration::from_millis(u64::try_from(message.at.0).unwrap_or(0));
        let mut mail = lettre::Message::builder()
            .message_id(Some(format!("<{}@dripwatch>", message.id)))
            .date(UNIX_EPOCH + at)
            .from(self.config.from.clone())
            .subject(&message.title)
            .header(ContentType::TEXT_PLAIN);
        for to in &self.config.to {
            mail = mail.to(to.clone());
        }
        mail.body(format!("{}\n\n{}\n", message.title, message.text)).map_err(|error| {
            Failure::new(
                format!("The message cannot be written ({error})."),
                "Check the addresses.",
            )
        })
    }

    fn failure(&self, error: &lettre::transport::smtp::Error) -> Failure {
        let host = &self.config.host;
        let code = error.status().map(|code| format!(" ({code})")).unwrap_or_default();
        if error.is_permanent() {
            return Failure::new(
                format!("{host} refuses the message{code}."),
                "Check the addresses, the user and the password.",
            );
        }
        if error.is_transient() {
            return Failure::new(
                format!("{host} does not take messages now{code}."),
                "Look into its own log, if it lasts.",
            );
        }
        if error.is_tls() {
            return Failure::new(
                format!("{host} is not who it should be, or does not speak TLS."),
                "Check its certificate, and tls in the channel.",
            );
        }
        if error.is_timeout() {
            return Failure::new(
                format!("{host} has not answered within {} s.", ANSWERS_WITHIN.as_secs()),
                "Check whether it works, and the way to it.",
            );
        }
        Failure::new(
            format!("{host} cannot be reached, or does not offer what tls asks for."),
            "Check whether it works, the way to it, and tls in the channel.",
        )
    }
}
