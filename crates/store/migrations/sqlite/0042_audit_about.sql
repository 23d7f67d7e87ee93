-- Which rows of the audit log name a resident in their words: lists that showed them, looks at incidents that were about them, and
-- questions to the log itself. Found by them without reading the whole log; it says nothing that the log does not, and is not
-- under its seals.
CREATE TABLE audit_about (
  resident_id TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  PRIMARY KEY (resident_id, row_id)
) WITHOUT ROWID;
-- Whom the rows name that are there already is noted once the platform runs, from the newest to the oldest: up to this one it is not.
INSERT INTO cursors (name, position) SELECT 'audit_about', row_id FROM audit ORDER BY row_id DESC LIMIT 1;

CREATE INDEX audit_about_by_row ON audit_about (row_id);
CREATE INDEX audit_by_username ON audit (username, row_id);
CREATE INDEX audit_by_subject ON audit (subject, row_id);
CREATE INDEX audit_by_time ON audit (at_us);

-- Nothing old is removed before this, for the clock at a start was far ahead of the last time known.
ALTER TABLE platform ADD COLUMN removals_held_until_us INTEGER;
