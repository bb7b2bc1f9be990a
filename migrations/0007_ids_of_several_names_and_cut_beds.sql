-- Two more kinds of ids that versions before the last step may have given to several devices, and
-- that say nothing of it: those of a name and a bed one of which held a colon, as `A:B` with the
-- bed `C` and `A` with `B:C`, or an IPv6 address with a bed; and those of a bed that was cut to 64
-- characters. Whose their bindings are shows, too, when the devices speak. Ids with a `-` and those
-- of 128 characters were looked at by the last step, and staff may have decided since.
UPDATE devices SET old_id = ''
WHERE old_id IS NULL
  AND (adapter IS NULL OR adapter <> 'native')
  AND instr(id, '-') = 0 AND length(id) < 128
  AND (length(id) - length(replace(id, ':', '')) > 1 OR substr(id, -65, 1) = ':')
  AND NOT EXISTS (
      SELECT 1 FROM tokens WHERE kind = 'device' AND ended = 0 AND subject = devices.id
  );
