//! One run through a recording: what each message means, with every deadline before it.

use super::{
    falls::Falls,
    handset::Handset,
    line::{Line, Phones, Sender},
    told::as_line,
};
use anyhow::{Context as _, bail};
use geofence::falls::{Assessment, Window, assess};
use geofence::replay::{Recording as Watch, ResidentsFile};
use geofence::{Event, Worn};
use model::{HandsetId, ResidentId, Timestamp};
use protocol::{
    Decoded, Defect, Fall, Location, OwnTracks, PhoneName, Press, Samples, UpKind, decode_answer,
    decode_fall, decode_fixes, decode_osmand, decode_owntracks, decode_press, decode_status,
};
use serde_json::Value;
use std::collections::HashMap;

/// Presses and falls are signals by themselves; what positions and silence mean, the watch says.
pub(super) struct Recording {
    watch: Watch,
    phones: Phones,
    handsets: HashMap<HandsetId, Handset>,
    falls: Falls,
    /// What could not be read of the line that was taken last.
    misread: Vec<Defect>,
}

/// A message, with whom it is about.
struct Message {
    handset: HandsetId,
    /// By the line itself, or by the residents' file.
    resident: Option<ResidentId>,
    is_told: bool,
    bytes: Vec<u8>,
    received_at: Timestamp,
    believed: bool,
}

impl Recording {
    /// The beginning of a recording, and what in the file could not be used.
    pub(super) fn new(file: &ResidentsFile) -> (Self, Vec<String>) {
        let (watch, found) = Watch::new(file);
        let (phones, more) = Phones::of(file);
        let said = found.into_iter().map(|problem| format!("{:#}", anyhow::Error::new(problem)));
        let problems = said.chain(more).collect();
        let (handsets, falls, misread) = (HashMap::new(), Falls::default(), Vec::new());
        (Self { watch, phones, handsets, falls, misread }, problems)
    }

    /// What could not be read of the line that was taken last; all else of it was taken.
    pub(super) fn take_misread(&mut self) -> Vec<Defect> {
        std::mem::take(&mut self.misread)
    }

    /// What was taken and not judged, and why, in words.
    pub(super) fn passed_over(&self) -> Vec<String> {
        let mut passed = self.watch.passed().clone();
        passed.note("repeat", self.handsets.values().map(Handset::repeats).sum());
        let reasons = passed.reasons.iter().map(|(reason, fixes)| format!("{reason} {fixes}"));
        let reasons: Vec<String> = reasons.collect();
        let counted = format!("{} fixes passed over: {}", passed.total(), reasons.join(", "));
        let strangers = passed.uncarried.iter();
        let named = strangers.map(|handset| {
            format!("handset {handset}: nobody of the residents' file has it, so its fixes say nothing")
        });
        let shifted = self.watch.shifted().into_iter().map(|(resident, fence, datum)| {
            let datum = datum.name();
            format!(
                "resident {resident}, fence {fence:?} lies beside where they rest as if it were drawn in {datum}; if it \
                 is, \"datum\" says so"
            )
        });
        let counted = Some(counted).filter(|_| !reasons.is_empty());
        counted.into_iter().chain(named).chain(shifted).collect()
    }

    /// What could be read; what could not is noted.
    fn told<T>(&mut self, Decoded { message, defects }: Decoded<T>) -> T {
        self.misread.extend(defects);
        message
    }

    /// Lets time run on; what deadlines say.
    pub(super) fn run_until(&mut self, time: Timestamp) -> anyhow::Result<Vec<Value>> {
        let mut lines = Vec::new();
        while let Some(due) = self.falls.next_deadline().filter(|due| *due <= time) {
            self.watch_until(due, &mut lines)?;
            lines.extend(self.falls.time(due));
            self.cry(due, &mut lines)?;
        }
        self.watch_until(time, &mut lines)?;
        Ok(lines)
    }

