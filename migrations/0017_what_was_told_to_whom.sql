-- What each channel says about each step of an alert: stored with its cause before it is said, and
-- once more when it was.
CREATE TABLE deliveries (
    id TEXT PRIMARY KEY NOT NULL,
    channel TEXT NOT NULL,
    alert TEXT NOT NULL,             -- its public id
    at INTEGER NOT NULL,             -- when the step happened, ms since 1970
    state TEXT NOT NULL,             -- waiting, delivered, given_up
    ended_at INTEGER,                -- when it was said, or given up
    json TEXT NOT NULL               -- what is said; without initials once it is over
) STRICT;

CREATE INDEX deliveries_by_alert ON deliveries (alert);
CREATE INDEX deliveries_that_wait ON deliveries (at, id) WHERE state = 'waiting';
CREATE INDEX deliveries_by_end ON deliveries (channel, ended_at) WHERE state = 'delivered';

-- Browsers that staff want to be told in.
CREATE TABLE push_subscriptions (
    id TEXT PRIMARY KEY NOT NULL,    -- of the endpoint
    name TEXT NOT NULL,              -- whose it is
    endpoint TEXT NOT NULL,
    p256dh BLOB NOT NULL,
    auth BLOB NOT NULL,
    since INTEGER NOT NULL
) STRICT;
