//! A full disk: fixes stop first, presses last.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use model::Fix;
use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};
use store::{AppendFixes, Ballast, TakenPress, WriterHealth};

use crate::common::{
    House,
    made::{at, fix, handset, journal, press, take},
    soon, sqlite_in,
};

const BALLAST_BYTES: u64 = 4 * 1024 * 1024;

/// A small disk of its own, which ends with the test.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(folder: &Path) -> Self {
        assert!(
            rustix::process::geteuid().is_root(),
            "a small disk is mounted for this test, which only root may do: run the tests as root"
        );
        let options = c"size=24m,mode=700";
        mount("tmpfs", folder, "tmpfs", MountFlags::NOSUID | MountFlags::NODEV, options).expect("a tmpfs");
        Self(folder.to_owned())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        unmount(&self.0, UnmountFlags::DETACH).unwrap_or_default();
    }
}

#[tokio::test]
async fn on_a_full_disk_presses_still_commit() {
    let folder = tempfile::tempdir().unwrap();
    let disk = SmallDisk::mount(folder.path());
    let (ballast, taken) = Ballast::take(disk.0.join("ballast"), BALLAST_BYTES);
    assert!(taken && disk.0.join("ballast").exists());
    let filler = disk.0.join("filler");
    let elsewhere = tempfile::tempdir().unwrap();
    let house = House::open(sqlite_in(&disk.0), elsewhere, Some(ballast)).await;
    house.write(take("h1", press("before"), at(0))).await;
    let written = Command::new("dd")
        .args(["if=/dev/zero", "bs=1M", "count=14"])
        .arg(format!("of={}", filler.display()))
        .output();
    assert!(written.unwrap().status.success());

    let mut appended = 0;
    while !house.store.health().disk_full {
        let rows = (0..1_000).map(|row| journal("h1", noise(appended + row))).collect();
        let append = house.store.write(AppendFixes(rows));
        match tokio::time::timeout(Duration::from_secs(3), append).await {
            Ok(done) => {
                done.unwrap();
                appended += 1_000;
            }
            Err(_waits) => break,
        }
        assert!(appended < 1_000_000, "the disk is never full");
    }
    soon("the full disk shows", async || house.store.health().disk_full.then_some(())).await;
    assert!(!disk.0.join("ballast").exists(), "its room belongs to the presses now");
    presses_are_taken(&house, "full").await;
    assert!(house.store.health().disk_full);

    let waiting = house.hand_in(AppendFixes(vec![journal("h2", fix(at(1)))])).await;
    presses_are_taken(&house, "still full").await;
    assert!(!waiting.is_finished(), "fixes wait, and are not refused");
    std::fs::remove_file(&filler).unwrap();
    crate::common::answer(waiting).await.unwrap();
    soon("it is over", async || (house.store.health() == WriterHealth::default()).then_some(())).await;
    assert_eq!(std::fs::metadata(disk.0.join("ballast")).unwrap().len(), BALLAST_BYTES);
    assert!(
        house.store.count_fixes(&handset("h1")).await.unwrap() >= appended,
        "nothing acknowledged is missing"
    );
    assert_eq!(house.store.count_fixes(&handset("h2")).await.unwrap(), 1);
    house.close().await;
}

/// A fix that no compression makes small.
fn noise(number: i64) -> Fix {
    let chance = |factor: u64| {
        let mixed = number.cast_unsigned().wrapping_mul(factor).rotate_left(31).wrapping_mul(factor);
        f64::from_bits(0x3ff0_0000_0000_0000 | (mixed >> 12))
    };
    Fix {
        accuracy_m: chance(0x9e37_79b9_7f4a_7c15),
        speed_mps: Some(chance(0xbf58_476d_1ce4_e5b9)),
        bearing_deg: Some(chance(0x94d0_49bb_1331_11eb)),
        battery_pct: Some(chance(0xd6e8_feb8_6659_fd93)),
        ..fix(at(number))
    }
}

/// Two hundred presses at once: more than a group, and none may wait for the disk.
async fn presses_are_taken(house: &House, name: &str) {
    let mut pressed = Vec::new();
    for number in 0..200 {
        pressed.push(house.hand_in(take("h1", press(&format!("{name}-{number}")), at(number))).await);
    }
    let all = async {
        for press in pressed {
            assert!(matches!(crate::common::answer(press).await.expect("taken"), TakenPress::New(_)));
        }
    };
    tokio::time::timeout(Duration::from_secs(2), all).await.expect("presses commit within two seconds");
}

#[test]
fn a_ballast_that_finds_no_room_leaves_none_taken() {
    let folder = tempfile::tempdir().unwrap();
    let disk = SmallDisk::mount(folder.path());
    let path = disk.0.join("ballast");
    let (ballast, taken) = Ballast::take(path.clone(), 20 * 1024 * 1024);
    assert!(!taken && !path.exists(), "with less than twice its size the disk is as good as full");
    assert!(!ballast.restore());
    let (ballast, taken) = Ballast::take(path.clone(), BALLAST_BYTES);
    assert!(taken);
    ballast.release();
    ballast.release();
    assert!(!path.exists());
    assert!(ballast.restore() && path.exists());
    let (_, taken) = Ballast::take(path, BALLAST_BYTES);
    assert!(taken, "it is held already");
}