    /// Nothing more comes: the questions that are open end unanswered, and what arrived late is judged.
    pub(super) fn settle(&mut self) -> anyhow::Result<Vec<Value>> {
        let mut lines = Vec::new();
        while let Some(due) = self.falls.next_deadline() {
            lines.extend(self.run_until(due)?);
        }
        let mut told = Vec::new();
        self.watch.settle(&mut told);
        for signal in &told {
            lines.push(serde_json::to_value(signal)?);
        }
        Ok(lines)
    }

    /// Tells the watch which falls were raised.
    fn cry(&mut self, now: Timestamp, lines: &mut Vec<Value>) -> anyhow::Result<()> {
        for signal in self.falls.take_raised() {
            let Some(handset) = signal.handset else { continue };
            let (event, mut told) = (Event::Fall { at: signal.at }, Vec::new());
            match &signal.resident {
                Some(resident) => self.watch.take_from(resident, &handset, event, now, &mut told),
                None => self.watch.take(&handset, event, now, &mut told),
            }
            for signal in &told {
                lines.push(serde_json::to_value(signal)?);
            }
        }
        Ok(())
    }

    fn watch_until(&mut self, time: Timestamp, lines: &mut Vec<Value>) -> anyhow::Result<()> {
        let mut told = Vec::new();
        self.watch.run_until(time, &mut told);
        for signal in &told {
            lines.push(serde_json::to_value(signal)?);
        }
        Ok(())
    }

    /// Takes a line; what came of it, and of the time before it.
    pub(super) fn take(&mut self, text: &str, until: Option<Timestamp>) -> anyhow::Result<Vec<Value>> {
        let line: Line = serde_json::from_str(text).context("not {\"received_at\",\"topic\",\"payload\"}")?;
        if until.is_some_and(|until| line.received_at > until) {
            return Ok(Vec::new());
        }
        let Sender { handset, kind, phone } = self.phones.sender(&line.topic)?;
        let message = Message {
            bytes: line.bytes()?,
            is_told: line.resident.is_some(),
            resident: line.resident.or_else(|| self.watch.resident(&handset).cloned()),
            received_at: line.received_at,
            believed: line.believed,
            handset,
        };
        let mut lines = self.run_until(message.received_at)?;
        self.read(kind, phone.as_ref(), &message, &mut lines)?;
        Ok(lines)
    }

    fn read(
        &mut self,
        kind: UpKind,
        phone: Option<&PhoneName>,
        message: &Message,
        lines: &mut Vec<Value>,
    ) -> anyhow::Result<()> {
        let (bytes, received_at) = (message.bytes.as_slice(), message.received_at);
        match kind {
            UpKind::Press => {
                let press = self.told(decode_press(bytes, received_at));
                self.press(message, press, lines)
            }
            UpKind::Fall => {
                let fall = self.told(decode_fall(bytes, received_at));
                self.fall(message, &fall, lines)
            }
            UpKind::Fix => {
                let fixes = self.told(decode_fixes(bytes, received_at));
                let memory = self.memory(message);
                let fixes =
                    if message.believed { memory.believed(fixes) } else { memory.fixes(fixes, received_at) };
                self.happens(message, Event::Fixes(&fixes), lines)
            }
            UpKind::Status => {
                let status = self.told(decode_status(bytes, received_at));
                let told = self.memory(message).status(&status, received_at);
                self.happens(message, Event::Status(told), lines)
            }
            UpKind::Answer => {
                self.happens(message, Event::Heard, lines)?;
                if let Some(answer) = self.told(decode_answer(bytes)) {
                    lines.extend(self.falls.answer(&message.handset, &answer, received_at));
                }
                self.cry(received_at, lines)
            }
            UpKind::OwnTracks => match phone {
                Some(name) => {
                    let said = self.told(decode_owntracks(name, bytes, received_at));
                    self.app(message, said, lines)
                }
                None => Ok(()),
            },
            UpKind::OsmAnd => {
                let report = self.told(decode_osmand(bytes, received_at));
                for press in report.presses {
                    self.press(message, press, lines)?;
                }
                // Of a report that is recorded for its press the positions are lines of their own.
                if message.believed {
                    return Ok(());
                }
                if report.says_more {
                    self.happens(message, Event::Heard, lines)?;
                }
                self.stands(message, report.fixes, report.status.charging, lines)
            }
        }
    }

