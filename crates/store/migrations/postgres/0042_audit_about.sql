-- Which rows of the audit log name a resident in their words: lists that showed them, looks at incidents that were about them, and
-- questions to the log itself. Found by them without reading the whole log; it says nothing that the log does not, and is not
-- under its seals.
CREATE TABLE audit_about (
  resident_id TEXT NOT NULL,
  row_id BIGINT NOT NULL,
  PRIMARY KEY (resident_id, row_id)
);
INSERT INTO audit_about (resident_id, row_id)
SELECT DISTINCT residents.resident_id, audit.row_id
FROM audit CROSS JOIN LATERAL unnest(string_to_array(audit.detail, ' ')) AS word
JOIN residents ON residents.resident_id = regexp_replace(word, '^(resident|subject)=', '')
WHERE audit.detail LIKE '%; about %' OR audit.action IN ('list_bindings', 'read_audit')
  OR audit.subject IN ('incidents', 'residents', 'handsets', 'live', 'tasks', 'signals', 'looks', 'quarantine');

CREATE INDEX audit_about_by_row ON audit_about (row_id);
CREATE INDEX audit_by_username ON audit (username, row_id);
CREATE INDEX audit_by_subject ON audit (subject, row_id);
CREATE INDEX audit_by_time ON audit (at_us);

-- Nothing old is removed before this, for the clock at a start was far ahead of the last time known.
ALTER TABLE platform ADD COLUMN removals_held_until_us BIGINT;
