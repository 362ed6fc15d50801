#include "forensics/sparse_merge.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "forensics/sparse_elements.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kMostParents = 8;
constexpr double kLeastCover = 0.02;  // of the elements that a parent must explain
constexpr double kMixed = 0.02;
constexpr std::size_t kFewest = 200;  // elements of a statement

double ratio_of(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

class Cover {
 public:
  Cover(std::span<const SiteSums> sums, std::size_t base, std::span<const std::size_t> models)
      : elements_(sums, base), explained_(elements_.size(), false) {
    merge_.base = base;
    for (const std::size_t model : models) {
      if (model != base) candidates_.push_back({model, elements_.task_vector(model)});
    }
    for (std::size_t i = 0; i < elements_.size(); ++i)
      explained_[i] = elements_.at(i).is_untouched();
  }

  SparseMerge run() && {
    while (merge_.parents.size() < kMostParents && take_best()) {
    }
    if (merge_.parents.empty()) return merge_;
    measure_untouched();
    measure_large();
    measure_conflicts();
    return merge_;
  }

 private:
  struct Candidate {
    std::size_t model;
    std::vector<double> task;
  };
  struct Offer {
    std::size_t candidate;
    RatioPeak peak;
    std::size_t covers;
  };

  std::optional<Offer> offer_of(std::size_t candidate) const {
    const std::vector<double>& task = candidates_[candidate].task;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < task.size(); ++i) {
      const SparseElement& element = elements_.at(i);
      if (!explained_[i] && element.is_clear(task[i])) ratios.push_back(element.change / task[i]);
    }
    const auto peak = find_ratio_peak(ratios);
    if (!peak) return std::nullopt;
    Offer offer{candidate, *peak, 0};
    for (std::size_t i = 0; i < task.size(); ++i) {
      offer.covers += !explained_[i] && elements_.at(i).is_clear(task[i]) &&
                      elements_.at(i).is_near(peak->ratio * task[i]);
    }
    return offer;
  }

  bool is_taken(std::size_t candidate) const {
    return std::ranges::find(taken_, candidate) != taken_.end();
  }

  bool take_best() {
    std::optional<Offer> best;
    for (std::size_t c = 0; c < candidates_.size(); ++c) {
      if (is_taken(c)) continue;
      const auto offer = offer_of(c);
      if (offer && (!best || offer->covers > best->covers)) best = offer;
    }
    if (!best || ratio_of(best->covers, elements_.size()) < kLeastCover) return false;
    const Candidate& chosen = candidates_[best->candidate];
    merge_.parents.push_back({chosen.model, best->peak.ratio, best->peak.share, 0});
    taken_.push_back(best->candidate);
    for (std::size_t i = 0; i < chosen.task.size(); ++i) {
      if (elements_.at(i).is_near(best->peak.ratio * chosen.task[i])) explained_[i] = true;
    }
    for (std::size_t other = 0; other + 1 < taken_.size(); ++other)
      explain_mixture(other, taken_.size() - 1);
    return true;
  }

  const std::vector<double>& task_of(std::size_t parent) const {
    return candidates_[taken_[parent]].task;
  }

  /// Where both act on one side the child is some mixture of the two; a relative of both, such as
  /// their mean, would otherwise pass for a third parent.
  void explain_mixture(std::size_t first, std::size_t second) {
    const double ratio_a = merge_.parents[first].ratio, ratio_b = merge_.parents[second].ratio;
    const std::vector<double>&a = task_of(first), &b = task_of(second);
    double weight_a = 0.5, weight_b = 0.5;
    const auto mixture = [&](std::size_t i) {
      return weight_a * ratio_a * a[i] + weight_b * ratio_b * b[i];
    };
    bool fitted = false;
    // First over all that may be mixtures, then over those that are.
    for (int round = 0; round < 3; ++round) {
      double aa = 0, bb = 0, ab = 0, ay = 0, by = 0;
      std::size_t count = 0;
      for (std::size_t i = 0; i < a.size(); ++i) {
        const SparseElement& element = elements_.at(i);
        if (explained_[i] || a[i] * b[i] <= 0 || !element.is_clear(a[i]) ||
            !element.is_clear(b[i]) || (round > 0 && !element.is_near(mixture(i))))
          continue;
        const double x = ratio_a * a[i], y = ratio_b * b[i];
        aa += x * x;
        bb += y * y;
        ab += x * y;
        ay += x * element.change;
        by += y * element.change;
        ++count;
      }
      const double determinant = aa * bb - ab * ab;
      fitted = count >= kFewest && determinant > 1e-9 * aa * bb;
      if (!fitted) break;
      weight_a = (bb * ay - ab * by) / determinant;
      weight_b = (aa * by - ab * ay) / determinant;
    }
    if (!fitted) return;
    merge_.mixtures.push_back({first, second, weight_a, weight_b});
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a[i] * b[i] > 0 && elements_.at(i).is_near(mixture(i))) explained_[i] = true;
    }
  }

  bool is_clear_to_a_parent(std::size_t i) const {
    return std::ranges::any_of(taken_, [&](std::size_t candidate) {
      return elements_.at(i).is_clear(candidates_[candidate].task[i]);
    });
  }

  void measure_untouched() {
    std::size_t seen = 0, mixed = 0, untouched = 0, explained = 0;
    const std::vector<std::size_t>& begins = elements_.begins();
    for (std::size_t s = 0; s + 1 < begins.size(); ++s) {
      std::size_t clear = 0, still = 0;
      for (std::size_t i = begins[s]; i < begins[s + 1]; ++i) {
        if (!is_clear_to_a_parent(i)) continue;
        ++clear;
        still += elements_.at(i).is_untouched();
        explained += explained_[i];
      }
      if (clear == 0) continue;
      ++seen;
      const double share = ratio_of(still, clear);
      mixed += share >= kMixed && share <= 1 - kMixed;
      merge_.elements += clear;
      untouched += still;
    }
    merge_.untouched = ratio_of(untouched, merge_.elements);
    merge_.explained = ratio_of(explained, merge_.elements);
    merge_.mixed_sites = ratio_of(mixed, seen);
  }

  void measure_large() {
    const std::vector<std::size_t>& begins = elements_.begins();
    for (std::size_t p = 0; p < taken_.size(); ++p) {
      const std::vector<double>& task = task_of(p);
      std::size_t large = 0, untouched = 0;
      for (std::size_t s = 0; s + 1 < begins.size(); ++s) {
        std::vector<std::size_t> clear;
        for (std::size_t i = begins[s]; i < begins[s + 1]; ++i) {
          if (elements_.at(i).is_clear(task[i])) clear.push_back(i);
        }
        std::ranges::stable_sort(clear, std::greater{},
                                 [&](std::size_t i) { return std::abs(task[i]); });
        clear.resize((clear.size() + 9) / 10);
        large += clear.size();
        for (const std::size_t i : clear) untouched += elements_.at(i).is_untouched();
      }
      merge_.parents[p].untouched_where_large = ratio_of(untouched, large);
    }
  }

  void measure_conflicts() {
    if (taken_.size() < 2) return;
    const double ratio_a = merge_.parents[0].ratio, ratio_b = merge_.parents[1].ratio;
    const std::vector<double>&a = task_of(0), &b = task_of(1);
    std::size_t conflicts = 0, both = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const SparseElement& element = elements_.at(i);
      if (a[i] * b[i] >= 0 || !element.is_clear(a[i]) || !element.is_clear(b[i])) continue;
      ++conflicts;
      const bool alone = element.is_untouched() || element.is_near(ratio_a * a[i]) ||
                         element.is_near(ratio_b * b[i]);
      both += !alone && element.is_near(ratio_a * a[i] + ratio_b * b[i]);
    }
    if (conflicts >= kFewest) merge_.both_in_conflict = ratio_of(both, conflicts);
  }

  SparseElements elements_;
  std::vector<bool> explained_;
  std::vector<Candidate> candidates_;
  std::vector<std::size_t> taken_;  // candidates, beside merge_.parents
  SparseMerge merge_;
};

}  // namespace

SparseMerge measure_sparse_merge(std::span<const SiteSums> sums, std::size_t base,
                                 std::span<const std::size_t> models) {
  return Cover(sums, base, models).run();
}

double equal_share(std::span<const SiteSums> sums, std::size_t model) {
  const SparseElements elements(sums, model);
  std::size_t equal = 0;
  for (std::size_t i = 0; i < elements.size(); ++i) equal += elements.at(i).is_untouched();
  return ratio_of(equal, elements.size());
}

}  // namespace prov::forensics
