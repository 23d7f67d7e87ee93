-- Where people usually go is not kept of who took back the consent to be tracked, also before that went by itself.
DELETE FROM habits WHERE resident_id IN (SELECT resident_id FROM residents WHERE untracked_since_us IS NOT NULL);
