//! `GET|POST /osmand`: OsmAnd and Traccar Client. The parameters stand in the address, in a form or in JSON.

use super::{Door, is_packed, refusal::Refusal};
use crate::hall::Message;
use axum::{
    body::Bytes,
    extract::{ConnectInfo, RawQuery, State},
    http::HeaderMap,
};
use model::HandsetId;
use protocol::{OsmAndId, UpKind, is_osmand_json, split_osmand};
use std::net::{IpAddr, SocketAddr};
use tokio::time::Instant;

/// Where reports are said to come from.
const TOPIC: &str = "osmand";
/// The word that must come through whatever else is wrong.
const SOS: &[u8] = b"sos";

/// An empty 200 when the report is on disk: this protocol's phones cannot be asked for anything.
pub(super) async fn take(
    State(door): State<Door>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(), Refusal> {
    let query = query.unwrap_or_default();
    let body = legible(&query, &headers, body)?;
    let (id, report) = parted(&query, &body);
    let is_urgent = calls_for_help(&report);
    let payload = Bytes::from(report);
    let found = whose(&door, id, peer.ip(), is_urgent).await?;
    let Some((handset, false)) = found else {
        if is_urgent && door.strangers.has_room(peer.ip(), Instant::now()) {
            let reason = match found {
                Some(_) => "an emergency call of a telephone that was reported stolen",
                None => "an emergency call under an id that no phone has",
            };
            let stolen = found.map(|(handset, _)| handset);
            door.put_aside(stolen, TOPIC, payload, reason.to_owned()).await?;
        }
        let is_json = is_osmand_json(&body);
        return Err(if is_json { Refusal::UnknownDevice } else { Refusal::UnknownId });
    };
    let topic = TOPIC.to_owned();
    let message = Message { handset, kind: UpKind::OsmAnd, topic, payload, oversized: None };
    door.carry(message, is_urgent).await
}

fn calls_for_help(report: &[u8]) -> bool {
    report.windows(SOS.len()).any(|window| window.eq_ignore_ascii_case(SOS))
}

/// The body if it is not packed. Where the address itself calls for help, that is heard without it.
fn legible(query: &str, headers: &HeaderMap, body: Bytes) -> Result<Bytes, Refusal> {
    if !is_packed(headers) {
        return Ok(body);
    }
    if calls_for_help(query.as_bytes()) { Ok(Bytes::new()) } else { Err(Refusal::Packed) }
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
