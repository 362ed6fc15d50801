#include "forensics/slerp_schedule.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "unit/forensics/checkpoints.hpp"

namespace prov::forensics {
namespace {

using tests::Safetensors;

constexpr const char* kName = "model.layers.0.mlp.up_proj.weight";
constexpr std::size_t kCount = std::size_t{64} * 64;

std::vector<float> mixture(double a, const std::vector<float>& x, double b,
                           const std::vector<float>& y) {
  std::vector<float> result;
  for (std::size_t i = 0; i < x.size(); ++i) {
    result.push_back(
        static_cast<float>(a * static_cast<double>(x[i]) + b * static_cast<double>(y[i])));
  }
  return result;
}

model::Checkpoint one_matrix(const std::vector<float>& values) {
  return opened(Safetensors().bf16(kName, {64, 64}, values));
}

/// The schedule of weight_a * a + weight_b * b, with a and b `angle` apart.
std::optional<SlerpSchedule> schedule_of(double weight_a, double weight_b, double angle) {
  const std::vector<float> a = random_values(kCount, 1);
  const std::vector<float> b =
      mixture(std::cos(angle), a, std::sin(angle), random_values(kCount, 2));
  const model::Checkpoint first = one_matrix(a), second = one_matrix(b);
  const model::Checkpoint child = one_matrix(mixture(weight_a, a, weight_b, b));
  const std::array<const model::Checkpoint*, 2> candidates{&first, &second};
  const MergeSites sites = merge_sites(child, candidates);
  const auto sums = read_merge_sums(child, candidates, sites, {});
  EXPECT_TRUE(sums);
  return slerp_schedule(sites, *sums, 0, 1);
}

TEST(SlerpSchedule, FindsTAndTheSlopeOfTheArc) {
  for (const double t : {0.2, 0.5, 0.9}) {
    const double angle = 0.5;
    const auto schedule = schedule_of(std::sin((1 - t) * angle) / std::sin(angle),
                                      std::sin(t * angle) / std::sin(angle), angle);
    ASSERT_TRUE(schedule.has_value());
    EXPECT_NEAR(schedule->mean_t, t, 0.005);
    EXPECT_NEAR(schedule->slope, 1, 5 * schedule->slope_error);
    EXPECT_NEAR(schedule->points.at(0).angle, angle, 0.03);
    EXPECT_LT(schedule->slope_error, 0.1);
  }
}

TEST(SlerpSchedule, TheLineHasNoSlope) {
  const auto schedule = schedule_of(0.7, 0.3, 0.5);
  ASSERT_TRUE(schedule.has_value());
  EXPECT_NEAR(schedule->slope, 0, 5 * schedule->slope_error);
}

TEST(SlerpSchedule, NearParentsLeaveItOpen) {
  const auto schedule = schedule_of(0.5, 0.5, 0.002);
  ASSERT_TRUE(schedule.has_value());
  EXPECT_GT(schedule->slope_error, 1);
}

TEST(SlerpSchedule, MeanTIsThatOfTheChosenSites) {
  SlerpSchedule schedule;
  schedule.points = {{.site = 0, .t = 0.2}, {.site = 1, .t = 0.4}, {.site = 5, .t = 1}};
  EXPECT_DOUBLE_EQ(mean_t(schedule, [](std::size_t site) { return site < 2; }).value_or(0), 0.3);
  EXPECT_FALSE(mean_t(schedule, [](std::size_t) { return false; }).has_value());
}

}  // namespace
}  // namespace prov::forensics
