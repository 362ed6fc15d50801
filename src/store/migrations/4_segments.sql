-- The inverted index grows by appending: what a transaction adds is a segment of its own, and segments are merged when they pile up
-- (src/store/word_segments.hpp). A segment holds the pairs of the records whose keys are in its range; ranges have nothing in common.
CREATE TABLE segment (
  id INTEGER PRIMARY KEY,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL CHECK (first <= last)
) STRICT;
INSERT INTO segment SELECT 1, min(key), max(key) FROM model HAVING count(*) > 0;

CREATE TABLE word_in_segment (
  segment INTEGER NOT NULL REFERENCES segment (id) ON DELETE CASCADE,
  bucket INTEGER NOT NULL,
  model INTEGER NOT NULL,
  rest BLOB NOT NULL,
  PRIMARY KEY (segment, bucket, model)
) STRICT, WITHOUT ROWID;
INSERT INTO word_in_segment SELECT 1, bucket, model, rest FROM word WHERE EXISTS (SELECT 1 FROM segment);
DROP TABLE word;
ALTER TABLE word_in_segment RENAME TO word;
