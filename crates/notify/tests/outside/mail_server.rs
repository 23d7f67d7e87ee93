//! As much of a mail server as one letter needs (RFC 5321), with STARTTLS, TLS and a log-in.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufStream},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::task::TaskTracker;

/// What it is like.
#[derive(Clone, Default)]
pub(crate) struct Manner {
    /// What it says to a command that begins so, instead of the usual.
    pub(crate) instead: Vec<(&'static str, &'static str)>,
    pub(crate) starttls: Option<TlsAcceptor>,
    pub(crate) tls: Option<TlsAcceptor>,
    /// It never says a word.
    pub(crate) mute: bool,
}

/// What it heard, line by line; a line of TLS begins with `*`.
pub(crate) struct MailServer {
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

type Heard = Arc<Mutex<Vec<String>>>;

impl MailServer {
    pub(crate) async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, heard) = (listener.local_addr().unwrap(), Heard::default());
        let (seen, tasks) = (Arc::clone(&heard), TaskTracker::new());
        tasks.clone().spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tasks.spawn(serve(stream, manner.clone(), Arc::clone(&seen)));
            }
        });
        Self { address, heard }
    }

    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// The letter's lines between DATA and the dot.
    pub(crate) fn letter(&self) -> Vec<String> {
        let heard = self.heard();
        let begin = heard.iter().position(|line| line.ends_with("DATA")).expect("no letter came") + 1;
        let lines = heard[begin..].iter().map(|line| line.trim_start_matches('*').to_owned());
        lines.take_while(|line| line != ".").collect()
    }
}

async fn serve(stream: TcpStream, manner: Manner, heard: Heard) {
    if manner.mute {
        std::future::pending::<()>().await;
    }
    if let Some(acceptor) = &manner.tls {
        let Ok(stream) = acceptor.accept(stream).await else { return };
        let mut stream = BufStream::new(stream);
        say(&mut stream, "220 mail.example ready").await;
        converse(&mut stream, &manner, &heard, "*").await;
        return;
    }
    let mut stream = BufStream::new(stream);
    say(&mut stream, "220 mail.example ready").await;
    let wants_tls = converse(&mut stream, &manner, &heard, "").await;
    if let (true, Some(acceptor)) = (wants_tls, &manner.starttls) {
        let Ok(stream) = acceptor.accept(stream.into_inner()).await else { return };
        converse(&mut BufStream::new(stream), &manner, &heard, "*").await;
    }
}

async fn say<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufStream<S>, line: &str) {
    stream.write_all(format!("{line}\r\n").as_bytes()).await.ok();
    stream.flush().await.ok();
}

/// Ends at QUIT, at the connection's end, or when TLS is to begin, which it says.
async fn converse<S>(stream: &mut BufStream<S>, manner: &Manner, heard: &Heard, mark: &str) -> bool
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut in_letter, mut line) = (false, String::new());
    while {
        line.clear();
        stream.read_line(&mut line).await.is_ok_and(|bytes| bytes > 0)
    } {
        let said = line.trim_end_matches("\r\n");
        heard.lock().unwrap().push(format!("{mark}{said}"));
        if in_letter && said != "." {
            continue;
        }
        let instead =
            manner.instead.iter().find(|(begin, _)| said.starts_with(begin)).map(|(_, reply)| *reply);
        let usual = match said.split(' ').next().unwrap_or_default() {
            "EHLO" if mark.is_empty() && manner.starttls.is_some() => "250-mail.example\r\n250 STARTTLS",
            "EHLO" => "250-mail.example\r\n250-8BITMIME\r\n250 AUTH PLAIN",
            "STARTTLS" => "220 go on",
            "AUTH" => "235 welcome",
            "DATA" => "354 go on",
            "." => "250 2.0.0 Ok: queued as 4F2A",
            "QUIT" => "221 bye",
            _ => "250 Ok",
        };
        in_letter = said == "DATA" && instead.is_none();
        say(stream, instead.unwrap_or(usual)).await;
        match said {
            "STARTTLS" if instead.is_none() => return true,
            "QUIT" => return false,
            _ => {}
        }
    }
    false
}
