//! Reading batches of positions that are large: only so much of them is read or on its way to the disk at once, the rest
//! waits in the handsets. After an outage everybody comes back with hours of positions; what is small, and every press,
//! passes them by.
//!
//! Nothing waits for long: a batch that arrives slowly gives its room back after a while, and one that gets none is read
//! all the same, for behind it in the same connection may be a press. So a slow handset keeps nobody waiting, and a disk
//! that takes nothing hides no press.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::config::{BULK_BYTES, BULK_FROM_BYTES, FIXES_BYTES_MAX, IN_FLIGHT_BYTES_MAX};
use super::frame::Header;

/// One permit stands for so many bytes.
const UNIT: usize = 1024;
/// What one batch waits for at once: whoever comes behind it waits for no more.
const STEP_BYTES: usize = IN_FLIGHT_BYTES_MAX;

/// The room of all connections together.
#[derive(Debug, Clone)]
pub(super) struct Room {
    free: Arc<Semaphore>,
    /// Of the batches that take more than one step only one gathers its part: several that each have some would wait for one another.
    gathers: Arc<Semaphore>,
}

/// A part of the room; free again when it is dropped.
pub(super) type Part = OwnedSemaphorePermit;

impl Default for Room {
    fn default() -> Self {
        Self { free: Arc::new(Semaphore::new(BULK_BYTES / UNIT)), gathers: Arc::new(Semaphore::new(1)) }
    }
}

impl Room {
    /// Of a batch larger than one may be only the beginning is kept: it takes no more room than the largest.
    fn take(&self, bytes: usize) -> BoxFuture<'static, Option<Part>> {
        let units = |bytes: usize| u32::try_from(bytes / UNIT).unwrap_or(u32::MAX);
        let (free, gathers) = (Arc::clone(&self.free), Arc::clone(&self.gathers));
        let bytes = bytes.min(FIXES_BYTES_MAX);
        let gather = async move {
            let _turn = if bytes > STEP_BYTES { Some(gathers.acquire_owned().await.ok()?) } else { None };
            let first = bytes.min(STEP_BYTES);
            let mut part = Arc::clone(&free).acquire_many_owned(units(first)).await.ok()?;
            let mut lacking = bytes.saturating_sub(first);
            while lacking > 0 {
                let more = lacking.min(STEP_BYTES);
                part.merge(Arc::clone(&free).acquire_many_owned(units(more)).await.ok()?);
                lacking = lacking.saturating_sub(more);
            }
            Some(part)
        };
        gather.boxed()
    }
}

/// How it stands with the packet at the start of a connection's input.
#[derive(Default)]
pub(super) enum Bulk {
    /// It is small, or no batch of positions.
    #[default]
    Passes,
    Waits(BoxFuture<'static, Option<Part>>, Instant),
    /// It may be read; it keeps its part of the room until then.
    Has(Part, Instant),
    /// It came too slowly to keep its part, or waited for too long, and is read all the same.
    Late,
}

impl Bulk {
    /// Whether the rest of the packet may be read now; if it has to wait, `within` which time.
    pub(super) fn may_read(&mut self, input: &[u8], room: &Room, within: Duration) -> bool {
        if matches!(self, Self::Passes)
            && let Some(bytes) = large_batch(input)
        {
            *self = Self::Waits(room.take(bytes), Instant::now() + within);
        }
        !self.waits()
    }

    pub(super) fn waits(&self) -> bool {
        matches!(self, Self::Waits(..))
    }

    /// Ends when there is room for a packet that waits for it.
    pub(super) async fn part(&mut self) -> Option<Part> {
        match self {
            Self::Waits(part, _) => part.await,
            Self::Passes | Self::Has(..) | Self::Late => pending().await,
        }
    }

    /// There is room.
    pub(super) fn got(&mut self, part: Option<Part>, until: Instant) {
        *self = part.map_or(Self::Late, |part| Self::Has(part, until));
    }

    /// When it has kept its part, or waited for it, for too long.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match self {
            Self::Waits(_, until) | Self::Has(_, until) => Some(*until),
            Self::Passes | Self::Late => None,
        }
    }

    /// Gives its part back, or does without, if that is due.
    pub(super) fn lapse(&mut self, now: Instant) {
        if self.deadline().is_some_and(|until| until <= now) {
            *self = Self::Late;
        }
    }

    /// The packet is whole: its part goes with it.
    pub(super) fn taken(&mut self) -> Option<Part> {
        match std::mem::take(self) {
            Self::Has(part, _) => Some(part),
            Self::Passes | Self::Waits(..) | Self::Late => None,
        }
    }
}

