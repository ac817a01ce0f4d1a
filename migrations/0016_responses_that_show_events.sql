-- Which event, or whose alert's content, a stored response shows, so that an erasure can take it away: an id, or '*' for any. NULL if it
-- shows none. Responses from before are deleted within a day.
ALTER TABLE api_idempotency_keys ADD COLUMN shows /* the event or the alert whose content the response shows, '*' for any; NULL if none */ TEXT;
