-- Entries that are no longer rows: a piece is a run of one chain, packed, or the place where one was
-- until it left. It is a row of the truth, as an entry is.

CREATE TABLE pieces (
    id INTEGER PRIMARY KEY,
    chain TEXT NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    session TEXT,                    -- none: readings outside sessions
    from_at INTEGER NOT NULL,        -- ms since 1970: its earliest entry
    to_at INTEGER NOT NULL,          -- its latest
    checkpoint_seq INTEGER,          -- its last checkpoint
    hash BLOB,                       -- BLAKE3 of what `entries` holds, or held
    last_hash BLOB NOT NULL,         -- of its last entry: what follows builds on it
    noted_seq INTEGER NOT NULL,      -- the entry of `clinic` that says so
    left_seq INTEGER,                -- the entry of `clinic` by which its entries left
    entries BLOB,                    -- NDJSON, zstd
    private BLOB                     -- its entries' personal fields and salts: NDJSON, zstd
) STRICT;

CREATE UNIQUE INDEX pieces_by_chain ON pieces (chain, last_seq);
CREATE INDEX pieces_by_session ON pieces (session, from_at) WHERE session IS NOT NULL;

-- In which pieces a device's frames are.
CREATE TABLE piece_devices (
    device TEXT NOT NULL,
    from_at INTEGER NOT NULL,        -- its earliest frame there
    to_at INTEGER NOT NULL,          -- its latest
    chain TEXT NOT NULL,
    last_seq INTEGER NOT NULL,
    PRIMARY KEY (device, from_at, chain, last_seq)
) STRICT, WITHOUT ROWID;

-- What became of a session's record: a view of entries in the chain `clinic`.
CREATE TABLE keeping (
    session TEXT PRIMARY KEY NOT NULL,
    sealed_at INTEGER,               -- all of it is in pieces since then
    removed TEXT,                    -- JSON: by whom and why personal details were removed
    deleted TEXT,                    -- JSON: the same of all of it
    deleted_seq INTEGER,             -- the entry that says so
    emptied_at INTEGER               -- nothing of it is left since then
) STRICT, WITHOUT ROWID;

CREATE INDEX keeping_to_empty ON keeping (session)
    WHERE deleted IS NOT NULL AND emptied_at IS NULL;

CREATE INDEX sessions_by_end ON sessions (ended_at, id) WHERE ended_at IS NOT NULL;
