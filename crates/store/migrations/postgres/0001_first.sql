-- The same tables as migrations/sqlite/0001_first.sql, in PostgreSQL's types. Logs carry the transaction
-- that wrote a row: a reader stops below the oldest transaction still running, so no row appears behind
-- its cursor.

CREATE TABLE platform (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  store_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  created_at_us BIGINT NOT NULL,
  pulse_at_us BIGINT NOT NULL
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
  home_lat DOUBLE PRECISION,
  home_lon DOUBLE PRECISION,
  key_id TEXT NOT NULL,
  identity_number_sealed BYTEA,
  identity_number_index BYTEA,
  identity_number_last4 TEXT,
  telephone_sealed BYTEA,
  telephone_index BYTEA,
  telephone_last4 TEXT,
  address_sealed BYTEA,
  address_index BYTEA
);
CREATE INDEX residents_by_telephone ON residents (telephone_index);

CREATE TABLE contacts (
  resident_id TEXT NOT NULL REFERENCES residents (resident_id),
  place BIGINT NOT NULL,
  name TEXT NOT NULL,
  relation TEXT NOT NULL,
  key_id TEXT NOT NULL,
  telephone_sealed BYTEA NOT NULL,
  telephone_index BYTEA NOT NULL,
  telephone_last4 TEXT NOT NULL,
  PRIMARY KEY (resident_id, place)
);

CREATE TABLE handsets (
  handset_id TEXT PRIMARY KEY,
  secret_hash TEXT NOT NULL,
  quick_tag BYTEA
);

CREATE TABLE bindings (
  handset_id TEXT NOT NULL REFERENCES handsets (handset_id),
  resident_id TEXT NOT NULL REFERENCES residents (resident_id),
  from_us BIGINT NOT NULL,
  to_us BIGINT,
  PRIMARY KEY (handset_id, from_us)
);
CREATE INDEX bindings_by_resident ON bindings (resident_id);

-- The bytes of every press, whole, with the identity that tells a repeat from a new one.
CREATE TABLE presses (
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  handset_id TEXT NOT NULL,
  identity TEXT UNIQUE,
  press_id TEXT,
  cancel BOOLEAN NOT NULL,
  received_at_us BIGINT NOT NULL,
  signal_id TEXT NOT NULL UNIQUE,
  payload BYTEA NOT NULL,
  full_size BIGINT NOT NULL,
  defects TEXT NOT NULL
);
CREATE INDEX presses_by_press_id ON presses (handset_id, press_id);

CREATE TABLE signals (
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  written_by xid8 NOT NULL DEFAULT pg_current_xact_id(),
  signal_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  handset_id TEXT,
  resident_id TEXT,
  received_at_us BIGINT NOT NULL,
  body TEXT NOT NULL
);

CREATE TABLE fixes (
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  written_by xid8 NOT NULL DEFAULT pg_current_xact_id(),
  handset_id TEXT NOT NULL,
  boot TEXT,
  seq BIGINT,
  fix_time_us BIGINT NOT NULL,
  told_time_us BIGINT,
  received_at_us BIGINT NOT NULL,
  lat DOUBLE PRECISION NOT NULL,
  lon DOUBLE PRECISION NOT NULL,
  accuracy_m DOUBLE PRECISION NOT NULL,
  method TEXT NOT NULL,
  speed_mps DOUBLE PRECISION,
  bearing_deg DOUBLE PRECISION,
  battery_pct DOUBLE PRECISION
);
CREATE INDEX fixes_by_handset ON fixes (handset_id, fix_time_us);

-- What else handsets say: status, answers, fall reports, in order of arrival.
CREATE TABLE handset_messages (
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  handset_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  received_at_us BIGINT NOT NULL,
  identity TEXT UNIQUE,
  payload BYTEA NOT NULL
);

CREATE TABLE handset_state (
  handset_id TEXT PRIMARY KEY,
  clock_ahead_us BIGINT,
  status TEXT,
  status_at_us BIGINT
);

CREATE TABLE quarantine (
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  handset_id TEXT,
  topic TEXT NOT NULL,
  received_at_us BIGINT NOT NULL,
  reason TEXT NOT NULL,
  payload BYTEA NOT NULL
);
CREATE INDEX quarantine_by_handset ON quarantine (handset_id, received_at_us);

CREATE TABLE incidents (
  incident_id TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  state TEXT NOT NULL,
  subject TEXT NOT NULL,
  drill BOOLEAN NOT NULL,
  resident_id TEXT,
  opened_at_us BIGINT NOT NULL,
  deadline_at_us BIGINT,
  snapshot TEXT NOT NULL
);
CREATE UNIQUE INDEX one_open_incident ON incidents (subject, drill) WHERE state <> 'closed';
CREATE INDEX open_incidents_by_deadline ON incidents (deadline_at_us) WHERE state <> 'closed';
CREATE INDEX incidents_by_opening ON incidents (opened_at_us, incident_id);
CREATE INDEX incidents_by_resident ON incidents (resident_id);

CREATE TABLE incident_events (
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  written_by xid8 NOT NULL DEFAULT pg_current_xact_id(),
  incident_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  at_us BIGINT NOT NULL,
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
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  written_by xid8 NOT NULL DEFAULT pg_current_xact_id(),
  handset_id TEXT NOT NULL,
  message_key TEXT NOT NULL,
  topic TEXT NOT NULL,
  payload TEXT NOT NULL,
  created_at_us BIGINT NOT NULL,
  expires_at_us BIGINT NOT NULL,
  settled_at_us BIGINT,
  UNIQUE (handset_id, message_key)
);

CREATE TABLE cursors (
  name TEXT PRIMARY KEY,
  position BIGINT NOT NULL
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
  from_us BIGINT NOT NULL,
  to_us BIGINT,
  PRIMARY KEY (username, resident_id, from_us)
);

CREATE TABLE sessions (
  token_hash BYTEA PRIMARY KEY,
  username TEXT NOT NULL REFERENCES users (username),
  created_at_us BIGINT NOT NULL,
  expires_at_us BIGINT NOT NULL
);

CREATE TABLE idempotency (
  username TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request TEXT NOT NULL,
  incident_id TEXT NOT NULL,
  at_us BIGINT NOT NULL,
  PRIMARY KEY (username, idempotency_key)
);

-- Who did or looked at what. Rows are only ever added; seals chain them.
CREATE TABLE audit (
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  written_by xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at_us BIGINT NOT NULL,
  username TEXT NOT NULL,
  source TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE TABLE audit_seals (
  up_to_row BIGINT PRIMARY KEY,
  sealed_at_us BIGINT NOT NULL,
  chain BYTEA NOT NULL
);
