-- What an entry's hash is made of: 1 for its number, time, body and private part, as until now, 2 for
-- every field. Entries of before keep theirs; all that follow are of version 2.

ALTER TABLE entries ADD COLUMN hash_version INTEGER NOT NULL DEFAULT 1;

-- A row once the heads of the chains have been kept in a file beside the database: from then on a
-- folder without that file is not taken for one of before.
CREATE TABLE head_file (
    id INTEGER PRIMARY KEY CHECK (id = 1)
) STRICT;
