ALTER TABLE rollups ADD COLUMN holds /* JSON object: id of an integration or destination -> its events of the hour up to the watermark, or '*' for many; NULL if not known */ TEXT;
ALTER TABLE rollups ADD COLUMN holds_at /* the value of changes that holds is complete for; another value means that an older version has written the row */ INTEGER;
