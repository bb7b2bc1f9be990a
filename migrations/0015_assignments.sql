-- Who has which room: a view of entries in the chain `clinic`.
CREATE TABLE assignments (
    room TEXT PRIMARY KEY NOT NULL,
    nurse TEXT,    -- initials
    backup TEXT    -- initials
) STRICT;

-- Who is on a break, and since when.
CREATE TABLE breaks (
    initials TEXT PRIMARY KEY NOT NULL,
    since INTEGER NOT NULL  -- ms since 1970
) STRICT;

-- An alert says when the last people were called to it: to those of before nobody was.
UPDATE alerts SET json = json_set(json, '$.escalated_at', NULL)
WHERE CASE WHEN json_valid(json) THEN json_type(json, '$.escalated_at') IS NULL ELSE false END;
