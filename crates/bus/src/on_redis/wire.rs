//! What stands in Redis and goes over its channels. Every word begins with the number of the form it has, so that
//! another version's (or another program's) is known as such and never half understood.
//!
//! | name | what |
//! |---|---|
//! | `processes` | set: the ids of processes that may be alive |
//! | `process:ID` | text, expires: the process lives, and these are the versions of what it says of itself |
//! | `online:ID` | set, expires: the handsets that have a session there, and as `station/…` the stations with a screen |
//! | `unsaved:ID` | hash, expires: its presses that are not on disk, signal id → JSON |
//! | `positions` | hash: handset → `1 TIME JSON`, the time in digits that sort like the time |
//! | `hints`, `hints:NN` | channels: what concerns everybody, and one for each partition |
//!
//! All names begin with the prefix and the store's id. A message is `1 ID WORD [more]`.

use crate::{Hint, present::Present};
use model::{Fix, HandsetId, Remark, Signal, SignalId, Timestamp};
use std::fmt;

/// The form of all words of this version.
const FORM: &str = "1";
/// Digits of a time: those of all nanoseconds a timestamp can have.
const TIME_DIGITS: usize = 21;
/// In place of who came and went: too many to name, look for yourself.
const LOOK: &str = "?";

/// The names of keys and channels.
#[derive(Debug)]
pub(super) struct Names(String);

impl Names {
    pub(super) fn new(prefix: &str, store_id: &str) -> Self {
        Self(format!("{prefix}{store_id}:"))
    }

    pub(super) fn processes(&self) -> String {
        format!("{}processes", self.0)
    }

    pub(super) fn process(&self, id: &str) -> String {
        format!("{}process:{id}", self.0)
    }

    pub(super) fn online(&self, id: &str) -> String {
        format!("{}online:{id}", self.0)
    }

    pub(super) fn unsaved(&self, id: &str) -> String {
        format!("{}unsaved:{id}", self.0)
    }

    pub(super) fn positions(&self) -> String {
        format!("{}positions", self.0)
    }

    /// The channel of what concerns everybody.
    pub(super) fn everybody(&self) -> String {
        format!("{}hints", self.0)
    }

    pub(super) fn partition(&self, number: u8) -> String {
        format!("{}hints:{number:02}", self.0)
    }
}

/// How often what a process says of itself has changed, and how many unsaved presses it has: a board in Redis that
/// holds another number is not whole (Redis was emptied a moment ago), and nobody takes it for the truth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Versions {
    pub(super) online: u64,
    pub(super) unsaved: u64,
    pub(super) presses: usize,
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{FORM} {} {} {}", self.online, self.unsaved, self.presses)
    }
}

impl Versions {
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut words = text.strip_prefix(FORM)?.strip_prefix(' ')?.splitn(3, ' ');
        let mut next = || words.next();
        Some(Self {
            online: next()?.parse().ok()?,
            unsaved: next()?.parse().ok()?,
            presses: next()?.parse().ok()?,
        })
    }
}

/// What one process tells the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    Hint(Hint),
    /// Hints of this process were lost.
    Gap,
    /// This press is on disk, on whosever board it stands.
    Saved(SignalId),
    /// With this version of its presence these came and went; `None` if they are too many to name.
    Presence {
        version: u64,
        moved: Option<(Vec<Present>, Vec<Present>)>,
    },
}

impl Said {
    /// The message as this process sends it.
    pub(super) fn message(&self, process: &str) -> String {
        let words = match self {
            Self::Hint(Hint::Signals) => "signals".to_owned(),
            Self::Hint(Hint::Incidents) => "incidents".to_owned(),
            Self::Hint(Hint::Unsaved) => "unsaved".to_owned(),
            Self::Hint(Hint::Down(handset)) => format!("down {handset}"),
            Self::Gap => "gap".to_owned(),
            Self::Saved(id) => format!("saved {id}"),
            Self::Presence { version, moved: None } => format!("presence {version} {LOOK}"),
            Self::Presence { version, moved: Some((came, went)) } => {
                let came = came.iter().map(|who| format!(" +{}", who.name()));
                let went = went.iter().map(|who| format!(" -{}", who.name()));
                format!("presence {version}{}", came.chain(went).collect::<String>())
            }
        };
        format!("{FORM} {process} {words}")
    }

