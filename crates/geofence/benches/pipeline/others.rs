//! Programs beside this one, on the same fixes: each gets the district as files and says how long it took, the median of five rounds
//! after one (they remember nothing of a fix). What is not installed is left out, and said so.

use crate::data::{District, Failure, Fixes, Ring};
use crate::plain::metres;
use geofence::zone::REACH_M;
use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const FIXES: usize = 100_000;
/// What it is called, and what is run in a folder with the files.
const OTHERS: [(&str, &str); 3] = [
    ("Shapely 2, arrays and an STRtree", "shapely.sh"),
    ("Redis GEOSEARCH, middles of zones alone", "redis.sh"),
    ("PostGIS, GiST", "postgis.sh"),
];

/// Runs each and prints its rate, beside that of the whole engine.
pub(crate) fn measure_all(district: &District, ours: f64, out: &mut impl Write) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("jjl-beside-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    write_files(district, &folder)?;
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/pipeline/beside");
    for (name, script) in OTHERS {
        let answer = Command::new("bash").arg(scripts.join(script)).arg(&folder).output()?;
        let (said, problem) =
            (String::from_utf8_lossy(&answer.stdout), String::from_utf8_lossy(&answer.stderr));
        match said.trim().lines().last().and_then(|line| line.parse::<f64>().ok()) {
            Some(seconds) if answer.status.success() => {
                let rate = f64::from(u32::try_from(FIXES)?) / seconds;
                let times = ours / rate;
                writeln!(
                    out,
                    "{name:<41} {rate:>10.0} fixes/s   the whole engine is {times:.1} times as fast"
                )?;
            }
            _ => writeln!(out, "{name:<41} left out: {}", problem.trim().lines().last().unwrap_or("?"))?,
        }
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// The district in metres: `zones.csv` and `own.csv` with shapes as well-known text, `fixes.csv`, and `search.resp` for Redis.
fn write_files(district: &District, folder: &Path) -> Result<(), Failure> {
    let file = |name: &str| -> PathBuf { folder.join(name) };
    let mut zones = String::new();
    let mut middles = String::new();
    for (number, ring) in district.zones.iter().enumerate() {
        writeln!(zones, "{number};{}", text(ring))?;
        let count = f64::from(u32::try_from(ring.len())?);
        let middle = |axis: usize| ring.iter().map(|position| position[axis]).sum::<f64>() / count;
        let (lon, lat) = (middle(0), middle(1));
        middles.push_str(&command(&[
            "GEOADD",
            "zones",
            &lon.to_string(),
            &lat.to_string(),
            &number.to_string(),
        ]));
    }
    fs::write(file("zones.csv"), zones)?;
    fs::write(file("zones.resp"), middles)?;
    let mut own = String::new();
    for (number, home) in district.homes.iter().enumerate() {
        let [quarter, pond] = home.rings.each_ref().map(text);
        let at = metres([home.lon, home.lat]);
        writeln!(own, "{number};POINT({} {});{quarter};{pond}", at.x, at.y)?;
    }
    fs::write(file("own.csv"), own)?;
    let (mut fixes, mut search) = (String::new(), String::new());
    let reach_m = (REACH_M + 300.0).to_string();
    for (handset, fix) in Fixes::new(district)?.batch(FIXES)? {
        let (lon, lat) = (fix.position.lon(), fix.position.lat());
        let at = metres([lon, lat]);
        let number = handset.as_str().trim_start_matches('h');
        writeln!(fixes, "{number};{};{}", at.x, at.y)?;
        let (lon, lat) = (lon.to_string(), lat.to_string());
        let words = ["GEOSEARCH", "zones", "FROMLONLAT", &lon, &lat, "BYRADIUS", &reach_m, "m", "WITHDIST"];
        search.push_str(&command(&words));
    }
    fs::write(file("fixes.csv"), fixes)?;
    fs::write(file("search.resp"), search)?;
    Ok(())
}

fn text(ring: &Ring) -> String {
    let corner = |position: &[f64; 2]| {
        let at = metres(*position);
        format!("{:.3} {:.3}", at.x, at.y)
    };
    format!("POLYGON(({}))", ring.iter().map(corner).collect::<Vec<_>>().join(","))
}

/// A command as Redis reads it.
fn command(words: &[&str]) -> String {
    let word = |word: &&str| format!("${}\r\n{word}\r\n", word.len());
    format!("*{}\r\n{}", words.len(), words.iter().map(word).collect::<String>())
}
