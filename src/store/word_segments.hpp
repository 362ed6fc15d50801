// The segments of the inverted index. Adding appends: the pairs of new records become a segment, in
// the order of the index, so that each page is written once. Segments that pile up are merged into
// one, as text engines do it: a pair is written again once for each power of kFanOut that the index
// grows by.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "store/database.hpp"
#include "store/posting_block.hpp"

namespace prov::store {

/// Row of the table `segment`: the pairs of the records first .. last.
struct WordSegment {
  std::int64_t id = 0, first = 0, last = 0;
};

/// Ascending by their records.
Result<std::vector<WordSegment>> word_segments(const Database& database);

/// Makes a segment of `postings`, which ascend without repeats, and of the segments that are to be
/// merged with it. The records must be newer than all that are in the index. Memory does not grow
/// with the index. Error malformed for a damaged one.
Result<void> append_segment(const Database& database, std::span<const Posting> postings);

/// What to say of it.
Error damaged_index(const Database& database);

}  // namespace prov::store
