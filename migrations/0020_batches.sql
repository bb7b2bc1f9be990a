-- What one commit records of rooms is one row. Its entries stay there until they are packed, each chain
-- for itself, into pieces. `entries` holds the chain of the clinic, and of rooms only what was recorded
-- before this layout and is not packed yet.

CREATE TABLE batches (
    id INTEGER PRIMARY KEY,          -- of its last entry, in the order of commit over all chains
    entries BLOB NOT NULL
) STRICT;

-- Up to which entry batches were packed: their numbers are not given again.
CREATE TABLE batches_packed (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    to_entry INTEGER NOT NULL
) STRICT;

-- A piece whose `noted_seq` is 0 is one that no entry of `clinic` speaks of: it was packed to make room,
-- of one session or of none, and may grow until it is full.
