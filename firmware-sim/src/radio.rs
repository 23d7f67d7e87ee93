//! The wet end: one MQTT connection at a time, kept up by a task of its own.
//!
//! Every connection gets a client and an event loop of its own, and its events come through a channel of its own. What
//! rumqttc would carry over from one connection to the next (packets in flight, requests not yet taken) is thereby
//! gone, and an acknowledgement can never be taken for one of another connection; the handset alone decides what is
//! sent again. The event loop is polled by nobody but that task, and the task never waits for a publish.

use crate::handset::{Publish, Token, will};
use crate::seed;
use model::HandsetId;
use protocol::{UpKind, UpTopic};
use rumqttc::{
    AsyncClient, ConnectionError, Event, EventLoop, Incoming, LastWill, MqttOptions, Outgoing, Packet, QoS,
    SubscribeReasonCode,
};
use std::collections::{HashMap, VecDeque};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// Requests rumqttc holds for the event loop: more than a handset ever has in flight at once, since a fix waits for the
/// one before it and presses are few.
const REQUESTS: usize = 1_024;
/// Events waiting for the handset's task; then the connection is not read.
const EVENTS: usize = 64;
/// A batch of 500 fixes is about 100 KiB; what comes down is small.
const OUTGOING_BYTES: usize = 1024 * 1024;
const INCOMING_BYTES: usize = 256 * 1024;
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long a polite end may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// Where and as whom to connect.
#[derive(Debug, Clone)]
pub struct RadioConfig {
    /// The door's host.
    pub host: String,
    /// The door's port.
    pub port: u16,
    /// Also the user name.
    pub handset: HandsetId,
    /// The handset's password.
    pub password: String,
    /// Names the session: two programs that play the same handset need two.
    pub client_id: String,
    /// The pause after a failed connection, doubled up to the second figure.
    pub reconnect_after: (Duration, Duration),
}

/// What the handset hears of its radio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RadioEvent {
    /// The connection stands and the down topics are asked for.
    Connected,
    /// The connection is gone or did not come about.
    Lost(String),
    /// A publish was acknowledged.
    Acked(Token),
    /// A message came down.
    Message { topic: String, payload: Vec<u8> },
}

enum LineEvent {
    Up(AsyncClient),
    Sent(u16),
    Acked(u16),
    Message { topic: String, payload: Vec<u8> },
    Down(String),
}

/// From a dial to a hang-up.
struct Line {
    events: mpsc::Receiver<LineEvent>,
    client: Option<AsyncClient>,
    /// Handed to the client and not yet numbered by the event loop, in that order.
    unnumbered: VecDeque<Token>,
    in_flight: HashMap<u16, Token>,
    _stop: DropGuard,
}

/// The radio of one handset.
pub struct Radio {
    config: RadioConfig,
    tracker: TaskTracker,
    line: Option<Line>,
}

impl std::fmt::Debug for Radio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Radio").field("handset", &self.config.handset).finish_non_exhaustive()
    }
}

impl Radio {
    /// A silent radio; its tasks will be spawned on `tracker`.
    pub fn new(config: RadioConfig, tracker: TaskTracker) -> Self {
        Self { config, tracker, line: None }
    }

    /// Connects, and again whenever the connection is lost, until hung up.
    pub fn dial(&mut self) {
        let (sender, events) = mpsc::channel(EVENTS);
        let stop = CancellationToken::new();
        let config = self.config.clone();
        let task_stop = stop.clone();
        self.tracker.spawn(async move {
            task_stop.run_until_cancelled_owned(Box::pin(keep_up(config, sender))).await;
        });
        let (unnumbered, in_flight) = (VecDeque::new(), HashMap::new());
        self.line = Some(Line { events, client: None, unnumbered, in_flight, _stop: stop.drop_guard() });
    }

    /// Drops the connection without a word: the other side learns it from the silence or the reset.
    pub fn hang_up(&mut self) {
        self.line = None;
    }

    /// Hands over a message; says whether the line took it. What it did not take is lost with the connection, as far
    /// as the handset knows.
    pub fn publish(&mut self, publish: Publish) -> bool {
        let Some(line) = &mut self.line else { return false };
        let Some(client) = &line.client else { return false };
        let taken = client.try_publish(publish.topic, QoS::AtLeastOnce, false, publish.payload).is_ok();
        if taken {
            line.unnumbered.push_back(publish.token);
        }
        taken
    }

    /// The next event; for ever pending while hung up. Dropping the future loses nothing.
    pub async fn next(&mut self) -> RadioEvent {
        loop {
            let Some(line) = &mut self.line else { return std::future::pending().await };
            let Some(event) = line.events.recv().await else {
                self.line = None;
                return RadioEvent::Lost("the connection's task ended".to_owned());
            };
            if let Some(event) = line.translate(event) {
                return event;
            }
        }
    }

