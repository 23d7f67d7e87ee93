//! What a fix costs: to append, to sort, on disk, and to find again.
//!
//! `cargo bench -p store --bench journal -- [RESIDENTS] [MINUTES] [FOLDER]` makes a journal of so many residents (200) who
//! each send a fix every ten seconds for so long (four days), and measures along the way; then the same with a fix a minute and
//! one in ten minutes, of more people. In a folder that is named the first one stays and is all there is:
//! `JJL_DATA__DIR=FOLDER jujiale serve` then starts on it (the handsets' secret is `secret`).
//! Figures are of this machine and this run; a bare append with fdatasync stands beside them as the machine's own limit.
//! Bytes a fix are promised for a fix every ten seconds; if they are more, it ends with exit code 1.

use model::{Fix, HandsetId, Method, ResidentId, SignedDuration, Timestamp, Wgs84};
use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};
use store::{
    AddHandset, AddResident, AppendFixes, BindHandset, Compactor, Database, JournalFix, Kept, Keys, Resident,
    Step, Store,
};
use tokio::time::Instant;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

const BATCH: usize = 1_000;
const EVERY_S: u32 = 10;
/// Between two fixes of other journals, and how many times as many people send them: enough fixes that whole pages are full.
const SELDOMER: [(u32, usize); 2] = [(60, 5), (600, 20)];
/// The whole file by the fixes in it, one every ten seconds.
const BYTES_A_FIX: f64 = 15.0;
/// How much the error of a position has in common with that ten seconds before, and how far it deviates from it, in metres.
const ALIKE: f64 = 0.9;
const DEVIATION_M: f64 = 1.5;

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 20
    }

    fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound)).unwrap_or_default()
    }

    fn part(&mut self) -> f64 {
        f64::from(self.below(1 << 30)) / f64::from(1 << 30)
    }

    fn about(&mut self, deviation: f64) -> f64 {
        ((0..12).map(|_| self.part()).sum::<f64>() - 6.0) * deviation
    }
}

/// Somebody who is at home most of the time and walks for some hours a day.
struct Walker {
    handset: HandsetId,
    chance: Chance,
    lat: f64,
    lon: f64,
    north: f64,
    east: f64,
    battery: f64,
    seq: u64,
    /// Tens of seconds between two fixes.
    tens: u32,
}

impl Walker {
    fn new(number: usize, every_s: u32) -> Self {
        let mut chance = Chance(u64::try_from(number).unwrap_or_default() * 7_919 + 13);
        for _ in 0..8 {
            chance.next();
        }
        Self {
            handset: HandsetId::new(format!("h-{number:06}")).expect("an id"),
            lat: 33.8 + chance.part() * 0.3,
            lon: 118.1 + chance.part() * 0.3,
            north: 0.0,
            east: 0.0,
            battery: 100.0,
            seq: 0,
            tens: every_s / EVERY_S,
            chance,
        }
    }

    fn fix(&mut self, second: i64) -> JournalFix {
        let chance = &mut self.chance;
        let walks = (second / 3_600) % 6 == 4;
        let tens = f64::from(self.tens);
        if walks {
            self.lat += tens * (6e-5 + chance.about(1e-5));
            self.lon += tens * (7e-5 + chance.about(1e-5));
        }
        // As wide as ever, and the less alike the longer ago.
        let alike = ALIKE.powf(tens);
        let deviation = DEVIATION_M * ((1.0 - alike.powi(2)) / (1.0 - ALIKE.powi(2))).sqrt();
        self.north = self.north * alike + chance.about(deviation);
        self.east = self.east * alike + chance.about(deviation);
        self.battery = if self.battery < 5.0 { 100.0 } else { self.battery - 0.01 * tens };
        self.seq += 1;
        let digits = |value: f64| (value * 1e7).round() / 1e7;
        let fix_time = Timestamp::from_second(second + i64::from(chance.below(10) == 0)).expect("a time");
        let position =
            Wgs84::new(digits(self.lat + self.north / 111_000.0), digits(self.lon + self.east / 92_000.0));
        let delay = SignedDuration::from_micros(200_000 + i64::from(chance.below(1_500_000)));
        JournalFix {
            handset: self.handset.clone(),
            told_time: None,
            received_at: fix_time.checked_add(delay).expect("a time"),
            fix: Fix {
                boot: Some("7f3a".to_owned()),
                seq: Some(self.seq),
                fix_time,
                position: position.expect("a place"),
                accuracy_m: f64::from(8 + chance.below(25)),
                method: if chance.below(30) == 0 { Method::Wifi } else { Method::Gps },
                speed_mps: Some(f64::from(chance.below(5) + if walks { 8 } else { 0 }) / 10.0),
                bearing_deg: Some(f64::from(chance.below(360))),
                battery_pct: Some(self.battery.round()),
            },
        }
    }
}

