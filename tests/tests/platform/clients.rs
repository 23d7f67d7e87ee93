//! Clients that nobody here wrote, in both versions, over everything the door speaks: each presses at every quality of
//! service and hears its receipts; its will is kept back after a good-bye and raised when it dies.

use anyhow::{Context as _, Result, ensure};
use rumqttc::{
    LastWill, MqttOptions, QoS, Transport,
    v5::{self, mqttbytes as wire5},
};
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};
use tests::{Authority, Live, PATIENCE, Platform, live, press, tools};
use tokio::{task::spawn_blocking, time::timeout};

/// Starting an interpreter and a library takes longer than anything the platform does.
const RUN_WITHIN: Duration = Duration::from_mins(1);

/// What a client that knows of websockets is run over. `page` is the port of the pages, in plain text and encrypted.
const EVERYTHING: [&str; 6] = ["tcp", "tls", "websocket", "websocket_tls", "page", "page_tls"];

/// A platform that speaks everything, somebody who looks, and handsets one after another.
struct Matrix {
    authority: Authority,
    platform: Platform,
    operator: tests::Account,
    screen: Live,
    used: u32,
}

/// One run of a client.
#[derive(Debug, Clone)]
struct Run {
    transport: &'static str,
    port: u16,
    /// As the protocol counts: 3 is 3.1, 4 is 3.1.1.
    version: u8,
    handset: String,
    prefix: String,
    trusted: Option<PathBuf>,
}

impl Matrix {
    async fn start() -> Result<Self> {
        let authority = Authority::found()?;
        let platform = Platform::start_encrypted(&authority).await?;
        let (operator, screen) = platform.operator().await?;
        Ok(Self { authority, platform, operator, screen, used: 0 })
    }

    /// Every version over every transport that the client has.
    fn runs(&mut self, transports: &[&'static str]) -> Result<Vec<Run>> {
        let mut runs = Vec::new();
        for &transport in transports {
            let port = match transport {
                "tcp" => self.platform.mqtt_port(),
                "tls" => self.platform.tls_port(),
                "websocket" => self.platform.websocket_port(),
                "websocket_tls" => self.platform.websocket_tls_port(),
                "page" => self.platform.http_port(),
                _ => self.platform.https_port(),
            }?;
            for version in [4, 5] {
                self.used += 1;
                let trusted = transport.ends_with("tls").then(|| self.authority.trusted());
                let handset = format!("demo-{:04}", self.used);
                let prefix = format!("{transport}-{version}");
                runs.push(Run { transport, port, version, handset, prefix, trusted });
            }
        }
        Ok(runs)
    }

    /// What the operator must have seen of a run.
    async fn seen(&self, run: &Run) -> Result<()> {
        for name in ["q0", "q1", "q2", "will"] {
            self.screen.press(&format!("{}-{name}", run.prefix)).await.with_context(|| format!("{run:?}"))?;
        }
        let polite = format!("{}-polite-will", run.prefix);
        let all = self.operator.incidents("all").await?;
        ensure!(
            !all.iter().any(|incident| live::shows(incident, &polite)),
            "a will after a good-bye: {run:?}"
        );
        Ok(())
    }
}

impl Run {
    fn topic(&self, kind: &str) -> String {
        format!("jjl/{}/{kind}", self.handset)
    }

    fn press(&self, name: &str) -> Value {
        press(&format!("{}-{name}", self.prefix), "b", 1)
    }

    fn is_receipt(&self, topic: &str, payload: &[u8], name: &str) -> bool {
        let receipt: Value = serde_json::from_slice(payload).unwrap_or_default();
        topic == self.topic("down/receipt") && receipt["press_id"] == format!("{}-{name}", self.prefix)
    }

    /// What rumqttc connects to: a name, or an address where it speaks websocket.
    fn rumqttc_host(&self) -> String {
        match self.transport {
            "websocket" | "page" => format!("ws://127.0.0.1:{}/mqtt", self.port),
            "websocket_tls" | "page_tls" => format!("wss://127.0.0.1:{}/mqtt", self.port),
            _ => "127.0.0.1".to_owned(),
        }
    }

    fn rumqttc_transport(&self) -> Result<Transport> {
        let trusted = self.trusted.as_ref().map(std::fs::read).transpose()?.unwrap_or_default();
        Ok(match self.transport {
            "tls" => Transport::tls(trusted, None, None),
            "websocket" | "page" => Transport::ws(),
            "websocket_tls" | "page_tls" => Transport::wss(trusted, None, None),
            _ => Transport::tcp(),
        })
    }

