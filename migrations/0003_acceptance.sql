ALTER TABLE events ADD COLUMN accepted_as /* JSON list [isolate, number, sure, refused]: the number of its message; NULL if it had none */ TEXT;
CREATE TABLE accepted_numbers (
  -- Numbers of messages that maintenance cannot read from `events`: of repeats, late events and dead letters, and the last
  -- number of an isolate that fell idle. Maintenance adds them to its state and deletes the rows.
  id TEXT PRIMARY KEY,           -- random
  numbers TEXT NOT NULL          -- JSON list of [isolate, numbers, sure, refused, ms since 1970]
) STRICT, WITHOUT ROWID;
