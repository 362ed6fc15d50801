// Every set of kernels must give the bits of the scalar one, on the grid of lengths and
// misalignments of Highway's own tests and on data of period 251 (a prime: no stride of a kernel
// divides it).
#include "numeric/kernels/kernels.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <string>

namespace prov::numeric {
namespace {

constexpr std::size_t kLengths[] = {0,  1,  3,  4,  7,   8,   9,    15,   16,  17,
                                    31, 33, 48, 63, 130, 251, 1000, 4095, 4096};
constexpr std::size_t kMisalignments[] = {0, 1, 3};

std::vector<float> pattern(std::size_t count, unsigned seed = 1) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto step = static_cast<float>((i * seed) % 251);
    values[i] = (step - 125.0f) * 0.0137f + 1.0f / (step + 1.0f);
  }
  return values;
}

std::vector<Bfloat16> pattern_bf16(std::size_t count) {
  std::vector<Bfloat16> values;
  for (float value : pattern(count))
    values.push_back({static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16)});
  return values;
}

std::vector<Float16> pattern_f16(std::size_t count) {
  std::vector<Float16> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i].bits = static_cast<std::uint16_t>((i % 251) * 123);  // no infinities
  return values;
}

std::uint32_t bits(float value) { return std::bit_cast<std::uint32_t>(value); }

class EachKernel : public testing::TestWithParam<const Kernels*> {
 protected:
  const Kernels& kernel_ = *GetParam();
};

INSTANTIATE_TEST_SUITE_P(Targets, EachKernel, testing::ValuesIn(available_kernels()),
                         [](const auto& set) { return std::string(set.param->name); });

TEST_P(EachKernel, SumsHaveTheBitsOfTheScalarKernel) {
  const auto a = pattern(4200), b = pattern(4200, 7);
  const auto half = pattern_bf16(4200);
  const auto half16 = pattern_f16(4200);
  for (std::size_t n : kLengths) {
    for (std::size_t shift : kMisalignments) {
      SCOPED_TRACE(testing::Message() << "n " << n << " shift " << shift);
      const float* x = a.data() + shift;
      const float* y = b.data() + 3 - shift;
      EXPECT_EQ(bits(kernel_.square_sum_f32(x, n)), bits(kScalarKernels.square_sum_f32(x, n)));
      EXPECT_EQ(bits(kernel_.dot(x, y, n)), bits(kScalarKernels.dot(x, y, n)));
      EXPECT_EQ(bits(kernel_.scaled_square_sum(x, y, n)),
                bits(kScalarKernels.scaled_square_sum(x, y, n)));
      const BlockProducts ours = kernel_.products(x, y, n),
                          reference = kScalarKernels.products(x, y, n);
      EXPECT_EQ(bits(ours.aa), bits(reference.aa));
      EXPECT_EQ(bits(ours.bb), bits(reference.bb));
      EXPECT_EQ(bits(ours.ab), bits(reference.ab));
      EXPECT_EQ(bits(kernel_.square_sum_bf16(half.data() + shift, n)),
                bits(kScalarKernels.square_sum_bf16(half.data() + shift, n)));
      EXPECT_EQ(bits(kernel_.square_sum_f16(half16.data() + shift, n)),
                bits(kScalarKernels.square_sum_f16(half16.data() + shift, n)));
    }
  }
}

TEST_P(EachKernel, ChainsHaveTheBitsOfTheScalarKernel) {
  const auto x = pattern(4200);
  const auto half = pattern_bf16(4200);
  const auto half16 = pattern_f16(4200);
  for (const std::size_t n : {std::size_t{0}, std::size_t{8}, std::size_t{24}, std::size_t{4096}}) {
    for (std::size_t shift : kMisalignments) {
      std::vector<float> start = pattern(kChainLanes, 5);
      const auto run = [&](const Kernels& set) {
        std::vector<float> lanes = start;
        set.chain_squares_f32(x.data() + shift, n, lanes.data());
        set.chain_squares_bf16(half.data() + shift, n, lanes.data());
        set.chain_squares_f16(half16.data() + shift, n, lanes.data());
        return lanes;
      };
      EXPECT_EQ(run(kernel_), run(kScalarKernels)) << n;
    }
  }
}

