-- What of a resident a consent lets a relative see, in codes with blanks between: news, position, track. Consents of before said it
-- in words alone, and all of it was shown.
ALTER TABLE consents ADD COLUMN shares TEXT NOT NULL DEFAULT 'news position track';

-- Whether the same look stands on record already, and who entered a call by hand.
DROP INDEX looks_by_resident;
CREATE INDEX looks_by_resident ON looks (resident_id, at_us);
CREATE INDEX audit_calls ON audit (subject) WHERE action = 'open_call';
