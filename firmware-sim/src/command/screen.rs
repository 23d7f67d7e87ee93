//! What one handset does and hears, as lines for a person.

use firmware_sim::Observer;
use firmware_sim::handset::{Notice, PressKey};
use model::{HandsetId, Timestamp};
use tokio::sync::mpsc;

/// Notices on their way to the screen; a press causes about a dozen, a flood after an outage some hundreds.
const NOTICES: usize = 4_096;

/// Hands every notice to the screen.
pub(crate) struct Screen(mpsc::Sender<(Timestamp, Notice)>);

impl Screen {
    /// A screen, and what it will show.
    pub(crate) fn new() -> (Self, mpsc::Receiver<(Timestamp, Notice)>) {
        let (sender, notices) = mpsc::channel(NOTICES);
        (Self(sender), notices)
    }
}

impl Observer for Screen {
    fn notice(&self, _handset: &HandsetId, at: Timestamp, notice: &Notice) {
        // A screen that is gone has seen its story's end.
        if let Err(mpsc::error::TrySendError::Full((_, notice))) = self.0.try_send((at, notice.clone())) {
            tracing::warn!(?notice, "screen.full");
        }
    }
}

/// Puts notices into words, and says the same trouble once only.
pub(crate) struct Teller {
    door: String,
    trouble: Option<String>,
}

impl Teller {
    /// For a handset at that door.
    pub(crate) fn at(door: String) -> Self {
        Self { door, trouble: None }
    }

    pub(crate) fn door(&self) -> &str {
        &self.door
    }

    /// What went wrong last, if anything.
    pub(crate) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// The line for a notice, if it is worth one.
    pub(crate) fn line(&mut self, notice: &Notice) -> Option<String> {
        Some(match notice {
            Notice::Told(text) => format!("— {text}"),
            Notice::Connected => format!("connected to {}", self.door),
            Notice::Disconnected => "connection lost; what has no receipt will be sent again".to_owned(),
            Notice::Unreachable { reason } => {
                let line = format!("{reason}; trying again");
                let news = self.trouble.replace(reason.clone()).is_none_or(|known| !line.starts_with(&known));
                return news.then_some(line);
            }
            Notice::Pressed(press) => format!("{} of {} pressed", name(press), press.pressed_at),
            Notice::PressSent { press, sends: 1 } => format!("{} sent", name(press)),
            Notice::PressSent { press, sends } => {
                format!("{} sent again ({sends})", name(press))
            }
            Notice::PressAcked(press) => format!("{} acknowledged by MQTT", name(press)),
            Notice::PressReceipted { press, received_at, .. } => {
                format!("{} RECEIPT 回执: on the platform's disk, received {received_at}", name(press))
            }
            Notice::Fell(fall_id) => format!("fall {fall_id} seen by the accelerometer"),
            Notice::Asked(say) => format!("asked: {say}"),
            Notice::Replied(answers) => format!("the person says: {answers:?}"),
            Notice::FallSent(fall_id) => format!("fall {fall_id} sent"),
            Notice::FallAcked(fall_id) => format!("fall {fall_id} on the platform's disk (acknowledged)"),
            Notice::Progress(progress) => {
                format!("{:<10} {}  ({})", progress.stage.as_str(), progress.say, progress.incident_id)
            }
            Notice::FixesSent(count @ 2..) => format!("{count} kept positions sent"),
            Notice::Rebooted(boot) => format!("started anew as boot {boot}"),
            Notice::Unreadable { topic } => format!("something on {topic} could not be read"),
            Notice::FixesSent(_) | Notice::FixesAcked(_) | Notice::FixesThinned(_) => return None,
        })
    }
}

fn name(press: &PressKey) -> String {
    format!("{} {}", if press.cancel { "cancel of" } else { "press" }, press.press_id)
}
