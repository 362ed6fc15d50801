#include "numeric/log_probability.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace prov::numeric {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Reference values: erfc for the near ones, the continued fraction of Abramowitz and Stegun 26.2.14
// for the far ones.
TEST(Log10NormalTail, EqualsTheReference) {
  EXPECT_NEAR(log10_normal_tail(0), -0.30102999566398120, 1e-12);
  EXPECT_NEAR(log10_normal_tail(-3), std::log10(1 - 0.0013498980316300945), 1e-12);
  EXPECT_NEAR(log10_normal_tail(3), std::log10(0.0013498980316300945), 1e-12);
  EXPECT_NEAR(log10_normal_tail(8), std::log10(6.220960574271785e-16), 1e-10);
  EXPECT_NEAR(log10_normal_tail(25), -137.5147476509955, 1e-9);
  EXPECT_NEAR(log10_normal_tail(37), -299.24218117860994, 1e-9);
  EXPECT_NEAR(log10_normal_tail(350), -26603.480178097892, 1e-7);
}

TEST(Log10NormalTail, IsContinuousWhereTheFormulaChangesAndFallsOn) {
  EXPECT_NEAR(log10_normal_tail(std::nextafter(25.0, 26.0)), log10_normal_tail(25.0), 1e-8);
  EXPECT_LT(log10_normal_tail(300), log10_normal_tail(299));
}

TEST(Log10NormalTail, KeepsWhatIsNotANumber) {
  EXPECT_TRUE(std::isnan(log10_normal_tail(std::numeric_limits<double>::quiet_NaN())));
  EXPECT_EQ(log10_normal_tail(std::numeric_limits<double>::infinity()),
            -std::numeric_limits<double>::infinity());
}

// Reference values of all that follows: mpmath 1.4.1 with 40 digits or more (erfc, betainc,
// gammainc, findroot on exactly these arguments).
TEST(Log10NormalTail, HasTheDigitsOfProbabilitiesNearOne) {
  EXPECT_NEAR(log10_normal_tail(-5) / -1.2449121373882917e-7, 1, 1e-12);
  EXPECT_NEAR(log10_normal_tail(-12) / -7.7151637847517015e-34, 1, 1e-12);
}

TEST(NormalZOfLog10Tail, EqualsTheReference) {
  const struct {
    double log10_p, z;
  } cases[] = {
      {-1e-30, -11.391588444615151}, {-1e-10, -6.23200015594236}, {-0.1, -0.82153160288309214},
      {-0.5, 0.47827353237616267},   {-1, 1.2815515655446005},    {-16, 8.2220822161304356},
      {-137, 24.952620730792506},    {-140, 25.22750382094229},   {-300, 37.047096299361199},
      {-20000, 303.4635650253095},   {-1e6, 2145.9620232949458}};
  for (const auto& [log10_p, z] : cases)
    EXPECT_NEAR(normal_z_of_log10_tail(log10_p) / z, 1, 1e-12) << log10_p;
  EXPECT_NEAR(normal_z_of_log10_tail(std::log10(0.5)), 0, 1e-15);
}

TEST(NormalZOfLog10Tail, InvertsTheTail) {
  for (double z = -8; z < 400; z += 0.37)
    EXPECT_NEAR(normal_z_of_log10_tail(log10_normal_tail(z)), z, 1e-9 * (1 + std::abs(z))) << z;
}

TEST(NormalZOfLog10Tail, GoesToTheLimits) {
  EXPECT_EQ(normal_z_of_log10_tail(-kInfinity), kInfinity);
  EXPECT_EQ(normal_z_of_log10_tail(0), -kInfinity);
  EXPECT_TRUE(std::isnan(normal_z_of_log10_tail(1e-9)));
  EXPECT_TRUE(std::isnan(normal_z_of_log10_tail(kNaN)));
}

TEST(Log10StudentTail, EqualsTheReference) {
  const struct {
    double t, dof, log10_p;
  } cases[] = {{1, 1, -0.60205999132796239},  // Cauchy: 1 / 4
               {2, 0.5, -0.65216777187851645},   {2, 5, -1.2926875867555654},
               {0.1, 3, -0.33411316477295019},   {1.7, 100, -1.3361138700670755},
               {1.8, 1e6, -1.4445371048540615},  {30, 1e6, -197.2211221232552},
               {50, 254, -133.04263232570633},   {1e5, 254, -966.18805363132605},
               {1e9, 4094, -29454.138565319208}, {1e200, 7, -1397.8792547943386}};
  for (const auto& [t, dof, log10_p] : cases)
    EXPECT_NEAR(log10_student_tail(t, dof) / log10_p, 1, 1e-11) << t << ", " << dof;
}

TEST(Log10StudentTail, BothTailsMakeOne) {
  for (const double t : {1e-9, 0.3, 1.5, 2.5, 6.0}) {
    for (const double dof : {1.0, 3.5, 40.0, 1e4}) {
      EXPECT_NEAR(
          std::pow(10, log10_student_tail(t, dof)) + std::pow(10, log10_student_tail(-t, dof)), 1,
          1e-12);
    }
  }
}

