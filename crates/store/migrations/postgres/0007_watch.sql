-- The same tables as migrations/sqlite/0007_watch.sql, in PostgreSQL's types.

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
  dwell_s DOUBLE PRECISION,
  armed BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  drawn BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  ended_at_us BIGINT
);
CREATE INDEX fences_by_resident ON fences (resident_id) WHERE ended_at_us IS NULL;

-- Areas shared by all.
CREATE TABLE zones (
  zone_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  shape TEXT NOT NULL,
  dwell_s DOUBLE PRECISION,
  version BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  ended_at_us BIGINT
);

-- How a resident is watched. Who has neither a policy nor a fence is not.
CREATE TABLE policies (
  resident_id TEXT PRIMARY KEY REFERENCES residents (resident_id),
  document TEXT NOT NULL,
  version BIGINT NOT NULL,
  changed_at_us BIGINT NOT NULL
);

-- That something of the above changed: about a resident, or the zones.
CREATE TABLE watch_changes (
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  written_by xid8 NOT NULL DEFAULT pg_current_xact_id(),
  resident_id TEXT
);

-- What is remembered of a resident, up to which places of the logs it holds, and when it must be looked at although nothing
-- comes.
CREATE TABLE watch_states (
  resident_id TEXT PRIMARY KEY,
  document TEXT NOT NULL,
  fix_place BIGINT NOT NULL,
  message_place BIGINT NOT NULL,
  signal_place BIGINT NOT NULL,
  due_us BIGINT,
  written_at_us BIGINT NOT NULL
);

-- Every report of a fall, raised or not. answer_by_us is there while a question about it is open, and is the only copy of that
-- deadline.
CREATE TABLE fall_reports (
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  signal_id TEXT NOT NULL UNIQUE,
  subject TEXT NOT NULL,
  handset_id TEXT NOT NULL,
  resident_id TEXT,
  received_at_us BIGINT NOT NULL,
  probability DOUBLE PRECISION,
  raised BOOLEAN NOT NULL,
  because TEXT,
  reply TEXT,
  answer_by_us BIGINT,
  signal TEXT NOT NULL,
  report TEXT NOT NULL
);
CREATE INDEX fall_reports_open ON fall_reports (answer_by_us) WHERE answer_by_us IS NOT NULL;
CREATE INDEX fall_reports_by_resident ON fall_reports (resident_id, received_at_us);
