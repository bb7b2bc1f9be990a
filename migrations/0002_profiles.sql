-- What the clinic keeps of profiles: its own versions, and shipped ones that it approved. A view of
-- the `profile` and `profile_approved` entries in the chain `clinic`.

CREATE TABLE profiles (
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    changed_by TEXT,                 -- none: as it was shipped
    changed_at INTEGER,              -- ms since 1970
    json TEXT NOT NULL,              -- the whole profile, with its approval
    PRIMARY KEY (name, version)
) STRICT;
