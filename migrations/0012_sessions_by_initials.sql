-- The initials by which sessions are searched, as their JSON says: without dots and spaces, and A to Z
-- as capitals.
ALTER TABLE sessions ADD COLUMN initials TEXT GENERATED ALWAYS AS
    (CASE WHEN json_valid(json) THEN
        upper(replace(replace(json_extract(json, '$.patient.initials'), '.', ''), ' ', '')) END)
    VIRTUAL;

CREATE INDEX sessions_by_initials ON sessions (initials, opened_at, id) WHERE initials IS NOT NULL;
