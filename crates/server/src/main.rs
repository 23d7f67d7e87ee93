//! `jujiale`: the platform in one program.
//!
//! `config` reads the settings, `platform` wires the parts and sees them through their life, `demo` fills an empty
//! store with made-up people, `record` and `replay` run the pure engines over what arrived on a day, `zones` brings in areas of a
//! register, `check` and `backup` look after the records.

mod account;
mod backup;
mod check;
mod config;
mod demo;
mod endpoints;
mod files;
mod heartbeat;
mod keys;
mod on_record;
mod platform;
mod record;
mod replay;
mod rules_file;
mod seals;
mod supervise;
mod terms;
mod tls;
mod upkeep;
mod watching;
mod zones;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use model::Timestamp;
use std::{
    io::{IsTerminal as _, Write as _},
    path::PathBuf,
    process::ExitCode,
};
use store::{Check, Kind, NotedSeal};

/// The system's allocator keeps what each of its arenas once needed: under load it held several times what was in use.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
  jujiale record --day 2026-11-28 --into yesterday       what arrived, to try other rules on it
  jujiale replay --residents r.json < messages.ndjson > signals.ndjson
  jujiale zones import hazards.geojson --write           areas of a register
  jujiale backup /mnt/elsewhere/jujiale-2026-11-23.db    a copy of everything, while it runs
  jujiale check --demo                      whether the records are whole

Settings (TOML key, environment variable, default):
  [http] listen   JJL_HTTP__LISTEN   127.0.0.1:8080
  [http] tls_listen   JJL_HTTP__TLS_LISTEN   none; e.g. 0.0.0.0:8443
  [http] metrics_token   JJL_HTTP__METRICS_TOKEN   none: /metrics is for this machine; or who brings this as a bearer
  [http] trusted_proxies   JJL_HTTP__TRUSTED_PROXIES   none; e.g. [127.0.0.1]: their X-Forwarded-For and -Proto are believed
  [http] screens_per_account   JJL_HTTP__SCREENS_PER_ACCOUNT   64 live screens at once; one more, and an older one closes
  [mqtt] listen   JJL_MQTT__LISTEN   127.0.0.1:1883
  [mqtt] websocket_listen       JJL_MQTT__WEBSOCKET_LISTEN       127.0.0.1:8083, path /mqtt
  [mqtt] tls_listen             JJL_MQTT__TLS_LISTEN             none; e.g. 0.0.0.0:8883
  [mqtt] websocket_tls_listen   JJL_MQTT__WEBSOCKET_TLS_LISTEN   none; e.g. 0.0.0.0:8884, path /mqtt
  [mqtt] max_connections        JJL_MQTT__MAX_CONNECTIONS        25000, or what open files allow
  [tls] certificate   JJL_TLS__CERTIFICATE   none; PEM, the chain with the server's own first
  [tls] key           JJL_TLS__KEY           none; PEM
  [store] url     JJL_STORE__URL     sqlite://DATA_DIR/jujiale.db
  [bus] url       JJL_BUS__URL       none: within this process; or redis://:PASSWORD@HOST:PORT/NUMBER
  [bus] prefix    JJL_BUS__PREFIX    jjl:  (what all names in Redis begin with)
  [keys] file     JJL_KEYS__FILE     DATA_DIR/keys.json; or what it holds in JJL_KEYS__TEXT
  [data] dir      JJL_DATA__DIR      ./data  (./data/demo with --demo)
  [accounts] second_factor_for   JJL_ACCOUNTS__SECOND_FACTOR_FOR   none; e.g. [supervisor, admin]: they log in with a code too
  [journal] window_hours   JJL_JOURNAL__WINDOW_HOURS    48  fixes older than this are compacted by the hour
  [retention] tracks_days     JJL_RETENTION__TRACKS_DAYS     90    tracks older than this are removed
  [retention] incidents_days  JJL_RETENTION__INCIDENTS_DAYS  1095  from older incidents and signals the person is taken out; in which hours a handset was heard is kept as long
  [retention] audit_days      JJL_RETENTION__AUDIT_DAYS      400   older rows of the audit log are removed; at least 190
  [retention] messages_days   JJL_RETENTION__MESSAGES_DAYS   90    older status, answers, fall reports and quarantine are removed
  [watch] rules               JJL_WATCH__RULES               none: the built-in ones; a file of numbers, JSON or TOML (docs/geofence.md)
  [watch] heartbeat_s         JJL_WATCH__HEARTBEAT_S         3600; a handset says something so often where nobody said how often; 0: nobody misses it
  [monitor] heartbeat_url      JJL_MONITOR__HEARTBEAT_URL      none; called each time a drill of the platform's own went through
  [monitor] heartbeat_every_s  JJL_MONITOR__HEARTBEAT_EVERY_S  60
