//! E-mail through a mail server, one connection a message.

use crate::{
    http::{target::is_here, trust},
    outcome::{Refusal, words},
    outgoing::Outgoing,
    secret::excerpt,
    settings::{EmailSettings, MailTls, SettingsError, timeout},
};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error as SmtpError,
        authentication::Credentials,
        client::{Certificate, CertificateStore, Tls, TlsParameters},
        extension::ClientId,
    },
};
use model::Timestamp;
use std::time::{Duration, SystemTime};
use url::Host;

/// A mail server that can be written to.
pub(crate) struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
    hidden: Vec<String>,
    timeout: Duration,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("host", &self.host).finish_non_exhaustive()
    }
}

impl Mail {
    pub(crate) fn new(settings: &EmailSettings) -> Result<Self, SettingsError> {
        let from: Mailbox = settings
            .from
            .parse()
            .map_err(|_error| SettingsError::value("email.from", "it is no address, as Name <name@host>"))?;
        let timeout = timeout("email", settings.timeout_s)?;
        let (port, tls) = tls(settings)?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port.unwrap_or(port))
            .tls(tls)
            .timeout(Some(timeout))
            .hello_name(ClientId::Domain(from.email.domain().to_owned()));
        let mut hidden = Vec::new();
        match (&settings.username, &settings.password) {
            (Some(username), Some(password)) => {
                let (username, password) = (username.clone(), password.reveal().to_owned());
                hidden.push(password.clone());
                builder = builder.credentials(Credentials::new(username, password));
            }
            (None, None) => {}
            _ => {
                let why = "user name and password stand together or not at all";
                return Err(SettingsError::value("email.username", why));
            }
        }
        Ok(Self { transport: builder.build(), from, host: settings.host.clone(), hidden, timeout })
    }

    /// One attempt; gives what the server said when it took the letter, which is where its number stands.
    pub(crate) async fn send(&self, message: &Outgoing) -> Result<Option<String>, Refusal> {
        let letter = self.letter(message)?;
        match tokio::time::timeout(self.timeout, self.transport.send(letter)).await {
            Ok(Ok(response)) => Ok(response.first_line().map(str::to_owned).filter(|line| !line.is_empty())),
            Ok(Err(error)) => Err(self.refusal(&error, message)),
            Err(_elapsed) => {
                let seconds = self.timeout.as_secs();
                Err(Refusal::later(format!("{} did not take the letter within {seconds} s", self.host)))
            }
        }
    }

    fn letter(&self, message: &Outgoing) -> Result<Message, Refusal> {
        // A line's end would let a name in the subject write headers of its own.
        for (what, text) in [("subject", &message.subject), ("address", &message.to)] {
            if text.chars().any(char::is_control) {
                return Err(Refusal::never(format!(
                    "the {what} holds a line's end or another control character"
                )));
            }
        }
        let to: Address = message
            .to
            .parse()
            .map_err(|_error| Refusal::never("the recipient's address is no e-mail address"))?;
        let text = message.link.as_ref().map_or_else(
            || message.marked_text().into_owned(),
            |link| format!("{}\n\n{link}", message.marked_text()),
        );
        let mut letter = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.marked_subject())
            // The same at each attempt, so that mail programs show a repeat once.
            .message_id(Some(format!("<{}@{}>", message.id, self.from.email.domain())))
            .date(date(message.made_at))
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|error| Refusal::never(format!("no letter could be made of it: {error}")))?;
        // Nobody's holiday answers an alarm (RFC 3834).
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        letter.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
        Ok(letter)
    }

    fn refusal(&self, error: &SmtpError, message: &Outgoing) -> Refusal {
        let hidden =
            self.hidden.iter().map(String::as_str).chain([message.to.as_str(), message.text.as_str()]);
        let why = excerpt(&format!("{}: {}", self.host, words(error)), hidden);
        if error.is_permanent() && !is_about_log_in(error) {
            Refusal::never(why)
        } else {
            Refusal::later(why)
        }
    }
}

/// Of a time before 1970 the beginning of 1970: a letter goes out with a wrong date rather than not at all.
fn date(made_at: Timestamp) -> SystemTime {
    let since = u64::try_from(made_at.as_second()).map_or(Duration::ZERO, Duration::from_secs);
    SystemTime::UNIX_EPOCH + since
}

/// 530, 534, 535 and 538: a password that somebody mends meanwhile.
fn is_about_log_in(error: &SmtpError) -> bool {
    error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538))
}

/// The usual port, and TLS that believes the authorities of the settings.
fn tls(settings: &EmailSettings) -> Result<(u16, Tls), SettingsError> {
    if settings.tls == MailTls::None {
        let is_here = Host::parse(&settings.host).is_ok_and(|host| is_here(&host));
        let why = "without TLS letters go to a server on this machine only (localhost, 127.0.0.1, ::1)";
        return if is_here { Ok((25, Tls::None)) } else { Err(SettingsError::value("email.tls", why)) };
    }
    let failed = |source| SettingsError::MailTls { setting: "email.ca_file".to_owned(), source };
    let mut builder = TlsParameters::builder(settings.host.clone()).certificate_store(CertificateStore::None);
    for certificate in trust::authorities("email", settings.ca_file.as_deref())? {
        let certificate = Certificate::from_der(certificate.to_vec()).map_err(failed)?;
        builder = builder.add_root_certificate(certificate);
    }
    let parameters = builder.build_rustls().map_err(failed)?;
    Ok(match settings.tls {
        MailTls::Tls => (465, Tls::Wrapper(parameters)),
        MailTls::Starttls | MailTls::None => (587, Tls::Required(parameters)),
    })
}
