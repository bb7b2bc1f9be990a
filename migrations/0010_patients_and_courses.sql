-- Patients, who is expected or here today, courses of treatments, and the clinic's lists: views of
-- entries in the chain `clinic`. Names are in the private parts of those entries.

CREATE TABLE patients (
    id TEXT PRIMARY KEY NOT NULL,
    seen_at INTEGER NOT NULL,        -- ms since 1970: last checked in, or changed
    json TEXT NOT NULL               -- names, birth date, numbers
) STRICT;

CREATE INDEX patients_by_time ON patients (seen_at, id);

-- As the hospital's system says; offered at check-in for a day.
CREATE TABLE arrivals (
    number INTEGER PRIMARY KEY NOT NULL,
    heard_at INTEGER NOT NULL,
    json TEXT NOT NULL
) STRICT;

CREATE TABLE courses (
    id TEXT PRIMARY KEY NOT NULL,
    patient TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    json TEXT NOT NULL
) STRICT;

CREATE INDEX courses_by_patient ON courses (patient, opened_at, id);

-- Whose a session is, and of which course, as its JSON says.
ALTER TABLE sessions ADD COLUMN patient TEXT GENERATED ALWAYS AS
    (CASE WHEN json_valid(json) THEN json_extract(json, '$.patient.id') END) VIRTUAL;
ALTER TABLE sessions ADD COLUMN course TEXT GENERATED ALWAYS AS
    (CASE WHEN json_valid(json) THEN json_extract(json, '$.patient.course') END) VIRTUAL;

CREATE INDEX sessions_by_patient ON sessions (patient, opened_at, id) WHERE patient IS NOT NULL;
CREATE INDEX sessions_by_course ON sessions (course, opened_at, id) WHERE course IS NOT NULL;

-- Of sessions of before, how far the values went is not known.
UPDATE sessions SET json = json_set(json, '$.peak', NULL)
WHERE CASE WHEN json_valid(json) THEN json_type(json, '$.peak') IS NULL ELSE false END;

-- What the clinic changed of its lists; what is not here is as it was shipped.
CREATE TABLE lists (
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    json TEXT NOT NULL,              -- its items
    PRIMARY KEY (name, version)
) STRICT;
