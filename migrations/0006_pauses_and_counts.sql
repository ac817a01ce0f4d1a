ALTER TABLE replays ADD COLUMN count_is_exact /* 0 if more deliveries may match than `count` says: a count reads a bounded number of events */ INTEGER NOT NULL DEFAULT 1;
ALTER TABLE destinations ADD COLUMN paused_at /* since when its deliveries wait; NULL while it is not paused */ TEXT;
