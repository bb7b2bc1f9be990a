-- A session that is over is signed off, and added to, in its JSON: of those of before nobody was.
UPDATE sessions SET json = json_set(json, '$.signed_off', NULL, '$.addenda', json('[]'))
WHERE CASE WHEN json_valid(json) THEN json_type(json, '$.addenda') IS NULL ELSE false END;

-- Rooms that one shift handed to the next: a view of entries in the chain `clinic`.
CREATE TABLE hand_overs (
    seq INTEGER PRIMARY KEY NOT NULL,  -- of the entry
    at INTEGER NOT NULL,               -- ms since 1970
    json TEXT NOT NULL                 -- who gave which rooms to whom
) STRICT;

CREATE INDEX hand_overs_by_time ON hand_overs (at, seq);