TEST_P(EachKernel, TwoChainsAreEachTheirOwn) {
  constexpr std::size_t kCount = 4096;
  const auto x = pattern(kCount), y = pattern(kCount, 7);
  const auto half_x = pattern_bf16(kCount + 1);
  const auto half16_x = pattern_f16(kCount + 1);
  const auto check = [&](auto one, auto two, const auto* first, const auto* second) {
    const std::vector<float> start = pattern(kChainLanes, 5);
    std::vector<float> alone_x = start, alone_y = start, lanes_x = start, lanes_y = start;
    one(first, kCount, alone_x.data());
    one(second, kCount, alone_y.data());
    two(first, second, kCount, lanes_x.data(), lanes_y.data());
    EXPECT_EQ(lanes_x, alone_x);
    EXPECT_EQ(lanes_y, alone_y);
    EXPECT_NE(lanes_x, lanes_y);
  };
  check(kScalarKernels.chain_squares_f32, kernel_.chain_two_squares_f32, x.data(), y.data());
  check(kScalarKernels.chain_squares_bf16, kernel_.chain_two_squares_bf16, half_x.data(),
        half_x.data() + 1);
  check(kScalarKernels.chain_squares_f16, kernel_.chain_two_squares_f16, half16_x.data(),
        half16_x.data() + 1);
}

TEST_P(EachKernel, SubtractsMultiplesLikeTheScalarKernel) {
  const auto y = pattern(4200, 7);
  for (std::size_t n : kLengths) {
    for (std::size_t shift : kMisalignments) {
      std::vector<float> ours = pattern(4200), reference = ours;
      kernel_.subtract_multiple(ours.data() + shift, 0.3f, y.data() + 3 - shift, n);
      kScalarKernels.subtract_multiple(reference.data() + shift, 0.3f, y.data() + 3 - shift, n);
      EXPECT_EQ(ours, reference) << n;
    }
  }
}

TEST_P(EachKernel, ReadsNothingBeyondTheEnd) {
  // A NaN right behind the last element would spoil the sum.
  std::vector<float> x = pattern(64);
  for (std::size_t n = 0; n < 40; ++n) {
    std::vector<float> y(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n));
    y.push_back(std::numeric_limits<float>::quiet_NaN());
    EXPECT_EQ(bits(kernel_.square_sum_f32(y.data(), n)),
              bits(kScalarKernels.square_sum_f32(x.data(), n)));
  }
}

TEST_P(EachKernel, WidensEvery16BitPattern) {
  std::vector<Bfloat16> brain(65536 + 1);
  std::vector<Float16> half(65536 + 1);
  for (std::size_t i = 0; i <= 65536; ++i)
    brain[i].bits = half[i].bits = static_cast<std::uint16_t>(i);
  std::vector<float> ours(65537), reference(65537);
  kernel_.widen_bf16(brain.data(), 65537, ours.data());
  kScalarKernels.widen_bf16(brain.data(), 65537, reference.data());
  for (std::size_t i = 0; i < 65537; ++i) ASSERT_EQ(bits(ours[i]), bits(reference[i])) << i;
  kernel_.widen_f16(half.data(), 65537, ours.data());
  kScalarKernels.widen_f16(half.data(), 65537, reference.data());
  for (std::size_t i = 0; i < 65537; ++i) ASSERT_EQ(bits(ours[i]), bits(reference[i])) << i;
}

TEST_P(EachKernel, CountsEqualValuesAndSplitsHalves) {
  std::vector<float> a = pattern(300), b = a;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  a[7] = 0.0f, b[7] = -0.0f;  // equal as numbers
  a[20] = b[20] = nan;        // never equal
  b[100] += 1, b[299] += 1;   // the last one lies in the tail of every width
  EXPECT_EQ(kernel_.count_equal(a.data(), b.data(), 300), 297u);

  std::vector<std::uint16_t> upper(300), lower(300);
  EXPECT_EQ(kernel_.split_halves(a.data(), 0, upper.data(), lower.data()), 0u);
  const std::uint16_t any = kernel_.split_halves(a.data(), 299, upper.data(), lower.data());
  unsigned expected = 0;
  for (std::size_t i = 0; i < 299; ++i) {
    EXPECT_EQ((static_cast<std::uint32_t>(upper[i]) << 16 | lower[i]), bits(a[i]));
    expected |= lower[i];
  }
  EXPECT_EQ(any, expected);
  EXPECT_EQ(upper[299], 0u);
}