/// The size of the packet if it is a large batch of positions of which some is still to come.
fn large_batch(input: &[u8]) -> Option<usize> {
    let header = Header::read(input).ok().flatten()?;
    let is_to_come = header.total_bytes() > input.len();
    let is_large = header.is_publish() && header.total_bytes() >= BULK_FROM_BYTES;
    (is_to_come && is_large && topic(input, header)?.ends_with(b"/fix")).then(|| header.total_bytes())
}

fn topic(input: &[u8], header: Header) -> Option<&[u8]> {
    let (length, rest) = input.get(header.own_bytes..)?.split_first_chunk()?;
    rest.get(..usize::from(u16::from_be_bytes(*length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a publish of so many bytes.
    fn beginning(topic: &str, body: usize) -> Vec<u8> {
        let mut input = vec![0x32];
        let mut rest = body;
        while rest > 0x7f {
            input.push(u8::try_from(rest & 0x7f).unwrap() | 0x80);
            rest >>= 7;
        }
        input.push(u8::try_from(rest).unwrap());
        input.extend(u16::try_from(topic.len()).unwrap().to_be_bytes());
        input.extend(topic.as_bytes());
        input
    }

    #[test]
    fn only_a_large_batch_of_positions_waits() {
        for (topic, body, waits) in [
            ("jjl/h1/fix", BULK_FROM_BYTES, true),
            ("jjl/h1/fix", 1_000_000, true),
            ("jjl/h1/fix", BULK_FROM_BYTES / 2, false),
            ("jjl/h1/press", 1_000_000, false),
            ("jjl/h1/fall", 100_000, false),
        ] {
            assert_eq!(large_batch(&beginning(topic, body)).is_some(), waits, "{topic} {body}");
        }
        let input = beginning("jjl/h1/fix", BULK_FROM_BYTES);
        assert_eq!(large_batch(&input[..input.len() - 1]), None, "its topic is not known yet");
    }

    #[tokio::test]
    async fn a_small_batch_waits_for_no_more_than_a_step_of_a_large_one_before_it() {
        let room = Room::default();
        let mut others: Vec<Option<Part>> = (0..BULK_BYTES / STEP_BYTES)
            .map(|_| room.take(STEP_BYTES).now_or_never().expect("the room is empty"))
            .collect();
        let (mut large, mut small) = (room.take(FIXES_BYTES_MAX), room.take(BULK_FROM_BYTES));
        for _ in 0..2 {
            assert!((&mut large).now_or_never().is_none());
            assert!((&mut small).now_or_never().is_none());
            drop(others.pop());
        }
        assert!((&mut large).now_or_never().is_none(), "it has two of its four steps at most");
        assert!((&mut small).now_or_never().flatten().is_some());
        others.clear();
        assert!((&mut large).now_or_never().flatten().is_some());
    }

    #[tokio::test]
    async fn whoever_finds_no_room_waits_and_a_slow_one_gives_its_part_back() {
        let room = Room::default();
        let input = beginning("jjl/h1/fix", 10 * BULK_BYTES);
        let mut others = Vec::new();
        for _ in 1..BULK_BYTES / FIXES_BYTES_MAX {
            others.push(room.take(FIXES_BYTES_MAX).now_or_never().expect("the last one's is left"));
        }
        let (mut first, mut second, mut third) = (Bulk::default(), Bulk::default(), Bulk::default());
        let within = Duration::from_secs(5);
        assert!(!first.may_read(&input, &room, within));
        let part = first.part().await;
        let until = Instant::now() + Duration::from_secs(10);
        first.got(part, until);
        assert!(first.may_read(&input, &room, within));
        assert!(!second.may_read(&input, &room, within));
        assert!(!third.may_read(&input, &room, within));
        assert!(second.part().now_or_never().is_none());
        first.lapse(Instant::now());
        assert!(second.part().now_or_never().is_none());
        first.lapse(until);
        assert!(first.may_read(&input, &room, within), "it is read all the same");
        let part = second.part().await;
        second.got(part, until);
        third.lapse(until);
        assert!(third.may_read(&input, &room, within), "so is one that has waited for long");
        assert!(second.taken().is_some());
        assert!(first.taken().is_none());
    }
}
