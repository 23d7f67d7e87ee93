-- Where the watch's logs stood when a clock was found to have been set back, and by how much: what stands there until then was
-- stamped by the clock before. last_alive_us is the last moment that clock is known to have told.
CREATE TABLE watch_clock_steps (
  last_alive_us BIGINT PRIMARY KEY,
  by_us BIGINT NOT NULL,
  fix_place BIGINT NOT NULL,
  message_place BIGINT NOT NULL,
  signal_place BIGINT NOT NULL
);

-- The watch looks four times a second for absences that are over.
CREATE INDEX absences_by_end ON absences (to_us);
