//! A person's screen: the live websocket.

use crate::{Account, PATIENCE, log::Log, until};
use anyhow::{Context as _, Result};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};
use tokio::{net::TcpStream, sync::mpsc, task::JoinSet, time::Instant};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _, http},
};

/// The socket below.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// One frame and when it came.
#[derive(Debug, Clone)]
pub struct Frame {
    /// When.
    pub at: Instant,
    /// What; for the end of the connection `{"type":"closed","code":…}`.
    pub value: Value,
}

/// A screen that reads all it is sent.
#[derive(Debug)]
pub struct Live {
    /// All frames so far.
    pub frames: Log<Frame>,
    reading: JoinSet<()>,
    saying: mpsc::Sender<String>,
}

/// The request a browser of this person makes.
pub fn request(account: &Account) -> Result<http::Request<()>> {
    let address = account.base.replace("http://", "ws://");
    let mut request = format!("{address}/api/live").into_client_request()?;
    request.headers_mut().insert("cookie", account.cookie.parse()?);
    Ok(request)
}

/// Connects and says from where to go on; reads nothing.
pub async fn connect(account: &Account, tcp: TcpStream, resume: Option<&Value>) -> Result<Socket> {
    tcp.set_nodelay(true)?;
    let (mut socket, _) = client_async(request(account)?, MaybeTlsStream::Plain(tcp)).await?;
    socket.send(Message::text(json!({ "resume": resume }).to_string())).await?;
    Ok(socket)
}

impl Live {
    /// Opens the screen and waits for its first frame.
    pub async fn open(account: &Account, resume: Option<&Value>) -> Result<Self> {
        let tcp = TcpStream::connect(account.base.trim_start_matches("http://")).await?;
        let live = Self::read(connect(account, tcp, resume).await?);
        live.frames.find("the first frame", PATIENCE, |_| true).await?;
        Ok(live)
    }

    /// Starts to read a socket.
    pub fn read(mut socket: Socket) -> Self {
        let frames = Log::default();
        let mut reading = JoinSet::new();
        let log: Log<Frame> = frames.clone();
        let (saying, mut said) = mpsc::channel::<String>(16);
        reading.spawn(async move {
            let mut code = Value::Null;
            loop {
                let message = tokio::select! {
                    message = socket.next() => message,
                    Some(words) = said.recv() => match socket.send(Message::text(words)).await {
                        Ok(()) => continue,
                        Err(_gone) => break,
                    },
                };
                let Some(Ok(message)) = message else { break };
                match message {
                    Message::Text(text) => {
                        let value = serde_json::from_str(&text).unwrap_or(Value::String(text.to_string()));
                        log.push(Frame { at: Instant::now(), value });
                    }
                    Message::Close(frame) => {
                        code = frame.map_or(Value::Null, |frame| u16::from(frame.code).into());
                    }
                    Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
                }
            }
            log.push(Frame { at: Instant::now(), value: json!({ "type": "closed", "code": code }) });
        });
        Self { frames, reading, saying }
    }

    /// Says this, as the page would or would not.
    pub async fn say(&self, words: impl Into<String>) -> Result<()> {
        self.saying.send(words.into()).await.context("the screen is gone")
    }

    /// The first frame about an incident that fits, come already or still to come.
    pub async fn next_incident(
        &self,
        what: &str,
        within: Duration,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<(Value, Instant)> {
        let is_it = |frame: &Frame| frame.value["type"] == "incident" && fits(&frame.value["incident"]);
        let mut frame = self.frames.find(what, within, is_it).await?;
        Ok((frame.value["incident"].take(), frame.at))
    }

    /// The first frame that shows this press.
    pub async fn press(&self, press_id: &str) -> Result<(Value, Instant)> {
        let what = format!("the press {press_id} on a screen");
        self.next_incident(&what, PATIENCE, |incident| !unsaved(incident) && shows(incident, press_id)).await
    }

    /// When each of these presses was first shown, come already or still to come. For many at once: each frame is looked at once,
    /// and not again for every press.
    pub async fn presses(&self, press_ids: &[String]) -> Result<Vec<Instant>> {
        until("every press on a screen", PATIENCE, async || {
            let shown = self.presses_shown();
            let at = |id: &String| shown.get(id).copied().with_context(|| format!("{id} was not shown"));
            press_ids.iter().map(at).collect::<Result<Vec<_>>>().map(Some)
        })
        .await
    }

    fn presses_shown(&self) -> BTreeMap<String, Instant> {
        let mut first = BTreeMap::new();
        self.frames.each(|frame| {
            let incident = &frame.value["incident"];
            if frame.value["type"] == "incident" && !unsaved(incident) {
                for id in signals(incident).iter().filter_map(|signal| signal["press_id"].as_str()) {
                    first.entry(id.to_owned()).or_insert(frame.at);
                }
            }
        });
        first
    }

    /// Lets go of the frames so far.
    pub fn forget(&self) {
        self.frames.forget();
    }

    /// The snapshot that a screen without a past begins with.
    pub async fn snapshot(&self) -> Result<Value> {
        let is_it = |frame: &Frame| frame.value["type"] == "snapshot";
        Ok(self.frames.find("a snapshot", PATIENCE, is_it).await?.value)
    }

    /// All incidents shown so far, in order.
    pub fn incidents(&self) -> Vec<Value> {
        let frames = self.frames.all();
        frames
            .into_iter()
            .filter(|frame| frame.value["type"] == "incident")
            .map(|mut frame| frame.value["incident"].take())
            .collect()
    }

    /// The newest cursor told.
    pub fn cursor(&self) -> Result<Value> {
        let frames = self.frames.all();
        let told = frames.iter().rev().map(|frame| &frame.value["cursor"]).find(|cursor| !cursor.is_null());
        told.cloned().context("no cursor was told")
    }

    /// Turns the screen off without a word.
    pub fn vanish(mut self) {
        self.reading.abort_all();
    }
}

/// Whether the incident holds this press (or its cancel).
pub fn shows(incident: &Value, press_id: &str) -> bool {
    signals(incident).iter().any(|signal| signal["press_id"] == press_id)
}

/// Whether it is on no disk yet.
pub fn unsaved(incident: &Value) -> bool {
    incident["unsaved"] == true
}

/// The incident's signals.
pub fn signals(incident: &Value) -> &[Value] {
    incident["signals"].as_array().map_or(&[], Vec::as_slice)
}

/// The signal of a press within it.
pub fn signal<'a>(incident: &'a Value, press_id: &str) -> Option<&'a Value> {
    signals(incident).iter().find(|signal| signal["press_id"] == press_id)
}

/// Whether a signal carries a remark.
pub fn has_remark(signal: &Value, remark: &str) -> bool {
    signal["remarks"].as_array().is_some_and(|remarks| remarks.iter().any(|said| said == remark))
}
