-- In which hours a handset that somebody carried was heard, whatever it said, or had a connection: a bit for each hour of a day
-- in UTC, the lowest the first. No place stands here, so nobody's consent to tracking is needed for it.
CREATE TABLE heard_days (
  handset_id TEXT NOT NULL,
  day_us BIGINT NOT NULL,
  hours BIGINT NOT NULL,
  PRIMARY KEY (handset_id, day_us)
);
CREATE INDEX heard_days_by_day ON heard_days (day_us);
