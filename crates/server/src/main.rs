//! `jujiale`: the platform in one program.
//!
//! `config` reads the settings, `platform` wires the parts and sees them through their life, `demo` fills an empty
//! store with made-up people, `replay` runs the pure engines over recorded messages.

mod config;
mod demo;
mod endpoints;
mod platform;
mod replay;
mod supervise;
mod upkeep;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use model::Timestamp;
use std::{
    io::{IsTerminal as _, Write as _},
    path::PathBuf,
    process::ExitCode,
};

/// 居家樂 — emergency calls and positions of old people, from the button to a person at the door.
#[derive(Parser)]
#[command(
    name = "jujiale",
    version,
    after_help = "\
Examples:
  jujiale serve --demo                      made-up residents, simulated life, http://127.0.0.1:8080
  jujiale serve --config /etc/jujiale.toml  a real platform
  JJL_HTTP__LISTEN=127.0.0.1:9090 jujiale serve --demo   any setting from the environment
  jujiale replay --residents r.json < messages.ndjson > signals.ndjson

Settings (TOML key, environment variable, default):
  [http] listen   JJL_HTTP__LISTEN   127.0.0.1:8080
  [mqtt] listen   JJL_MQTT__LISTEN   127.0.0.1:1883
  [store] url     JJL_STORE__URL     sqlite://DATA_DIR/jujiale.db
  [bus] url       JJL_BUS__URL       none: within this process; or redis://:PASSWORD@HOST:PORT/NUMBER
  [bus] prefix    JJL_BUS__PREFIX    jjl:  (what all names in Redis begin with)
  [data] dir      JJL_DATA__DIR      ./data  (./data/demo with --demo)
Port 0 picks a free port; DATA_DIR/endpoints.json says which. The log goes to standard error; RUST_LOG filters it."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the platform until it is told to stop (Ctrl-C or SIGTERM).
    Serve {
        /// The settings, in TOML; variables of the environment win over it.
        #[arg(long)]
        config: Option<PathBuf>,
        /// Made-up residents and open accounts, on loopback only.
        #[arg(long)]
        demo: bool,
        /// With --demo: no simulated movement; handsets are yours to play.
        #[arg(long, requires = "demo")]
        no_sim: bool,
    },
    /// Runs the pure engines over recorded messages: NDJSON in on standard input, signals out, no server.
    Replay {
        /// Residents, handsets, fences and zones, in JSON.
        #[arg(long)]
        residents: PathBuf,
        /// Lets time run on to this moment after the last message.
        #[arg(long)]
        until: Option<Timestamp>,
    },
    /// Prints the description of the HTTP interface (OpenAPI, JSON).
    Openapi,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            // Nobody may be reading; the exit code says it too.
            writeln!(std::io::stderr(), "jujiale: {error:#}").unwrap_or_default();
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve { config, demo, no_sim } => {
            let config = config::Config::load(config.as_deref(), demo)?;
            start_log();
            let runtime =
                tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?;
            let mode = if demo { platform::Mode::Demo { with_sim: !no_sim } } else { platform::Mode::Real };
            runtime.block_on(platform::serve(config, mode))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Replay { residents, until } => replay::run(&residents, until),
        Command::Openapi => {
            let text = dispatch::http::openapi_json()?;
            writeln!(std::io::stdout(), "{text}")?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_unset| tracing_subscriber::EnvFilter::new("info,sqlx=warn,rumqttc=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
}