TEST_P(EachKernel, LoopsOverDoublesHaveTheBitsOfTheScalarKernel) {
  const auto widened = [](const std::vector<float>& x) {
    std::vector<double> wide(x.begin(), x.end());
    for (double& value : wide) value *= 1 + 0x1p-40;
    return wide;
  };
  const std::vector<double> a = widened(pattern(1100)), b = widened(pattern(1100, 7));
  for (const int count : {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 33, 250, 1001}) {
    const auto n = static_cast<std::size_t>(count);
    for (std::size_t shift : kMisalignments) {
      SCOPED_TRACE(testing::Message() << "n " << n << " shift " << shift);
      const double ours = kernel_.dot_f64(a.data() + shift, b.data() + 3 - shift, n);
      const double reference = kScalarKernels.dot_f64(a.data() + shift, b.data() + 3 - shift, n);
      EXPECT_EQ(std::bit_cast<std::uint64_t>(ours), std::bit_cast<std::uint64_t>(reference));
      const auto rotated = [&](const Kernels& set) {
        std::vector<double> x = a, y = b;
        set.rotate_f64(x.data() + shift, y.data(), n, 0.8, 0.6);
        x.insert(x.end(), y.begin(), y.end());
        return x;
      };
      EXPECT_EQ(rotated(kernel_), rotated(kScalarKernels));
      const auto with_squares = [&](const Kernels& set) {
        const std::vector<float> x = pattern(1100, 11);
        std::vector<double> sums = a;
        set.add_squares_f64(x.data() + shift, 0.3, n, sums.data() + 3 - shift);
        return sums;
      };
      EXPECT_EQ(with_squares(kernel_), with_squares(kScalarKernels));
    }
  }
}

TEST_P(EachKernel, AssignsAsTheScalarKernelDoes) {
  const std::vector<float> score = pattern(1100, 3);
  std::vector<double> price(1100), start(1100, std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < price.size(); ++i) price[i] = static_cast<double>(i % 17) / 8;
  price[40] = std::numeric_limits<double>::infinity();
  for (const int count : {1, 2, 3, 5, 8, 9, 16, 33, 250, 252, 510, 1001}) {  // 252: equal gains
    const auto n = static_cast<std::size_t>(count);
    SCOPED_TRACE(n);
    const BestTwo ours = kernel_.best_two(score.data(), price.data(), n);
    const BestTwo reference = kScalarKernels.best_two(score.data(), price.data(), n);
    EXPECT_EQ(ours.column, reference.column);
    EXPECT_EQ(ours.next_column, reference.next_column);
    EXPECT_EQ(ours.gain, reference.gain);
    EXPECT_EQ(ours.next_gain, reference.next_gain);
    const auto shortened = [&](const Kernels& set) {
      std::vector<double> way = start, from(start.size(), -1);
      const double first =
          set.shorten_ways(score.data(), 1, price.data(), n, 5, way.data(), from.data());
      const double second =
          set.shorten_ways(score.data() + 7, 1.1, price.data(), n, 6, way.data(), from.data());
      way.insert(way.end(), from.begin(), from.end());
      way.insert(way.end(),
                 {first, second, static_cast<double>(set.find_f64(way.data(), n, second)),
                  static_cast<double>(set.find_f64(way.data(), n, 0.123))});
      return way;
    };
    EXPECT_EQ(shortened(kernel_), shortened(kScalarKernels));
  }
  const std::vector<float> equal(20, 0.5f);
  const BestTwo first = kernel_.best_two(equal.data(), std::vector<double>(20).data(), 20);
  EXPECT_EQ(first.column, 0u);
  EXPECT_EQ(first.next_column, 1u);
}