fn said(line: &str) {
    writeln!(std::io::stdout(), "{line}").unwrap_or_default();
}

/// User and system time of this process, in seconds.
fn cpu_s() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = text.rsplit(')').next().unwrap_or_default();
    let ticks: f64 =
        after.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<f64>().ok()).sum();
    ticks / 100.0
}

struct House {
    store: Store,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl House {
    async fn open(folder: &Path) -> Self {
        let url = format!("sqlite://{}", folder.join("jujiale.db").display());
        let keys = Keys::load_or_create(&folder.join("keys.json")).expect("keys");
        let database = Database::from_url(&url).expect("an address");
        let (store, task) = Store::open(&database, keys, None).await.expect("the store opens");
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(task.run(stop.clone()));
        Self { store, stop, tasks }
    }

    async fn close(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

fn day_zero() -> i64 {
    1_795_392_000
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a time")
}

/// The machine's own limit: an append of as many bytes as a batch has, with fdatasync.
fn bare_append(folder: &Path, bytes: usize) -> f64 {
    let mut file = File::create(folder.join("bare")).expect("a file");
    let chunk = vec![7; bytes];
    let started = Instant::now();
    for _ in 0..200 {
        file.write_all(&chunk).expect("written");
        file.sync_data().expect("synced");
    }
    started.elapsed().as_secs_f64() / 200.0
}

/// Appends alone, of `handsets` who send one fix a message or `run` at a time.
async fn append(handsets: usize, run: usize, batches: usize, is_sorted: bool) {
    let folder = tempfile::tempdir().expect("a folder");
    let house = House::open(folder.path()).await;
    let mut walkers: Vec<Walker> = (0..handsets).map(|number| Walker::new(number, EVERY_S)).collect();
    let mut chance = Chance(99);
    let stop = CancellationToken::new();
    let sorter = TaskTracker::new();
    if is_sorted {
        let (store, stop) = (house.store.clone(), stop.clone());
        sorter.spawn(async move {
            let mut compactor = Compactor::new(store, Kept::default());
            while !stop.is_cancelled() {
                if compactor.step(at(day_zero() + 86_400)).await.expect("a step") == Step::Nothing {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        });
    }
    let (mut wall, mut cpu) = (Duration::ZERO, 0.0);
    for group in 0..batches / 50 {
        let second = day_zero() + i64::try_from(group).unwrap_or_default() * 60;
        let mut rows: Vec<Vec<JournalFix>> = Vec::new();
        for _ in 0..50 {
            let mut batch = Vec::with_capacity(BATCH);
            while batch.len() < BATCH {
                let place = usize::try_from(chance.next()).unwrap_or_default() % handsets;
                batch.extend((0..run).map(|_| walkers[place].fix(second)));
            }
            rows.push(batch);
        }
        let (started, cpu_before) = (Instant::now(), cpu_s());
        for batch in rows {
            house.store.write(AppendFixes(batch)).await.expect("appended");
        }
        wall += started.elapsed();
        cpu += cpu_s() - cpu_before;
    }
    stop.cancel();
    sorter.close();
    sorter.wait().await;
    house.close().await;
    let fixes = f64::from(u32::try_from(batches * BATCH).unwrap_or_default());
    said(&format!(
        "append {handsets:>6} handsets, {run:>3} a message{}: {:>9.0} fixes/s, {:>9.0} for a second of CPU",
        if is_sorted { ", sorted beside" } else { "" },
        fixes / wall.as_secs_f64(),
        fixes / cpu,
    ));
}

async fn people(house: &House, residents: usize) {
    let secret_hash = store::secrets::hash_handset_secret(b"secret").expect("a hash");
    let mut moving_in = tokio::task::JoinSet::new();
    for number in 0..residents {
        if moving_in.len() >= 64 {
            moving_in.join_next().await;
        }
        moving_in.spawn(move_in(house.store.clone(), number, secret_hash.clone()));
    }
    moving_in.join_all().await;
}

async fn move_in(store: Store, number: usize, secret_hash: String) {
    let id = ResidentId::new(format!("r-{number:06}")).expect("an id");
    let resident = Resident {
        id: id.clone(),
        name: "王秀英".to_owned(),
        sex: "female".to_owned(),
        birth_date: "1941-03-02".to_owned(),
        lives_alone: true,
        cognitive_impairment: false,
        self_care: "full".to_owned(),
        conditions: Vec::new(),
        allergies: Vec::new(),
        home: None,
        division: None,
        identity_number: None,
        telephone: None,
        address: None,
        contacts: Vec::new(),
    };
    let handset = HandsetId::new(format!("h-{number:06}")).expect("an id");
    store
        .write(AddResident { resident, keys: store.keys().clone(), audit: Vec::new() })
        .await
        .expect("written");
    store.write(AddHandset { handset: handset.clone(), secret_hash }).await.expect("written");
    store.write(BindHandset { handset, resident: id, from: at(0) }).await.expect("written");
}

async fn pages(folder: &Path) -> (i64, i64) {
    use sqlx::{ConnectOptions as _, Row as _};
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("jujiale.db"));
    let mut connection = options.connect().await.expect("opens");
    let all: i64 = sqlx::query("PRAGMA page_count").fetch_one(&mut connection).await.expect("counted").get(0);
    let free: i64 =
        sqlx::query("PRAGMA freelist_count").fetch_one(&mut connection).await.expect("counted").get(0);
    (all, free)
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

/// The folder in which the journal stays.
fn named() -> Option<PathBuf> {
    std::env::args().nth(3).filter(|word| word.starts_with('/')).map(PathBuf::from)
}

/// A whole journal: appended as it comes, sorted and compacted beside, and read. The most bytes a fix that it ever took.
async fn journal(folder: &Path, residents: usize, minutes: i64, every_s: u32, is_kept: bool) -> f64 {
    let house = House::open(folder).await;
    people(&house, residents).await;
    let (before, _) = pages(folder).await;
    let mut walkers: Vec<Walker> = (0..residents).map(|number| Walker::new(number, every_s)).collect();
    let mut compactor = Compactor::new(house.store.clone(), Kept::default());
    let (mut steps, mut longest) = (0_u64, Duration::ZERO);
    let mut batch = Vec::with_capacity(BATCH);
    let last = day_zero() + minutes * 60;
    let cpu_before = cpu_s();
    for second in (day_zero()..last).step_by(usize::try_from(every_s).unwrap_or(10)) {
        for walker in &mut walkers {
            batch.push(walker.fix(second));
            if batch.len() == BATCH {
                house.store.write(AppendFixes(std::mem::take(&mut batch))).await.expect("appended");
            }
        }
        if second % 60 == 0 {
            loop {
                let started = Instant::now();
                if compactor.step(at(second)).await.expect("a step") == Step::Nothing {
                    break;
                }
                longest = longest.max(started.elapsed());
                steps += 1;
            }
        }
    }
    while compactor.step(at(last)).await.expect("a step") != Step::Nothing {}
    let fixes = i64::try_from(residents).unwrap_or_default() * minutes * 60 / i64::from(every_s);
    said(&format!(
        "journal of {residents} residents, one fix in {every_s} s, {minutes} min, {fixes} fixes: {:.2} µs of CPU a fix \
         with making it; {steps} steps, the longest took {:.1} ms in all",
        (cpu_s() - cpu_before) * 1e6 / f64::from(u32::try_from(fixes).unwrap_or(u32::MAX)),
        longest.as_secs_f64() * 1e3,
    ));
    let by_handset = size(folder, fixes, before, "while the last two days lie by handset").await;
    read(&house, residents, last, "of the last day (by handset)").await;
    if is_kept {
        house.close().await;
        return by_handset;
    }
    while compactor.step(at(last + 80 * 3_600)).await.expect("a step") != Step::Nothing {}
    let by_hour = size(folder, fixes, before, "with everything in its hours").await;
    read(&house, residents, last, "of the last day (in its hours)").await;
    house.close().await;
    let started = Instant::now();
    let house = House::open(folder).await;
    said(&format!("the store opens in {:.1} ms", started.elapsed().as_secs_f64() * 1e3));
    house.close().await;
    by_handset.max(by_hour)
}

/// Bytes of the whole file a fix; how many of them are free, and how many came with the fixes, is said beside it.
async fn size(folder: &Path, fixes: i64, before: i64, what: &str) -> f64 {
    let (all, free) = pages(folder).await;
    let bytes = |pages: i64| f64::from(u32::try_from(pages).unwrap_or(u32::MAX)) * 4_096.0;
    let fixes = f64::from(u32::try_from(fixes).unwrap_or(u32::MAX));
    said(&format!(
        "on disk {what}: {:.2} bytes a fix, {:.2} of them free pages; without what stood there before them {:.2}",
        bytes(all) / fixes,
        bytes(free) / fixes,
        bytes(all - before) / fixes
    ));
    bytes(all) / fixes
}

async fn read(house: &House, residents: usize, last: i64, what: &str) {
    let mut chance = Chance(5);
    let (mut tracks, mut newest, mut points) = (Vec::new(), Vec::new(), 0);
    for _ in 0..60 {
        let number = usize::try_from(chance.next()).unwrap_or_default() % residents;
        let resident = ResidentId::new(format!("r-{number:06}")).expect("an id");
        let started = Instant::now();
        let track = house.store.track(&resident, at(last - 86_400), at(last + 60)).await.expect("a track");
        tracks.push(started.elapsed());
        points = track.points.len();
        let handset = HandsetId::new(format!("h-{number:06}")).expect("an id");
        let started = Instant::now();
        house.store.newest_fix(&handset).await.expect("read").expect("there");
        newest.push(started.elapsed());
    }
    said(&format!(
        "track {what}: {points} points, median {:.2} ms; newest fix {:.2} ms",
        median(tracks),
        median(newest)
    ));
}

#[tokio::main]
async fn main() -> ExitCode {
    let number = |place: usize| std::env::args().nth(place).and_then(|word| word.parse::<i64>().ok());
    let residents = usize::try_from(number(1).unwrap_or(200)).unwrap_or(200);
    let folder = tempfile::tempdir().expect("a folder");
    said(&format!("bare append of 25 kB with fdatasync: {:.2} ms", bare_append(folder.path(), 25_000) * 1e3));
    for (handsets, run) in [(100_000, 1), (5_000, 1), (5_000, 500)] {
        append(handsets, run, 1_000, false).await;
        append(handsets, run, 1_000, true).await;
    }
    let minutes = number(2).unwrap_or(4 * 24 * 60);
    let bytes = if let Some(kept) = named() {
        journal(&kept, residents, minutes, EVERY_S, true).await
    } else {
        let bytes = passing(residents, minutes, EVERY_S).await;
        for (every_s, times) in SELDOMER {
            passing(residents * times, minutes, every_s).await;
        }
        bytes
    };
    said(&format!("one fix in {EVERY_S} s: {bytes:.2} bytes a fix at most   goal <= {BYTES_A_FIX}"));
    if bytes <= BYTES_A_FIX {
        return ExitCode::SUCCESS;
    }
    said(&format!("goal missed: bytes a fix on disk  {bytes:.2}   goal <= {BYTES_A_FIX}"));
    ExitCode::FAILURE
}

/// A journal that goes away with its folder.
async fn passing(residents: usize, minutes: i64, every_s: u32) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    journal(folder.path(), residents, minutes, every_s, false).await
}
