//! The demo: a made-up district with 200 residents, open accounts, simulated life, and further handsets for a load.

mod people;
mod watched;

use access::Role;
use anyhow::Context as _;
use firmware_sim::{FleetConfig, FleetHandset};
use incident::choice::Skill;
use model::{HandsetId, SignedDuration, StationId, Timestamp, Wgs84};
use protocol::{OsmAndId, PhoneName};
use std::{io::Write as _, net::SocketAddr, path::Path, time::Duration};
use store::{
    Account, AddGrant, AddHandset, AddProved, AddResident, AddUser, BindHandset, BindOsmAnd, BindOwnTracks,
    ChangeUser, PutStation, Station, Store, UserChange, secrets,
};
use tokio::task::JoinSet;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The password of every demo account.
const PASSWORD: &str = "jujiale-demo";
/// How many residents there are, each with a handset `demo-NNNN`.
pub(crate) const RESIDENTS: u32 = 200;
/// How many handsets there are unless it is said otherwise: as many as the load that the README tells of. Those after the residents'
/// are carried by nobody.
pub(crate) const HANDSETS: u32 = 2_000;
/// The account that sees one resident.
const RELATIVE: &str = "relative";
/// The handset that is bound to nobody.
const UNBOUND: &str = "demo-unbound";
/// The handset that a telephone stands in for: its MQTT user, its password, and the passphrase of its sealed messages.
const PHONE: &str = "demo-phone";
/// The resident who carries it.
const PHONE_RESIDENT: u32 = RESIDENTS + 1;
/// The OwnTracks user and device of that telephone.
const PHONE_NAME: (&str, &str) = ("demo", "phone");
/// Its id in OsmAnd and Traccar Client.
const PHONE_OSMAND_ID: &str = "demo-osmand-4f7c2a9e51d803b6";
/// Residents added at once: each hash takes its megabytes and a core.
const AT_ONCE: usize = 4;
/// The simulated district's course of events.
const SEED: u64 = 20_261_123;

const ACCOUNTS: [(&str, &str, Role); 7] = [
    ("operator", "接线员 李敏", Role::Operator),
    ("operator2", "接线员 陈涛", Role::Operator),
    ("supervisor", "班长 周静", Role::Supervisor),
    (STATION_STAFF, "幸福服务站 王强", Role::Station),
    (RELATIVE, "家属 王芳", Role::Relative),
    ("admin", "管理员", Role::Admin),
    ("auditor", "审计员 孙立", Role::Auditor),
];

/// The account of the first station's staff. The others are rung.
const STATION_STAFF: &str = "station";
/// Id, name, latitude, longitude, telephone, and what its people can do.
type DemoStation = (&'static str, &'static str, f64, f64, &'static str, &'static [Skill]);
const STATIONS: [DemoStation; 3] = [
    ("s-xingfu", "幸福服务站", 33.9612, 118.2795, "0527-88110001", &[Skill::FirstAid, Skill::Lifting]),
    ("s-hebin", "河滨服务站", 33.9685, 118.2712, "0527-88110002", &[Skill::Dementia, Skill::Vehicle]),
    ("s-gucheng", "古城服务站", 33.9538, 118.2871, "0527-88110003", &[Skill::Key]),
];

fn handset(number: u32) -> String {
    format!("demo-{number:04}")
}

/// Fills a store with what is missing, `handsets` of them in all. One that was cut short while being filled is completed. Where
/// everybody reaches it the accounts do nothing until their password is another than the one that everybody knows.
pub(crate) async fn fill(store: &Store, now: Timestamp, is_open: bool, handsets: u32) -> anyhow::Result<()> {
    add_spare(store, handsets).await?;
    let since = now.checked_sub(SignedDuration::from_hours(24 * 30)).unwrap_or(now);
    add_phone(store, since).await?;
    add_accounts(store).await?;
    if is_open {
        distrust_accounts(store).await?;
    }
    add_stations(store).await?;
    watched::add_zone(store, now).await?;
    if !store.grants(RELATIVE).await?.is_empty() {
        return Ok(());
    }
    together(AT_ONCE, (1..=RESIDENTS).map(|number| add_resident(store.clone(), number, since))).await?;
    add_handset(store, UNBOUND.to_owned()).await?;
    // The last thing written: it says that all the others are there.
    let grant = AddGrant {
        username: RELATIVE.to_owned(),
        resident: people::resident_id(1)?,
        relation: "女儿".to_owned(),
        consent: None,
        from: since,
    };
    store.write(grant).await?;
    Ok(())
}

/// Does all of them, so many at a time.
async fn together<F>(at_once: usize, all: impl Iterator<Item = F>) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let mut under_way = JoinSet::new();
    for one in all {
        if under_way.len() >= at_once
            && let Some(done) = under_way.join_next().await
        {
            done??;
        }
        under_way.spawn(one);
    }
    while let Some(done) = under_way.join_next().await {
        done??;
    }
    Ok(())
}

