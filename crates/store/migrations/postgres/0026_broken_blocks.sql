-- Of the fixes that are removed, how many lay in blocks that could not be read. The blocks are in quarantine for its term.
ALTER TABLE journal ADD COLUMN broken BIGINT NOT NULL DEFAULT 0;
UPDATE journal SET broken = COALESCE((
  SELECT SUM(CAST(SUBSTRING(reason FROM 'block [0-9]+ of ([0-9]+) fixes') AS BIGINT)) FROM quarantine
  WHERE topic = 'journal' AND handset_id IS NULL AND reason LIKE 'block % of % fixes cannot be read: %'), 0);

-- The health looks for such blocks all the time, and of strangers' messages there may be very many.
CREATE INDEX quarantine_of_the_journal ON quarantine (row_id) WHERE topic = 'journal' AND handset_id IS NULL;
