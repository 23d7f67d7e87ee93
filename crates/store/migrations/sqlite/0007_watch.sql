-- What the watching engine works by and what it remembers. Shapes and documents are JSON text.

-- A resident's own fences. version counts the changes of one; drawn is the version at which its edge (or its kind) last
-- changed.
CREATE TABLE fences (
  fence_id TEXT PRIMARY KEY,
  resident_id TEXT NOT NULL REFERENCES residents (resident_id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  shape TEXT NOT NULL,
  schedule TEXT NOT NULL,
  home_by TEXT NOT NULL,
  dwell_s REAL,
  armed BOOLEAN NOT NULL,
  version INTEGER NOT NULL,
  drawn INTEGER NOT NULL,
  created_at_us INTEGER NOT NULL,
  ended_at_us INTEGER
);
CREATE INDEX fences_by_resident ON fences (resident_id) WHERE ended_at_us IS NULL;

-- Areas shared by all.
CREATE TABLE zones (
  zone_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  shape TEXT NOT NULL,
  dwell_s REAL,
  version INTEGER NOT NULL,
  created_at_us INTEGER NOT NULL,
  ended_at_us INTEGER
);

-- How a resident is watched. Who has neither a policy nor a fence is not.
CREATE TABLE policies (
  resident_id TEXT PRIMARY KEY REFERENCES residents (resident_id),
  document TEXT NOT NULL,
  version INTEGER NOT NULL,
  changed_at_us INTEGER NOT NULL
);

-- That something of the above changed: about a resident, or the zones.
CREATE TABLE watch_changes (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  resident_id TEXT
);

-- What is remembered of a resident, up to which places of the logs it holds, and when it must be looked at although nothing
-- comes.
CREATE TABLE watch_states (
  resident_id TEXT PRIMARY KEY,
  document TEXT NOT NULL,
  fix_place INTEGER NOT NULL,
  message_place INTEGER NOT NULL,
  signal_place INTEGER NOT NULL,
  due_us INTEGER,
  written_at_us INTEGER NOT NULL
);

-- Every report of a fall, raised or not. answer_by_us is there while a question about it is open, and is the only copy of that
-- deadline.
CREATE TABLE fall_reports (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  signal_id TEXT NOT NULL UNIQUE,
  subject TEXT NOT NULL,
  handset_id TEXT NOT NULL,
  resident_id TEXT,
  received_at_us INTEGER NOT NULL,
  probability REAL,
  raised BOOLEAN NOT NULL,
  because TEXT,
  reply TEXT,
  answer_by_us INTEGER,
  signal TEXT NOT NULL,
  report TEXT NOT NULL
);
CREATE INDEX fall_reports_open ON fall_reports (answer_by_us) WHERE answer_by_us IS NOT NULL;
CREATE INDEX fall_reports_by_resident ON fall_reports (resident_id, received_at_us);
