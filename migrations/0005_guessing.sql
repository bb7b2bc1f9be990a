-- What keeps guessers from passwords and PINs over a restart.

-- A browser with which somebody has signed in before.
CREATE TABLE browsers (
    hash BLOB NOT NULL,              -- of the last login's token, which its cookie still holds
    name TEXT NOT NULL,              -- whose it is
    used_at INTEGER NOT NULL,
    PRIMARY KEY (hash, name)
) STRICT;

-- Where somebody is signed in now is a browser that they have used before.
INSERT INTO browsers (hash, name, used_at)
SELECT hash, subject, coalesce(last_used, created_at) FROM tokens WHERE kind = 'login' AND ended = 0;

-- Wrong PINs and passwords since somebody's last sign-ins, as they are shown to them.
CREATE TABLE wrong_tries (
    name TEXT PRIMARY KEY NOT NULL,
    json TEXT NOT NULL
) STRICT;

-- Wrong PINs at whoever has these initials.
CREATE TABLE pin_tries (
    initials TEXT PRIMARY KEY NOT NULL,
    in_a_row INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    back_at INTEGER NOT NULL         -- when all tries have come back
) STRICT;
