CREATE TABLE transformation_runs (
  -- The last runs of each transformation that failed or wrote lines, newest first. In the primary.
  transformation_id TEXT PRIMARY KEY,
  runs TEXT NOT NULL             -- JSON list of {at, event_id, version, ok, duration_ms, logs, error, line}
) STRICT, WITHOUT ROWID;
