//! What a fix costs: to append, to sort, on disk, and to find again.
//!
//! `cargo bench -p store --bench journal -- [RESIDENTS] [MINUTES] [FOLDER]` makes a journal of so many residents (200) who
//! each send a fix every ten seconds for so long (four days), and measures along the way; then the same with positions as wrong as
//! the simulator's, every ten seconds, every minute and every ten minutes, the last two of more people. In a folder that
//! is named such a one every ten seconds stays and is all there is: `JJL_DATA__DIR=FOLDER jujiale serve` then starts on it (the
//! handsets' secret is `secret`).
//! Figures are of this machine and this run; a bare append with fdatasync stands beside them as the machine's own limit.
//! Bytes a fix are promised for a fix every ten seconds and for one a minute whose positions are that wrong; if they are more, it
//! ends with exit code 1.

#[path = "common/disk.rs"]
mod disk;
#[path = "journal/walker.rs"]
mod walker;

use model::{HandsetId, ResidentId, Timestamp};
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
use walker::{Chance, Error, Walker};

const BATCH: usize = 1_000;
const EVERY_S: u32 = 10;
/// The whole file by the fixes in it, as wrong as the simulator's.
const BYTES_A_FIX: f64 = 15.0;
/// Seconds between two fixes of a journal, how many times as many people send them (enough fixes that whole pages are full), and
/// what is promised. Of one in ten minutes an hour's block has six, and nothing is promised.
const PACES: [(u32, usize, Option<f64>); 3] =
    [(EVERY_S, 1, Some(BYTES_A_FIX)), (60, 5, Some(BYTES_A_FIX)), (600, 20, None)];

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
    let mut walkers: Vec<Walker> =
        (0..handsets).map(|number| Walker::new(number, EVERY_S, Error::little())).collect();
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
async fn journal(
    folder: &Path,
    residents: usize,
    minutes: i64,
    every_s: u32,
    error: Error,
    is_kept: bool,
) -> f64 {
    let house = House::open(folder).await;
    people(&house, residents).await;
    let (before, _) = pages(folder).await;
    let mut walkers: Vec<Walker> = (0..residents).map(|number| Walker::new(number, every_s, error)).collect();
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
    for each in [Some(folder.path().to_owned()), named()].into_iter().flatten() {
        std::fs::create_dir_all(&each).expect("the folder");
        if let Err(refused) = disk::is_below(&each) {
            said(&refused.to_string());
            return ExitCode::FAILURE;
        }
    }
    said(&format!("bare append of 25 kB with fdatasync: {:.2} ms", bare_append(folder.path(), 25_000) * 1e3));
    for (handsets, run) in [(100_000, 1), (5_000, 1), (5_000, 500)] {
        append(handsets, run, 1_000, false).await;
        append(handsets, run, 1_000, true).await;
    }
    let minutes = number(2).unwrap_or(4 * 24 * 60);
    let mut missed = Vec::new();
    if let Some(kept) = named() {
        let bytes = journal(&kept, residents, minutes, EVERY_S, Error::simulated(), true).await;
        missed.extend(verdict(EVERY_S, bytes, Some(BYTES_A_FIX)));
    } else {
        let bytes = passing(residents, minutes, EVERY_S, Error::little()).await;
        said(&format!("one fix in {EVERY_S} s, positions a few metres off: {bytes:.2} bytes a fix at most"));
        for (every_s, times, goal) in PACES {
            let bytes = passing(residents * times, minutes, every_s, Error::simulated()).await;
            missed.extend(verdict(every_s, bytes, goal));
        }
    }
    for line in &missed {
        said(line);
    }
    if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Says what a fix takes on disk beside what is promised; what stands at the end if that was missed.
fn verdict(every_s: u32, bytes: f64, goal: Option<f64>) -> Option<String> {
    let what = format!("bytes a fix on disk, one in {every_s} s, positions as wrong as the simulator's");
    let Some(goal) = goal else {
        said(&format!("{what}: {bytes:.2} at most"));
        return None;
    };
    said(&format!("{what}: {bytes:.2} at most   goal <= {goal}"));
    // What is no number meets no goal.
    let is_met = bytes <= goal;
    (!is_met).then(|| format!("goal missed: {what}  {bytes:.2}   goal <= {goal}"))
}

/// A journal that goes away with its folder.
async fn passing(residents: usize, minutes: i64, every_s: u32, error: Error) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    journal(folder.path(), residents, minutes, every_s, error, false).await
}