/// The handsets for a load, which nobody carries: what they say is taken like any other's and is about nobody. They have proved
/// themselves from the start, so that thousands of them are there at once, and none of their log-ins costs a slow hash.
async fn add_spare(store: &Store, handsets: u32) -> anyhow::Result<()> {
    let proved = |number| -> anyhow::Result<_> {
        let id = HandsetId::new(handset(number))?;
        let tag = store.keys().quick_tag(id.as_str(), id.as_str().as_bytes());
        Ok((id, tag))
    };
    let handsets = (RESIDENTS + 1..=handsets).map(proved).collect::<anyhow::Result<Vec<_>>>()?;
    store.write(AddProved { handsets }).await?;
    Ok(())
}

/// The accounts that are missing: a demo of before some role gets its account too.
async fn add_accounts(store: &Store) -> anyhow::Result<()> {
    for (username, display_name, role) in ACCOUNTS {
        if store.account(username).await?.is_some() {
            continue;
        }
        let password_hash = tokio::task::spawn_blocking(|| secrets::hash_password(PASSWORD)).await??;
        let account = Account::new(username, display_name, role, password_hash);
        store.write(AddUser { account, audit: Vec::new() }).await?;
    }
    Ok(())
}

/// Also those of a demo that was on loopback before.
async fn distrust_accounts(store: &Store) -> anyhow::Result<()> {
    for (username, _, _) in ACCOUNTS {
        let Some(account) = store.account(username).await? else { continue };
        let hash = account.password_hash;
        let is_public = move || secrets::verify(PASSWORD.as_bytes(), &hash);
        if !account.must_change_password && tokio::task::spawn_blocking(is_public).await? {
            let change = UserChange::PasswordKnown;
            store.write(ChangeUser { username: username.to_owned(), change, audit: Vec::new() }).await?;
        }
    }
    Ok(())
}

/// The stations, and where the account `station` works. A demo of before stations gets them too.
async fn add_stations(store: &Store) -> anyhow::Result<()> {
    let known = store.stations().await?;
    if !known.whole.is_empty() || !known.broken.is_empty() {
        return Ok(());
    }
    for (id, name, lat, lon, telephone, skills) in STATIONS {
        let station = Station {
            id: StationId::new(id)?,
            name: name.to_owned(),
            place: Wgs84::new(lat, lon)?,
            telephone: telephone.to_owned(),
            on_duty: true,
            hours: Vec::new(),
            skills: skills.to_vec(),
        };
        store.write(PutStation { station, audit: Vec::new() }).await?;
    }
    let change = UserChange::Station(Some(StationId::new(STATIONS[0].0)?));
    store.write(ChangeUser { username: STATION_STAFF.to_owned(), change, audit: Vec::new() }).await?;
    Ok(())
}

/// A telephone in place of a handset. A demo of before telephones gets it too.
async fn add_phone(store: &Store, since: Timestamp) -> anyhow::Result<()> {
    let name = PhoneName::new(PHONE_NAME.0, PHONE_NAME.1)?;
    if store.handset_of_phone(&name).await?.is_some() {
        return Ok(());
    }
    add_carried(store.clone(), PHONE_RESIDENT, PHONE.to_owned(), since).await?;
    let (handset, keys) = (HandsetId::new(PHONE)?, store.keys().clone());
    let id = OsmAndId::new(PHONE_OSMAND_ID)?;
    // A start that was cut off may have come so far.
    let from = store.osmand_of(&handset).await?;
    store
        .write(BindOsmAnd { handset: handset.clone(), from, id, keys: keys.clone(), audit: Vec::new() })
        .await?;
    let passphrase = Some(PHONE.to_owned());
    store.write(BindOwnTracks { handset, from: None, name, passphrase, keys, audit: Vec::new() }).await?;
    Ok(())
}

async fn add_resident(store: Store, number: u32, since: Timestamp) -> anyhow::Result<()> {
    add_carried(store, number, handset(number), since).await
}

async fn add_carried(store: Store, number: u32, carries: String, since: Timestamp) -> anyhow::Result<()> {
    let resident = people::resident(number)?;
    let id = resident.id.clone();
    if store.handset_of(&id).await?.is_some() {
        return Ok(());
    }
    if store.resident_name(&id).await?.is_none() {
        store.write(AddResident { resident, keys: store.keys().clone(), audit: Vec::new() }).await?;
    }
    let handset = add_handset(&store, carries).await?;
    watched::add(&store, number, &id, since).await?;
    store.write(BindHandset { handset, resident: id, from: since }).await?;
    Ok(())
}

async fn add_handset(store: &Store, name: String) -> anyhow::Result<HandsetId> {
    let handset = HandsetId::new(name.clone())?;
    if store.credential(&handset).await?.is_some() {
        return Ok(handset);
    }
    let secret_hash =
        tokio::task::spawn_blocking(move || secrets::hash_handset_secret(name.as_bytes())).await??;
    store.write(AddHandset { handset: handset.clone(), secret_hash }).await?;
    Ok(handset)
}

