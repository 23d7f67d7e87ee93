//! OwnTracks, a free app that makes any telephone say where it is. One file a message.
//!
//! `topic` says whose a topic is, `sealed` opens what only the phone and the platform can read, `location` gives the
//! same [`Fix`](model::Fix) as a GPS-one handset does. The app has no button, so nothing here is ever a press.
//!
//! Its JSON names itself by `_type`. A type that is not known is kept and counted, as the app's authors ask of every
//! reader; to understand another one, give it a variant and a file.

mod command;
mod location;
mod region;
mod sealed;
mod topic;

pub use command::OwnTracksCommand;
pub use location::Location;
pub use region::{Transition, Waypoint};
pub use sealed::{NONCE_BYTES, Passphrase, SealError};
pub use topic::{PhoneName, PhoneNameError};

use crate::Status;
use crate::defect::{Decoded, Defects};
use crate::gps_one::{Fields, Opened, open_object};
use location::Envelope;
use model::Timestamp;
use serde_json::{Map, Value};

/// What an app says.
#[derive(Debug, Clone, PartialEq)]
pub enum OwnTracks {
    /// No byte: the app takes back what it had retained. There is nothing to keep.
    Nothing,
    /// Not a message of the app.
    Unreadable,
    /// Sealed; the text is what [`Passphrase::open`] opens.
    Encrypted(String),
    /// Where the phone is.
    Location(Location),
    /// It entered or left one of its own regions.
    Transition(Transition),
    /// One of its regions.
    Waypoint(Waypoint),
    /// All of them.
    Waypoints(Vec<Waypoint>),
    /// The last will: the phone was lost.
    Gone(Status),
    /// What the app may and may not do on its phone.
    Status,
    /// The name and face shown to others.
    Card {
        /// The name.
        name: Option<String>,
    },
    /// A type that is nothing to us: steps, beacons, configuration, and what is still to be invented.
    Other(String),
}

impl OwnTracks {
    /// Under which kind the message is kept, and counted.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Unreadable => "unreadable",
            Self::Encrypted(_) => "encrypted",
            Self::Location(_) => "location",
            Self::Transition(_) => "transition",
            Self::Waypoint(_) => "waypoint",
            Self::Waypoints(_) => "waypoints",
            Self::Gone(_) => "lwt",
            Self::Status => "status",
            Self::Card { .. } => "card",
            Self::Other(_) => "other",
        }
    }
}

/// Reads a payload of this phone, whatever topic of its own it came on.
pub fn decode_owntracks(name: &PhoneName, payload: &[u8], received_at: Timestamp) -> Decoded<OwnTracks> {
    let mut defects = Defects::default();
    let message = match open_object(payload, &mut defects) {
        Ok((object, cut_off)) => {
            let envelope = Envelope { name, payload, received_at, cut_off };
            read(&object, envelope, &mut defects)
        }
        Err(Opened::Empty) => return Defects::default().with(OwnTracks::Nothing),
        Err(Opened::Unreadable | Opened::Json { .. }) => OwnTracks::Unreadable,
    };
    defects.with(message)
}

/// The topic that an iPhone puts into its message when it speaks HTTP.
pub fn told_topic(payload: &[u8]) -> Option<String> {
    let (object, _) = open_object(payload, &mut Defects::default()).ok()?;
    object.get("topic")?.as_str().map(str::to_owned)
}

fn read(object: &Map<String, Value>, envelope: Envelope<'_>, defects: &mut Defects) -> OwnTracks {
    let mut fields = Fields::new(object, "", defects);
    let Some(kind) = fields.text("_type") else {
        fields.refuse("_type", "is missing");
        return OwnTracks::Unreadable;
    };
    match kind.as_str() {
        "location" => OwnTracks::Location(location::read(object, envelope, defects)),
        "transition" => region::read_transition(object, envelope.received_at, defects)
            .map_or(OwnTracks::Unreadable, OwnTracks::Transition),
        "waypoint" => OwnTracks::Waypoint(region::read_waypoint(object, "", defects)),
        "waypoints" => OwnTracks::Waypoints(region::read_waypoints(object, defects)),
        // Its time is when the phone connected, which says nothing about when it was lost.
        "lwt" => OwnTracks::Gone(Status { online: Some(false), ..Status::default() }),
        "status" => OwnTracks::Status,
        "card" => OwnTracks::Card { name: fields.text("name") },
        "encrypted" => read_sealed(object, defects),
        _ => OwnTracks::Other(kind),
    }
}

fn read_sealed(object: &Map<String, Value>, defects: &mut Defects) -> OwnTracks {
    if let Some(Value::String(data)) = object.get("data") {
        return OwnTracks::Encrypted(data.clone());
    }
    defects.add("data", "is missing");
    OwnTracks::Unreadable
}
