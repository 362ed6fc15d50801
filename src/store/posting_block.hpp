// A block of the inverted index: ascending pairs (bucket, model). The first stands in the key of
// the row, the others in its `rest`: each the distance of its bucket from the one before, and its
// model, or, where that distance is 0, the distance of the model. Numbers have 7 bits a byte, least
// significant first; the top bit says that more follow.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace prov::store {

struct Posting {
  std::uint64_t bucket = 0;  // of a word, below 2^40
  std::int64_t model = 0;    // key of a record, at least 1
  friend auto operator<=>(const Posting&, const Posting&) = default;
};

/// A row of the table `word`.
struct PostingBlock {
  Posting first;
  std::vector<std::byte> rest;
};

/// Rows of an index that hold a word; 40 bits keep it short. Words of unlike records seldom meet in
/// one bucket, and a search compares the words themselves afterwards.
std::uint64_t bucket_of(std::uint64_t word);

/// Blocks for pairs that ascend without repeats, each filled as far as SQLite keeps a row in its
/// page.
std::vector<PostingBlock> encode_postings(std::span<const Posting> postings);

/// Appends the pairs of a block. False where it is no block: cut short, or not ascending.
bool decode_postings(const Posting& first, std::span<const std::byte> rest,
                     std::vector<Posting>& postings);

/// Appends the models that a block has of one bucket, ascending, and reads no further. False where
/// that much is no block.
bool read_models(const Posting& first, std::span<const std::byte> rest, std::uint64_t bucket,
                 std::vector<std::int64_t>& models);

}  // namespace prov::store
