//! SMS and voice: a provider described by settings.

mod request;
mod success;

use crate::{
    http::{Client, Dialler, System, trust},
    outcome::{Refusal, words},
    outgoing::Outgoing,
    report::Reports,
    settings::{GatewaySettings, SettingsError, timeout},
    template::Known,
};
use model::Timestamp;
use request::Recipe;
use std::sync::Arc;
use success::Verdict;

/// A provider that can be asked.
#[derive(Debug)]
pub(crate) struct Gateway {
    recipe: Recipe,
    verdict: Verdict,
    client: Client,
    reports: Option<Reports>,
}

impl Gateway {
    /// Checks everything that can be checked without asking. `setting` is the name of the part of the settings.
    pub(crate) fn new(
        setting: &str,
        settings: &GatewaySettings,
        known: Known<'_>,
    ) -> Result<Self, SettingsError> {
        let recipe = Recipe::new(setting, settings, known)?;
        let needs_tls = settings.url.reveal().trim_start().starts_with("https");
        let tls = needs_tls.then(|| trust::tls(setting, settings.ca_file.as_deref())).transpose()?;
        let dialler = Dialler { resolver: Arc::new(System), guard: None, tls };
        let client = Client { dialler, timeout: timeout(setting, settings.timeout_s)? };
        let reports = settings.report.as_ref().map(|report| Reports::new(setting, report)).transpose()?;
        Ok(Self { recipe, verdict: Verdict::new(setting, settings)?, client, reports })
    }

    /// How its reports are read, for who knows the secret.
    pub(crate) fn reports(&self, secret: &str) -> Option<&Reports> {
        self.reports.as_ref().filter(|reports| reports.knows(secret))
    }

    /// One attempt; gives the provider's id.
    pub(crate) async fn send(&self, message: &Outgoing, now: Timestamp) -> Result<Option<String>, Refusal> {
        let target = self.recipe.target(message).map_err(Refusal::never)?;
        let request = self.recipe.request(&target, message).map_err(Refusal::never)?;
        let answer = self.client.call(request).await?;
        self.verdict.judge(&target.host_text(), &answer, now, || self.recipe.hidden(message))
    }
}

fn template_error(setting: &str) -> impl FnOnce(crate::TemplateError) -> SettingsError {
    let setting = setting.to_owned();
    |source| SettingsError::Template { setting, source }
}

fn header_error(setting: &str, error: &dyn std::error::Error) -> SettingsError {
    SettingsError::value(setting, words(error))
}
