//! What this process knows of who has which incident on their screens: kept in memory, so that no frame waits for the database, and
//! written down behind the frames ([`store::NoteOnScreens`]).

use super::sounding::Sounding;
use model::{IncidentId, Timestamp};
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use store::{OnScreen, ScreenOf};

/// Rows held, those of the newest incidents: fifty presses before a thousand screens, some ten megabytes. They are held after they
/// were written, for what a page answers is believed of what it was sent alone.
const ROWS_HELD: usize = 50_000;

/// Of what kind the screens are, and which account's.
pub(super) type Whose = (ScreenOf, String);

/// What is known of one account's screens and one incident.
#[derive(Debug)]
struct Row {
    has_screen: bool,
    due_at: Timestamp,
    sent_at: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
    seen_at: Option<Timestamp>,
    is_written: bool,
}

#[derive(Debug, Default)]
struct Case {
    rows: BTreeMap<Whose, Row>,
    /// There is nothing in it that is to be written.
    is_written: bool,
}

#[derive(Debug, Default)]
struct Book {
    cases: HashMap<IncidentId, Case>,
    /// In the order in which they came.
    order: VecDeque<IncidentId>,
    rows: usize,
}

/// Who has what on their screens; cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct OnScreens(Arc<Mutex<Book>>);

