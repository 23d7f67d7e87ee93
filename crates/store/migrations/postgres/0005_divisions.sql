-- Where a resident lives, as the administration counts it; whose records an account is for.
ALTER TABLE residents ADD COLUMN division TEXT;
CREATE INDEX residents_by_division ON residents (division);
ALTER TABLE users ADD COLUMN scope TEXT;
ALTER TABLE invitations ADD COLUMN scope TEXT;

-- What stays of a track when its time is over: how much of it there was, and how far it went, hour by hour summed up by day.
CREATE TABLE track_days (
  resident_id TEXT NOT NULL,
  day_us BIGINT NOT NULL,
  fixes BIGINT NOT NULL,
  hours BIGINT NOT NULL,
  moved_m BIGINT NOT NULL,
  PRIMARY KEY (resident_id, day_us)
);

-- What handsets said beside positions and presses is kept for a term too.
CREATE INDEX handset_messages_by_time ON handset_messages (received_at_us);
