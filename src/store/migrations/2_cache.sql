-- What was computed before, by the content of a checkpoint. `used`: a counter, the largest one was used last.
CREATE TABLE cache (
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  used INTEGER NOT NULL,
  size INTEGER NOT NULL CHECK (size >= 0),
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  bytes BLOB NOT NULL CHECK (length(bytes) = size),
  PRIMARY KEY (key, kind)
) STRICT;
CREATE INDEX cache_by_use ON cache (used);