TEST(Log10StudentTail, GoesToTheLimits) {
  EXPECT_EQ(log10_student_tail(kInfinity, 5), -kInfinity);
  EXPECT_EQ(log10_student_tail(-kInfinity, 5), 0);
  EXPECT_EQ(log10_student_tail(0, 5), std::log10(0.5));
  EXPECT_EQ(log10_student_tail(3, kInfinity), log10_normal_tail(3));
  EXPECT_TRUE(std::isnan(log10_student_tail(kNaN, 5)));
  EXPECT_TRUE(std::isnan(log10_student_tail(1, kNaN)));
  EXPECT_TRUE(std::isnan(log10_student_tail(1, 0)));
  EXPECT_TRUE(std::isnan(log10_student_tail(1, -3)));
}

TEST(Log10SpearmanTail, EqualsTheReference) {
  EXPECT_NEAR(log10_spearman_tail(0.2, 256), -3.1884840321412013, 1e-11);
  EXPECT_NEAR(log10_spearman_tail(0, 256), std::log10(0.5), 1e-15);
  EXPECT_NEAR(log10_spearman_tail(-0.2, 256), std::log10(1 - std::pow(10, -3.1884840321412013)),
              1e-12);
}

TEST(Log10SpearmanTail, NeverFallsBelowTheOneBestOrder) {
  EXPECT_NEAR(log10_spearman_tail(1, 256), -506.93339504126576, 1e-9);  // 1 / 256!
  EXPECT_EQ(log10_spearman_tail(1 + 1e-12, 256), log10_spearman_tail(1, 256));
  EXPECT_EQ(log10_spearman_tail(std::nextafter(1.0, 0.0), 256), log10_spearman_tail(1, 256));
  EXPECT_NEAR(log10_spearman_tail(0.9999, 8), -std::log10(40320.0), 1e-12);
  EXPECT_NEAR(log10_spearman_tail(1, 2), std::log10(0.5), 1e-12);
}

TEST(Log10SpearmanTail, HasNoEvidenceInNoOrder) {
  EXPECT_EQ(log10_spearman_tail(1, 0), 0);
  EXPECT_EQ(log10_spearman_tail(1, 1), 0);
  EXPECT_EQ(log10_spearman_tail(-1, 2), 0);
  EXPECT_EQ(log10_spearman_tail(-1, 256), 0);
  EXPECT_TRUE(std::isnan(log10_spearman_tail(kNaN, 256)));
}

TEST(Log10Fisher, EqualsTheReference) {
  const struct {
    double sum;
    std::size_t count;
    double log10_p;
  } cases[] = {{-1, 1, -0.43429448190325183},     {-3, 2, -0.70082345438179309},
               {-24, 24, -0.32527686329388518},   {-1000, 24, -387.69688133804926},
               {-50000, 24, -21629.060079673889}, {-2000, 2048, -0.067622722205896064}};
  for (const auto& [sum, count, log10_p] : cases)
    EXPECT_NEAR(log10_fisher(sum, count) / log10_p, 1, 1e-11) << sum << ", " << count;
}

TEST(Log10Fisher, GoesToTheLimits) {
  EXPECT_EQ(log10_fisher(0, 5), 0);
  EXPECT_EQ(log10_fisher(0, 0), 0);
  EXPECT_LE(log10_fisher(-1e-8, 3), 0);
  EXPECT_EQ(log10_fisher(-kInfinity, 3), -kInfinity);
  EXPECT_TRUE(std::isnan(log10_fisher(0.1, 3)));
  EXPECT_TRUE(std::isnan(log10_fisher(kNaN, 3)));
}

TEST(Log10PoissonTail, EqualsTheReference) {
  const struct {
    std::uint64_t k;
    double mean, log10_p;
  } cases[] = {{1, 1e-5, -5.0000021714705999},         {3, 1, -1.0952768988667823},
               {10, 10, -0.26594439863132485},         {10, 100, -4.8873216434359304e-32},
               {100, 10, -62.267719675969272},         {5000, 1, -16326.060401970118},
               {1000000, 990000, -23.263870954614466}, {100000, 1e-3, -756573.45133426105}};
  for (const auto& [k, mean, log10_p] : cases)
    EXPECT_NEAR(log10_poisson_tail(k, mean) / log10_p, 1, 1e-10) << k << ", " << mean;
  EXPECT_NEAR(log10_poisson_tail(1, 20), std::log1p(-std::exp(-20)) / std::log(10.0), 1e-16);
}

TEST(Log10PoissonTail, GoesToTheLimits) {
  EXPECT_EQ(log10_poisson_tail(0, 3), 0);
  EXPECT_EQ(log10_poisson_tail(0, 0), 0);
  EXPECT_EQ(log10_poisson_tail(1, 0), -kInfinity);
  EXPECT_TRUE(std::isnan(log10_poisson_tail(1, -1)));
  EXPECT_TRUE(std::isnan(log10_poisson_tail(1, kInfinity)));
  EXPECT_TRUE(std::isnan(log10_poisson_tail(1, kNaN)));
}

}  // namespace
}  // namespace prov::numeric
