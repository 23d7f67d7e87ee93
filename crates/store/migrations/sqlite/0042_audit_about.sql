-- Which rows of the audit log name a resident in their words: lists that showed them, looks at incidents that were about them, and
-- questions to the log itself. Found by them without reading the whole log; it says nothing that the log does not, and is not
-- under its seals.
CREATE TABLE audit_about (
  resident_id TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  PRIMARY KEY (resident_id, row_id)
) WITHOUT ROWID;
INSERT INTO audit_about (resident_id, row_id)
SELECT DISTINCT residents.resident_id, audit.row_id
FROM audit, json_each('[' || replace(json_quote(audit.detail), ' ', '","') || ']') AS word
JOIN residents ON residents.resident_id = CASE
  WHEN word.value LIKE 'resident=%' THEN substr(word.value, 10)
  WHEN word.value LIKE 'subject=%' THEN substr(word.value, 9)
  ELSE word.value END
WHERE audit.detail LIKE '%; about %' OR audit.action IN ('list_bindings', 'read_audit')
  OR audit.subject IN ('incidents', 'residents', 'handsets', 'live', 'tasks', 'signals', 'looks', 'quarantine');

CREATE INDEX audit_about_by_row ON audit_about (row_id);
CREATE INDEX audit_by_username ON audit (username, row_id);
CREATE INDEX audit_by_subject ON audit (subject, row_id);
CREATE INDEX audit_by_time ON audit (at_us);

-- Nothing old is removed before this, for the clock at a start was far ahead of the last time known.
ALTER TABLE platform ADD COLUMN removals_held_until_us INTEGER;
