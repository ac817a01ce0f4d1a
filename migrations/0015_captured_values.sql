ALTER TABLE destinations ADD COLUMN requests TEXT NOT NULL DEFAULT '{}' /* JSON object: type of an event -> what its request has in place of the destination's own */;
CREATE TABLE captured_values (
  -- What destinations responded about an alert and later requests use, such as the key of a ticket: one row for each alert and
  -- destination. They go when the alert does.
  alert_id TEXT NOT NULL,
  destination_id TEXT NOT NULL,
  captured TEXT NOT NULL,        -- JSON object: name -> [value, id of the event whose delivery captured it]
  PRIMARY KEY (alert_id, destination_id)
) STRICT, WITHOUT ROWID;
