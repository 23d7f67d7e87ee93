//! What follows from a fall report: raise at once, or ask before the suspicion is dropped.
//!
//! A report that looks like a fall, or that cannot be judged, is raised when it comes. A weaker one waits for the person:
//! *are you all right?* Only a yes closes it. A no, a minute of silence, or a handset that the question cannot reach raise
//! it. Whoever was raised for is asked too, since the answer helps those who set out; no answer takes a raised fall back.
//!
//! [`step`] is the whole rule: state, event and time in, state and effects out. What is waited for is stored with the
//! state ([`Falls::next_deadline`]); the shell gives [`Event::Time`] when it is due.

mod step;

pub use step::{step, step_within};

use super::{Assessment, Unusable};
use model::{Evidence, SignalId, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What the handset shows and speaks.
pub const QUESTION: &str = "您还好吗？";
/// How long a person has to find the button before silence counts as a fall.
pub const ANSWER_WITHIN: SignedDuration = SignedDuration::from_secs(60);
/// A wearer who says that it was no fall means one that was reported so lately.
pub const CANCELLED_WITHIN: SignedDuration = SignedDuration::from_secs(3_600);
/// So many questions may be open for one resident. A handset that reports more falls than that within a minute is either
/// broken or on somebody who cannot get up; the oldest is raised without waiting longer.
pub const QUESTIONS_AT_MOST: usize = 8;

/// One report of a fall, judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The signal it is or would be: derived from the report, so the same report is the same signal.
    pub signal: SignalId,
    /// The id the handset gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fall_id: Option<String>,
    /// When it happened.
    pub at: Timestamp,
    /// What the detector says.
    pub assessment: Assessment,
}

/// Something that bears on the falls of one resident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A handset reported a fall.
    Reported(Box<Report>),
    /// The person answered the question about this fall.
    Answered {
        /// About which.
        signal: SignalId,
        /// Whether they are all right.
        is_well: bool,
    },
    /// The question about this fall could not be delivered.
    NotReached {
        /// About which.
        signal: SignalId,
    },
    /// Time went on.
    Time,
    /// Our clock was set back by so much; what is left of a minute stays left.
    ClockWentBack {
        /// By how much.
        by: SignedDuration,
    },
}

/// What must be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// Every report, once, for the timeline: also what was not raised.
    Line {
        /// The report.
        report: Box<Report>,
        /// Whether it was raised as it came.
        raised: bool,
    },
    /// A signal of the kind fall (severity life).
    Raise {
        /// Which.
        signal: SignalId,
        /// Why, to be told.
        because: Because,
    },
    /// Ask the handset.
    Ask {
        /// About which fall.
        signal: SignalId,
        /// The words.
        say: String,
        /// After this the answer is not waited for.
        expires_at: Timestamp,
    },
    /// What became of the question.
    Heard {
        /// About which fall.
        signal: SignalId,
        /// What was heard.
        reply: Reply,
        /// Whether this fall is or was raised.
        raised: bool,
    },
}

/// Why a fall was raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// The detector is sure enough.
    Detected,
    /// It could not judge.
    NotJudged(Unusable),
    /// The person said that they are not all right.
    NotWell,
    /// The person did not answer in time.
    NoAnswer,
    /// The question did not reach the handset.
    NotReached,
    /// There were more reports than questions that can be asked.
    Crowded,
}

impl Because {
    /// As an operator is told it.
    pub fn sentence_zh(self) -> &'static str {
        match self {
            Self::Detected => "检测判断为跌倒",
            Self::NotJudged(why) => why.sentence_zh(),
            Self::NotWell => "终端报告可能跌倒，老人回答自己不好",
            Self::NoAnswer => "终端报告可能跌倒，询问后一分钟内没有回答",
            Self::NotReached => "终端报告可能跌倒，询问无法送达终端",
            Self::Crowded => "终端短时间内多次报告可能跌倒",
        }
    }
}

impl Because {
    /// The rule's name, as evidence has it.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Detected => "fall/detected",
            Self::NotJudged(_) => "fall/not_judged",
            Self::NotWell => "fall/not_well",
            Self::NoAnswer => "fall/no_answer",
            Self::NotReached => "fall/not_reached",
            Self::Crowded => "fall/crowded",
        }
    }

    /// Why it was raised, with what the detector saw.
    pub fn evidence(self, assessment: &Assessment) -> Evidence {
        let judged = assessment.sentence_zh();
        let why = match self {
            Self::Detected | Self::NotJudged(_) => judged,
            Self::NotWell | Self::NoAnswer | Self::NotReached | Self::Crowded => {
                format!("{}。{judged}", self.sentence_zh())
            }
        };
        Evidence {
            rule: self.rule().to_owned(),
            version: format!("falls-{} {}", assessment.version, assessment.worn.as_str()),
            why,
            probability: assessment.probability(),
            findings: assessment.findings(),
            ..Evidence::default()
        }
    }
}

/// What was heard of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// Yes, I am all right.
    Well,
    /// No.
    NotWell,
    /// Nothing.
    Silence,
    /// It never arrived.
    NotReached,
}

impl Reply {
    /// As an operator is told it.
    pub fn sentence_zh(self) -> &'static str {
        match self {
            Self::Well => "老人回答自己没事",
            Self::NotWell => "老人回答自己不好",
            Self::Silence => "询问后没有回答",
            Self::NotReached => "询问无法送达终端",
        }
    }
}

/// A fall whose question is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// Which.
    pub signal: SignalId,
    /// Whether it is raised already.
    pub raised: bool,
    /// Until when an answer is waited for.
    pub answer_by: Timestamp,
}

/// The falls of one resident that are not settled, in the order they were asked about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Falls {
    /// Never more than [`QUESTIONS_AT_MOST`].
    pub open: Vec<Open>,
}

impl Falls {
    /// When [`Event::Time`] is due.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.open.iter().map(|open| open.answer_by).min()
    }
}
