#include "forensics/merge_selection.hpp"

#include <algorithm>
#include <cmath>

namespace prov::forensics {
namespace {

/// Below this share of the child's square a residual is noise of the arithmetic.
constexpr double kNothingLeft = 1e-13;

class Search {
 public:
  Search(std::span<const MergeGram> layers, const MergeGram& total,
         std::span<const std::size_t> candidates, std::optional<std::size_t> base,
         const SelectionRule& rule)
      : layers_(layers), total_(total), candidates_(candidates), base_(base), rule_(rule) {}

  Selection run() {
    Selection best = search_from(std::nullopt);
    double best_left = left_;
    const std::vector<std::size_t> first = best.parents;
    for (const std::size_t start : candidates_) {
      if (best_left <= std::max(rule_.enough, nothing()) || first.empty()) break;
      if (std::ranges::find(first, start) != first.end()) continue;
      Selection other = search_from(start);
      if (left_ > (1 - rule_.least_explained) * best_left) continue;
      best = std::move(other);
      best_left = left_;
    }
    return best;
  }

 private:
  Selection search_from(std::optional<std::size_t> start) {
    chosen_.clear();
    attempts_.clear();
    left_ = residual(chosen_);
    if (start) take(*start);
    while (chosen_.size() < candidates_.size() && left_ > nothing()) {
      if (!try_one_more()) break;
    }
    exchange();
    drop_needless();
    return {chosen_, attempts_};
  }

  void take(std::size_t model) {
    const double left = residual(chosen_and(model));
    attempts_.push_back({.model = model,
                         .explained = std::clamp(1 - left / left_, 0.0, 1.0),
                         .left = left / total_.child_square(),
                         .accepted = true});
    chosen_.push_back(model);
    left_ = left;
  }

  std::vector<std::size_t> models_of(std::vector<std::size_t> parents) const {
    if (base_) parents.insert(parents.begin(), *base_);
    parents.push_back(total_.zero_model());
    return parents;
  }

  double residual(const std::vector<std::size_t>& parents) const {
    return layered_residual(layers_, models_of(parents));
  }

  double nothing() const { return kNothingLeft * total_.child_square(); }

  bool is_chosen(std::size_t model) const {
    return std::ranges::find(chosen_, model) != chosen_.end();
  }

  std::vector<std::size_t> chosen_and(std::size_t model) const {
    std::vector<std::size_t> parents = chosen_;
    parents.push_back(model);
    return parents;
  }

  /// The weight of the last of `parents` in the fit over all layers is beyond doubt.
  bool is_significant(const std::vector<std::size_t>& parents) const {
    const std::vector<std::size_t> models = models_of(parents);
    const auto fit = fit_merge(total_, models);
    if (!fit) return false;
    const std::size_t at = models.size() - 2;  // before the zero model
    return std::abs(fit->weights[at]) > rule_.least_ratio * fit->errors[at];
  }

  bool try_one_more() {
    struct Trial {
      std::size_t model;
      double left;
    };
    std::vector<Trial> trials;
    for (const std::size_t model : candidates_) {
      if (!is_chosen(model)) trials.push_back({model, residual(chosen_and(model))});
    }
    std::ranges::stable_sort(trials, {}, &Trial::left);
    const auto explained = [&](const Trial& trial) {
      return std::clamp(1 - trial.left / left_, 0.0, 1.0);
    };
    SelectionAttempt attempt{.model = trials.front().model,
                             .explained = explained(trials.front()),
                             .left = trials.front().left / total_.child_square()};
    if (trials.size() > 1) {
      attempt.runner_up = trials[1].model;
      attempt.runner_up_explained = explained(trials[1]);
    }
    attempt.accepted =
        attempt.explained >= rule_.least_explained && is_significant(chosen_and(attempt.model));
    attempts_.push_back(attempt);
    if (!attempt.accepted) return false;
    chosen_.push_back(attempt.model);
    left_ = trials.front().left;
    return true;
  }

  /// A relative of the true parent may have come first. Each round leaves less, so it ends.
  void exchange() {
    for (bool improved = true; improved && left_ > nothing();) {
      improved = false;
      for (std::size_t i = 0; i < chosen_.size(); ++i) {
        for (const std::size_t model : candidates_) {
          if (is_chosen(model)) continue;
          std::vector<std::size_t> parents = chosen_;
          parents[i] = model;
          const double left = residual(parents);
          if (left >= rule_.better_swap * left_) continue;
          chosen_ = std::move(parents);
          left_ = left;
          improved = true;
        }
      }
    }
  }

  void drop_needless() {
    for (std::size_t i = 0; i < chosen_.size() && chosen_.size() > 1;) {
      std::vector<std::size_t> without = chosen_;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
      const double left = residual(without);
      if (left > nothing() && left_ <= (1 - rule_.least_explained) * left) {
        ++i;
        continue;
      }
      chosen_ = std::move(without);
      left_ = left;
    }
  }

  std::span<const MergeGram> layers_;
  const MergeGram& total_;
  std::span<const std::size_t> candidates_;
  std::optional<std::size_t> base_;
  const SelectionRule& rule_;
  std::vector<std::size_t> chosen_;
  std::vector<SelectionAttempt> attempts_;
  double left_ = 0;
};

}  // namespace

double layered_residual(std::span<const MergeGram> layers, std::span<const std::size_t> models) {
  double sum = 0;
  for (const MergeGram& layer : layers) sum += fit_residual(layer, models);
  return sum;
}

Selection select_parents(std::span<const MergeGram> layers, const MergeGram& total,
                         std::span<const std::size_t> candidates, std::optional<std::size_t> base,
                         const SelectionRule& rule) {
  return Search(layers, total, candidates, base, rule).run();
}

}  // namespace prov::forensics
