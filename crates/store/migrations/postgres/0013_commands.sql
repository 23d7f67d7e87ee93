-- What handsets are asked to do, and how far each request has come.
CREATE TABLE commands (
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  command_id TEXT NOT NULL,
  handset_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  incident_id TEXT,
  asked_by TEXT NOT NULL,
  created_at_us BIGINT NOT NULL,
  expires_at_us BIGINT NOT NULL,
  sent_at_us BIGINT,
  answered_at_us BIGINT,
  ok BOOLEAN,
  detail TEXT,
  UNIQUE (handset_id, command_id)
);
CREATE INDEX commands_by_incident ON commands (incident_id, created_at_us);
CREATE INDEX commands_by_age ON commands (created_at_us);

-- The message that carries a command tells of which, so that its PUBACK is the command's.
ALTER TABLE outbox ADD COLUMN command_id TEXT;