A renewed certificate is taken into use within seconds, or at SIGHUP; connections go on. A file of rules goes live at SIGHUP.
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
        /// With --demo: listen beyond loopback all the same. Everybody who reaches this machine can log in with the
        /// password that stands in the README, as administrator too, and whoever comes first chooses the next one;
        /// and everybody can press for anybody.
        #[arg(long, requires = "demo")]
        open_to_everybody: bool,
        /// With --demo: so many handsets, for a load. Those after demo-0200 are carried by nobody [default: 2000]
        #[arg(long, requires = "demo", value_name = "COUNT", value_parser = clap::value_parser!(u32).range(200..=9_999))]
        demo_handsets: Option<u32>,
    },
    /// Runs the pure engines over recorded messages: NDJSON in on standard input, signals out, no server.
    #[command(after_help = "\
A line in is {\"received_at\":…,\"topic\":\"jjl/HANDSET/fix\",\"payload\":{…}}, in order of arrival; a line out is a signal.
The residents' file is described by docs/residents.schema.json (JSON Schema); tests/data has recorded stories with theirs.
`jujiale record` writes both of a day. A telephone's topic is one that its handset in the residents' file names
(\"phone\":{\"user\":…,\"device\":…}), or osmand/HANDSET.
Exit code 0: everything was read; 1: something could not be, standard error says what, and all the rest was used.

Before other rules go live, they are tried on what was recorded:
  jujiale replay --residents r.json --rules now.json --against trial.json < yesterday.ndjson
prints a line {\"change\":\"appears\"|\"vanishes\"|\"moves\",\"later_s\"?,\"signal\":{…}} for each signal that differs, and how many on
standard error. A file of rules is an object like {\"version\":\"trial\",\"threshold\":8.0}, or the same in TOML; what is not named
is as usual. `[watch] rules` of the settings is such a file, and puts it live at the next start or SIGHUP.")]
    Replay {
        /// Residents, handsets, fences and zones, in JSON.
        #[arg(long)]
        residents: PathBuf,
        /// What is told before this moment is not printed: it is what the engine knows from then on.
        #[arg(long)]
        from: Option<Timestamp>,
        /// Lets time run on to this moment after the last message.
        #[arg(long)]
        until: Option<Timestamp>,
        /// Numbers of the rules to work by, in JSON or TOML, instead of the usual ones or the residents' file's own.
        #[arg(long)]
        rules: Option<PathBuf>,
        /// A second version of the rules: prints only which signals appear, vanish or move with it.
        #[arg(long)]
        against: Option<PathBuf>,
    },
    /// Records what arrived on a day, and who it was about, as the two files that `replay` reads. Puts that on record and
    /// changes nothing else; the platform may run meanwhile.
    #[command(after_help = "\
The files hold where people and their companions were, in plain text: they are for their owner alone, and are to be removed when the rules have been
tried. Fences, zones, policies and habits are those of now; what was snoozed at a closing is in them. Restarts of the platform
are not.

Examples:
  jujiale record --config /etc/jujiale.toml --day 2026-11-28 --into yesterday
  jujiale record --demo --day 2026-11-28 --resident r-0196 --lead-hours 24 --into wang")]
    Record {
        /// What is recorded, and where it goes.
        #[command(flatten)]
        wanted: record::Wanted,
        /// The settings of the platform, in TOML, which say where its records are.
        #[arg(long)]
        config: Option<PathBuf>,
        /// The records of the demo.
        #[arg(long)]
        demo: bool,
    },
    /// Areas shared by all: rivers, roads, railways, hazard areas, brought in from a register or written out.
    #[command(after_help = "\
A file is a GeoJSON FeatureCollection in WGS-84, or as --datum says. Of each feature: properties.name is what people call the area,
properties.kind is one of forbidden, river, lake, canal, pond, road, motorway, railway, hazard, properties.dwell_s (optional) the
seconds inside before it is told; a LineString has properties.width_m, a Point properties.radius_m. An area that has an id is the same one the next time;
without one its name stands for it. All are taken or none; what is wrong is named.

Examples:
  jujiale zones import hazards.geojson            what it would do
  jujiale zones import hazards.geojson --write
  jujiale zones import amap.geojson --datum gcj02 --config /etc/jujiale.toml --write
  jujiale zones export --demo > zones.geojson     all of them, as import reads them")]
    Zones {
        /// What is done with them.
        #[command(subcommand)]
        what: zones::ZonesCommand,
        /// The settings of the platform, in TOML, which say where its records are.
        #[arg(long, global = true)]
        config: Option<PathBuf>,
        /// The records of the demo.
        #[arg(long, global = true)]
        demo: bool,
    },
    /// Looks whether the records are whole, and changes nothing: pages, references, every block of fixes, signals in
    /// incidents, incidents against their events, the audit log's seals, cursors. The platform may run meanwhile.
    #[command(after_help = "\
Prints a line for each check: ok or WRONG, what was looked at, and what is wrong with it. Exit code 0: all is whole; 1:
something is wrong; 2: it could not be looked at. Of a large store it takes minutes and says how far it is on standard
error; until the check of the journal ends, the platform's write-ahead file grows instead of being taken over.

Examples:
  jujiale check                             the records in ./data
  jujiale check --config /etc/jujiale.toml  those of a real platform
  JJL_STORE__URL=sqlite:///mnt/copy.db jujiale check   a copy made with `jujiale backup`")]
    Check {
        /// The settings of the platform, in TOML, which say where its records are.
        #[arg(long)]
        config: Option<PathBuf>,
        /// The records of the demo.
        #[arg(long)]
        demo: bool,
    },
    /// Who may log in.
    Account {
        /// What is done.
        #[command(subcommand)]
        what: AccountCommand,
    },
    /// The keys that seal telephones, addresses and identity numbers.
    #[command(after_help = "\
To change the key: rotate, copy the key file to where backups of it are kept, start the platform anew, wait until `status`
names the new key alone, retire. Sealed columns are searched by an index under a key of its own, which stays. Where the keys come
from JJL_KEYS__TEXT, `new`, `rotate --print` and `retire --print` write its text to standard output, for whoever keeps it.

Examples:
  jujiale keys status
  jujiale keys new | vault kv put secret/jujiale keys=-
  jujiale keys rotate && systemctl restart jujiale
  jujiale keys retire")]
    Keys {
        /// What is done with them.
        #[command(subcommand)]
        what: keys::KeysCommand,
        /// The settings of the platform, in TOML, which say where keys and records are.
        #[arg(long, global = true)]
        config: Option<PathBuf>,
        /// Those of the demo.
        #[arg(long, global = true)]
        demo: bool,
    },
    /// The log of who did and looked at what.
    Audit {
        /// What is done with it.
        #[command(subcommand)]
        what: AuditCommand,
    },
    /// Copies the records to a new file, whole and of one moment, while the platform runs or stands still.
    #[command(after_help = "\
The file must not be there yet; it appears under its name only once it is complete, synced to disk and has been opened and
found whole (where a file system knows neither links nor such a renaming, as on sticks, an end in the very last moment can leave
an empty file under it: remove that and begin again). It is as small as the records can be: free space in the original is not copied. Keys are not in it: keep
DATA_DIR/keys.json (or keys.file, or JJL_KEYS__TEXT) too, in another place, or sealed telephones and addresses can never be read
again. That a copy is made goes on record before. Records in PostgreSQL are copied with pg_dump, of which nothing here goes on record.

Examples:
  jujiale backup /mnt/elsewhere/jujiale-$(date +%F).db
  jujiale backup --demo /tmp/demo.db")]
    Backup {
        /// The new file.
        file: PathBuf,
        /// The settings of the platform, in TOML, which say where its records are.
        #[arg(long)]
        config: Option<PathBuf>,
        /// The records of the demo.
        #[arg(long)]
        demo: bool,
    },
    /// Prints the description of the HTTP interface (OpenAPI, JSON).
    Openapi,
    /// Prints who may do what, and who may call what: the answer to every kind of account, and what the doors of handsets open
    /// (Markdown).
    Access,
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Adds an account, also the first of all; its password is the first line of standard input. The platform may run
    /// meanwhile.
    #[command(after_help = "\
A password has at least 12 characters. That the account was added goes on record. Run it as the user the platform runs as:
before a first start it makes the records and their keys, in [data] dir of the settings, and says where that is. The
settings must name the folder of the platform, or the account is made in another (./data by itself).

Examples:
  read -rs PASSWORD && printf '%s\\n' \"$PASSWORD\" | jujiale account add limin --role operator --name 李敏
  jujiale account add admin --role admin --name 管理员 --config /etc/jujiale.toml < password.txt")]
    Add {
        /// The account.
        #[command(flatten)]
        new: account::NewAccount,
        /// The settings of the platform, in TOML, which say where its records are.
        #[arg(long)]
        config: Option<PathBuf>,
        /// In the records of the demo.
        #[arg(long)]
        demo: bool,
    },
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Looks whether the log is as it was written: every row is in a chain of seals, and a row that was changed or taken
    /// away breaks it. Says how many rows are too new to be sealed. Changes nothing; the platform may run meanwhile, and does
    /// the same by itself after a start and once a day (`audit_broken` in its health).
    #[command(after_help = "\
Exit code 0: the chain holds; 1: it is broken, and the line says where; 2: it could not be looked at. The platform notes its newest
seal beside the database (jujiale.db-seals), and what is noted there must still be in the chain. Whoever can write both files can
also make a new chain: note the seal that is printed from time to time, where the platform cannot reach it, and ask for it
with --seal; a later chain must still have it. One whose rows have had their time (retention.audit_days) is in no chain
any more: note a newer one before.

Examples:
  jujiale audit verify
  jujiale audit verify --config /etc/jujiale.toml
  jujiale audit verify --seal 1042:5f0c…e1 --seal 977:a03b…7d     both must still be there, else the exit code is 1")]
    Verify {
        /// A seal that was printed before and must still be in the chain; may be given more than once.
        #[arg(long = "seal", value_name = "ROW:HEX")]
        seals: Vec<NotedSeal>,
        /// The settings of the platform, in TOML, which say where its records are.
        #[arg(long)]
        config: Option<PathBuf>,
        /// The records of the demo.
        #[arg(long)]
        demo: bool,
    },
}

fn main() -> ExitCode {
    files::keep_to_owner();
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
        Command::Serve { config, demo, no_sim, open_to_everybody, demo_handsets } => {
            let loopback = demo && !open_to_everybody;
            let config = config::Config::load(config.as_deref(), demo)?.listening(loopback)?;
            start_log();
            let runtime = runtime()?;
            let with_sim = !no_sim;
            let is_open = open_to_everybody;
            let handsets = demo_handsets.unwrap_or(demo::HANDSETS);
            let of_demo = platform::Mode::Demo { with_sim, is_open, handsets };
            let mode = if demo { of_demo } else { platform::Mode::Real };
            runtime.block_on(platform::serve(config, mode))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Replay { residents, from, until, rules, against } => {
            replay::run(&replay::Files { residents, rules, against }, replay::Span { from, until })
        }
        Command::Record { wanted, config, demo } => {
            let config = config::Config::load(config.as_deref(), demo)?;
            runtime()?.block_on(record::run(&config, &wanted))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Zones { what, config, demo } => {
            let config = config::Config::load(config.as_deref(), demo)?;
            let kind = if demo { Kind::Demo } else { Kind::Real };
            runtime()?.block_on(zones::run(&config, kind, &what))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Check { config, demo } => {
            let config = config::Config::load(config.as_deref(), demo)?;
            Ok(runtime()?.block_on(check::run(&config, &Check::ALL, &[])))
        }
        Command::Account { what: AccountCommand::Add { new, config, demo } } => {
            let config = config::Config::load(config.as_deref(), demo)?;
            let kind = if demo { Kind::Demo } else { Kind::Real };
            runtime()?.block_on(account::add(&config, kind, new))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Keys { what, config, demo } => {
            let config = config::Config::load(config.as_deref(), demo)?;
            runtime()?.block_on(keys::run(&config, what))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Audit { what: AuditCommand::Verify { seals, config, demo } } => {
            let config = config::Config::load(config.as_deref(), demo)?;
            Ok(runtime()?.block_on(check::run(&config, &[Check::Audit], &seals)))
        }
        Command::Backup { file, config, demo } => {
            let config = config::Config::load(config.as_deref(), demo)?;
            runtime()?.block_on(backup::run(&config, &file))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Access => {
            let (resident, incident) = (model::ResidentId::new("anybody")?, model::IncidentId::new("any")?);
            let at = Timestamp::UNIX_EPOCH;
            let actions = access::table::table(&resident, &incident, at);
            let routes = dispatch::http::routes_in_words(&resident, &incident, at);
            let frames = dispatch::http::frames_in_words(&resident, &incident, at);
            let doors = ingest::doors_in_words();
            write!(std::io::stdout(), "{actions}\n{routes}\n{frames}\n{doors}")?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Openapi => {
            let text = dispatch::http::openapi_json()?;
            writeln!(std::io::stdout(), "{text}")?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")
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
