#include "verdict/sparse_operator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "verdict/merge_thresholds.hpp"
#include "verdict/name_list.hpp"

namespace prov::verdict {
namespace {

class SparseNaming {
 public:
  explicit SparseNaming(std::span<const std::string> names) : names_(names) {}

  OperatorFinding run(const forensics::SparseMerge& sparse) && {
    name_sparse(sparse);
    return std::move(finding_);
  }

 private:
  const std::string& name(std::size_t model) const { return names_[model]; }
  void say(std::string reason) { finding_.reasons.push_back(std::move(reason)); }
  void note(std::string text) { finding_.notes.push_back(std::move(text)); }
  std::string parents_of(const forensics::SparseMerge& sparse) const {
    std::vector<std::size_t> models;
    for (const forensics::SparseParent& parent : sparse.parents) models.push_back(parent.model);
    return listed(models, names_);
  }
  void number(std::string id, std::string meaning, double value) {
    finding_.numbers.push_back({std::move(id), std::move(meaning), value});
  }

  void name_sparse(const forensics::SparseMerge& sparse) {
    number("untouched",
           "share of elements at the base's value where a parent clearly differs from it",
           sparse.untouched);
    number("elements-explained", "share of elements where base, a parent or a mixture puts them",
           sparse.explained);
    double still = 0;
    for (const forensics::SparseParent& parent : sparse.parents) {
      number("ratio-of-" + name(parent.model),
             "(child - base) / (parent - base) where it acts alone", parent.ratio);
      number("untouched-where-large-" + name(parent.model),
             "untouched share among the tenth where that parent differs most",
             parent.untouched_where_large);
      still = std::max(still, 100 * parent.untouched_where_large);
    }
    say(fmt::format(
        "At {:.1f} % of the elements the child stands exactly at the value of {}, and "
        "at most of the others at a constant multiple of one parent's difference: parts of "
        "the differences of {} were dropped.",
        100 * sparse.untouched, names_[sparse.base], parents_of(sparse)));
    if (drop_pattern(sparse) == DropPattern::by_size) {
      finding_.merge_operator = MergeOperator::ties;
      say(
          fmt::format("Large differences are never dropped (untouched {:.1f} % among the largest "
                      "tenth): trimmed by size, as TIES does.",
                      still));
    } else {
      name_random_drop(sparse, still);
    }
    for (const forensics::SparseMixture& mixture : sparse.mixtures) {
      say(fmt::format(
          "Where {} and {} both act on one side, the child takes {:.3f} of the one and "
          "{:.3f} of the other: their weights are as these.",
          name(sparse.parents[mixture.first].model), name(sparse.parents[mixture.second].model),
          mixture.first_weight, mixture.second_weight));
    }
    note(
        "The weights of the table are those of a least-squares fit, which averages over dropped "
        "elements.");
  }

  void name_random_drop(const forensics::SparseMerge& sparse, double still) {
    const double density = kept_share(sparse);
    number("density", "share of a difference that was kept, if all dropped alike", density);
    say(
        fmt::format("Large and small differences are dropped alike (untouched {:.1f} % among the "
                    "largest tenth): dropped at random, as DARE does, with a density near {:.2f} "
                    "(its rescaling would be {:.2f}).",
                    still, density, 1 / density));
    name_signs(sparse, density);
  }

  void name_signs(const forensics::SparseMerge& sparse, double density) {
    finding_.merge_operator = MergeOperator::dare;
    if (!sparse.both_in_conflict) {
      if (sparse.parents.size() > 1) note("Too few conflicts of sign to tell DARE from DARE-TIES.");
      return;
    }
    number("both-in-conflict", "share of opposed differences at which both parents act at once",
           *sparse.both_in_conflict);
    if (*sparse.both_in_conflict >= kElectedSigns * density * density) return;
    finding_.merge_operator = MergeOperator::dare_ties;
    say("Where two parents pull to opposite sides only one acts: signs were elected.");
  }

  std::span<const std::string> names_;
  OperatorFinding finding_;
};

}  // namespace

OperatorFinding name_sparse_operator(const forensics::SparseMerge& merge,
                                     std::span<const std::string> names) {
  return SparseNaming(names).run(merge);
}

}  // namespace prov::verdict
