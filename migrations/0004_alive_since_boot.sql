-- The mark that the server was alive is also kept by the count of the machine, which nobody sets:
-- so the next start knows whether the clock was set meanwhile. Unknown in marks of before.

ALTER TABLE alive ADD COLUMN boot BLOB;
ALTER TABLE alive ADD COLUMN boot_ms INTEGER;
