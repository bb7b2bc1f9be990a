-- The journal: the truth. Everything below `entries` and `alive` is a view and can be rebuilt.
--
-- The views carry no foreign keys and no rule that a row could break: a view must never be able
-- to stop the journal from committing.

CREATE TABLE entries (
    id INTEGER PRIMARY KEY,          -- order of commit over all chains
    chain TEXT NOT NULL,             -- `room/3` or `clinic`
    seq INTEGER NOT NULL,            -- 1, 2, 3 … in its chain
    at INTEGER NOT NULL,             -- ms since 1970
    body TEXT NOT NULL,              -- JSON object, hashed as it stands
    private TEXT,                    -- personal fields; hashed only through `private_digest`
    salt BLOB,                       -- goes when `private` goes
    private_digest BLOB,             -- stays, so that the chain still verifies
    hash BLOB NOT NULL,
    device TEXT,
    frame_key BLOB,                  -- only for frames
    session TEXT,
    is_checkpoint INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX entries_by_chain ON entries (chain, seq);
-- Each ends in the row's id, so several frames of one millisecond stay in order.
CREATE INDEX frames_by_device ON entries (device, at) WHERE frame_key IS NOT NULL;
CREATE INDEX frames_by_session ON entries (session, at)
    WHERE frame_key IS NOT NULL AND session IS NOT NULL;
CREATE INDEX checkpoints ON entries (chain, seq) WHERE is_checkpoint = 1;
CREATE INDEX private_parts ON entries (session) WHERE private IS NOT NULL;

CREATE TABLE alive (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    room TEXT NOT NULL,
    profile TEXT NOT NULL,
    phase TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    opened_seq INTEGER NOT NULL,
    ended_seq INTEGER,
    json TEXT NOT NULL
) STRICT;

CREATE INDEX sessions_by_time ON sessions (opened_at, id);
CREATE INDEX sessions_by_room ON sessions (room, opened_at, id);
CREATE INDEX sessions_open ON sessions (opened_at, id) WHERE ended_at IS NULL;

CREATE TABLE alerts (
    id TEXT PRIMARY KEY NOT NULL,
    room TEXT,
    session TEXT,
    condition TEXT NOT NULL,
    priority TEXT NOT NULL,
    state TEXT NOT NULL,
    raised_at INTEGER NOT NULL,
    ended_at INTEGER,
    json TEXT NOT NULL
) STRICT;

CREATE INDEX alerts_by_time ON alerts (raised_at, id);
CREATE INDEX alerts_by_room ON alerts (room, raised_at, id);
CREATE INDEX alerts_by_session ON alerts (session, raised_at, id);
CREATE INDEX alerts_open ON alerts (raised_at, id) WHERE state <> 'resolved';

-- A device may be bound before it was ever heard, and heard without being bound.
CREATE TABLE devices (
    id TEXT PRIMARY KEY NOT NULL,
    adapter TEXT,
    first_heard INTEGER,
    last_heard INTEGER,
    room TEXT
) STRICT;

CREATE TABLE rooms (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;

CREATE TABLE staff (
    name TEXT PRIMARY KEY NOT NULL,
    initials TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    pin_hash TEXT,
    active INTEGER NOT NULL
) STRICT;

CREATE INDEX staff_by_initials ON staff (initials);

CREATE TABLE tokens (
    hash BLOB PRIMARY KEY NOT NULL,  -- the token itself is never stored
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    role TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used INTEGER,
    ended INTEGER NOT NULL
) STRICT;

CREATE INDEX tokens_by_subject ON tokens (kind, subject);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;

-- One line once, however often a view is applied again.
CREATE UNIQUE INDEX audit_once ON audit (at, who, what, detail);

CREATE TABLE answers (
    key TEXT NOT NULL,
    who TEXT NOT NULL,
    method_path TEXT NOT NULL,
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (key, who, method_path)
) STRICT;

CREATE INDEX answers_by_time ON answers (at);
