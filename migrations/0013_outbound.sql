-- What is sent to the hospital's systems. These tables are no views of the chains: what has arrived
-- elsewhere cannot be made of them again.

-- Since when a system of the configuration is known: sessions that were over before are not sent.
CREATE TABLE outbound_destinations (
    name TEXT PRIMARY KEY NOT NULL,
    since INTEGER NOT NULL  -- ms since 1970
) STRICT;

-- Sessions that are over and of which something has changed, until somebody has looked at them. A
-- change after the look has another number.
CREATE TABLE outbound_changes (
    n INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    session TEXT UNIQUE NOT NULL
) STRICT;

CREATE TRIGGER outbound_session_kept AFTER INSERT ON sessions WHEN NEW.ended_at IS NOT NULL BEGIN
    DELETE FROM outbound_changes WHERE session = NEW.id;
    INSERT INTO outbound_changes (session) VALUES (NEW.id);
END;

CREATE TRIGGER outbound_session_changed AFTER UPDATE ON sessions WHEN NEW.ended_at IS NOT NULL BEGIN
    DELETE FROM outbound_changes WHERE session = NEW.id;
    INSERT INTO outbound_changes (session) VALUES (NEW.id);
END;

-- What came of an alert may be said after the session.
CREATE TRIGGER outbound_alert_kept AFTER INSERT ON alerts
WHEN EXISTS (SELECT 1 FROM sessions WHERE id = NEW.session AND ended_at IS NOT NULL) BEGIN
    DELETE FROM outbound_changes WHERE session = NEW.session;
    INSERT INTO outbound_changes (session) VALUES (NEW.session);
END;

-- What waits for a system, is on its way, has arrived, or was set aside. The message is written when
-- its turn comes, and stays to the letter until it has arrived.
CREATE TABLE outbound (
    n INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    destination TEXT NOT NULL,
    session TEXT NOT NULL,
    state TEXT NOT NULL,             -- waiting, sending, arrived, set_aside
    queued_at INTEGER NOT NULL,      -- ms since 1970, as all times here
    text TEXT,                       -- the message; names the patient
    control TEXT,                    -- by which the receiver knows it
    content TEXT,                    -- a digest of what it says, whenever it was written
    filed TEXT,                      -- JSON: what a later message has to know of it
    is_correction INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,  -- how often it was refused
    tried_at INTEGER,
    why TEXT,                        -- what went wrong last, in the receiver's words too
    trouble_since INTEGER,           -- since when it cannot be brought there
    again INTEGER NOT NULL DEFAULT 0,  -- a person has it sent again: is the text still right?
    ended_at INTEGER                 -- when it arrived or was set aside
) STRICT;

CREATE INDEX outbound_in_order ON outbound (destination, state, n);
CREATE INDEX outbound_by_end ON outbound (destination, state, ended_at);
CREATE INDEX outbound_of_session ON outbound (session, destination, state, n);
