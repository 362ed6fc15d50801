// Merges of small random models, through the public interface.
#include "provenancekit/decompose.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "support/checkpoint_builder.hpp"
#include "support/merges.hpp"

namespace prov {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::Weights;

/// A base, two fine-tunings of it, a continuation far from it and a stranger.
struct Family {
  Weights base = tests::random_llama(3, 1);
  Weights first = tests::moved(base, 0.1, 2);
  Weights second = tests::moved(base, 0.1, 3);
  Weights far = tests::moved(base, 0.5, 4);
  Weights stranger = tests::random_llama(3, 5);
};

class Decompose : public testing::Test {
 protected:
  static const Family& family() {
    static const Family models;
    return models;
  }

  std::string file(const std::string& name, const Weights& weights, bool as_f32 = false) {
    return tests::write_model(folder_, name, weights, as_f32);
  }

  /// The whole family as candidates, the base first.
  std::vector<std::string> all() {
    return {file("base", family().base), file("first", family().first),
            file("second", family().second), file("far", family().far),
            file("stranger", family().stranger)};
  }

  Decomposition run(const std::string& child, const std::vector<std::string>& candidates,
                    const std::string& base = "") {
    DecomposeOptions options;
    options.base = base;
    Result<Decomposition> result = decompose(child, candidates, options);
    EXPECT_TRUE(result) << result.error().to_string();
    return result ? *std::move(result) : Decomposition{};
  }

  static std::optional<double> measured(const Decomposition& result, std::string_view name) {
    for (const Measure& measure : result.measures) {
      if (measure.name == name) return measure.value;
    }
    ADD_FAILURE() << "no measure " << name;
    return std::nullopt;
  }

  static double weight(const Decomposition& result, std::size_t candidate) {
    return result.candidates[candidate].weight.value_or(Estimate{-99, 0}).value;
  }

