-- Residents who are away as planned: what they do not do at home is no news until they are back.
CREATE TABLE absences (
  absence_id TEXT PRIMARY KEY,
  resident_id TEXT NOT NULL REFERENCES residents (resident_id),
  reason TEXT NOT NULL,
  from_us BIGINT NOT NULL,
  to_us BIGINT NOT NULL,
  entered_by TEXT NOT NULL
);
CREATE INDEX absences_by_resident ON absences (resident_id, to_us);
CREATE INDEX drill_windows_open ON drill_windows (to_us);
CREATE INDEX notices_by_age ON notices (due_at_us);

-- The link that opens a task alone: of its secret a digest. Without one the station was not told by message.
CREATE TABLE task_links (
  task_id TEXT PRIMARY KEY,
  token_hash BYTEA UNIQUE,
  made_at_us BIGINT NOT NULL
);