    /// Runs a script that does it all.
    async fn script(&self, program: &str, script: &str) -> Result<()> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients").join(script);
        let job = json!({
            "transport": self.transport, "port": self.port, "version": self.version, "handset": self.handset,
            "prefix": self.prefix, "ca": self.trusted,
        });
        let mut command = Command::new(program);
        command.arg(path).arg(job.to_string()).stdin(Stdio::null());
        let done = timeout(RUN_WITHIN, spawn_blocking(move || command.output())).await???;
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        ensure!(done.status.success(), "{script} {self:?}: {} {said}", done.status);
        Ok(())
    }
}

#[tokio::test]
async fn paho() -> Result<()> {
    // The interpreter that Debian's package is for, whichever else is in the way.
    let python = "/usr/bin/python3";
    let has_it = Command::new(python).args(["-c", "import paho.mqtt.client"]).status();
    ensure!(
        has_it.is_ok_and(|status| status.success()),
        "this test needs Paho: apt-get install python3-paho-mqtt (scripts/packages.sh does it)"
    );
    let mut matrix = Matrix::start().await?;
    for run in matrix.runs(&EVERYTHING)? {
        run.script(python, "paho_client.py").await?;
        matrix.seen(&run).await?;
    }
    Ok(())
}

#[tokio::test]
async fn mqttjs() -> Result<()> {
    let mut matrix = Matrix::start().await?;
    for run in matrix.runs(&EVERYTHING)? {
        run.script("node", "mqttjs_client.mjs").await?;
        matrix.seen(&run).await?;
    }
    Ok(())
}

#[tokio::test]
async fn mosquitto() -> Result<()> {
    tools::need("mosquitto_pub", "mosquitto-clients")?;
    let mut matrix = Matrix::start().await?;
    let mut runs = matrix.runs(&["tcp", "tls"])?;
    matrix.used += 1;
    runs.push(Run {
        transport: "tcp",
        port: matrix.platform.mqtt_port()?,
        version: 3,
        handset: format!("demo-{:04}", matrix.used),
        prefix: "tcp-3".to_owned(),
        trusted: None,
    });
    for run in runs {
        let again = run.clone();
        timeout(RUN_WITHIN, spawn_blocking(move || by_mosquitto(&again)))
            .await??
            .with_context(|| format!("{run:?}"))?;
        matrix.seen(&run).await?;
    }
    Ok(())
}

/// A listener with a will, and what it prints. After so many messages it says good-bye.
fn listener(run: &Run, will: &str, messages: u8) -> Result<(Child, std::io::Lines<BufReader<ChildStdout>>)> {
    let mut command = mosquitto_program("mosquitto_sub", run);
    command.args(["-i", will, "-q", "1", "-t", &run.topic("down/receipt"), "-C", &messages.to_string()]);
    command.args(["--will-topic", &run.topic("press"), "--will-payload", &run.press(will).to_string()]);
    let mut child = command.args(["--will-qos", "1"]).stdout(Stdio::piped()).spawn()?;
    let lines = BufReader::new(child.stdout.take().context("nothing to read")?).lines();
    Ok((child, lines))
}

fn mosquitto_program(name: &str, run: &Run) -> Command {
    let mut command = Command::new(name);
    let version = match run.version {
        3 => "mqttv31",
        4 => "311",
        _ => "5",
    };
    command.args(["-h", "127.0.0.1", "-p", &run.port.to_string(), "-V", version]);
    command.args(["-u", &run.handset, "-P", &run.handset]).stdin(Stdio::null());
    if let Some(trusted) = &run.trusted {
        command.arg("--cafile").arg(trusted);
    }
    command
}

fn by_mosquitto(run: &Run) -> Result<()> {
    let (mut polite, mut heard) = listener(run, "polite-will", 3)?;
    for qos in ["0", "1", "2"] {
        let name = format!("q{qos}");
        let mut press = mosquitto_program("mosquitto_pub", run);
        press.args(["-q", qos, "-t", &run.topic("press"), "-m", &run.press(&name).to_string()]);
        ensure!(press.status()?.success(), "mosquitto_pub -q {qos}");
        let receipt: Value = serde_json::from_str(&heard.next().context("no receipt")??)?;
        ensure!(receipt["press_id"] == format!("{}-{name}", run.prefix), "{receipt}");
    }
    // Not by a signal: then it asks for its will with its good-bye, where the version knows of that.
    polite.wait()?;
    let (mut mortal, mut heard) = listener(run, "will", 9)?;
    let mut press = mosquitto_program("mosquitto_pub", run);
    press.args(["-q", "1", "-t", &run.topic("press"), "-m", &run.press("before-the-will").to_string()]);
    ensure!(press.status()?.success(), "mosquitto_pub");
    heard.next().context("no receipt")??;
    mortal.kill()?;
    mortal.wait()?;
    Ok(())
}

