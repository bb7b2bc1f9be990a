-- How the mark of the last moment alive was moved with the clock: frames of before bear the times of
-- before, and are still to be known when they are sent again.

CREATE TABLE clock_moves (
    from_at INTEGER NOT NULL,        -- the mark as it was, ms since 1970
    at INTEGER NOT NULL,             -- as it is since then
    entry INTEGER NOT NULL,          -- the last entry of before, in the order of commit
    PRIMARY KEY (from_at, at)
) STRICT;
