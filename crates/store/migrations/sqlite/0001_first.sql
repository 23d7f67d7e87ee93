-- Times are microseconds since 1970 in UTC, ids are text, documents are JSON text.
-- row_id of a log only grows (AUTOINCREMENT), so it can be a cursor.

CREATE TABLE platform (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  store_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  created_at_us INTEGER NOT NULL,
  pulse_at_us INTEGER NOT NULL
);

CREATE TABLE residents (
  resident_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  sex TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  lives_alone BOOLEAN NOT NULL,
  cognitive_impairment BOOLEAN NOT NULL,
  self_care TEXT NOT NULL,
  conditions TEXT NOT NULL,
  allergies TEXT NOT NULL,
  home_lat REAL,
  home_lon REAL,
  key_id TEXT NOT NULL,
  identity_number_sealed BLOB,
  identity_number_index BLOB,
  identity_number_last4 TEXT,
  telephone_sealed BLOB,
  telephone_index BLOB,
  telephone_last4 TEXT,
  address_sealed BLOB,
  address_index BLOB
);
CREATE INDEX residents_by_telephone ON residents (telephone_index);

CREATE TABLE contacts (
  resident_id TEXT NOT NULL REFERENCES residents (resident_id),
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  relation TEXT NOT NULL,
  key_id TEXT NOT NULL,
  telephone_sealed BLOB NOT NULL,
  telephone_index BLOB NOT NULL,
  telephone_last4 TEXT NOT NULL,
  PRIMARY KEY (resident_id, place)
);

CREATE TABLE handsets (
  handset_id TEXT PRIMARY KEY,
  secret_hash TEXT NOT NULL,
  quick_tag BLOB
);

CREATE TABLE bindings (
  handset_id TEXT NOT NULL REFERENCES handsets (handset_id),
  resident_id TEXT NOT NULL REFERENCES residents (resident_id),
  from_us INTEGER NOT NULL,
  to_us INTEGER,
  PRIMARY KEY (handset_id, from_us)
);
CREATE INDEX bindings_by_resident ON bindings (resident_id);

-- The bytes of every press, whole, with the identity that tells a repeat from a new one.
CREATE TABLE presses (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  handset_id TEXT NOT NULL,
  identity TEXT UNIQUE,
  press_id TEXT,
  cancel BOOLEAN NOT NULL,
  received_at_us INTEGER NOT NULL,
  signal_id TEXT NOT NULL UNIQUE,
  payload BLOB NOT NULL,
  full_size INTEGER NOT NULL,
  defects TEXT NOT NULL
);
CREATE INDEX presses_by_press_id ON presses (handset_id, press_id);

CREATE TABLE signals (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  signal_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  handset_id TEXT,
  resident_id TEXT,
  received_at_us INTEGER NOT NULL,
  body TEXT NOT NULL
);

CREATE TABLE fixes (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  handset_id TEXT NOT NULL,
  boot TEXT,
  seq INTEGER,
  fix_time_us INTEGER NOT NULL,
  told_time_us INTEGER,
  received_at_us INTEGER NOT NULL,
  lat REAL NOT NULL,
  lon REAL NOT NULL,
  accuracy_m REAL NOT NULL,
  method TEXT NOT NULL,
  speed_mps REAL,
  bearing_deg REAL,
  battery_pct REAL
);
CREATE INDEX fixes_by_handset ON fixes (handset_id, fix_time_us);

-- What else handsets say: status, answers, fall reports, in order of arrival.
CREATE TABLE handset_messages (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  handset_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  received_at_us INTEGER NOT NULL,
  identity TEXT UNIQUE,
  payload BLOB NOT NULL
);

CREATE TABLE handset_state (
  handset_id TEXT PRIMARY KEY,
  clock_ahead_us INTEGER,
  status TEXT,
  status_at_us INTEGER
);

CREATE TABLE quarantine (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  handset_id TEXT,
  topic TEXT NOT NULL,
  received_at_us INTEGER NOT NULL,
  reason TEXT NOT NULL,
  payload BLOB NOT NULL
);
CREATE INDEX quarantine_by_handset ON quarantine (handset_id, received_at_us);

CREATE TABLE incidents (
  incident_id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  subject TEXT NOT NULL,
  drill BOOLEAN NOT NULL,
  resident_id TEXT,
  opened_at_us INTEGER NOT NULL,
  deadline_at_us INTEGER,
  snapshot TEXT NOT NULL
);
CREATE UNIQUE INDEX one_open_incident ON incidents (subject, drill) WHERE state <> 'closed';
CREATE INDEX open_incidents_by_deadline ON incidents (deadline_at_us) WHERE state <> 'closed';
CREATE INDEX incidents_by_opening ON incidents (opened_at_us, incident_id);
CREATE INDEX incidents_by_resident ON incidents (resident_id);

CREATE TABLE incident_events (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  incident_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  at_us INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (incident_id, version)
);

-- Which incident a signal is in: exactly one, by construction.
CREATE TABLE incident_signals (
  signal_id TEXT PRIMARY KEY,
  incident_id TEXT NOT NULL
);

-- Messages to handsets; a row stays until a PUBACK settles it or it expires. A newer message with the
-- same key takes the older one's place.
CREATE TABLE outbox (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  handset_id TEXT NOT NULL,
  message_key TEXT NOT NULL,
  topic TEXT NOT NULL,
  payload TEXT NOT NULL,
  created_at_us INTEGER NOT NULL,
  expires_at_us INTEGER NOT NULL,
  settled_at_us INTEGER,
  UNIQUE (handset_id, message_key)
);

CREATE TABLE cursors (
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL
);

CREATE TABLE users (
  username TEXT PRIMARY KEY,
  display_name TEXT NOT NULL,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL
);

CREATE TABLE grants (
  username TEXT NOT NULL REFERENCES users (username),
  resident_id TEXT NOT NULL REFERENCES residents (resident_id),
  from_us INTEGER NOT NULL,
  to_us INTEGER,
  PRIMARY KEY (username, resident_id, from_us)
);

CREATE TABLE sessions (
  token_hash BLOB PRIMARY KEY,
  username TEXT NOT NULL REFERENCES users (username),
  created_at_us INTEGER NOT NULL,
  expires_at_us INTEGER NOT NULL
);

CREATE TABLE idempotency (
  username TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request TEXT NOT NULL,
  incident_id TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  PRIMARY KEY (username, idempotency_key)
);

-- Who did or looked at what. Rows are only ever added; seals chain them.
CREATE TABLE audit (
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_us INTEGER NOT NULL,
  username TEXT NOT NULL,
  source TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE TABLE audit_seals (
  up_to_row INTEGER PRIMARY KEY,
  sealed_at_us INTEGER NOT NULL,
  chain BLOB NOT NULL
);
