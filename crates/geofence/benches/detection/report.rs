//! What is printed: a table for each set, and beside every figure what it does not say.

use crate::{
    bags::VIEWS,
    cross::{Goal, Judged},
    data::Set,
    figures::{Share, area, roc, shares},
    goals::Goals,
};
use std::io::{self, Write};

const WARNING: &str = "\
WARNING: these falls were acted, on mats, mostly by young volunteers; the everyday activities are those of a laboratory.
Thirteen published detectors that did as well on such data found 57 % of 29 real falls of old people, with 3 to 85 false
alarms a day (Bagalà et al., PLoS ONE 7:e37062, 2012). Expect less than what stands here.";

pub(crate) fn warn(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n{WARNING}\n")
}

pub(crate) fn table(out: &mut impl Write, set: &Set, judged: &[Judged], goal: Goal) -> io::Result<()> {
    let count = |is_fall: bool| judged.iter().filter(|one| one.is_fall == is_fall).count();
    let mut people: Vec<&str> = judged.iter().map(|one| one.subject.as_str()).collect();
    people.dedup();
    let worn = set.worn.as_str();
    writeln!(
        out,
        "\n{} ({worn}): {} people, {} falls, {} everyday activities",
        set.name,
        people.len(),
        count(true),
        count(false)
    )?;
    writeln!(
        out,
        "every person judged by a detector that never saw them; 95 % intervals (Wilson, trials taken as independent)\n"
    )?;
    writeln!(out, "| window | sensitivity | specificity | area | the goals |\n|---|---|---|---|---|")?;
    for (view, (name, _)) in VIEWS.iter().enumerate() {
        let (found, quiet) = shares(judged, view, |_| true);
        let area = area(&roc(judged, view));
        let is_reached = found.value() >= goal.sensitivity && quiet.value() >= goal.specificity;
        // The first view is what the goals are promised of; of the others it is said what they would come to.
        let verdict = match (view, is_reached) {
            (0, true) => "reached",
            (0, false) => "MISSED",
            (_, true) => "would be reached",
            (_, false) => "would be missed",
        };
        writeln!(out, "| {name} | {} | {} | {area:.4} | {verdict} |", found.text(), quiet.text())?;
    }
    writeln!(out, "| goal | {:.3} | {:.3} | | |\n", goal.sensitivity, goal.specificity)?;
    let (_, aged) = shares(judged, 0, |one| one.is_aged);
    if aged.of > 0 {
        writeln!(out, "everyday activities of the aged alone: specificity {}", aged.text())?;
    }
    worst(out, judged, &people)?;
    by_activity(out, judged)
}

/// Holds the first view against what is promised of it.
pub(crate) fn hold(goals: &mut Goals, set: &Set, judged: &[Judged], goal: Goal) {
    let (found, quiet) = shares(judged, 0, |_| true);
    let what = format!("{} ({})", set.name, set.worn.as_str());
    goals.at_least(&format!("{what}: sensitivity"), found.value(), goal.sensitivity);
    goals.at_least(&format!("{what}: specificity"), quiet.value(), goal.specificity);
}

fn worst(out: &mut impl Write, judged: &[Judged], people: &[&str]) -> io::Result<()> {
    let of = |person: &str| shares(judged, 0, |one| one.subject == person);
    let lowest = |pick: fn((Share, Share)) -> Share| {
        let own = people.iter().map(|person| (pick(of(person)), *person)).filter(|(share, _)| share.of > 0);
        own.min_by(|one, other| one.0.value().total_cmp(&other.0.value()))
    };
    for (word, pick) in
        [("sensitivity", (|both| both.0) as fn((Share, Share)) -> Share), ("specificity", |both| both.1)]
    {
        if let Some((share, person)) = lowest(pick) {
            writeln!(
                out,
                "lowest {word} of one person: {} ({} of {}, {person})",
                share.text(),
                share.right,
                share.of
            )?;
        }
    }
    Ok(())
}

fn by_activity(out: &mut impl Write, judged: &[Judged]) -> io::Result<()> {
    let mut activities: Vec<&str> = judged.iter().map(|one| one.activity.as_str()).collect();
    activities.sort_unstable();
    activities.dedup();
    let wrong = activities.iter().filter_map(|activity| {
        let (found, quiet) = shares(judged, 0, |one| one.activity == *activity);
        let (of, right) = (found.of + quiet.of, found.right + quiet.right);
        (right < of).then(|| format!("{activity} {} of {of}", of - right))
    });
    writeln!(out, "judged wrongly: {}", wrong.collect::<Vec<_>>().join(", "))
}
