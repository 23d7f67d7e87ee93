-- When somebody works at a station (empty: always), and what it can do besides going there.
ALTER TABLE stations ADD COLUMN hours TEXT NOT NULL DEFAULT '[]';
ALTER TABLE stations ADD COLUMN skills TEXT NOT NULL DEFAULT '[]';
