-- What waits to be told to the API. One row per kind and key; a newer one takes the place of an older one.
CREATE TABLE IF NOT EXISTS outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, -- order of first arrival
    kind     TEXT NOT NULL,    -- hall, event, clip, skeleton, status
    key      TEXT NOT NULL,    -- hall id, event id or camera id
    revision INTEGER NOT NULL, -- an event's own; of other kinds, how often it was replaced
    payload  TEXT NOT NULL,    -- JSON
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try REAL NOT NULL DEFAULT 0, -- Unix seconds; not before
    refused  TEXT,             -- why the API can never take it; null while there is hope
    UNIQUE (kind, key)
);
-- Where each unfinished episode stood, so that a restarted worker goes on with the same event.
CREATE TABLE IF NOT EXISTS episodes (
    key      TEXT PRIMARY KEY,
    snapshot TEXT NOT NULL     -- JSON
);
-- Absolute seconds of each UTC hour; kept after delivery so that a restarted worker goes on counting.
CREATE TABLE IF NOT EXISTS ledger (
    window     TEXT NOT NULL,
    camera     TEXT NOT NULL,
    hour       TEXT NOT NULL,  -- start of the UTC hour, RFC 3339
    open_s     REAL NOT NULL,
    observed_s REAL NOT NULL,
    present_s  REAL NOT NULL,
    detail     TEXT,           -- JSON: more about it; null: not counted
    until      TEXT,           -- the moment up to which it was counted, RFC 3339; null: not told
    version    INTEGER NOT NULL DEFAULT 1,
    sent       INTEGER NOT NULL DEFAULT 0, -- the version that the API has
    refused    TEXT,
    PRIMARY KEY (window, camera, hour)
);
-- Events whose clip is not settled: neither done nor given up. What a kill leaves here is told as partial or failed.
CREATE TABLE IF NOT EXISTS unfilmed (
    event_id TEXT PRIMARY KEY
);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (kind, next_try, sequence) WHERE refused IS NULL;
CREATE INDEX IF NOT EXISTS ledger_due ON ledger (hour) WHERE version > sent;
