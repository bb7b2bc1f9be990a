-- What a session shows of its gates, its order and what was given: sessions of before show that they
-- had none. The room knows of those that run.
UPDATE sessions SET json = json_set(
    json,
    '$.gates', json('[]'),
    '$.stated', NULL,
    '$.order', NULL,
    '$.given', NULL,
    '$.doses', json('[]'),
    '$.medications', json('[]'),
    '$.oxygen', NULL,
    '$.adverse_events', json('[]'),
    '$.waived', json('[]')
)
WHERE json_type(json, '$.gates') IS NULL;
