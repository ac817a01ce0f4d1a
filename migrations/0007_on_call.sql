CREATE TABLE rejections (
  -- Refused requests to integrations: at most one row for each integration and minute. Only the primary database uses this table.
  integration_id TEXT NOT NULL,
  minute INTEGER NOT NULL,       -- minutes since 1970
  counts TEXT NOT NULL,          -- JSON object: "<status> <code>" -> {count, at, example}; `at` in ms since 1970
  PRIMARY KEY (integration_id, minute)
) STRICT, WITHOUT ROWID;

CREATE TABLE announcements (
  -- What limits how often a system event is sent about one subject. Only the primary database uses this table.
  subject TEXT PRIMARY KEY,      -- the type of the event, and the id of what it is about
  quiet_until INTEGER NOT NULL,  -- ms since 1970; until then no other one is sent
  since INTEGER NOT NULL,        -- ms since 1970: when the first occurrence was counted that no event has reported
  count INTEGER NOT NULL,        -- the occurrences that no event has reported
  facts TEXT NOT NULL            -- JSON: what the event says of its subject
) STRICT, WITHOUT ROWID;
ALTER TABLE destination_health ADD COLUMN announced /* 1 once an event that is not of the gateway itself failed: destination.failing, then destination.recovered */ INTEGER NOT NULL DEFAULT 0;

CREATE TABLE series (
  -- Counts for charts: a row for each minute, hour or day in which something happened, and one of totals.
  step TEXT NOT NULL,            -- minute, hour, day or total
  at INTEGER NOT NULL,           -- minutes, hours or days since 1970; 0 for the totals
  counts TEXT NOT NULL,          -- JSON, or "gzip:" and its compressed form in base64
  PRIMARY KEY (step, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE series_parts (
  -- Counts that maintenance adds to `series`: of each pass of the rollups, and of attempts and events that come after it.
  id TEXT PRIMARY KEY,           -- random
  counts TEXT NOT NULL           -- JSON list of lists
) STRICT, WITHOUT ROWID;
