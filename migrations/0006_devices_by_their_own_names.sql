-- What a device calls itself, where that is no id and had to be changed into one.
ALTER TABLE devices ADD COLUMN original TEXT;

-- Versions before this one changed such an id without a mark, so several devices could get the
-- same. Of a device that was known then, and whose id may be such a one, it is not sure whose
-- binding it is: empty until the first that was called so speaks, then, at that one, the id under
-- which it was known. None of those that are sure.
ALTER TABLE devices ADD COLUMN old_id TEXT;

UPDATE devices SET old_id = ''
WHERE (adapter IS NULL OR adapter <> 'native')
  AND (instr(id, '-') > 0 OR length(id) = 128)
  AND NOT EXISTS (
      SELECT 1 FROM tokens WHERE kind = 'device' AND ended = 0 AND subject = devices.id
  );
