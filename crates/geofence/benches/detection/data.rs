//! Reading the recordings. They are never copied: the folder stays where it is.

use crate::Failure;
use geofence::falls::Worn;
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Every set says so of its samples.
pub(crate) const HZ: f64 = 50.0;

/// One trial of one person.
pub(crate) struct Recording {
    pub(crate) subject: String,
    pub(crate) activity: String,
    pub(crate) is_fall: bool,
    /// Over sixty.
    pub(crate) is_aged: bool,
    /// In g.
    pub(crate) rows: Vec<[f64; 3]>,
}

/// One published set.
pub(crate) struct Set {
    pub(crate) name: &'static str,
    pub(crate) worn: Worn,
    pub(crate) recordings: Vec<Recording>,
}

struct Layout {
    folder: &'static str,
    worn: Worn,
    in_g: f64,
    /// Whether trials are named `ACTIVITY_RNUMBER` among the samples.
    is_numbered: bool,
}

const LAYOUTS: [Layout; 3] = [
    Layout { folder: "sisfall", worn: Worn::Waist, in_g: 1e-3, is_numbered: true },
    Layout { folder: "umafall_pocket", worn: Worn::Pocket, in_g: 1e-3, is_numbered: false },
    Layout { folder: "weda_fall", worn: Worn::Wrist, in_g: 1.0 / 9.806_65, is_numbered: true },
];

/// Where the recordings are, if they are anywhere: `JJL_FALL_DATA`, or `shared/data/falls` beside the repository.
pub(crate) fn folder() -> Option<PathBuf> {
    let beside = || {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3)?;
        Some(["shared", "data", "falls"].iter().fold(root.to_path_buf(), |path, part| path.join(part)))
    };
    let named = std::env::var_os("JJL_FALL_DATA").map(PathBuf::from);
    named.or_else(beside).filter(|folder| folder.is_dir())
}

pub(crate) fn read(folder: &Path) -> Result<Vec<Set>, Failure> {
    LAYOUTS.iter().map(|layout| read_set(folder, layout)).collect()
}

fn read_set(folder: &Path, layout: &Layout) -> Result<Set, Failure> {
    let folder = folder.join(layout.folder);
    let labels = read_labels(&folder.join("trials.csv"), layout)?;
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, Failure>>()?;
    files.retain(|path| path.to_string_lossy().ends_with(".csv.gz"));
    files.sort();
    let mut recordings = Vec::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let subject = name.trim_end_matches(".csv.gz");
        for (trial, rows) in read_samples(&file, layout.in_g)? {
            let label = labels
                .get(&(subject.to_owned(), trial.clone()))
                .ok_or_else(|| format!("{name}: trial {trial} has no label"))?;
            recordings.push(Recording {
                subject: subject.to_owned(),
                activity: label.activity.clone(),
                is_fall: label.is_fall,
                is_aged: label.is_aged,
                rows,
            });
        }
    }
    Ok(Set { name: layout.folder, worn: layout.worn, recordings })
}

struct Label {
    activity: String,
    is_fall: bool,
    is_aged: bool,
}

/// By subject and trial.
type Labels = HashMap<(String, String), Label>;

fn read_labels(path: &Path, layout: &Layout) -> Result<Labels, Failure> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let column = |name: &str| {
        header.iter().position(|other| *other == name).ok_or_else(|| format!("no column {name}"))
    };
    let (subject, activity, trial, label) =
        (column("subject")?, column("activity")?, column("trial")?, column("label")?);
    let group = column("group").ok();
    let mut labels = Labels::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default().to_owned();
        let trial = if layout.is_numbered {
            format!("{}_R{:02}", cell(activity), cell(trial).parse::<u32>()?)
        } else {
            cell(trial)
        };
        // One set says who is aged, by more than one word; another has nobody who is.
        let is_aged = group.is_some_and(|group| cell(group) != "young");
        let label = Label { activity: cell(activity), is_fall: cell(label) == "fall", is_aged };
        labels.insert((cell(subject), trial), label);
    }
    Ok(labels)
}

/// Name and samples of each.
type Trials = Vec<(String, Vec<[f64; 3]>)>;

/// The trials of one file in their order; the last three columns are the axes.
fn read_samples(path: &Path, in_g: f64) -> Result<Trials, Failure> {
    let unpacked = Command::new("gzip").arg("-dc").arg(path).output()?;
    if !unpacked.status.success() {
        return Err(format!("gzip cannot read {}", path.display()).into());
    }
    let text = String::from_utf8(unpacked.stdout)?;
    let mut trials: Trials = Vec::new();
    for line in text.lines().skip(1) {
        let (trial, _) = line.split_once(',').ok_or("a line without a comma")?;
        let mut cells = line.rsplit(',');
        let mut axis =
            || -> Result<f64, Failure> { Ok(cells.next().unwrap_or_default().parse::<f64>()? * in_g) };
        let (z, y, x) = (axis()?, axis()?, axis()?);
        match trials.last_mut() {
            Some((name, rows)) if name == trial => rows.push([x, y, z]),
            _ => trials.push((trial.to_owned(), vec![[x, y, z]])),
        }
    }
    Ok(trials)
}
