-- Windows within which a handset's presses are drills; staff open them.
CREATE TABLE drill_windows (
  handset_id TEXT NOT NULL REFERENCES handsets (handset_id),
  from_us INTEGER NOT NULL,
  to_us INTEGER NOT NULL,
  opened_by TEXT NOT NULL,
  PRIMARY KEY (handset_id, from_us)
);
CREATE INDEX closed_drills ON incidents (resident_id, opened_at_us) WHERE drill;

-- When accounts that hold incidents were last seen at the desk: a claim is a lease.
CREATE TABLE desk_presence (
  username TEXT PRIMARY KEY REFERENCES users (username),
  seen_at_us INTEGER NOT NULL
);

-- Whom the ladder calls beyond the screens; each row is done once, by whoever comes first.
CREATE TABLE calls (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  incident_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  step INTEGER NOT NULL,
  callee TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  done_at_us INTEGER,
  result TEXT,
  UNIQUE (incident_id, version, callee)
);
CREATE INDEX calls_waiting ON calls (row_id) WHERE done_at_us IS NULL;

-- Every ladder that was ever saved; the newest runs.
CREATE TABLE ladders (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  text TEXT NOT NULL,
  saved_at_us INTEGER NOT NULL,
  saved_by TEXT NOT NULL
);

-- What a supervisor found out about an answer that came late.
CREATE TABLE late_reviews (
  incident_id TEXT PRIMARY KEY,
  reviewed_at_us INTEGER NOT NULL,
  reviewed_by TEXT NOT NULL,
  note TEXT NOT NULL
);

-- Technical signals that opened no incident make the list of the day.
CREATE INDEX signals_by_time ON signals (received_at_us);
