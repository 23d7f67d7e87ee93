-- More is tried without end than presses, calls and falls: these still go before all others.
ALTER TABLE notices ADD COLUMN goes_first BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE notices SET goes_first = TRUE WHERE is_life AND next_at_us IS NOT NULL;