#[tokio::test]
async fn rumqttc() -> Result<()> {
    let mut matrix = Matrix::start().await?;
    for run in matrix.runs(&EVERYTHING)? {
        if run.version == 4 {
            rumqttc_3_1_1(&run).await?;
        } else {
            rumqttc_5(&run).await?;
        }
        matrix.seen(&run).await?;
    }
    Ok(())
}

async fn rumqttc_3_1_1(run: &Run) -> Result<()> {
    let mut options = MqttOptions::new("rumqttc", run.rumqttc_host(), run.port);
    options.set_transport(run.rumqttc_transport()?);
    options.set_credentials(&run.handset, &run.handset).set_keep_alive(Duration::from_secs(30));
    let mut polite = options.clone();
    polite.set_last_will(LastWill::new(
        run.topic("press"),
        run.press("polite-will").to_string(),
        QoS::AtLeastOnce,
        false,
    ));
    let (client, mut events) = rumqttc::AsyncClient::new(polite, 16);
    client.subscribe(run.topic("down/#"), QoS::AtLeastOnce).await?;
    for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
        let name = format!("q{}", qos as u8);
        client.publish(run.topic("press"), qos, false, run.press(&name).to_string()).await?;
        let receipt = async {
            loop {
                if let rumqttc::Event::Incoming(rumqttc::Packet::Publish(publish)) = events.poll().await?
                    && run.is_receipt(&publish.topic, &publish.payload, &name)
                {
                    return anyhow::Ok(());
                }
            }
        };
        timeout(PATIENCE, receipt).await.with_context(|| format!("receipt of {name}"))??;
    }
    client.disconnect().await?;
    timeout(PATIENCE, async { while events.poll().await.is_ok() {} }).await?;
    options.set_last_will(LastWill::new(
        run.topic("press"),
        run.press("will").to_string(),
        QoS::AtLeastOnce,
        false,
    ));
    let (_client, mut events) = rumqttc::AsyncClient::new(options, 16);
    timeout(PATIENCE, events.poll()).await??;
    Ok(())
}

async fn rumqttc_5(run: &Run) -> Result<()> {
    let mut options = v5::MqttOptions::new("rumqttc", run.rumqttc_host(), run.port);
    options.set_transport(run.rumqttc_transport()?);
    options.set_credentials(&run.handset, &run.handset).set_keep_alive(Duration::from_secs(30));
    let will = |name: &str| {
        let payload = run.press(name).to_string();
        wire5::v5::LastWill::new(run.topic("press"), payload, wire5::QoS::AtLeastOnce, false, None)
    };
    let mut polite = options.clone();
    polite.set_last_will(will("polite-will"));
    let (client, mut events) = v5::AsyncClient::new(polite, 16);
    client.subscribe(run.topic("down/#"), wire5::QoS::AtLeastOnce).await?;
    for qos in [wire5::QoS::AtMostOnce, wire5::QoS::AtLeastOnce, wire5::QoS::ExactlyOnce] {
        let name = format!("q{}", qos as u8);
        client.publish(run.topic("press"), qos, false, run.press(&name).to_string()).await?;
        let receipt = async {
            loop {
                if let v5::Event::Incoming(wire5::v5::Packet::Publish(publish)) = events.poll().await?
                    && run.is_receipt(&String::from_utf8_lossy(&publish.topic), &publish.payload, &name)
                {
                    return anyhow::Ok(());
                }
            }
        };
        timeout(PATIENCE, receipt).await.with_context(|| format!("receipt of {name}"))??;
    }
    client.disconnect().await?;
    timeout(PATIENCE, async { while events.poll().await.is_ok() {} }).await?;
    options.set_last_will(will("will"));
    let (_client, mut events) = v5::AsyncClient::new(options, 16);
    timeout(PATIENCE, events.poll()).await??;
    Ok(())
}
