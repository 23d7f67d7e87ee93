-- More is tried without end than presses, calls and falls: these still go before all others.
ALTER TABLE notices ADD COLUMN goes_first BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE notices SET goes_first = is_life;