    /// Who says what; nothing if it is no message of this form.
    pub(super) fn read(message: &[u8]) -> Option<(&str, Self)> {
        let mut words = std::str::from_utf8(message).ok()?.split(' ');
        if words.next()? != FORM {
            return None;
        }
        let process = words.next().filter(|id| is_process(id))?;
        let said = match words.next()? {
            "signals" => Self::Hint(Hint::Signals),
            "incidents" => Self::Hint(Hint::Incidents),
            "unsaved" => Self::Hint(Hint::Unsaved),
            "down" => Self::Hint(Hint::Down(HandsetId::new(words.next()?).ok()?)),
            "gap" => Self::Gap,
            "saved" => Self::Saved(SignalId::new(words.next()?).ok()?),
            "presence" => Self::read_presence(&mut words)?,
            _ => return None,
        };
        words.next().is_none().then_some((process, said))
    }

    fn read_presence<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<Self> {
        let version = words.next()?.parse().ok()?;
        let (mut came, mut went) = (Vec::new(), Vec::new());
        for word in words {
            if word == LOOK {
                return Some(Self::Presence { version, moved: None });
            }
            match word.split_at_checked(1)? {
                ("+", name) => came.push(Present::named(name)?),
                ("-", name) => went.push(Present::named(name)?),
                _ => return None,
            }
        }
        Some(Self::Presence { version, moved: Some((came, went)) })
    }
}

