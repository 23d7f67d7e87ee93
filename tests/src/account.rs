//! A person at the HTTP API.

use anyhow::{Context as _, Result, bail};
use reqwest::{Client, Method, RequestBuilder, header};
use serde_json::{Value, json};

/// What every demo account opens with.
pub const PASSWORD: &str = "jujiale-demo";

/// Logged in, with the session's cookie.
#[derive(Debug, Clone)]
pub struct Account {
    http: Client,
    /// Address of the platform.
    pub base: String,
    /// The account.
    pub username: String,
    /// `name=value` of the session's cookie.
    pub cookie: String,
}

/// An answer of the API.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: header::HeaderMap,
    /// The JSON document; null if there was none.
    pub body: Value,
}

impl Answer {
    /// Waits for the whole answer.
    pub async fn of(request: RequestBuilder) -> Result<Self> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await?;
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Self { status, headers, body })
    }

    /// A header's text; empty if absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The document, if the answer is a yes.
    pub fn ok(self) -> Result<Value> {
        match self.status {
            200..=299 => Ok(self.body),
            status => bail!("{status}: {}", self.body),
        }
    }

    /// Whether it is a whole problem document of this status.
    pub fn is_problem(&self, status: u16) -> bool {
        self.status == status
            && self.header("content-type").starts_with("application/problem+json")
            && self.body["status"] == status
            && ["type", "title", "code"].iter().all(|field| self.body[field].is_string())
    }
}

/// Asks for a session.
pub async fn try_log_in(base: &str, username: &str, password: &str) -> Result<Answer> {
    let credentials = json!({ "username": username, "password": password });
    Answer::of(Client::new().post(format!("{base}/api/session")).json(&credentials)).await
}

impl Account {
    /// Logs a demo account in.
    pub async fn log_in(base: &str, username: &str) -> Result<Self> {
        let answer = try_log_in(base, username, PASSWORD).await?;
        Self::let_in(base, username, answer)
    }

    /// Somebody whom this answer let in.
    pub fn let_in(base: &str, username: &str, answer: Answer) -> Result<Self> {
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        answer.ok().with_context(|| format!("log-in of {username}"))?;
        let http = Client::builder().no_proxy().build()?;
        Ok(Self { http, base: base.to_owned(), username: username.to_owned(), cookie })
    }

    /// A request of this person, to be sent or made stranger.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).header(header::COOKIE, &self.cookie)
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        Answer::of(self.request(Method::GET, path)).await
    }

    /// Acts.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    /// Changes.
    pub async fn put(&self, path: &str, body: &Value) -> Result<Answer> {
        Answer::of(self.request(Method::PUT, path).json(body)).await
    }

    /// Removes.
    pub async fn delete(&self, path: &str) -> Result<Answer> {
        Answer::of(self.request(Method::DELETE, path)).await
    }

    /// A whole list, page after page.
    pub async fn list(&self, path: &str) -> Result<Vec<Value>> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let mut page = self.get(&format!("{path}{joint}limit=200{cursor}")).await?.ok()?;
            items.append(page["items"].as_array_mut().context("a list without items")?);
            cursor = match &page["next"] {
                Value::Null => return Ok(items),
                Value::String(next) => format!("&cursor={next}"),
                next => format!("&cursor={next}"),
            };
        }
    }

    /// All incidents: `open`, `closed` or `all`.
    pub async fn incidents(&self, state: &str) -> Result<Vec<Value>> {
        self.list(&format!("/api/incidents?state={state}")).await
    }

    /// One incident.
    pub async fn incident(&self, id: &Value) -> Result<Value> {
        self.get(&incident_path(id, "")).await?.ok()
    }

    /// What happened to it.
    pub async fn events(&self, id: &Value) -> Result<Vec<Value>> {
        self.list(&incident_path(id, "/events")).await
    }

    /// Does something to an incident as it was last seen.
    pub async fn act(&self, act: &str, incident: &Value, more: Value) -> Result<Answer> {
        let mut body = more;
        body["expected_version"] = incident["version"].clone();
        self.post(&incident_path(&incident["id"], &format!("/{act}")), &body).await
    }

    /// Takes it.
    pub async fn claim(&self, incident: &Value) -> Result<Answer> {
        self.act("claim", incident, json!({})).await
    }

    /// Ends it, once the person was spoken to.
    pub async fn close(&self, incident: &Value) -> Result<Answer> {
        let spoken = self.act("note", incident, json!({ "text": "", "contact": "resident" })).await?;
        if spoken.status != 200 {
            return Ok(spoken);
        }
        self.close_at_once(&spoken.body).await
    }

    /// Ends it as it is.
    pub async fn close_at_once(&self, incident: &Value) -> Result<Answer> {
        let ending = json!({ "cause": "test_press", "outcome": "resolved_by_phone", "note": "well" });
        self.act("close", incident, ending).await
    }
}

fn incident_path(id: &Value, rest: &str) -> String {
    format!("/api/incidents/{}{rest}", id.as_str().unwrap_or_default())
}
