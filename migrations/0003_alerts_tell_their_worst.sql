-- An alert tells the worst value since it was raised, and since when it is active. Of the alerts
-- before this layout only the value at raising is known: it stands for both.

UPDATE alerts SET json = json_insert(
    json,
    '$.worst', json_extract(json, '$.value'),
    '$.worst_at', json_extract(json, '$.value_at'),
    '$.active_since', json_extract(json, '$.raised_at')
)
WHERE json_valid(json);
