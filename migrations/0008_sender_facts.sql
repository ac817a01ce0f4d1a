ALTER TABLE alert_histories ADD COLUMN urgencies /* JSON object: event id -> urgency, of the events in the log that have one; NULL if none has */ TEXT;
ALTER TABLE integrations ADD COLUMN handshake /* JSON {echo: {from, name}, as, name}, or NULL */ TEXT;
ALTER TABLE destinations ADD COLUMN forward_headers /* JSON list of a sender's headers to send along; NULL as an empty list */ TEXT;
