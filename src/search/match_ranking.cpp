#include "search/match_ranking.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace prov::search {
namespace {

constexpr std::size_t kUnsorted = 256;  // matches that may wait for their place

int distance(LineageClass value) {
  switch (value) {
    case LineageClass::identical:
      return 0;
    case LineageClass::derived:
      return 1;
    case LineageClass::same_lineage:
      return 2;
    case LineageClass::shared_initialisation:
      return 3;
    case LineageClass::inconclusive:
      return 4;
    case LineageClass::independent:
      return 5;
  }
  return 5;
}

bool is_proof(LineageClass value) { return distance(value) < distance(LineageClass::inconclusive); }

}  // namespace

bool stands_before(const ScanMatch& a, const ScanMatch& b) {
  const auto place = [](const ScanMatch& match) {
    const bool shown = is_proof(match.lineage.lineage_class);
    // Equal hashes are a copy, also where only the parent's weights could be compared.
    const int first = distance(LineageClass::identical);
    return std::tuple(shown && match.equal_hashes ? first : distance(match.lineage.lineage_class),
                      match.lineage.direction == Direction::b_to_a,
                      shown ? -static_cast<double>(match.shared_words) : 0,
                      shown ? -match.strength : 0, -match.scores.pipeline_score,
                      -match.scores.identity_score.value_or(-1));
  };
  return place(a) < place(b);
}

void MatchRanking::add(ScanMatch match) {
  const LineageClass relation = match.lineage.lineage_class;
  if (!is_proof(relation) && !(match.scores.pipeline_score >= options_->threshold)) return;
  const std::vector<LineageClass>& wanted = options_->relations;
  if (!wanted.empty() && std::ranges::find(wanted, relation) == wanted.end()) return;
  matches_.push_back(std::move(match));
  if (matches_.size() - std::min(matches_.size(), options_->top_k) >= kUnsorted) keep_best();
}

void MatchRanking::keep_best() {
  std::ranges::stable_sort(matches_, stands_before);
  if (matches_.size() > options_->top_k)
    matches_.erase(matches_.begin() + static_cast<std::ptrdiff_t>(options_->top_k), matches_.end());
}

std::vector<ScanMatch> MatchRanking::take() && {
  keep_best();
  return std::move(matches_);
}

}  // namespace prov::search
