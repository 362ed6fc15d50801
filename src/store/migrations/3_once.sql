-- Each thing is stored once. docs/database.md describes the layout of `pieces`, `rest` and `codes`; what the old tables held is put
-- in place by move_up.cpp in the same transaction.
CREATE TABLE part_once (
  model INTEGER NOT NULL REFERENCES model (key) ON DELETE CASCADE,
  name TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size >= 0),
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  bytes BLOB NOT NULL,
  pieces BLOB NOT NULL CHECK (pieces <> x'' OR length(bytes) = size),
  PRIMARY KEY (model, name)
) STRICT;
INSERT INTO part_once SELECT model, name, size, sha256, bytes, x'' FROM part;
DROP TABLE part;
ALTER TABLE part_once RENAME TO part;
CREATE INDEX part_by_name ON part (name, model);

-- The inverted index in blocks, each of some hundred ascending pairs of a bucket of words and a model. No foreign key: it would need
-- a second index as large as this one. The part "words" of a model says which pairs are its own.
DROP TABLE word;
CREATE TABLE word (
  bucket INTEGER NOT NULL,
  model INTEGER NOT NULL,
  rest BLOB NOT NULL,
  PRIMARY KEY (bucket, model)
) STRICT, WITHOUT ROWID;

-- The part "code" of each record, some side by side: a search reads all of them.
DROP TABLE code;
CREATE TABLE code (
  first INTEGER PRIMARY KEY,
  codes BLOB NOT NULL
) STRICT;
