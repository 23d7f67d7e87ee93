-- A snooze may be about a zone shared by all: then fence_id is the zone's.
ALTER TABLE snoozes ADD COLUMN is_zone BOOLEAN NOT NULL DEFAULT FALSE;

-- What was heard of the question about a fall, for the desk; it reads them by cursor and they go after a term.
CREATE TABLE fall_answers (
  row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  written_by xid8 NOT NULL DEFAULT pg_current_xact_id(),
  signal_id TEXT NOT NULL,
  resident_id TEXT,
  handset_id TEXT NOT NULL,
  at_us BIGINT NOT NULL,
  reply TEXT NOT NULL
);

-- Messages are followed in the order of their transactions, as signals are.
ALTER TABLE handset_messages ADD COLUMN written_by xid8 NOT NULL DEFAULT pg_current_xact_id();
