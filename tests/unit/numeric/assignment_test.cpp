#include "numeric/assignment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace prov::numeric {
namespace {

std::vector<float> random_scores(std::size_t count, std::uint64_t seed) {
  std::vector<float> scores(count);
  for (float& score : scores) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX generator
    score = static_cast<float>(static_cast<double>(seed >> 40U) / 0x1p24 - 0.5);
  }
  return scores;
}

double total(const std::vector<float>& scores, std::size_t columns,
             const std::vector<std::uint32_t>& assignment) {
  double sum = 0;
  for (std::size_t i = 0; i < assignment.size(); ++i)
    sum += static_cast<double>(scores[i * columns + assignment[i]]);
  return sum;
}

/// The largest sum, by trying all.
double best_total(const std::vector<float>& scores, std::size_t rows, std::size_t columns) {
  std::vector<std::uint32_t> order(columns);
  std::iota(order.begin(), order.end(), 0U);
  double best = -std::numeric_limits<double>::infinity();
  do {
    best = std::max(
        best,
        total(scores, columns, {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(rows)}));
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

bool is_injective(std::vector<std::uint32_t> assignment, std::size_t columns) {
  std::sort(assignment.begin(), assignment.end());
  return std::adjacent_find(assignment.begin(), assignment.end()) == assignment.end() &&
         (assignment.empty() || assignment.back() < columns);
}

TEST(BestAssignment, FindsTheLargestSumOfAll) {
  for (std::size_t columns = 1; columns <= 7; ++columns) {
    for (std::size_t rows = 1; rows <= columns; ++rows) {
      for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const std::vector<float> scores = random_scores(rows * columns, seed * 100 + columns);
        const auto assignment = best_assignment(scores, rows, columns);
        ASSERT_EQ(assignment.size(), rows);
        ASSERT_TRUE(is_injective(assignment, columns));
        ASSERT_NEAR(total(scores, columns, assignment), best_total(scores, rows, columns), 1e-12)
            << rows << "x" << columns << " seed " << seed;
      }
    }
  }
}

TEST(BestAssignment, FindsTheLargestSumAmongManyTies) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    std::vector<float> scores = random_scores(5 * 7, seed);
    for (float& score : scores) score = std::round(score * 2);
    const auto assignment = best_assignment(scores, 5, 7);
    ASSERT_TRUE(is_injective(assignment, 7));
    ASSERT_EQ(total(scores, 7, assignment), best_total(scores, 5, 7)) << seed;
  }
}

TEST(BestAssignment, FindsAPermutationInNoise) {
  constexpr std::size_t kRows = 200, kColumns = 300;
  std::vector<float> scores = random_scores(kRows * kColumns, 5);
  const auto hidden = [](std::size_t i) { return static_cast<std::uint32_t>(i * 77 % kColumns); };
  for (std::size_t i = 0; i < kRows; ++i) scores[i * kColumns + hidden(i)] += 1;
  const auto assignment = best_assignment(scores, kRows, kColumns);
  for (std::size_t i = 0; i < kRows; ++i) EXPECT_EQ(assignment[i], hidden(i));
}

// Proof without a second solver: exchanging the columns of two rows, or taking a column without a
// row, never gains.
TEST(BestAssignment, LeavesNoGainInAnySmallChange) {
  constexpr std::size_t kRows = 150, kColumns = 170;
  const std::vector<float> scores = random_scores(kRows * kColumns, 9);
  const auto assignment = best_assignment(scores, kRows, kColumns);
  const auto score = [&](std::size_t i, std::size_t j) {
    return static_cast<double>(scores[i * kColumns + j]);
  };
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t k = 0; k < kRows; ++k) {
      EXPECT_GE(score(i, assignment[i]) + score(k, assignment[k]),
                score(i, assignment[k]) + score(k, assignment[i]) - 1e-12);
    }
    for (std::uint32_t j = 0; j < kColumns; ++j) {
      const bool taken = std::find(assignment.begin(), assignment.end(), j) != assignment.end();
      EXPECT_TRUE(taken || score(i, assignment[i]) >= score(i, j) - 1e-12) << i << ", " << j;
    }
  }
}

TEST(BestAssignment, OfScipyHasTheSameSum) {
  // scipy 1.17.1 linear_sum_assignment(maximize=True) on ((i * 7919 + j * 104729) % 10007) / 10007.
  constexpr std::size_t kRows = 60, kColumns = 80;
  std::vector<float> scores(kRows * kColumns);
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kColumns; ++j)
      scores[i * kColumns + j] = static_cast<float>((i * 7919 + j * 104729) % 10007) / 10007.0F;
  }
  EXPECT_NEAR(total(scores, kColumns, best_assignment(scores, kRows, kColumns)), 59.21774780750275,
              1e-9);
}

TEST(BestAssignment, GivesEqualScoresToSomeone) {
  const std::vector<float> scores(50 * 60, 0.25F);
  const auto assignment = best_assignment(scores, 50, 60);
  EXPECT_TRUE(is_injective(assignment, 60));
  EXPECT_EQ(assignment, best_assignment(scores, 50, 60));
}

TEST(BestAssignment, CountsWhatIsNotFiniteAsTheWorst) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  // clang-format off
  const std::vector<float> scores = {infinity, 1, 0,
                                     2,       -infinity, nan,
                                     nan,      3, -1};
  // clang-format on
  EXPECT_EQ(best_assignment(scores, 3, 3), (std::vector<std::uint32_t>{2, 0, 1}));
  const std::vector<float> nothing(6, nan);
  EXPECT_TRUE(is_injective(best_assignment(nothing, 2, 3), 3));
}

TEST(BestAssignment, OfNothingIsNothing) {
  EXPECT_TRUE(best_assignment({}, 0, 0).empty());
  EXPECT_TRUE(best_assignment({}, 0, 5).empty());
  EXPECT_EQ(best_assignment(std::vector<float>{-3}, 1, 1), std::vector<std::uint32_t>{0});
}

TEST(BestAssignment, SurvivesHugeScores) {
  const float huge = std::numeric_limits<float>::max();
  const std::vector<float> scores = {huge, -huge, -huge, huge, 0, huge, -huge, huge, -huge};
  EXPECT_EQ(total(scores, 3, best_assignment(scores, 3, 3)), best_total(scores, 3, 3));
}

}  // namespace
}  // namespace prov::numeric
