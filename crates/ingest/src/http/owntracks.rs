//! `POST /owntracks`: an OwnTracks app in HTTP mode.
//!
//! Which phone it is stands in the headers `X-Limit-U` and `X-Limit-D`, or in the address as `?u=…&d=…`, or, from an
//! iPhone, as `topic` in the message itself, also in a sealed one. The answer is the list of commands that wait for it.

use super::{Door, READ_WITHIN, ROOM_WITHIN, basic, incoming::Incoming, is_packed, refusal::Refusal};
use crate::hall::{Hall as _, LogIn, Message};
use axum::{
    Json,
    body::{Body, Bytes},
    extract::{ConnectInfo, Query, State},
    http::HeaderMap,
};
use protocol::{PhoneName, Rights, UpKind};
use serde::Deserialize;
use serde_json::Value;
use std::net::SocketAddr;

/// Where a message is said to come from when nothing in it says so.
const TOPIC: &str = "owntracks";

/// The phone, in the address.
#[derive(Debug, Default, Deserialize)]
pub(super) struct InAddress {
    u: Option<String>,
    d: Option<String>,
}

pub(super) async fn take(
    State(door): State<Door>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Query(address): Query<InAddress>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Vec<Value>>, Refusal> {
    let mut incoming = Incoming::begin(body).await?;
    let answer = hear(&door, peer, address, &headers, &mut incoming).await;
    incoming.let_by().await;
    answer
}

async fn hear(
    door: &Door,
    peer: SocketAddr,
    address: InAddress,
    headers: &HeaderMap,
    incoming: &mut Incoming,
) -> Result<Json<Vec<Value>>, Refusal> {
    if is_packed(headers) {
        return Err(Refusal::Packed);
    }
    let rights = log_in(door, peer, headers).await?;
    let room = door.large.take(rights.handset(), ROOM_WITHIN);
    let _room = incoming.read_on(room, READ_WITHIN).await?;
    let (payload, oversized) = incoming.take();
    // The app takes back what it had retained; there is nothing to keep.
    if payload.is_empty() {
        return Ok(Json(Vec::new()));
    }
    let name = match named(headers, address) {
        Some(name) => Some(name),
        None => door.accept.told_name(&rights, &payload).await,
    };
    let Some(name) = name else {
        return Err(put_aside(door, &rights, TOPIC, payload, Refusal::Nameless).await);
    };
    if !rights.has_phone(&name) {
        return Err(put_aside(door, &rights, &name.topic(), payload, Refusal::NotItsPhone).await);
    }
    let handset = rights.handset().clone();
    let message = Message { handset, kind: UpKind::OwnTracks, topic: name.topic(), payload, oversized };
    door.carry(message, false).await?;
    Ok(Json(door.accept.give_commands(rights.handset(), &name).await))
}

async fn log_in(door: &Door, peer: SocketAddr, headers: &HeaderMap) -> Result<Rights, Refusal> {
    let (username, password) = basic::credentials(headers).ok_or(Refusal::Credentials)?;
    match door.accept.log_in(&username, &password, peer.ip()).await {
        LogIn::Welcome { rights, .. } => Ok(rights),
        LogIn::Refused => Err(Refusal::Credentials),
        LogIn::Crowded => Err(Refusal::Crowded),
        LogIn::Unavailable => Err(Refusal::Unavailable),
    }
}

/// The phone that the headers name, or else the address.
fn named(headers: &HeaderMap, address: InAddress) -> Option<PhoneName> {
    let header = |name: &str| {
        let value = headers.get(name)?.as_bytes();
        String::from_utf8(value.to_vec()).ok().filter(|text| !text.is_empty())
    };
    let user = header("X-Limit-U").or(address.u)?;
    let device = header("X-Limit-D").or(address.d)?;
    PhoneName::new(user, device).ok()
}

/// Kept whole for an administrator, like a publish on somebody else's topic.
async fn put_aside(door: &Door, rights: &Rights, topic: &str, payload: Bytes, why: Refusal) -> Refusal {
    let reason = match why {
        Refusal::Nameless => "posted without saying which phone it is".to_owned(),
        _ => format!("{topic} is not bound to handset {}", rights.handset()),
    };
    let kept = door.put_aside(Some(rights.handset().clone()), topic, payload, reason).await;
    kept.err().unwrap_or(why)
}
