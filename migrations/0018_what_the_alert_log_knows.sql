-- What the log of alerts knows besides what an alert now is: how high it ever was, who was the first
-- to take it and how soon, whether it was ever silenced. Of alerts before this layout: as far as they
-- say it themselves.

ALTER TABLE alerts ADD COLUMN highest INTEGER NOT NULL DEFAULT 0;      -- 1 low, 2 medium, 3 high
ALTER TABLE alerts ADD COLUMN taken_by TEXT;                           -- initials
ALTER TABLE alerts ADD COLUMN taken_after_ms INTEGER;                  -- since it was raised
ALTER TABLE alerts ADD COLUMN silenced INTEGER NOT NULL DEFAULT 0;

ALTER TABLE alerts ADD COLUMN outcome TEXT GENERATED ALWAYS AS
    (CASE WHEN json_valid(json) THEN CAST(json_extract(json, '$.outcome') AS TEXT) END) VIRTUAL;
ALTER TABLE alerts ADD COLUMN profile TEXT GENERATED ALWAYS AS
    (CASE WHEN json_valid(json) THEN CAST(json_extract(json, '$.profile') AS TEXT) END) VIRTUAL;

UPDATE alerts SET highest = CASE priority WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END;

UPDATE alerts SET
    taken_by = CAST(coalesce(json_extract(json, '$.acknowledged_before.by'),
                             json_extract(json, '$.acknowledged.by')) AS TEXT),
    taken_after_ms = max(0, CAST(coalesce(json_extract(json, '$.acknowledged_before.at'),
                                          json_extract(json, '$.acknowledged.at')) AS INTEGER) - raised_at),
    silenced = json_extract(json, '$.silenced_until') IS NOT NULL
WHERE json_valid(json);

CREATE INDEX alerts_by_condition ON alerts (condition, raised_at, id);
CREATE INDEX alerts_by_outcome ON alerts (outcome, raised_at, id);
CREATE INDEX alerts_by_taker ON alerts (taken_by, raised_at, id);
-- All that the figures of a time need.
CREATE INDEX alerts_in_figures ON alerts
    (raised_at, condition, profile, highest, state, outcome, taken_after_ms, session);

-- Who said what came of an alert, and who took that back (`outcome` is NULL): the last one holds.
CREATE TABLE alert_outcomes (
    alert TEXT NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    outcome TEXT,
    PRIMARY KEY (alert, at)
) STRICT, WITHOUT ROWID;
