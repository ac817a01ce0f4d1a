CREATE TABLE segments (
  -- The cold part of the log: objects in R2 that hold rows of `events` as they were. An event is in exactly one place: in `events`,
  -- or in the one segment whose `removed` does not name it.
  id TEXT PRIMARY KEY,           -- seg_, the time of its last event, and a random part: segments sort as their events do
  from_id TEXT NOT NULL,         -- its first event
  to_id TEXT NOT NULL,           -- its last event, at most a day younger
  version INTEGER NOT NULL,      -- incremented by every change, for optimistic locking
  object_key TEXT NOT NULL,      -- in R2
  events INTEGER NOT NULL,       -- the number of events that were written, removed ones too
  bytes INTEGER NOT NULL,        -- the size of the object
  tail_offset INTEGER NOT NULL,  -- where in the object the heads of its events begin, and how long they are
  tail_length INTEGER NOT NULL,
  sequence INTEGER NOT NULL,     -- counts the segments of the shard
  root TEXT NOT NULL,            -- hex: the hash over the hashes of its events
  previous TEXT NOT NULL,        -- hex: the end of the chain before it; '' for the first segment
  chained TEXT NOT NULL,         -- hex: the end of the chain with it
  created_at TEXT NOT NULL,
  removed TEXT NOT NULL,         -- JSON list: ids of its events that are in `events` again, or that never left
  hours TEXT NOT NULL,           -- JSON object: hour -> [delivered, dead, cancelled, ignored] of its events, as `rollups.cold` counts them
  counts TEXT NOT NULL,          -- JSON object: integrations, destinations, statuses, outcomes, types -> {value: number}, or null for many
  alerts TEXT                    -- base64: a Bloom filter of the alerts of its events; NULL if none has one
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX segments_by_sequence ON segments (sequence);
ALTER TABLE rollups ADD COLUMN cold /* JSON object: the outcomes of its events that are in segments; NULL if none is */ TEXT;
ALTER TABLE config_revision ADD COLUMN segments_from INTEGER NOT NULL DEFAULT 0 /* ms since 1970: from then on, events move to segments, which the release before cannot read */;
-- For a day, the release before can be put back. A gateway without integrations has none.
UPDATE config_revision SET segments_from = (unixepoch() + 86400) * 1000 WHERE EXISTS (SELECT 1 FROM integrations);