    fn app(&mut self, message: &Message, said: OwnTracks, lines: &mut Vec<Value>) -> anyhow::Result<()> {
        match said {
            OwnTracks::Nothing => Ok(()),
            OwnTracks::Unreadable => bail!("it is no message of an OwnTracks app"),
            OwnTracks::Encrypted(_) => {
                bail!("it is sealed; a recording holds what the phone's passphrase opens")
            }
            OwnTracks::Location(Location { fix, charging, .. }) => {
                self.stands(message, fix.into_iter().collect(), charging, lines)
            }
            OwnTracks::Gone(_) => {
                let told = self.memory(message).gone();
                self.happens(message, Event::Status(told), lines)
            }
            OwnTracks::Transition(_)
            | OwnTracks::Waypoint(_)
            | OwnTracks::Waypoints(_)
            | OwnTracks::Status
            | OwnTracks::Card { .. }
            | OwnTracks::Other(_) => self.happens(message, Event::Heard, lines),
        }
    }

    /// Where an app says that it is, with what it says of its charger.
    fn stands(
        &mut self,
        message: &Message,
        fixes: Vec<model::Fix>,
        charging: Option<bool>,
        lines: &mut Vec<Value>,
    ) -> anyhow::Result<()> {
        let memory = self.memory(message);
        let (told, fixes) = (memory.charger(charging), memory.fixes(fixes, message.received_at));
        if let Some(told) = told {
            self.happens(message, Event::Status(told), lines)?;
        }
        if fixes.is_empty() { Ok(()) } else { self.happens(message, Event::Fixes(&fixes), lines) }
    }

    /// A press that was there before is no other one.
    fn press(&mut self, message: &Message, press: Press, lines: &mut Vec<Value>) -> anyhow::Result<()> {
        let whose = (&message.handset, message.resident.clone());
        let Some(signal) = self.memory(message).press(whose, press, &message.bytes, message.received_at)
        else {
            return Ok(());
        };
        lines.push(as_line(&signal));
        self.happens(message, Event::Press, lines)
    }

    fn fall(&mut self, message: &Message, fall: &Fall, lines: &mut Vec<Value>) -> anyhow::Result<()> {
        self.happens(message, Event::Heard, lines)?;
        let whose = (&message.handset, message.resident.clone());
        let signal = self.memory(message).fall(whose, fall, &message.bytes, message.received_at);
        let Some(signal) = signal else { return Ok(()) };
        let cancelled = if fall.cancel { self.falls.cancel(&signal) } else { None };
        if let Some(heard) = cancelled {
            lines.extend(heard);
            return Ok(());
        }
        let worn = message.resident.as_ref().and_then(|resident| self.watch.worn(resident));
        let worn = worn.unwrap_or(Worn::Waist);
        let judge = |samples: &Samples| {
            assess(&Window { hz: samples.hz, unit: &samples.unit, xyz: &samples.xyz }, worn)
        };
        let assessment = fall.samples.as_ref().map_or_else(|| Assessment::without(worn), judge);
        lines.extend(self.falls.report(signal, assessment));
        self.cry(message.received_at, lines)
    }

    fn memory(&mut self, message: &Message) -> &mut Handset {
        self.handsets.entry(message.handset.clone()).or_default()
    }

    /// Tells the watch; what it says of it.
    fn happens(&mut self, message: &Message, event: Event<'_>, lines: &mut Vec<Value>) -> anyhow::Result<()> {
        let (handset, at, mut told) = (&message.handset, message.received_at, Vec::new());
        match message.resident.as_ref().filter(|_| message.is_told) {
            Some(resident) => self.watch.take_from(resident, handset, event, at, &mut told),
            None => self.watch.take(handset, event, at, &mut told),
        }
        for signal in &told {
            lines.push(serde_json::to_value(signal)?);
        }
        Ok(())
    }
}