impl OnScreens {
    fn locked(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It calls for this account, which has a screen up or not.
    pub(super) fn due(&self, sounding: &Sounding, whose: &Whose, has_screen: bool) {
        let mut book = self.locked();
        let book = &mut *book;
        if !book.cases.contains_key(&sounding.incident) {
            book.order.push_back(sounding.incident.clone());
        }
        let case = book.cases.entry(sounding.incident.clone()).or_default();
        if let Some(row) = case.rows.get_mut(whose) {
            row.has_screen |= has_screen;
            return;
        }
        let (sent_at, delivered_at, seen_at) = (None, None, None);
        let row = Row { has_screen, due_at: sounding.at, sent_at, delivered_at, seen_at, is_written: false };
        case.rows.insert(whose.clone(), row);
        case.is_written = false;
        book.rows += 1;
        book.forget_oldest();
    }

    /// The frame that tells it was written to a socket of theirs.
    pub(super) fn sent(&self, incident: &IncidentId, whose: &Whose, now: Timestamp) {
        self.change(incident, whose, |row| set(&mut row.sent_at, now));
    }

    /// A page of theirs answers that it has it, and that somebody looks or not. Of what they were not sent nothing is believed.
    pub(super) fn answered(&self, incident: &IncidentId, whose: &Whose, is_looked_at: bool, now: Timestamp) {
        self.change(incident, whose, |row| {
            if row.sent_at.is_none() {
                return false;
            }
            let is_new = set(&mut row.delivered_at, now);
            (is_looked_at && set(&mut row.seen_at, now)) || is_new
        });
    }

    fn change(&self, incident: &IncidentId, whose: &Whose, change: impl FnOnce(&mut Row) -> bool) {
        let mut book = self.locked();
        let Some(case) = book.cases.get_mut(incident) else { return };
        if let Some(row) = case.rows.get_mut(whose)
            && change(row)
        {
            row.is_written = false;
            case.is_written = false;
        }
    }

    /// What is to be written, at most so many rows. It counts as written.
    pub(super) fn take(&self, at_most: usize) -> Vec<OnScreen> {
        let mut taken = Vec::new();
        for (incident, case) in self.locked().cases.iter_mut().filter(|(_, case)| !case.is_written) {
            for ((of, username), row) in case.rows.iter_mut().filter(|(_, row)| !row.is_written) {
                if taken.len() == at_most {
                    return taken;
                }
                row.is_written = true;
                taken.push(OnScreen {
                    incident: incident.clone(),
                    of: of.clone(),
                    username: username.clone(),
                    has_screen: row.has_screen,
                    due_at: row.due_at,
                    sent_at: row.sent_at,
                    delivered_at: row.delivered_at,
                    seen_at: row.seen_at,
                });
            }
            case.is_written = true;
        }
        taken
    }
}

impl OnScreens {
    /// These were not written after all, and are taken again.
    pub(super) fn put_back(&self, rows: &[OnScreen]) {
        for row in rows {
            self.change(&row.incident, &(row.of.clone(), row.username.clone()), |_| true);
        }
    }
}

impl Book {
    /// The newest incidents win; the one that has just come stays, however many screens there are.
    fn forget_oldest(&mut self) {
        while self.rows > ROWS_HELD && self.order.len() > 1 {
            let oldest = self.order.pop_front().and_then(|oldest| self.cases.remove(&oldest));
            let Some(oldest) = oldest else { continue };
            self.rows = self.rows.saturating_sub(oldest.rows.len());
            if !oldest.is_written {
                tracing::warn!(event = "screens_not_written", rows = oldest.rows.len(), "too many at once");
            }
        }
    }
}

/// The first time stands; whether this is it.
fn set(time: &mut Option<Timestamp>, now: Timestamp) -> bool {
    let is_first = time.is_none();
    time.get_or_insert(now);
    is_first
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::TaskId;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).expect("a time")
    }

    fn id(name: &str) -> IncidentId {
        IncidentId::new(name).expect("an id")
    }

    fn desk(username: &str) -> Whose {
        (ScreenOf::Desk, username.to_owned())
    }

    fn due(on_screens: &OnScreens, name: &str, username: &str, second: i64) {
        on_screens.due(&Sounding::example(id(name), at(second)), &desk(username), true);
    }

    fn only(on_screens: &OnScreens) -> OnScreen {
        let mut taken = on_screens.take(10);
        assert_eq!(taken.len(), 1);
        taken.remove(0)
    }

    #[test]
    fn the_first_time_of_each_stands_and_is_written_once() {
        let on_screens = OnScreens::default();
        due(&on_screens, "i-1", "anna", 1);
        for second in [2, 3] {
            on_screens.sent(&id("i-1"), &desk("anna"), at(second));
        }
        let sent = only(&on_screens);
        assert_eq!((sent.due_at, sent.sent_at, sent.delivered_at), (at(1), Some(at(2)), None));
        due(&on_screens, "i-1", "anna", 4);
        on_screens.sent(&id("i-1"), &desk("anna"), at(4));
        assert!(on_screens.take(10).is_empty(), "nothing is new");
        // The page stands behind another, is looked at, and says so again with each frame.
        for (is_looked_at, second) in [(false, 5), (true, 6), (true, 7), (false, 8)] {
            on_screens.answered(&id("i-1"), &desk("anna"), is_looked_at, at(second));
        }
        let seen = only(&on_screens);
        assert_eq!((seen.sent_at, seen.delivered_at, seen.seen_at), (Some(at(2)), Some(at(5)), Some(at(6))));
        assert!(on_screens.take(10).is_empty());
    }

    #[test]
    fn of_what_an_account_was_not_sent_no_answer_is_believed() {
        let on_screens = OnScreens::default();
        due(&on_screens, "i-1", "anna", 1);
        on_screens.answered(&id("i-1"), &desk("anna"), true, at(2));
        on_screens.sent(&id("i-1"), &desk("anna"), at(3));
        for (name, username) in [("i-1", "bob"), ("i-2", "anna"), ("nothing", "nobody")] {
            on_screens.sent(&id(name), &desk(username), at(4));
            on_screens.answered(&id(name), &desk(username), true, at(5));
        }
        let row = only(&on_screens);
        assert_eq!((row.username.as_str(), row.sent_at, row.seen_at), ("anna", Some(at(3)), None));
    }

    #[test]
    fn many_rows_are_taken_some_at_a_time_and_the_newest_incidents_are_kept() {
        let on_screens = OnScreens::default();
        for n in 0..5 {
            due(&on_screens, "i-1", &format!("operator-{n}"), n);
        }
        let counts: Vec<usize> = (0..4).map(|_| on_screens.take(2).len()).collect();
        assert_eq!(counts, [2, 2, 1, 0]);
        for n in 0..ROWS_HELD {
            due(&on_screens, "i-2", &format!("operator-{n}"), 9);
        }
        let book = on_screens.locked();
        assert_eq!((book.rows, book.order.len(), book.cases.len()), (ROWS_HELD, 1, 1));
        assert!(book.cases.contains_key(&id("i-2")));
    }

    #[test]
    fn a_screen_that_comes_up_later_is_noted() {
        let on_screens = OnScreens::default();
        let sounding = Sounding::example(id("i-1"), at(1));
        on_screens.due(&sounding, &desk("anna"), false);
        assert!(!only(&on_screens).has_screen);
        on_screens.due(&sounding, &desk("anna"), true);
        on_screens.sent(&id("i-1"), &desk("anna"), at(9));
        let sent = only(&on_screens);
        assert_eq!((sent.has_screen, sent.due_at, sent.sent_at), (true, at(1), Some(at(9))));
    }

    #[test]
    fn a_page_answers_for_the_task_it_names_alone() {
        let on_screens = OnScreens::default();
        let task = |name: &str| ScreenOf::Station { task: TaskId::new(name).expect("an id") };
        let whose = |of: &ScreenOf| (of.clone(), "wang".to_owned());
        let (first, second) = (task("t-1"), task("t-2"));
        let sounding = Sounding::example(id("i-1"), at(1));
        for of in [&first, &second] {
            on_screens.due(&sounding, &whose(of), true);
            on_screens.sent(&id("i-1"), &whose(of), at(2));
        }
        on_screens.answered(&id("i-1"), &whose(&second), true, at(3));
        for of in [ScreenOf::Desk, ScreenOf::Relative, task("t-3")] {
            on_screens.answered(&id("i-1"), &whose(&of), true, at(3));
        }
        let seen: Vec<_> = on_screens.take(10).into_iter().map(|row| (row.of, row.seen_at)).collect();
        assert_eq!(seen, [(first, None), (second, Some(at(3)))]);
    }
}
