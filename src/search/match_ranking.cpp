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

/// What was made from the scanned model is no parent of it, however well that is proved.
enum class Group { copy, related, child, shared_initialisation, inconclusive, independent };

Group group_of(const ScanMatch& match) {
  const Lineage& lineage = match.lineage;
  switch (lineage.lineage_class) {
    case LineageClass::identical:
      return Group::copy;
    case LineageClass::derived:
    case LineageClass::same_lineage:
      if (match.equal_hashes) return Group::copy;
      return lineage.direction == Direction::b_to_a ? Group::child : Group::related;
    case LineageClass::shared_initialisation:
      return Group::shared_initialisation;
    case LineageClass::inconclusive:
      return Group::inconclusive;
    case LineageClass::independent:
      return Group::independent;
  }
  return Group::independent;
}

bool is_proof(LineageClass value) { return distance(value) < distance(LineageClass::inconclusive); }

}  // namespace

bool stands_before(const ScanMatch& a, const ScanMatch& b) {
  const auto place = [](const ScanMatch& match) {
    const bool shown = is_proof(match.lineage.lineage_class);
    return std::tuple(group_of(match), !match.equal_hashes, distance(match.lineage.lineage_class),
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
  if (!wanted.empty() && std::ranges::find(wanted, relation) == wanted.end()) {
    ++unwanted_;
    return;
  }
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
