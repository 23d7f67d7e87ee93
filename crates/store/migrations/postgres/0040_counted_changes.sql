-- Changes of handsets that their sessions must hear of are counted and not dated: a commit that comes late has an old time,
-- and the next number.
DROP INDEX handsets_by_change;
ALTER TABLE handsets DROP COLUMN state_at_us;
ALTER TABLE handsets ADD COLUMN change_number BIGINT;
CREATE UNIQUE INDEX handsets_by_change ON handsets (change_number);
