-- What of a resident a consent lets a relative see, in codes with blanks between: news, position, track. Consents of before said it
-- in words alone, and all of it was shown.
ALTER TABLE consents ADD COLUMN shares TEXT NOT NULL DEFAULT 'news position track';
