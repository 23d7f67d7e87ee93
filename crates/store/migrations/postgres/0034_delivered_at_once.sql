-- Who makes the attempt at a notice, so that it is free again as soon as that process is back.
ALTER TABLE notices ADD COLUMN taken_by TEXT;
CREATE INDEX notices_taken ON notices (taken_by) WHERE taken_by IS NOT NULL;

-- Calls about a life are done first. Of those that wait it is not known, so they count as such.
ALTER TABLE calls ADD COLUMN is_life BOOLEAN NOT NULL DEFAULT TRUE;
DROP INDEX calls_waiting;
CREATE INDEX calls_waiting ON calls (is_life DESC, row_id) WHERE done_at_us IS NULL;
