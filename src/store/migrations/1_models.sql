-- What is known of models. docs/database.md describes each column.
CREATE TABLE model (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  publisher TEXT NOT NULL,
  family TEXT NOT NULL,
  architecture TEXT NOT NULL,
  source TEXT NOT NULL,
  revision TEXT NOT NULL,
  licence TEXT NOT NULL,
  content_key TEXT NOT NULL,
  has_weights INTEGER NOT NULL CHECK (has_weights IN (0, 1)),
  word_count INTEGER NOT NULL CHECK (word_count >= 0),
  parts_sha256 BLOB NOT NULL CHECK (length(parts_sha256) = 32),
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  metadata TEXT NOT NULL
) STRICT;
CREATE INDEX model_by_content ON model (content_key) WHERE content_key <> '';

CREATE TABLE part (
  model INTEGER NOT NULL REFERENCES model (key) ON DELETE CASCADE,
  name TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size >= 0),
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  bytes BLOB NOT NULL CHECK (length(bytes) = size),
  PRIMARY KEY (model, name)
) STRICT;
CREATE INDEX part_by_name ON part (name, model);

-- The inverted index. No foreign key: it would need a second index as large as this one. The part "words" of a model says which
-- rows are its own.
CREATE TABLE word (
  word INTEGER NOT NULL,
  model INTEGER NOT NULL,
  PRIMARY KEY (word, model)
) STRICT, WITHOUT ROWID;

-- The part "code" of each record again, side by side: a search reads all of them.
CREATE TABLE code (
  model INTEGER PRIMARY KEY REFERENCES model (key) ON DELETE CASCADE,
  bytes BLOB NOT NULL
) STRICT;

-- Facts about the database: who made it, the seal of an export, notices of those whose data is in it.
CREATE TABLE meta (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL,
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32)
) STRICT, WITHOUT ROWID;
