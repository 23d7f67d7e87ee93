-- How often a handset says something at least, in seconds, where somebody said so: a property of the handset, which goes with it
-- from hand to hand. 0: its silence is nobody's matter.
ALTER TABLE handsets ADD COLUMN heartbeat_s REAL;
