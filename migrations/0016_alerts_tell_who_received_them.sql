-- An alert tells which screens have shown it, and when its priority came down. Of those before this
-- layout neither is known.

UPDATE alerts SET json = json_insert(
    json,
    '$.came_down', json('null'),
    '$.received_by', json('[]')
)
WHERE json_valid(json);
