//! How many screens an account has up in this process. Whoever opens them without end closes their own: the one that gives way is
//! the oldest of the session that has most, so that in a centre which shares an account no desk goes dark for another's.

use std::{
    cmp::Reverse,
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// Screens of an account that may be up at once, unless the settings say otherwise: a centre that shares one, twice.
pub const SCREENS_PER_ACCOUNT: usize = 64;

/// Questions of one screen that wait to be put to it.
const QUESTIONS: usize = 4;

/// Whether a screen is there: answered when it has answered, dropped when it goes.
pub(super) type Question = oneshot::Sender<()>;

#[derive(Debug)]
struct One {
    number: u64,
    session: String,
    sent_away: CancellationToken,
    questions: mpsc::Sender<Question>,
}

#[derive(Debug, Default)]
struct Book {
    last_number: u64,
    /// By account, in order of arrival.
    accounts: HashMap<String, Vec<One>>,
}

/// The screens of all; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Screens {
    most: usize,
    book: Arc<Mutex<Book>>,
}

/// A screen that is up, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    screens: Screens,
    username: String,
    number: u64,
    sent_away: CancellationToken,
    questions: Option<mpsc::Receiver<Question>>,
}

impl Screens {
    /// So many of one account; one at least.
    pub(crate) fn new(most: usize) -> Self {
        Self { most: most.max(1), book: Arc::default() }
    }

    /// A screen of this account came up in this session. It always may; another goes if they are too many.
    pub(crate) fn open(&self, username: &str, session: &str) -> Place {
        let mut book = self.locked();
        book.last_number += 1;
        let number = book.last_number;
        let sent_away = CancellationToken::new();
        let screens = book.accounts.entry(username.to_owned()).or_default();
        let (asks, questions) = mpsc::channel(QUESTIONS);
        let (session, token) = (session.to_owned(), sent_away.clone());
        screens.push(One { number, session, sent_away: token, questions: asks });
        if screens.len() > self.most
            && let Some(nth) = one_too_many(screens)
        {
            screens.remove(nth).sent_away.cancel();
            metrics::counter!("jujiale_live_screens_closed_total").increment(1);
            tracing::warn!(event = "too_many_screens", username, most = self.most);
        }
        let questions = Some(questions);
        Place { screens: self.clone(), username: username.to_owned(), number, sent_away, questions }
    }

    /// Asks every screen of this account whether it is there. What is given back ends without an answer when a screen goes, or has more
    /// questions than it can be asked.
    pub(crate) fn ask(&self, username: &str) -> Vec<oneshot::Receiver<()>> {
        let book = self.locked();
        let screens = book.accounts.get(username).into_iter().flatten();
        screens
            .map(|screen| {
                let (question, answer) = oneshot::channel();
                // One that is not taken is dropped, which is the answer.
                drop(screen.questions.try_send(question));
                answer
            })
            .collect()
    }

    fn locked(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The oldest screen of the session that has most.
fn one_too_many(screens: &[One]) -> Option<usize> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for screen in screens {
        *counts.entry(&screen.session).or_default() += 1;
    }
    let places = screens.iter().enumerate();
    let last = places.max_by_key(|(nth, screen)| (counts.get(screen.session.as_str()), Reverse(*nth)));
    last.map(|(nth, _)| nth)
}

impl Place {
    /// What the screen is asked; taken once.
    pub(super) fn questions(&mut self) -> Option<mpsc::Receiver<Question>> {
        self.questions.take()
    }

    /// Waits until the screen has to give way.
    pub(crate) async fn sent_away(&self) {
        self.sent_away.cancelled().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut book = self.screens.locked();
        if let Some(screens) = book.accounts.get_mut(&self.username) {
            screens.retain(|screen| screen.number != self.number);
            if screens.is_empty() {
                book.accounts.remove(&self.username);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gone(places: &[&Place]) -> Vec<bool> {
        places.iter().map(|place| place.sent_away.is_cancelled()).collect()
    }

    #[test]
    fn whoever_opens_too_many_closes_their_own() {
        let screens = Screens::new(3);
        let desk = screens.open("operator", "desk");
        let home = [screens.open("operator", "home"), screens.open("operator", "home")];
        assert_eq!(gone(&[&desk, &home[0], &home[1]]), [false, false, false]);
        let third = screens.open("operator", "home");
        assert_eq!(gone(&[&desk, &home[0], &home[1], &third]), [false, true, false, false]);
        let other = screens.open("operator2", "desk");
        let fourth = screens.open("operator", "home");
        assert_eq!(gone(&[&desk, &home[1], &third, &fourth, &other]), [false, true, false, false, false]);
    }

    #[test]
    fn where_each_has_one_the_oldest_goes_and_who_left_leaves_room() {
        let screens = Screens::new(2);
        let (first, second) = (screens.open("operator", "a"), screens.open("operator", "b"));
        drop(second);
        let third = screens.open("operator", "c");
        assert_eq!(gone(&[&first, &third]), [false, false]);
        let fourth = screens.open("operator", "d");
        assert_eq!(gone(&[&first, &third, &fourth]), [true, false, false]);
        drop((first, third, fourth));
        assert!(screens.locked().accounts.is_empty());
    }

    #[test]
    fn every_screen_of_an_account_is_asked_and_one_that_goes_is_no_answer() {
        let screens = Screens::new(3);
        let (mut desk, home) = (screens.open("operator", "desk"), screens.open("operator", "home"));
        let other = screens.open("operator2", "desk");
        let mut answers = screens.ask("operator");
        assert_eq!((answers.len(), screens.ask("nobody").len()), (2, 0));
        let mut questions = desk.questions().expect("its questions");
        questions.try_recv().expect("it is asked").send(()).expect("somebody waits");
        assert!(questions.try_recv().is_err() && desk.questions().is_none(), "once");
        assert_eq!(answers[0].try_recv(), Ok(()));
        assert_eq!(answers[1].try_recv(), Err(oneshot::error::TryRecvError::Empty), "it has time");
        drop(home);
        assert_eq!(answers[1].try_recv(), Err(oneshot::error::TryRecvError::Closed));
        drop((desk, other));
    }
}
