//! A door of a few lines that takes publishes as its manners say. It remembers what it heard.
#![expect(unreachable_pub, reason = "each test that uses this is a crate of its own")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How it treats its guests.
#[derive(Debug, Clone, Copy)]
pub enum Manners {
    /// After that many publishes of all together nobody is answered for a while; then all are.
    StandStill { after: u64, lasting: Duration },
    /// Each connection is cut after that many publishes, the last one unanswered; connections begun later are not.
    HangUpOnce { after: u64 },
    /// Every log-in is refused.
    KnowNobody,
    /// From then on, of all together, nothing is answered.
    SwallowFrom(u64),
}

#[derive(Debug)]
struct Shared {
    manners: Manners,
    publishes: AtomicU64,
    heard: Mutex<Vec<Vec<u8>>>,
    /// Held while the door stands still.
    still: Mutex<()>,
    cut: Mutex<std::collections::BTreeSet<Vec<u8>>>,
}

/// The door; its threads end with their connections.
#[derive(Debug)]
pub struct Door {
    address: String,
    shared: Arc<Shared>,
}

impl Door {
    pub fn open(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::new(Shared {
            manners,
            publishes: AtomicU64::new(0),
            heard: Mutex::default(),
            still: Mutex::default(),
            cut: Mutex::default(),
        });
        let guests = Arc::clone(&shared);
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let shared = Arc::clone(&guests);
                // A guest who leaves ends the conversation; there is nothing to be told.
                thread::spawn(move || shared.talk(stream).ok());
            }
        });
        Self { address, shared }
    }

    pub fn address(&self) -> String {
        self.address.clone()
    }

    /// Every payload, each as often as it came.
    pub fn heard(&self) -> Vec<Vec<u8>> {
        self.shared.heard.lock().unwrap().clone()
    }
}

impl Shared {
    fn talk(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let (mut client, mut here) = (Vec::new(), 0);
        loop {
            let (kind, body) = packet(&mut stream)?;
            match kind >> 4 {
                1 => {
                    client.clone_from(&body);
                    let refused = matches!(self.manners, Manners::KnowNobody);
                    stream.write_all(&[0x20, 2, 0, if refused { 5 } else { 0 }])?;
                }
                8 => stream.write_all(&[0x90, 3, body[0], body[1], 1])?,
                3 => {
                    here += 1;
                    if !self.publish(&mut stream, &body, &client, here)? {
                        return Ok(());
                    }
                }
                14 => return Ok(()),
                _ => {}
            }
        }
    }

    fn publish(
        &self,
        stream: &mut TcpStream,
        body: &[u8],
        client: &[u8],
        here: u64,
    ) -> std::io::Result<bool> {
        let topic_bytes = usize::from(u16::from_be_bytes([body[0], body[1]]));
        let (topic, rest) = body[2..].split_at(topic_bytes);
        let (packet_id, payload) = rest.split_at(2);
        self.heard.lock().unwrap().push(payload.to_vec());
        let number = self.publishes.fetch_add(1, Ordering::SeqCst) + 1;
        match self.manners {
            Manners::StandStill { after, lasting } if number == after => {
                let _still = self.still.lock().unwrap();
                thread::sleep(lasting);
            }
            Manners::StandStill { .. } => drop(self.still.lock().unwrap()),
            Manners::HangUpOnce { after }
                if here == after && self.cut.lock().unwrap().insert(client.to_vec()) =>
            {
                return Ok(false);
            }
            Manners::SwallowFrom(from) if number > from => return Ok(true),
            Manners::HangUpOnce { .. } | Manners::KnowNobody | Manners::SwallowFrom(_) => {}
        }
        stream.write_all(&[0x40, 2, packet_id[0], packet_id[1]])?;
        if topic.ends_with(b"/press") {
            receipt(stream, topic, payload)?;
        }
        Ok(true)
    }
}

fn receipt(stream: &mut TcpStream, topic: &[u8], payload: &[u8]) -> std::io::Result<()> {
    let press: serde_json::Value = serde_json::from_slice(payload).unwrap();
    let handset = String::from_utf8(topic.to_vec()).unwrap().split('/').nth(1).unwrap().to_owned();
    let topic = format!("jjl/{handset}/down/receipt");
    let receipt = format!(
        r#"{{"press_id":{},"received_at":"2026-11-23T08:00:00Z","padding":"{}"}}"#,
        press["press_id"],
        "x".repeat(100)
    );
    let length = 2 + topic.len() + receipt.len();
    // In two pieces, so that whoever reads must put packets together.
    let mut packet = vec![0x30];
    assert!((128..16_384).contains(&length));
    packet.extend([u8::try_from(length & 0x7f).unwrap() | 0x80, u8::try_from(length >> 7).unwrap()]);
    packet.extend(u16::try_from(topic.len()).unwrap().to_be_bytes());
    packet.extend(topic.bytes());
    stream.write_all(&packet)?;
    stream.write_all(receipt.as_bytes())
}

fn packet(stream: &mut TcpStream) -> std::io::Result<(u8, Vec<u8>)> {
    let mut byte = [0];
    stream.read_exact(&mut byte)?;
    let (kind, mut length, mut shift) = (byte[0], 0_usize, 0);
    loop {
        stream.read_exact(&mut byte)?;
        length |= usize::from(byte[0] & 0x7f) << shift;
        shift += 7;
        if byte[0] & 0x80 == 0 {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok((kind, body))
}
