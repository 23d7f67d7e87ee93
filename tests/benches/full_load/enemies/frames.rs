//! Packets that are whole and come as no library sends them: in pieces, many at once, or both. They are taken in like any other;
//! what is cut off in its middle is lost to its sender alone.

use super::{Deeds, doors};
use anyhow::{Context as _, Result, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use std::{sync::Arc, time::Duration};
use tests::{
    clock,
    handset::fix,
    wire::{self, Version, Wire, packet},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::sleep,
};
use tokio_tungstenite::tungstenite::Message;

const IN_PIECES: &str = "packets_in_pieces";
const GLUED: &str = "packets_glued";
const IN_FRAMES: &str = "websocket_packets_glued_and_cut";
/// What the door takes in from them like from anybody else, counted packet by packet.
pub(super) const TAKEN_IN: [&str; 3] = [IN_PIECES, GLUED, IN_FRAMES];
/// Packets of one connection.
const PACKETS: u16 = 50;
/// Bytes of a piece: a fixed header is cut from its length, and a topic in its middle.
const PIECE: usize = 3;
const BETWEEN_PIECES: Duration = Duration::from_millis(1);
/// CONNACK and PUBACK of 3.1.1.
const ANSWER_BYTES: usize = 4;

fn a_fix(handset: &str, packet_id: u16) -> Vec<u8> {
    let seq = clock::now().as_microsecond().unsigned_abs();
    let payload = fix("frames", seq).to_string();
    wire::publish(Version::V3, &format!("jjl/{handset}/fix"), 1, packet_id, payload.as_bytes())
}

/// Each packet in pieces, and the last one never to its end.
pub(super) async fn cut(port: u16, deeds: Arc<Deeds>) -> Result<()> {
    let mut wire = Wire::connect(port, Version::V3, "demo-0187").await?;
    for packet_id in 1..=PACKETS {
        for piece in a_fix("demo-0187", packet_id).chunks(PIECE) {
            wire.send(piece).await?;
            sleep(BETWEEN_PIECES).await;
        }
        let answer = wire.read().await?.context("closed instead of PUBACK")?;
        ensure!(answer.kind == packet::PUBACK, "{answer:?}");
        deeds.add(IN_PIECES, 1);
    }
    let last = a_fix("demo-0187", PACKETS + 1);
    wire.send(last.split_at(last.len() / 2).0).await
}

/// CONNECT and all packets in one write.
pub(super) async fn glue(port: u16, deeds: Arc<Deeds>) -> Result<()> {
    let mut tcp = TcpStream::connect(("127.0.0.1", port)).await?;
    tcp.write_all(&all_at_once("demo-0188")).await?;
    let mut answers = vec![0; ANSWER_BYTES * (1 + usize::from(PACKETS))];
    tcp.read_exact(&mut answers).await?;
    deeds.add(GLUED, u64::from(PACKETS));
    Ok(())
}

/// The same in frames whose edges are nowhere near those of the packets.
pub(super) async fn glue_in_frames(port: u16, deeds: Arc<Deeds>) -> Result<()> {
    let mut socket = doors::upgrade(port).await?;
    let bytes = all_at_once("demo-0189");
    for frame in bytes.chunks(bytes.len() / 7) {
        socket.send(Message::binary(frame.to_vec())).await?;
    }
    let mut answered = 0;
    while answered < ANSWER_BYTES * (1 + usize::from(PACKETS)) {
        let message = socket.next().await.context("closed instead of an answer")??;
        if message.is_binary() {
            answered += message.into_data().len();
        }
    }
    deeds.add(IN_FRAMES, u64::from(PACKETS));
    Ok(())
}

fn all_at_once(handset: &str) -> Vec<u8> {
    let mut bytes = wire::connect(Version::V3, &format!("{handset}-frames"), handset, handset);
    bytes.extend((1..=PACKETS).flat_map(|packet_id| a_fix(handset, packet_id)));
    bytes
}
