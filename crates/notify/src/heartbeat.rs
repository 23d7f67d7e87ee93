//! A monitor elsewhere that is told, again and again, that all is well, and calls somebody when it is told no more.

use crate::{
    Secret, SettingsError,
    http::{Client, Dialler, Request, System, target::Target, trust},
    outcome::words,
};
use bytes::Bytes;
use hyper::{
    HeaderMap, Method,
    header::{HeaderValue, USER_AGENT},
};
use std::{sync::Arc, time::Duration};

/// A monitor that takes longer than this is asked again at the next turn.
const WITHIN: Duration = Duration::from_secs(15);

/// The address that is called. It mostly is a secret, so no message shows more of it than its host.
#[derive(Debug)]
pub struct Heartbeat {
    target: Target,
    client: Client,
}

impl Heartbeat {
    /// Checks everything that can be checked without calling. `setting` is the name of the setting with the address.
    pub fn new(setting: &str, url: &Secret, allow_http: bool) -> Result<Self, SettingsError> {
        let target = Target::parse(url.reveal().trim(), allow_http)
            .map_err(|why| SettingsError::value(setting, why))?;
        let tls = target.is_https().then(|| trust::tls(setting, None)).transpose()?;
        let dialler = Dialler { resolver: Arc::new(System), guard: None, tls };
        Ok(Self { target, client: Client { dialler, timeout: WITHIN } })
    }

    /// Calls it once; says in words why that did not help.
    pub async fn beat(&self) -> Result<(), String> {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, HeaderValue::from_static(crate::USER_AGENT));
        let request = Request { method: Method::GET, target: &self.target, headers, body: Bytes::new() };
        let answer = self.client.call(request).await.map_err(|error| words(&error))?;
        if answer.status.is_success() {
            return Ok(());
        }
        Err(format!("{} answered {}", self.target.host_text(), answer.status.as_u16()))
    }
}
