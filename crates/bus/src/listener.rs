//! Telling and hearing within one process; every implementation ends here.

use crate::{Hint, POLL_EVERY, Share};
use tokio::sync::broadcast;

/// Hints a slow listener may fall behind by before it hears of a gap. A hint is a few words; a listener
/// that lost one looks into the store, so the size only decides how often that happens in a flood.
const HINTS_HELD: usize = 4096;

/// What a listener hears next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A hint.
    Hint(Hint),
    /// Hints were lost: look at everything you follow.
    Gap,
    /// The bus has ended.
    Ended,
}

#[derive(Debug, Clone)]
enum Told {
    Hint(Hint),
    Gap,
}

/// Tells every listener of this process.
#[derive(Debug)]
pub(crate) struct Teller(broadcast::Sender<Told>);

impl Default for Teller {
    fn default() -> Self {
        Self(broadcast::channel(HINTS_HELD).0)
    }
}

impl Teller {
    pub(crate) fn tell(&self, hint: Hint) {
        // Nobody listening is not a failure: a listener that comes later starts from the store.
        self.0.send(Told::Hint(hint)).unwrap_or_default();
    }

    pub(crate) fn tell_gap(&self) {
        self.0.send(Told::Gap).unwrap_or_default();
    }

    pub(crate) fn listener(&self, share: Share) -> Listener {
        Listener { told: self.0.subscribe(), share }
    }
}

/// One listener's end of the bus.
#[derive(Debug)]
pub struct Listener {
    told: broadcast::Receiver<Told>,
    share: Share,
}

impl Listener {
    /// The next hint of its share, in order.
    pub async fn hear(&mut self) -> Heard {
        loop {
            match self.told.recv().await {
                Ok(Told::Hint(hint)) if !hint.concerns(self.share) => {}
                Ok(Told::Hint(hint)) => return Heard::Hint(hint),
                Ok(Told::Gap) | Err(broadcast::error::RecvError::Lagged(_)) => return Heard::Gap,
                Err(broadcast::error::RecvError::Closed) => return Heard::Ended,
            }
        }
    }

    /// Waits until a hint passes `wanted`, hints were lost, or the poll is due.
    pub async fn hear_or_poll(&mut self, wanted: impl Fn(&Hint) -> bool) {
        let heard = async {
            loop {
                match self.hear().await {
                    Heard::Hint(hint) if !wanted(&hint) => {}
                    Heard::Hint(_) | Heard::Gap => return,
                    Heard::Ended => std::future::pending().await,
                }
            }
        };
        // A timeout is the poll: both ways lead to a look at the store.
        tokio::time::timeout(POLL_EVERY, heard).await.unwrap_or_default();
    }
}