    /// Ends the connection as MQTT wants it, so that the last will is not published.
    pub async fn say_goodbye(&mut self) {
        if let Some(line) = &mut self.line
            && let Some(client) = line.client.take()
            && client.try_disconnect().is_ok()
        {
            let ended =
                async { while !matches!(line.events.recv().await, None | Some(LineEvent::Down(_))) {} };
            if tokio::time::timeout(FAREWELL, ended).await.is_err() {
                tracing::debug!(handset = %self.config.handset, "radio.farewell_unanswered");
            }
        }
        self.line = None;
    }
}

impl Line {
    fn translate(&mut self, event: LineEvent) -> Option<RadioEvent> {
        match event {
            LineEvent::Up(client) => {
                self.unnumbered.clear();
                self.in_flight.clear();
                self.client = Some(client);
                Some(RadioEvent::Connected)
            }
            LineEvent::Sent(packet) => {
                if let Some(token) = self.unnumbered.pop_front() {
                    self.in_flight.insert(packet, token);
                }
                None
            }
            LineEvent::Acked(packet) => self.in_flight.remove(&packet).map(RadioEvent::Acked),
            LineEvent::Message { topic, payload } => Some(RadioEvent::Message { topic, payload }),
            LineEvent::Down(reason) => {
                self.client = None;
                Some(RadioEvent::Lost(reason))
            }
        }
    }
}

/// Connects again and again; ends when nobody listens any more.
async fn keep_up(config: RadioConfig, events: mpsc::Sender<LineEvent>) {
    let mut rng = seed::generator(0, "reconnect", &config.client_id);
    let (least, most) = config.reconnect_after;
    let mut pause = least;
    loop {
        let (client, event_loop) = AsyncClient::new(options(&config), REQUESTS);
        let mut connected = false;
        let reason = talk(&config, client, event_loop, &events, &mut connected).await;
        let Some(reason) = reason else { return };
        if events.send(LineEvent::Down(reason)).await.is_err() {
            return;
        }
        if connected {
            pause = least;
        }
        tokio::time::sleep(seed::between(pause / 2, pause, &mut rng)).await;
        pause = (pause * 2).min(most);
    }
}

/// One connection, from its start to the reason of its end; `None` when nobody listens any more.
async fn talk(
    config: &RadioConfig,
    client: AsyncClient,
    mut event_loop: EventLoop,
    events: &mpsc::Sender<LineEvent>,
    connected: &mut bool,
) -> Option<String> {
    event_loop.network_options.set_tcp_nodelay(true);
    loop {
        let event = match event_loop.poll().await {
            Ok(Event::Incoming(Packet::ConnAck(_))) => {
                *connected = true;
                if let Err(error) = client.try_subscribe(down_filter(&config.handset), QoS::AtLeastOnce) {
                    return Some(error.to_string());
                }
                LineEvent::Up(client.clone())
            }
            Ok(Event::Incoming(Incoming::SubAck(ack))) => {
                if ack.return_codes.contains(&SubscribeReasonCode::Failure) {
                    return Some(
                        "the door refused the subscription to the handset's own down topics".to_owned(),
                    );
                }
                continue;
            }
            Ok(Event::Incoming(Incoming::Publish(message))) => {
                LineEvent::Message { topic: message.topic, payload: message.payload.to_vec() }
            }
            Ok(Event::Incoming(Incoming::PubAck(ack))) => LineEvent::Acked(ack.pkid),
            Ok(Event::Outgoing(Outgoing::Publish(packet))) => LineEvent::Sent(packet),
            Ok(_) => continue,
            Err(error) => return Some(explain(&error)),
        };
        if events.send(event).await.is_err() {
            return None;
        }
    }
}

fn options(config: &RadioConfig) -> MqttOptions {
    let mut options = MqttOptions::new(&config.client_id, &config.host, config.port);
    options.set_credentials(config.handset.as_str(), &config.password);
    options.set_keep_alive(KEEP_ALIVE);
    options.set_max_packet_size(INCOMING_BYTES, OUTGOING_BYTES);
    let status = UpTopic { handset: config.handset.clone(), kind: UpKind::Status }.name();
    options.set_last_will(LastWill::new(status, will(), QoS::AtLeastOnce, false));
    options
}

fn down_filter(handset: &HandsetId) -> String {
    format!("jjl/{handset}/down/#")
}

fn explain(error: &ConnectionError) -> String {
    match error {
        ConnectionError::ConnectionRefused(code) => format!("the door refused the log-in: {code:?}"),
        ConnectionError::Io(error) => format!("no connection: {error}"),
        other => other.to_string(),
    }
}
