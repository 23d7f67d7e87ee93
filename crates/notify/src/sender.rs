//! One door for every channel.

use crate::{
    Channel, Failed, Outgoing, Receiver, Report, ReportError, Sent, Settings, SettingsError, email::Mail,
    gateway::Gateway, outcome::Refusal, template::Known, webhook::Webhook,
};
use model::Timestamp;
use tokio::time::Instant;

/// Everything that can be sent by. It keeps no state: attempts may run side by side.
#[derive(Debug)]
pub struct Sender {
    sms: Option<Gateway>,
    voice: Option<Gateway>,
    webhook: Option<Webhook>,
    email: Option<Mail>,
}

/// What a provider reported.
#[derive(Debug)]
pub struct Reported<'a> {
    /// Of which messages, or why it cannot be read.
    pub reports: Result<Vec<Report>, ReportError>,
    /// What the provider wants to hear in return.
    pub answer: Option<&'a str>,
}

impl Sender {
    /// Checks the settings, or says in words what is wrong with them. `further` names the variables that messages
    /// carry besides those every message has; templates may name them.
    pub fn new(settings: &Settings, further: &[&str]) -> Result<Self, SettingsError> {
        let known = Known(further);
        Ok(Self {
            sms: settings.sms.as_ref().map(|sms| Gateway::new("sms", sms, known)).transpose()?,
            voice: settings.voice.as_ref().map(|voice| Gateway::new("voice", voice, known)).transpose()?,
            webhook: settings.webhook.as_ref().map(Webhook::new).transpose()?,
            email: settings.email.as_ref().map(Mail::new).transpose()?,
        })
    }

    /// Whether this channel is set up.
    pub fn has(&self, channel: Channel) -> bool {
        match channel {
            Channel::Sms => self.sms.is_some(),
            Channel::Voice => self.voice.is_some(),
            Channel::Webhook => self.webhook.is_some(),
            Channel::Email => self.email.is_some(),
        }
    }

    /// What a provider says in a call that ends in this secret, and what it wants to hear in return. Nothing if no gateway of
    /// this channel has that secret.
    pub fn reported(&self, channel: Channel, secret: &str, body: &[u8]) -> Option<Reported<'_>> {
        let gateway = match channel {
            Channel::Sms => self.sms.as_ref(),
            Channel::Voice => self.voice.as_ref(),
            Channel::Webhook | Channel::Email => None,
        };
        let reports = gateway?.reports(secret)?;
        Some(Reported { reports: reports.read(body), answer: reports.answer() })
    }

    /// The names of the receivers of webhooks in the settings, in order.
    pub fn receivers(&self) -> Vec<String> {
        self.webhook.as_ref().map(Webhook::receivers).unwrap_or_default()
    }

    /// One attempt. It ends at the channel's timeout at the latest, and may be dropped at any moment.
    ///
    /// An attempt that failed may have arrived all the same: an answer can be lost on its way back. Every attempt
    /// therefore carries the message's id.
    pub async fn send(&self, message: &Outgoing, now: Timestamp) -> Result<Sent, Failed> {
        let begun = Instant::now();
        finish(begun, self.attempt(message, now).await)
    }

    /// One attempt at a receiver of webhooks that stands elsewhere than in the settings.
    pub async fn send_to(
        &self,
        receiver: &Receiver,
        message: &Outgoing,
        now: Timestamp,
    ) -> Result<Sent, Failed> {
        let begun = Instant::now();
        let attempt = async {
            check_id(message)?;
            let webhook = self.webhook.as_ref().ok_or_else(|| not_set_up(Channel::Webhook))?;
            webhook.send_to(receiver, message, now).await
        };
        finish(begun, attempt.await.map(|()| None))
    }

    async fn attempt(&self, message: &Outgoing, now: Timestamp) -> Result<Option<String>, Refusal> {
        check_id(message)?;
        let missing = || not_set_up(message.channel);
        match message.channel {
            Channel::Sms => self.sms.as_ref().ok_or_else(missing)?.send(message, now).await,
            Channel::Voice => self.voice.as_ref().ok_or_else(missing)?.send(message, now).await,
            Channel::Email => self.email.as_ref().ok_or_else(missing)?.send(message).await,
            Channel::Webhook => {
                self.webhook.as_ref().ok_or_else(missing)?.send(message, now).await.map(|()| None)
            }
        }
    }
}

fn check_id(message: &Outgoing) -> Result<(), Refusal> {
    if message.has_usable_id() {
        return Ok(());
    }
    Err(Refusal::never("a message's id has at most 64 letters, digits and _ - :"))
}

/// Somebody may set it up while the message waits.
fn not_set_up(channel: Channel) -> Refusal {
    Refusal::later(format!("{channel} is not set up"))
}

fn finish(begun: Instant, ended: Result<Option<String>, Refusal>) -> Result<Sent, Failed> {
    let took = begun.elapsed();
    match ended {
        Ok(provider_id) => Ok(Sent { provider_id, took }),
        Err(Refusal { why, again }) => Err(Failed { why, again, took }),
    }
}
