//! `GET|POST /osmand`: OsmAnd and Traccar Client. The parameters stand in the address, in a form or in JSON.

use super::{
    Door, NAMELESS_WITHIN, READ_WITHIN, ROOM_WITHIN, URGENT_READ_WITHIN, URGENT_ROOM_WITHIN,
    incoming::Incoming, is_packed, refusal::Refusal, rooms,
};
use crate::hall::Message;
use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, RawQuery, State},
    http::HeaderMap,
};
use model::HandsetId;
use protocol::{OsmAndId, UpKind, is_osmand_json, split_osmand};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::{
    sync::OwnedSemaphorePermit,
    task::spawn_blocking,
    time::{Instant, timeout_at},
};

/// Where reports are said to come from.
const TOPIC: &str = "osmand";
/// The word that must come through whatever else is wrong.
const SOS: &[u8] = b"sos";
/// From so many bytes on a report is read beside the threads that answer handsets: it takes longer than a press may wait.
const READ_ASIDE_FROM: usize = 1024 * 1024;
/// When whoever was heard by the address is answered, whatever becomes of the body: in time, and time to let the rest of it by.
const HEARD_WITHIN: Duration = Duration::from_secs(24);

/// An empty 200 when the report is on disk: this protocol's phones cannot be asked for anything.
pub(super) async fn take(
    State(door): State<Door>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<(), Refusal> {
    let answer_by = Instant::now() + HEARD_WITHIN;
    let query = query.unwrap_or_default();
    let mut incoming = Incoming::begin(body).await?;
    let answer = hear(&door, peer.ip(), &query, &headers, &mut incoming, answer_by).await;
    incoming.let_by().await;
    answer
}

async fn hear(
    door: &Door,
    from: IpAddr,
    query: &str,
    headers: &HeaderMap,
    incoming: &mut Incoming,
    answer_by: Instant,
) -> Result<(), Refusal> {
    if !is_legible(query, headers)? {
        incoming.leave_out();
    }
    let is_small = incoming.is_whole();
    let (id, beginning) = parted(query, sure(incoming.beginning(), is_small));
    let (_, address) = split_osmand(query.as_bytes());
    let is_urgent = calls_for_help(&address) || calls_for_help(&beginning);
    let (id, _nameless) = if id.is_none() && !is_small {
        match named_behind(door, query, incoming, is_urgent).await {
            Ok(found) => found,
            Err(refusal) => {
                if is_urgent && door.strangers.has_room(from, Instant::now()) {
                    let reason = "an emergency call whose telephone is named behind what could be read";
                    door.put_aside(None, TOPIC, Bytes::from(beginning), reason.to_owned()).await?;
                }
                return Err(refusal);
            }
        }
    } else {
        (id, None)
    };
    let is_json = is_osmand_json(incoming.beginning());
    let found = whose(door, id, from, is_urgent).await?;
    let Some((handset, false)) = found else {
        if is_urgent && door.strangers.has_room(from, Instant::now()) {
            let reason = match found {
                Some(_) => "an emergency call of a telephone that was reported stolen",
                None => "an emergency call under an id that no phone has",
            };
            let stolen = found.map(|(handset, _)| handset);
            door.put_aside(stolen, TOPIC, Bytes::from(beginning), reason.to_owned()).await?;
        }
        return Err(if is_json { Refusal::UnknownDevice } else { Refusal::UnknownId });
    };
    // What the address says beside a JSON report is a report of its own.
    let is_heard = is_json && calls_for_help(&address);
    if is_heard {
        door.carry(said(&handset, address, None), true).await?;
    }
    let rest = async {
        if is_small {
            door.carry(said(&handset, beginning, None), is_urgent).await
        } else {
            hear_on(door, &handset, query, incoming, is_urgent).await
        }
    };
    if !is_heard {
        return rest.await;
    }
    // The call of the address has no time of its own: sent again with the body, it would be another one.
    let taken = timeout_at(answer_by, rest).await.unwrap_or(Err(Refusal::NotOnDisk));
    if let Err(refusal) = taken {
        tracing::warn!(event = "report_beside_a_call_not_on_disk", ?refusal, %handset);
    }
    Ok(())
}

/// The id of a telephone that is named behind a list of positions.
async fn named_behind(
    door: &Door,
    query: &str,
    incoming: &mut Incoming,
    is_urgent: bool,
) -> Result<(Option<String>, Option<OwnedSemaphorePermit>), Refusal> {
    let (room_within, _) = patience(is_urgent);
    let room = rooms::take_any(&door.nameless, room_within);
    let room = incoming.read_on(room, NAMELESS_WITHIN).await?;
    let there = Bytes::copy_from_slice(sure(incoming.so_far(), incoming.is_whole()));
    Ok((parted_aside(query, there).await.0, room))
}

/// Reads the rest of a large report and takes it.
async fn hear_on(
    door: &Door,
    handset: &HandsetId,
    query: &str,
    incoming: &mut Incoming,
    is_urgent: bool,
) -> Result<(), Refusal> {
    let (room_within, read_within) = patience(is_urgent);
    let read = incoming.read_on(door.large.take(handset, room_within), read_within).await;
    let _room = match read {
        // Whoever calls for help is heard by the beginning.
        Err(Refusal::Busy | Refusal::NotOnDisk) if is_urgent => None,
        read => read?,
    };
    let (body, oversized) = incoming.take();
    let (_, report) = parted_aside(query, body).await;
    let is_urgent = is_urgent || calls_for_help(&report);
    door.carry(said(handset, report, oversized), is_urgent).await
}

/// How long a large report waits for room, and how long its rest may come in.
fn patience(is_urgent: bool) -> (Duration, Duration) {
    if is_urgent { (URGENT_ROOM_WITHIN, URGENT_READ_WITHIN) } else { (ROOM_WITHIN, READ_WITHIN) }
}

fn said(handset: &HandsetId, report: Vec<u8>, oversized: Option<u64>) -> Message {
    Message {
        handset: handset.clone(),
        kind: UpKind::OsmAnd,
        topic: TOPIC.to_owned(),
        payload: Bytes::from(report),
        oversized,
    }
}

/// What is sure of a body. Of a form that is not there to its end the last pair may be half a one, and half an id is nobody's.
fn sure(body: &[u8], is_whole: bool) -> &[u8] {
    if is_whole || is_osmand_json(body) {
        return body;
    }
    let end = body.iter().rposition(|byte| *byte == b'&').unwrap_or_default();
    body.get(..end).unwrap_or_default()
}

fn calls_for_help(report: &[u8]) -> bool {
    report.windows(SOS.len()).any(|window| window.eq_ignore_ascii_case(SOS))
}

/// Whether the body can be read. Where the address itself calls for help, that is heard without one that is packed.
fn is_legible(query: &str, headers: &HeaderMap) -> Result<bool, Refusal> {
    match (is_packed(headers), calls_for_help(query.as_bytes())) {
        (false, _) => Ok(true),
        (true, true) => Ok(false),
        (true, false) => Err(Refusal::Packed),
    }
}

/// The id, and the report without it.
fn parted(query: &str, body: &[u8]) -> (Option<String>, Vec<u8>) {
    if is_osmand_json(body) {
        let (id, report) = split_osmand(body);
        return (id.or_else(|| split_osmand(query.as_bytes()).0), report);
    }
    let parts: Vec<&[u8]> =
        [query.as_bytes(), body.trim_ascii()].into_iter().filter(|part| !part.is_empty()).collect();
    split_osmand(&parts.join(&b'&'))
}

/// The same, of a large report beside the threads that answer handsets.
async fn parted_aside(query: &str, body: Bytes) -> (Option<String>, Vec<u8>) {
    if body.len() < READ_ASIDE_FROM {
        return parted(query, &body);
    }
    let (text, bytes) = (query.to_owned(), body.clone());
    let read = spawn_blocking(move || parted(&text, &bytes)).await;
    read.unwrap_or_else(|error| {
        tracing::error!(event = "report_not_read_aside", %error);
        parted(query, &body)
    })
}

/// Whose handset it is, and whether that is cut off. Whoever asks hears the same as of an id that nobody has. Who tries ever other
/// ids is told to come again; a call for help is looked at whatever was tried from there.
async fn whose(
    door: &Door,
    id: Option<String>,
    from: IpAddr,
    is_urgent: bool,
) -> Result<Option<(HandsetId, bool)>, Refusal> {
    let Some(Ok(id)) = id.map(OsmAndId::new) else { return Ok(None) };
    if !is_urgent && !door.ids.may_look(id.as_str(), from, Instant::now()) {
        return Err(Refusal::TooManyIds);
    }
    let found = door.accept.handset_of_osmand(&id).await.map_err(|error| {
        tracing::warn!(event = "phone_unreadable", %error);
        Refusal::Unavailable
    })?;
    if matches!(found, Some((_, false))) {
        door.ids.note_known(id.as_str());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_may_stand_in_the_address_or_in_the_body() {
        for (query, body, id, report) in [
            ("id=a&lat=1&lon=2", "", Some("a"), "lat=1&lon=2"),
            ("", "id=a&lat=1\r\n", Some("a"), "lat=1"),
            ("id=a", "lat=1", Some("a"), "lat=1"),
            ("lat=1", "id=a", Some("a"), "lat=1"),
            ("id=a", r#"{"location":{}}"#, Some("a"), r#"{"location":{}}"#),
            ("", r#"{"device_id":"b"}"#, Some("b"), r#"{"device_id":"*"}"#),
            ("", "", None, ""),
        ] {
            let (found, rest) = parted(query, body.as_bytes());
            assert_eq!(found.as_deref(), id, "{query} {body}");
            assert_eq!(String::from_utf8(rest).unwrap(), report);
        }
    }
}
