//! The door's limits. Every one is a promise to somebody else: what one connection may cost the others.

use std::time::Duration;

/// Limits that differ between machines and tests; the defaults suit one machine with 25,000 handsets. Of these an operator
/// sets the connections alone (`mqtt.max_connections`); the rest are as they must be for what handsets do.
#[derive(Debug, Clone)]
pub struct Config {
    /// Connections at once, counted from the accepted socket on, before anybody has said who it is.
    pub max_connections: usize,
    /// From the accepted socket to a whole CONNECT, with the handshakes of TLS and websocket in between.
    pub handshake_timeout_ms: u64,
    /// How long a log-in may be checked before the handset is told to come back.
    pub log_in_timeout_ms: u64,
    /// How long a client may take nothing of what is written to it.
    pub write_timeout_ms: u64,
    /// A client without keep-alive is closed after this much silence.
    pub silence_limit_s: u64,
    /// No client is silent for longer than this, whatever keep-alive it named. A client of MQTT 5 is told a shorter one;
    /// of 3.1.1 it cannot be told, and an app that saves its battery with one of an hour may be silent for an hour and a half.
    pub longest_silence_s: u64,
    /// How long a large batch of positions keeps others waiting while it arrives, and how long one waits at most.
    pub bulk_timeout_ms: u64,
    /// The largest packet that is read whole. Only a press may use all of it.
    pub max_packet_bytes: usize,
    /// The largest payload of anything that is neither a press nor positions.
    pub max_message_bytes: usize,
    /// The largest payload of positions: what a handset kept for days and tells in one message is read whole.
    pub max_fixes_bytes: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_connections: 25_000,
            handshake_timeout_ms: 10_000,
            log_in_timeout_ms: 10_000,
            write_timeout_ms: 10_000,
            bulk_timeout_ms: 10_000,
            silence_limit_s: 20 * 60,
            longest_silence_s: 2 * 60 * 60,
            max_packet_bytes: 16 * 1024 * 1024,
            max_message_bytes: 1024 * 1024,
            max_fixes_bytes: FIXES_BYTES_MAX,
        }
    }
}

impl Config {
    pub(super) fn handshake_timeout(&self) -> Duration {
        Duration::from_millis(self.handshake_timeout_ms)
    }

    pub(super) fn log_in_timeout(&self) -> Duration {
        Duration::from_millis(self.log_in_timeout_ms)
    }

    pub(super) fn write_timeout(&self) -> Duration {
        Duration::from_millis(self.write_timeout_ms)
    }

    pub(super) fn bulk_timeout(&self) -> Duration {
        Duration::from_millis(self.bulk_timeout_ms)
    }

    pub(super) fn silence_limit(&self) -> Duration {
        Duration::from_secs(self.silence_limit_s)
    }

    pub(super) fn longest_silence(&self) -> Duration {
        Duration::from_secs(self.longest_silence_s)
    }
}

/// Publishes of one connection that may be on their way to the disk. MQTT 5 clients are told as receive maximum.
pub(super) const IN_FLIGHT_MAX: usize = 64;
/// Ten thousand positions with everything that one may say have 1.7 MB; twice that, for longer names and numbers.
pub(crate) const FIXES_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Payload of one connection that may be on its way to the disk; one larger publish is still read.
pub(super) const IN_FLIGHT_BYTES_MAX: usize = 1024 * 1024;
/// The same of one that was held back for long enough. Whoever has room for one more has less than [`IN_FLIGHT_BYTES_MAX`], and that one
/// has [`FIXES_BYTES_MAX`] at most: behind all that was read before there is room for one more, which may be a press.
pub(super) const IN_FLIGHT_BYTES_OVER: usize = IN_FLIGHT_BYTES_MAX + FIXES_BYTES_MAX;
/// The same while all connections together have more than [`HIGH_TIDE_BYTES`] on its way: a few batches of positions.
pub(super) const IN_FLIGHT_BYTES_HIGH: usize = 8 * 1024;
/// Twenty handsets that send as much as they may, or half a second of the most this machine has been seen to take.
pub(super) const HIGH_TIDE_BYTES: usize = 16 * 1024 * 1024;
/// Large batches of positions that are read or on their way to the disk, of all connections together.
pub(super) const BULK_BYTES: usize = 16 * 1024 * 1024;
/// What counts as one: some hundred positions, many times a fall with its samples.
pub(super) const BULK_FROM_BYTES: usize = 16 * 1024;
/// What is kept of a publish that is too large to read.
pub(crate) const KEPT_BEGINNING_BYTES: usize = 64 * 1024;
/// A CONNECT: a will of 64 KiB and room for everything else.
pub(super) const CONNECT_BYTES_MAX: usize = 128 * 1024;
/// Any packet that is neither CONNECT nor PUBLISH; a SUBSCRIBE with dozens of filters is far below.
pub(super) const CONTROL_BYTES_MAX: usize = 64 * 1024;
/// Aliases cost memory for each connection and a handset has five topics.
pub(super) const TOPIC_ALIAS_MAX: u16 = 16;
/// QoS 2 publishes that a client leaves unreleased. Two bytes each; a client beyond this has lost its own state.
pub(super) const UNRELEASED_MAX: usize = 1024;
/// Rows a handset may hold unacknowledged, and rows asked of the hall at once.
pub(super) const DOWN_WINDOW: usize = 16;
/// Different filters one session may name; a handset has three down topics.
pub(super) const FILTERS_MAX: usize = 32;
/// Sessions of one handset side by side.
pub(super) const SESSIONS_PER_HANDSET: usize = 4;
/// Written but not yet taken by the client: above this nothing more is read or looked up for it.
pub(super) const OUTPUT_BYTES_SOFT_MAX: usize = 32 * 1024;
/// A will's delay is honoured up to here: an offline status that is older says nothing.
pub(super) const WILL_DELAY_MAX: Duration = Duration::from_mins(1);