/// Sets the district in motion.
pub(crate) fn live(tracker: &TaskTracker, mqtt: SocketAddr, stop: CancellationToken) {
    let handsets = (1..=RESIDENTS)
        .map(|number| FleetHandset {
            id: handset(number),
            password: handset(number),
            home: people::home(number),
        })
        .collect();
    let config = FleetConfig {
        mqtt: mqtt.to_string(),
        handsets,
        seed: SEED,
        fix_every: Duration::from_secs(10),
        first_press_within: Duration::from_secs(30),
        press_every: Duration::from_mins(5),
    };
    tracker.spawn(async move {
        if let Err(error) = firmware_sim::run_fleet(config, stop).await {
            tracing::error!(event = "simulation_ended", %error);
        }
    });
}

/// Prints the block a person sees when everything is up.
pub(crate) fn welcome(http: SocketAddr, mqtt: SocketAddr, data_dir: &Path) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let text = banner(http, mqtt, data_dir);
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("standard output is closed")
}

fn banner(http: SocketAddr, mqtt: SocketAddr, data_dir: &Path) -> String {
    let (host, port) = (mqtt.ip(), mqtt.port());
    let press = format!("target/debug/firmware-sim press --handset demo-0007 --mqtt {mqtt}");
    let raw = format!(
        "mosquitto_pub -h {host} -p {port} -q 1 -u demo-0001 -P demo-0001 -t jjl/demo-0001/press \\\n               \
         -m '{{\"press_id\":\"p-1\",\"boot\":\"b\",\"seq\":1,\"pressed_at\":\"{}\",\"fix\":null}}'",
        "2026-11-23T08:00:00Z"
    );
    // Elsewhere than the call for help, and dated later: of two positions of one second the first stands.
    let phone = format!(
        "sleep 1; mosquitto_pub -h {host} -p {port} -q 1 -u {PHONE} -P {PHONE} -t owntracks/{}/{} \\\n               \
         -m '{{\"_type\":\"location\",\"lat\":33.963,\"lon\":118.281,\"acc\":12,\"tst\":'$(date +%s)'}}'",
        PHONE_NAME.0, PHONE_NAME.1
    );
    let sos = format!("curl 'http://{http}/osmand?id={PHONE_OSMAND_ID}&lat=33.961&lon=118.281&alarm=sos'");
    format!(
        "
  居家樂 is running (demo: made-up people)

  Console    http://{http}
  Accounts   operator  operator2  supervisor  station  relative  admin     password: {PASSWORD}
  Press      {press}
             {raw}
  Phone      {sos}
             {phone}
  Data       {}   (make run-fresh begins anew)
  Stop       Ctrl-C
",
        data_dir.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text between two others.
    fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
        text.split_once(before).unwrap().1.split_once(after).unwrap().0
    }

    /// Pasted as it stands the load finds every handset that it names, with nothing said at the start.
    #[test]
    fn a_load_that_is_written_down_finds_its_handsets() {
        let readme = include_str!("../../../../README.md");
        let asked: Vec<u32> = readme
            .lines()
            .filter_map(|line| {
                line.split_once("firmware-sim load --handsets ")?.1.split(' ').next()?.parse().ok()
            })
            .collect();
        assert!(asked.len() >= 2 && asked.contains(&HANDSETS), "{asked:?}");
        assert!(asked.iter().all(|count| *count <= HANDSETS), "{asked:?}");
    }

    /// Pasted together the second moves the resident for whom the first called: to another place, by a time that is later although an
    /// app's is cut to the second. The same is promised by what is written down.
    #[test]
    fn the_phones_lines_show_somebody_who_moves() {
        let (http, mqtt) = ("127.0.0.1:8080".parse().unwrap(), "127.0.0.1:1883".parse().unwrap());
        let printed = banner(http, mqtt, Path::new("data/demo"));
        let readme = include_str!("../../../../README.md");
        for text in [printed.as_str(), between(readme, "**A telephone.**", "**The station.**")] {
            let called_at = between(text, &format!("/osmand?id={PHONE_OSMAND_ID}&lat="), "&");
            let (_, then) = text.split_once("alarm=sos'").unwrap();
            assert!(then.trim_start().starts_with("sleep 1; mosquitto_pub "), "{then}");
            assert_ne!(between(then, "\"lat\":", ","), called_at, "{text}");
        }
        let phones = between(include_str!("../../../../docs/phones.md"), "## Try it", "```\n\n");
        let lines: Vec<&str> =
            phones.lines().filter(|line| line.contains("mosquitto_pub") || line.contains("curl")).collect();
        assert_eq!(lines.len(), 3, "{phones}");
        assert!(lines.iter().skip(1).all(|line| line.starts_with("sleep 1; curl ")), "{phones}");
    }
}