/// Whether this is the id of a process, and nothing somebody else put there.
pub(super) fn is_process(id: &str) -> bool {
    id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A time in digits that sort like the time itself.
pub(super) fn time_digits(time: Timestamp) -> String {
    let since_first = time.as_nanosecond() - Timestamp::MIN.as_nanosecond();
    format!("{since_first:0TIME_DIGITS$}")
}

/// A position as it stands in Redis.
pub(super) fn position_word(fix: &Fix) -> Option<String> {
    let json = serde_json::to_string(fix).ok()?;
    Some(format!("{FORM} {} {json}", time_digits(fix.fix_time)))
}

pub(super) fn read_position(word: &str) -> Option<Fix> {
    let (time, json) = word.strip_prefix(FORM)?.strip_prefix(' ')?.split_once(' ')?;
    let fix: Fix = serde_json::from_str(json).ok()?;
    (time_digits(fix.fix_time) == time).then_some(fix)
}

/// A signal of the board. Remarks this version does not know are passed over: the press counts, not what is
/// said about it.
pub(super) fn read_signal(json: &str) -> Option<Signal> {
    serde_json::from_str(json).ok().or_else(|| {
        let mut value: serde_json::Value = serde_json::from_str(json).ok()?;
        let remarks = value.get_mut("remarks")?.as_array_mut()?;
        remarks.retain(|remark| serde_json::from_value::<Remark>(remark.clone()).is_ok());
        serde_json::from_value(value).ok()
    })
}

/// Each word of ours that these bytes are, said again. For those who try the readers with bytes of all kinds.
#[doc(hidden)]
pub fn reread(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let said = Said::read(bytes).map(|(process, said)| said.message(process));
    let versions = Versions::read(&text).map(|versions| versions.to_string());
    let position = read_position(&text).as_ref().and_then(position_word);
    let signal = read_signal(&text).and_then(|signal| serde_json::to_string(&signal).ok());
    [said, versions, position, signal].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Method, SignedDuration, Wgs84};
    use proptest::prelude::*;

    const PROCESS: &str = "0123456789abcdef";

    fn handset(name: &str) -> HandsetId {
        HandsetId::new(name).expect("an id")
    }

    #[test]
    fn what_is_said_is_understood() {
        let named = |name: &str| Present::named(name).expect("a name");
        let moved = Some((
            vec![named("-a"), named("b:1"), named("station/s-1")],
            vec![named("c"), named("station/c")],
        ));
        for said in [
            Said::Hint(Hint::Signals),
            Said::Hint(Hint::Incidents),
            Said::Hint(Hint::Unsaved),
            Said::Hint(Hint::Down(handset("demo-0001"))),
            Said::Gap,
            Said::Saved(SignalId::new("s-1").expect("an id")),
            Said::Presence { version: 7, moved },
            Said::Presence { version: 8, moved: None },
            Said::Presence { version: 9, moved: Some((Vec::new(), Vec::new())) },
        ] {
            let message = said.message(PROCESS);
            assert_eq!(Said::read(message.as_bytes()), Some((PROCESS, said)), "{message}");
        }
    }

    #[test]
    fn garbage_and_another_version_are_not_understood() {
        for message in [
            "",
            " ",
            "1",
            "1 0123456789abcdef",
            "2 0123456789abcdef signals",
            "1 0123456789abcdef signals twice",
            "1 0123456789abcdef sing",
            "1 somebody signals",
            "1 0123456789abcdef down",
            "1 0123456789abcdef down a/b",
            "1 0123456789abcdef presence",
            "1 0123456789abcdef presence many +a",
            "1 0123456789abcdef presence 3 a",
            "1 0123456789abcdef presence 3 居",
            "1 0123456789abcdef presence 3  +a",
            "{\"hint\":\"signals\"}",
        ] {
            assert_eq!(Said::read(message.as_bytes()), None, "{message}");
        }
        assert_eq!(Said::read(b"1 0123456789abcdef \xff"), None);
        for text in ["", "1", "1 1", "1 1 1", "2 1 1 1", "1 1 -1 1", "1 1 1 1 1", "x"] {
            assert_eq!(Versions::read(text), None, "{text}");
        }
        assert_eq!(Versions::read("1 4 2 1"), Some(Versions { online: 4, unsaved: 2, presses: 1 }));
    }

    #[test]
    fn times_sort_as_text_as_they_do_as_times() {
        let day = SignedDuration::from_hours(24);
        let now: Timestamp = "2026-11-23T08:00:00.000000001Z".parse().expect("a time");
        let times = [Timestamp::MIN, Timestamp::UNIX_EPOCH - day, Timestamp::UNIX_EPOCH, now - day, now];
        let digits: Vec<String> = times.into_iter().chain([Timestamp::MAX]).map(time_digits).collect();
        assert!(digits.is_sorted() && digits.iter().all(|text| text.len() == TIME_DIGITS), "{digits:?}");
    }

    #[test]
    fn a_position_comes_back_as_it_was_or_not_at_all() {
        let fix = Fix {
            boot: Some("7f3a".to_owned()),
            seq: Some(41),
            fix_time: "2026-11-23T08:15:04.123456789Z".parse().expect("a time"),
            position: Wgs84::new(33.9624, 118.2757).expect("a place"),
            accuracy_m: 18.3,
            method: Method::Gps,
            speed_mps: Some(0.8),
            bearing_deg: None,
            battery_pct: Some(71.0),
        };
        let word = position_word(&fix).expect("a word");
        assert_eq!(read_position(&word), Some(fix.clone()));
        let later = time_digits(fix.fix_time + SignedDuration::from_secs(1));
        let lying = word.replace(&time_digits(fix.fix_time), &later);
        for wrong in ["", "1", "garbage", &word[2..], &word.replacen('1', "2", 1), &word[..40], &lying] {
            assert_eq!(read_position(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_unsaved_press_of_a_newer_version_is_a_press() {
        let json = r#"{"id":"s-1","kind":"press","at":"2026-11-23T08:00:00Z","received_at":"2026-11-23T08:00:01Z",
            "remarks":["unsaved","smells_of_smoke"],"mood":"grim"}"#;
        let signal = read_signal(json).expect("a press");
        assert_eq!(signal.remarks, [Remark::Unsaved]);
        assert_eq!(read_signal("[]"), None);
        assert_eq!(read_signal(r#"{"id":"s-1"}"#), None);
    }

    const ID: &str = "[A-Za-z0-9._:-]{1,64}";

    fn anything_said() -> impl Strategy<Value = Said> {
        let name = "(station/)?[A-Za-z0-9._:-]{1,64}";
        let names =
            || prop::collection::vec(name.prop_map(|name| Present::named(&name).expect("a name")), 0..5);
        let moved = prop::option::of((names(), names()));
        prop_oneof![
            ID.prop_map(|id| Said::Hint(Hint::Down(handset(&id)))),
            ID.prop_map(|id| Said::Saved(SignalId::new(id).expect("an id"))),
            (any::<u64>(), moved).prop_map(|(version, moved)| Said::Presence { version, moved }),
        ]
    }

    /// What another program may write: bytes, and words that are nearly ours.
    fn anything() -> impl Strategy<Value = Vec<u8>> {
        let nearly_said = "1 0123456789abcdef (signals|down|gap|saved|presence)( [0-9+?a-z./:-]{0,6}){0,4}";
        let nearly_a_press = r#"\{"id":"s-1","kind":"press","at":"2026-11-23T08:00:00Z","received_at":"2026-11-23T08:00:0[0-9a]Z","remarks":(\[("late"|"new"|7|\{\})?\]|null)\}"#;
        let nearly_a_position = r#"1 [0-9]{20,22} \{"fix_time":"2026-11-23T08:00:00Z","lat":-?[0-9.]{0,5},"lon":[0-9.]{0,5},"accuracy_m":[0-9]{0,3},"method":"gps"\}"#;
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..100),
            prop_oneof![nearly_said, nearly_a_press, nearly_a_position, "1 [0-9+]{0,21} [0-9]{0,3} [0-9]"]
                .prop_map(String::into_bytes),
        ]
    }

    fn fix() -> impl Strategy<Value = Fix> {
        let micros = -62_000_000_000_000_000_i64..253_000_000_000_000_000;
        let optional = || prop::option::of(-1e9..1e9_f64);
        (micros, -90.0..=90.0_f64, 1.0..=180.0_f64, 0.0..1e6_f64, optional(), optional()).prop_map(
            |(micros, lat, lon, accuracy_m, speed_mps, battery_pct)| Fix {
                boot: None,
                seq: Some(micros.unsigned_abs()),
                fix_time: Timestamp::from_microsecond(micros).expect("a time"),
                position: Wgs84::new(lat, lon).expect("a place"),
                accuracy_m,
                method: Method::Wifi,
                speed_mps,
                bearing_deg: None,
                battery_pct,
            },
        )
    }

    proptest! {
        #[test]
        fn whatever_is_said_is_understood(said in anything_said()) {
            let message = said.message(PROCESS);
            prop_assert_eq!(Said::read(message.as_bytes()), Some((PROCESS, said)));
        }

        #[test]
        fn every_position_comes_back(fix in fix()) {
            let word = position_word(&fix);
            prop_assert_eq!(word.as_deref().and_then(read_position), Some(fix));
        }

        #[test]
        fn nothing_panics_and_what_is_understood_can_be_said(bytes in anything()) {
            if let Some((process, said)) = Said::read(&bytes) {
                let message = said.message(process);
                prop_assert_eq!(Said::read(message.as_bytes()), Some((process, said)));
            }
            for word in reread(&bytes) {
                prop_assert!(reread(word.as_bytes()).contains(&word), "{}", word);
            }
        }
    }
}
