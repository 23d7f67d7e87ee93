/** English of reports and late answers. The same keys as `zhReports.ts`. */
import type { zhReports } from "./zhReports";

export const enReports: typeof zhReports = {
  reports: {
    menu: "Answer times", title: "Answer times", explain: "Counted from the first signal's arrival, made of what happened and nothing else; drills are left out.", span: "Time", days: { "7": "Last 7 days", "30": "Last 30 days", "92": "Last 92 days (a quarter)" }, by: "Group by", bys: { all: "all", operator: "operator", station: "station", township: "township", kind: "signal", hour: "hour of the day" },
    download: "Download", csv: "Download CSV", xlsx: "Excel", json: "JSON", tables: { whole: "All together, CSV", from_what: "From what, CSV", townships: "Townships, CSV", total: "All handsets, CSV" }, incomplete: "There were too many incidents to count them all: choose a shorter time.", none: "No incident in this time.", between: "{{from}} to {{to}}", cases: "{{n}} incident(s)", unanswered: "{{n}} not answered yet", false_alarms: "in {{n}} nobody was in need",
    norm: "answered within {{n}} s", norm_goal: "goal {{pct}}%", met: "met", not_met: "not met", norm_words: "Answered within {{n}} s: {{pct}}%, goal {{goal}}%, {{met}}.",
    wait: "Wait for an answer (nine of ten no longer; the black line is 60 s)", wait_open: "Light red: somebody among them still waits.", wait_words: "{{group}}: {{n}} incident(s), nine of ten answered within {{wait}}, the longest {{longest}}.", seconds: "{{n}} s",
    table: "Times by group", group: { all: "all", nobody: "not answered yet", no_station: "no station took it", no_township: "township not on record", township: "township {{code}}", hour: "{{n}}:00" },
    column: { group: "Group", cases: "Incidents", within_15: "in 15 s", within_60: "in 60 s", within_180: "in 180 s", answered: "answered", sent: "station asked", acknowledged: "task taken", arrived: "on scene", closed: "closed", false_alarms: "no need" }, column_hint: "Times are medians; in brackets, nine of ten took no longer.",
    spread: "{{p50}} ({{p90}})",
  },
  quarter: {
    menu: "Quarter's review", title: "Quarter's review: stations in order", explain: "Made of the tasks that were given and nothing else; drills are left out.", which: "Which quarter", of: "Quarter {{n}} of {{year}}", running: "Quarter {{n}} of {{year}} (not over)", none: "No incident in this quarter.", no_stations: "No station was asked in this quarter.", table: "Stations", table_hint: "Times are medians.",
    place: "No. {{n}}", no_place: "no place", column: { station: "Place", score: "Score", taken_pct: "taken", prompt_pct: "within 60 s", finished_pct: "finished", asked: "asked", taken: "took", declined: "declined", silent: "silent", finished: "finished", failed: "failed", answered: "until taken", arrived: "until there" },
  },
  heard: {
    menu: "Messages and handsets", title: "Messages that arrived, handsets that were heard", notices: "Messages", no_notices: "Nobody was told in this time.", handsets: "Handsets", handsets_explain: "Of the hours in which somebody carried them, in how many they were heard: any message counts, and a connection, whether or not positions may be kept. Whole hours, from the first of which it is kept.", no_handsets: "Nobody carried a handset in this time.", all: "all handsets", townships: "By township", least: "Heard least", ms: "{{n}} ms",
    column: { channel: "Channel", messages: "messages", sent: "sent", delivered: "delivered", acknowledged: "answered", given_up: "given up", attempts: "attempts", took: "there and back", waited: "until sent", until_delivered: "until delivered", until_seen: "until taken, read or shown", until_acknowledged: "until answered", township: "Township", handsets: "handsets", heard: "heard", handset: "Handset", carried: "hours carried", hours: "hours heard" },
  },
  late: {
    title: "Answered after more than 180 s", waiting: "{{n}} to be looked into", none: "None took over 180 s in this time, and none of before waits to be looked into.", explain: "Each is looked into by a supervisor: why, and what follows from it. Until then it stays listed, however old.", file: "Download this list (CSV)", took: "answered after {{time}}", operator: "by {{name}}", nobody: "nobody has answered for {{time}}", open: "Open incident",
    standing: "to find out why it was answered late", review: "Write down why", review_of: "Write down why: incident of {{time}}", note: "Why it was late, and what follows from it", note_hint: "e.g. both of the night shift were busy; a third is on from now on", submit: "Save", done: "Saved for the incident of {{time}}.", reviewed: "{{by}}, {{time}}", again: "Write anew",
  },
};