  tests::TempFolder folder_;
};

TEST_F(Decompose, FindsTheParentsOfAnEvenMergeAmongAllCandidates) {
  const std::string child =
      file("child", tests::linear({{0.5, &family().first}, {0.5, &family().second}}));
  const Decomposition result = run(child, all());
  EXPECT_EQ(result.merge_operator, MergeOperator::linear) << result.reasons.front();
  EXPECT_THAT(result.terms, ElementsAre(1U, 2U));
  EXPECT_NEAR(weight(result, 1), 0.5, 0.001);
  EXPECT_NEAR(weight(result, 2), 0.5, 0.001);
  EXPECT_GT(result.gain.value_or(0), 0.98);
  EXPECT_EQ(result.candidates[4].status, CandidateStatus::not_needed);
  ASSERT_EQ(result.layers.size(), 3U);
  for (const MergePart& layer : result.layers) {
    EXPECT_NEAR(layer.weights.at(0).value, 0.5, 0.005) << layer.name;
    EXPECT_LT(layer.weights[0].standard_error, 0.005);
  }
  EXPECT_FALSE(result.base.has_value());
  EXPECT_FALSE(result.t.has_value());
}

TEST_F(Decompose, ABaseThatTakesNoPartHasNoWeight) {
  const std::string child =
      file("child", tests::linear({{0.3, &family().first}, {0.7, &family().second}}));
  std::vector<std::string> candidates = all();
  const std::string base = candidates.front();
  candidates.erase(candidates.begin());
  const Decomposition result = run(child, candidates, base);
  EXPECT_EQ(result.merge_operator, MergeOperator::linear);
  EXPECT_THAT(result.terms, ElementsAre(1U, 2U));
  EXPECT_EQ(result.candidates[0].status, CandidateStatus::base);
  EXPECT_FALSE(result.candidates[0].weight.has_value());
  EXPECT_NEAR(weight(result, 1), 0.3, 0.001);
  ASSERT_EQ(result.correlations.size(), 1U);
  EXPECT_NEAR(result.correlations[0].correlation, 0, 0.05);
}

TEST_F(Decompose, TellsTheArcFromTheLine) {
  const Decomposition arc =
      run(file("arc", tests::slerp(family().first, family().far, 0.4)), all());
  EXPECT_EQ(arc.merge_operator, MergeOperator::slerp) << arc.reasons.front();
  EXPECT_THAT(arc.terms, ElementsAre(1U, 3U));
  EXPECT_NEAR(arc.t.value_or(-1), 0.4, 0.001);
  // As a recipe states it, and what that is on the arc: more, by the angle between the parents.
  EXPECT_NEAR(weight(arc, 1), 0.6, 0.001);
  EXPECT_NEAR(weight(arc, 3), 0.4, 0.001);
  EXPECT_GT(arc.candidates[1].factor.value_or(0) + arc.candidates[3].factor.value_or(0), 1.005);
  for (const MergePart& layer : arc.layers) EXPECT_NEAR(layer.t.value_or(-1), 0.4, 0.005);

  const Decomposition line =
      run(file("line", tests::linear({{0.6, &family().first}, {0.4, &family().far}})), all());
  EXPECT_EQ(line.merge_operator, MergeOperator::linear) << line.reasons.front();
  EXPECT_NEAR(weight(line, 1), 0.6, 0.001);
  EXPECT_EQ(line.candidates[1].factor, weight(line, 1));
}

TEST_F(Decompose, GivesTheNumbersThatLinesAreDrawnFrom) {
  const Decomposition arc =
      run(file("arc", tests::slerp(family().first, family().far, 0.4)), all());
  EXPECT_NEAR(measured(arc, "slerp_slope").value_or(-1), 1, 0.1);
  EXPECT_NEAR(measured(arc, "residual_in_roundings").value_or(-1), 1, 0.6);
  EXPECT_EQ(measured(arc, "untouched_elements"), std::nullopt);

  const Decomposition line =
      run(file("line", tests::linear({{0.5, &family().first}, {0.5, &family().far}})), all());
  EXPECT_NEAR(measured(line, "slerp_slope").value_or(-1), 0, 0.1);
  EXPECT_LT(measured(line, "sum_off_one").value_or(1), 0.001);
  EXPECT_LT(measured(line, "weight_spread").value_or(1), 0.01);

  const Decomposition alone = run(file("tuned", tests::moved(family().base, 0.1, 9)), all());
  EXPECT_NEAR(measured(alone, "explained_alone").value_or(-1), 0.99, 0.01);
  EXPECT_EQ(measured(alone, "slerp_slope"), std::nullopt);
  EXPECT_EQ(measured(alone, "residual_in_roundings"), std::nullopt);
}

TEST_F(Decompose, FindsTheBaseOfTaskArithmetic) {
  const std::string child = file(
      "child",
      tests::task_arithmetic(family().base, {{0.8, &family().first}, {0.6, &family().second}}));
  std::vector<std::string> candidates = all();
  for (const bool given : {false, true}) {
    const std::string base = given ? candidates.front() : "";
    if (given) candidates.erase(candidates.begin());
    const Decomposition result = run(child, candidates, base);
    EXPECT_EQ(result.merge_operator, MergeOperator::task_arithmetic) << result.reasons.front();
    EXPECT_EQ(result.base, 0U);
    EXPECT_EQ(result.base_given, given);
    EXPECT_NEAR(weight(result, 1), 0.8, 0.002);
    EXPECT_NEAR(weight(result, 2), 0.6, 0.002);
    EXPECT_NEAR(weight(result, 0), -0.4, 0.003);
  }
}

TEST_F(Decompose, ReadsAScheduleOverTheLayers) {
  Weights child = family().first;
  for (int layer = 0; layer < 3; ++layer) {
    const double share = 0.2 + 0.3 * layer;
    const Weights mixed = tests::linear({{1 - share, &family().first}, {share, &family().second}});
    for (const auto& [name, tensor] : mixed) {
      if (name.starts_with("model.layers." + std::to_string(layer) + '.')) child[name] = tensor;
    }
  }
  const Decomposition result = run(file("child", child), all());
  EXPECT_EQ(result.merge_operator, MergeOperator::linear) << result.reasons.front();
  ASSERT_EQ(result.layers.size(), 3U);
  for (int layer = 0; layer < 3; ++layer) {
    EXPECT_NEAR(result.layers[static_cast<std::size_t>(layer)].weights.at(1).value,
                0.2 + 0.3 * layer, 0.005);
  }
  EXPECT_THAT(result.reasons.back(), HasSubstr("schedule over the layers"));
}

TEST_F(Decompose, NamesTies) {
  const std::string child =
      file("child", tests::ties(family().base, {{1, &family().first}, {1, &family().second}}, 0.4));
  for (const std::string& base : {std::string(), file("base", family().base)}) {
    const Decomposition result = run(child, all(), base);
    EXPECT_EQ(result.merge_operator, MergeOperator::ties) << result.reasons.front();
    ASSERT_EQ(result.terms.size(), 3U);
    EXPECT_THAT(result.candidates[result.terms[0]].model.reference, HasSubstr("first"));
    EXPECT_THAT(result.candidates[result.terms[1]].model.reference, HasSubstr("second"));
    EXPECT_THAT(result.candidates[result.base.value()].model.reference, HasSubstr("base"));
  }
}

TEST_F(Decompose, NamesDareWithAndWithoutElectedSigns) {
  for (const bool elect : {false, true}) {
    const std::string child = file(
        "child",
        tests::dare(family().base, {{1, &family().first}, {0.7, &family().second}}, 0.5, elect, 6));
    const Decomposition result = run(child, all(), file("base", family().base));
    EXPECT_EQ(result.merge_operator, elect ? MergeOperator::dare_ties : MergeOperator::dare)
        << result.reasons.front();
    ASSERT_EQ(result.terms.size(), 3U);
    EXPECT_THAT(result.candidates[result.terms[1]].model.reference, HasSubstr("second"));
  }
}

TEST_F(Decompose, NamesAStackOfLayers) {
  const std::string child =
      file("child", tests::passthrough({{&family().first, 0, 1}, {&family().stranger, 1, 2}}));
  const Decomposition result = run(child, all());
  EXPECT_EQ(result.merge_operator, MergeOperator::passthrough);
  ASSERT_EQ(result.slices.size(), 2U);
  EXPECT_EQ(result.slices[0].candidate, 1U);
  EXPECT_EQ(result.slices[1].candidate, 4U);
  EXPECT_EQ(result.slices[1].first, 1);
  EXPECT_EQ(result.slices[1].last, 2);
  EXPECT_EQ(result.slices[1].child_first, 2);
  EXPECT_TRUE(result.slices[1].equal);
  EXPECT_TRUE(result.terms.empty());
}

TEST_F(Decompose, NamesAStackThatWasTrainedOn) {
  const Weights stack = tests::passthrough({{&family().base, 0, 1}, {&family().base, 1, 2}});
  const Decomposition result = run(file("child", tests::moved(stack, 0.05, 7)), all());
  EXPECT_EQ(result.merge_operator, MergeOperator::passthrough) << result.reasons.front();
  ASSERT_EQ(result.slices.size(), 2U);
  EXPECT_EQ(result.slices[1].first, 1);
  EXPECT_FALSE(result.slices[1].equal);
  EXPECT_NEAR(result.slices[1].largest_difference, 0.05, 0.01);
}

TEST_F(Decompose, AFineTuningIsNoMerge) {
  const std::string child = file("child", tests::moved(family().first, 0.1, 8));
  const Decomposition result = run(child, all());
  EXPECT_EQ(result.merge_operator, MergeOperator::none);
  EXPECT_THAT(result.terms, ElementsAre(1U));
  ASSERT_EQ(result.steps.size(), 2U);
  EXPECT_TRUE(result.steps[0].accepted);
  EXPECT_FALSE(result.steps[1].accepted);
  EXPECT_LT(result.steps[1].explained, 0.3);
}

TEST_F(Decompose, ASiblingIsNotTakenForAParent) {
  const std::string child = file("child", tests::moved(family().base, 0.1, 9));
  std::vector<std::string> candidates = all();
  const std::string base = candidates.front();
  candidates.erase(candidates.begin());
  const Decomposition result = run(child, candidates, base);
  EXPECT_EQ(result.merge_operator, MergeOperator::none);
  EXPECT_TRUE(result.terms.empty());
  for (std::size_t i = 1; i < result.candidates.size(); ++i)
    EXPECT_EQ(result.candidates[i].status, CandidateStatus::not_needed);
}

TEST_F(Decompose, AnAncestorIsNoMergeOfItsDescendants) {
  std::vector<std::string> descendants = all();
  descendants.erase(descendants.begin());
  const Decomposition result = run(file("child", family().base), descendants);
  EXPECT_EQ(result.merge_operator, MergeOperator::undetermined);
  EXPECT_TRUE(result.terms.empty());
  for (const MergeCandidate& candidate : result.candidates)
    EXPECT_EQ(candidate.status, CandidateStatus::not_needed);
  EXPECT_THAT(result.reasons.front(), HasSubstr("does not lie between them"));
}

TEST_F(Decompose, ACopyIsNoMerge) {
  const Decomposition result = run(file("child", family().first), all());
  EXPECT_EQ(result.merge_operator, MergeOperator::none);
  EXPECT_EQ(result.candidates[1].status, CandidateStatus::parent);
  EXPECT_EQ(result.candidates[2].status, CandidateStatus::not_needed);
}

TEST_F(Decompose, AStrangerHasNoParents) {
  const Decomposition result = run(file("child", tests::random_llama(3, 10)), all());
  EXPECT_EQ(result.merge_operator, MergeOperator::undetermined);
  EXPECT_TRUE(result.terms.empty());
  EXPECT_THAT(result.reasons.front(), HasSubstr("No candidate explains the child"));
}

TEST_F(Decompose, AMergeThatWasTrainedOnIsNotNamed) {
  const Weights merge = tests::linear({{0.5, &family().first}, {0.5, &family().far}});
  const Decomposition result = run(file("child", tests::moved(merge, 0.03, 11)), all());
  EXPECT_EQ(result.merge_operator, MergeOperator::undetermined) << result.reasons.front();
  EXPECT_THAT(result.terms, ElementsAre(1U, 3U));
  EXPECT_NEAR(weight(result, 1), 0.5, 0.02);
  EXPECT_GT(result.gain.value_or(0), 0.9);
}

TEST_F(Decompose, CopiesAmongTheCandidatesAreNamedAndDoNotShareTheWeight) {
  const std::string child =
      file("child", tests::linear({{0.5, &family().first}, {0.5, &family().second}}));
  std::vector<std::string> candidates = all();
  candidates.push_back(file("first-again", family().first, /*as_f32=*/true));
  const Decomposition result = run(child, candidates);
  EXPECT_THAT(result.terms, ElementsAre(1U, 2U));
  EXPECT_EQ(result.candidates[5].status, CandidateStatus::not_needed);
  EXPECT_THAT(result.candidates[5].why, HasSubstr("equals "));
}

TEST_F(Decompose, NearlyEqualParentsAreWarnedOf) {
  const Weights twin = tests::moved(family().far, 0.02, 12);
  const std::string child = file("child", tests::linear({{0.5, &family().far}, {0.5, &twin}}));
  const Decomposition result =
      run(child, {file("far", family().far), file("twin", twin)}, file("base", family().base));
  EXPECT_THAT(result.terms, ElementsAre(1U, 2U));
  ASSERT_EQ(result.correlations.size(), 1U);
  EXPECT_GT(result.correlations[0].correlation, 0.95);
  EXPECT_THAT(result.notes, testing::Contains(HasSubstr("nearly the same")));
}

TEST_F(Decompose, ACandidateOfOtherShapesIsReported) {
  const std::string child =
      file("child", tests::linear({{0.5, &family().first}, {0.5, &family().second}}));
  Weights narrow = family().first;
  for (auto& [name, tensor] : narrow) {
    if (!name.ends_with("up_proj.weight")) continue;
    tensor.shape = {95, 64};
    tensor.values.resize(std::size_t{95} * 64);
  }
  std::vector<std::string> candidates = all();
  candidates.push_back(file("narrow", narrow));
  candidates.push_back(folder_.write("config-only/config.json", "{}").parent_path().string());
  const Decomposition result = run(child, candidates);
  EXPECT_THAT(result.terms, ElementsAre(1U, 2U));
  EXPECT_EQ(result.candidates[5].status, CandidateStatus::not_comparable);
  EXPECT_THAT(result.candidates[5].why, HasSubstr("3 of the child's 21 layer matrices"));
  EXPECT_EQ(result.candidates[6].status, CandidateStatus::not_comparable);
  EXPECT_THAT(result.candidates[6].why, HasSubstr("no weights"));
}

TEST_F(Decompose, AChildWithoutMatricesIsUndetermined) {
  const std::string child = tests::write_model(
      folder_, "child", {{"model.norm.weight", family().base.at("model.norm.weight")}});
  const Decomposition result = run(child, all());
  EXPECT_EQ(result.merge_operator, MergeOperator::undetermined);
  EXPECT_THAT(result.reasons.front(), HasSubstr("no matrix"));
}

TEST_F(Decompose, HostileValuesGiveNoGuess) {
  for (const float value :
       {0.0F, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Weights child = family().first;
    for (auto& [name, tensor] : child) std::ranges::fill(tensor.values, value);
    const Decomposition result = run(file("child", child), all());
    EXPECT_EQ(result.merge_operator, MergeOperator::undetermined) << value;
    EXPECT_FALSE(result.gain.has_value());
  }
}

TEST_F(Decompose, RefusesNoCandidatesTooManyAndMissingModels) {
  const std::string child = file("child", family().first);
  EXPECT_EQ(decompose(child, {}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(decompose(child, std::vector<std::string>(65, child)).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(decompose(child, std::vector<std::string>{"/nowhere/at/all"}).error().code,
            ErrorCode::not_found);
  DecomposeOptions options;
  std::stop_source stop;
  stop.request_stop();
  options.stop = stop.get_token();
  EXPECT_EQ(decompose(child, std::vector<std::string>{child}, options).error().code,
            ErrorCode::cancelled);
}

}  // namespace
}  // namespace prov