TEST_P(EachKernel, CountsDifferingBits) {
  std::vector<std::uint64_t> bits(600);
  std::uint64_t state = 1;
  for (std::uint64_t& word : bits) word = state = state * 6364136223846793005U + 1;
  for (const std::size_t words : {1U, 2U, 4U, 7U, 8U, 9U, 32U, 41U, 67U}) {
    const std::size_t count = (bits.size() - words - 1) / words;
    std::vector<std::uint32_t> distance(count);
    kernel_.bit_distances(bits.data(), bits.data() + words + 1, count, words, distance.data());
    for (std::size_t i = 0; i < count; ++i) {
      std::uint32_t expected = 0;
      for (std::size_t w = 0; w < words; ++w)
        expected +=
            static_cast<std::uint32_t>(std::popcount(bits[w] ^ bits[words + 1 + i * words + w]));
      EXPECT_EQ(distance[i], expected) << words << " words, code " << i;
    }
  }
}

TEST_P(EachKernel, MatrixProductHasTheBitsOfTheScalarKernel) {
  for (const std::size_t rows : std::initializer_list<std::size_t>{1, 3, 4, 9, 12, 29}) {
    for (const std::size_t b_rows : std::initializer_list<std::size_t>{1, 7, 16, 33, 70, 300}) {
      for (const std::size_t columns : std::initializer_list<std::size_t>{0, 1, 5, 256, 300, 600}) {
        const auto a = pattern(rows * columns), b = pattern(b_rows * columns, 3);
        std::vector<float> ours(rows * b_rows, -1), reference(rows * b_rows, -2);
        kernel_.multiply_by_transpose(a.data(), rows, b.data(), b_rows, columns, ours.data(),
                                      false);
        kScalarKernels.multiply_by_transpose(a.data(), rows, b.data(), b_rows, columns,
                                             reference.data(), false);
        for (std::size_t i = 0; i < ours.size(); ++i) {
          ASSERT_EQ(bits(ours[i]), bits(reference[i]))
              << rows << "x" << b_rows << "x" << columns << " at " << i;
        }
      }
    }
  }
}

TEST(ScalarKernel, SumsInSixteenStripesAndAFixedTree) {
  // 2^24 in lane 0 swallows a 1 that is added to it, but not one that arrives by the tree from lane
  // 8 as part of 2.
  std::vector<float> ones(32, 1.0f);
  ones[0] = 0x1p12f;
  float lanes0 = 0x1p24f + 1.0f;        // elements 0 and 16: the 1 is lost
  float expected = lanes0 + 2.0f;       // lane 8
  expected = expected + (2.0f + 2.0f);  // lanes 4 and 12
  expected = expected + ((2.0f + 2.0f) + (2.0f + 2.0f));
  expected = expected + 16.0f;
  EXPECT_EQ(kScalarKernels.square_sum_f32(ones.data(), 32), expected);
  EXPECT_EQ(expected, 0x1p24f + 30.0f);
}

TEST(ScalarKernel, WidensKnownHalves) {
  EXPECT_EQ(widen(Float16{0x3c00}), 1.0f);
  EXPECT_EQ(widen(Float16{0xc000}), -2.0f);
  EXPECT_EQ(widen(Float16{0x7bff}), 65504.0f);
  EXPECT_EQ(widen(Float16{0x0001}), 0x1p-24f);
  EXPECT_EQ(widen(Float16{0x03ff}), 0x1p-14f - 0x1p-24f);
  EXPECT_EQ(widen(Float16{0xfc00}), -std::numeric_limits<float>::infinity());
  EXPECT_EQ(bits(widen(Float16{0x7e01})), 0x7fc02000u);
  EXPECT_EQ(bits(widen(Float16{0x8000})), 0x80000000u);
  EXPECT_EQ(widen(Bfloat16{0x4049}), 3.140625f);
}

TEST(KernelChoice, ForcesOnlyWhatExists) {
  const std::string before(kernels().name);
  EXPECT_FALSE(force_kernels("no such target"));
  EXPECT_EQ(kernels().name, before);
  EXPECT_TRUE(force_kernels("scalar"));
  EXPECT_EQ(&kernels(), &kScalarKernels);
  EXPECT_TRUE(force_kernels(before));
}

}  // namespace
}  // namespace prov::numeric
