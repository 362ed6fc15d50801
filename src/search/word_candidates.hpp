// Candidates by neuron words, out of the inverted index of the store: the way a text engine finds
// documents. A candidate is a reason to compare, never a finding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "provenancekit/result.hpp"
#include "store/store.hpp"

namespace prov::search {

struct WordCandidate {
  std::int64_t key = 0;            // of the record
  std::uint64_t shared_words = 0;  // exact: stop words count, too
  std::uint64_t words = 0;         // that the record has
  double share = 0;                // shared words / words of the model with fewer, (0, 1]
};

struct WordSearch {
  std::vector<WordCandidate> candidates;  // largest share first, then by key
  std::uint64_t read_postings = 0;
  std::uint64_t stop_words = 0;  // words of the query that so many models have that their lists
                                 // were not read
};

struct WordSearchLimits {
  std::size_t candidates = 64;
  /// Pairs (word, model) that may be read. The rarest words are read first, since they tell most;
  /// words for which nothing is left are stop words of this search.
  std::uint64_t postings = 100'000;
  /// Words that are read whatever it takes: a model whose every word is frequent has its whole
  /// family to find.
  std::size_t fewest_words = 16;
};

/// Models that share words with `words` (a set; duplicates count once). Where no stop word arose
/// and no more than `limits.candidates` models share a word, the result is that of comparing all
/// records word by word. Otherwise models are chosen by the information of the words read, the sum
/// of log(models / models that have the word), and those chosen are compared word by word. A
/// damaged record is left out and named in `damaged`. Errors: those of the store.
Result<WordSearch> find_by_words(const store::Store& store, std::span<const std::uint64_t> words,
                                 const WordSearchLimits& limits, std::vector<Error>& damaged);

}  // namespace prov::search
