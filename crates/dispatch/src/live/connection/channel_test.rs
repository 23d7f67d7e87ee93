//! Tests of the channel to a screen: whoever tests it asks here, and the page's browser answers.

use crate::live::screens::Question;
use axum::extract::ws::Message;
use tokio::sync::mpsc;

/// What a question says that somebody waits for the answer to: it comes back with the same bytes.
pub(super) const TEST: &[u8] = b"test";

/// Whoever tests the channel waits for this screen's answer.
pub(super) struct Tests {
    questions: Option<mpsc::Receiver<Question>>,
    waiting: Vec<Question>,
}

impl Tests {
    /// With the questions of whoever asks.
    pub(super) fn new(questions: Option<mpsc::Receiver<Question>>) -> Self {
        Self { questions, waiting: Vec::new() }
    }

    /// Waits until the screen is to be asked.
    pub(super) async fn next(&mut self) {
        let next = match &mut self.questions {
            Some(questions) => questions.recv().await,
            None => None,
        };
        match next {
            Some(question) => self.waiting.push(question),
            // Nobody can ask any more.
            None => std::future::pending().await,
        }
    }

    /// Tells those who wait, if this is the answer.
    pub(super) fn hear(&mut self, said: &Message) {
        if matches!(said, Message::Pong(bytes) if **bytes == *TEST) {
            for question in self.waiting.drain(..) {
                // Whoever asked may have gone.
                question.send(()).unwrap_or_default();
            }
        }
    }
}
