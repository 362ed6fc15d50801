#include "forensics/sparsity.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "forensics/calibrated_lines.hpp"

namespace prov::forensics {
namespace {

constexpr double kMostRegrown = 0.01, kLeastCosine = 0.9;

bool finite(const numeric::Matrix& matrix) {
  return std::ranges::all_of(matrix.values, [](float x) { return std::isfinite(x); });
}

/// Rows and columns in which both matrices have a nonzero element.
struct Kept {
  std::vector<std::size_t> rows, columns;
};

Kept kept(const numeric::Matrix& a, const numeric::Matrix& b) {
  std::vector<int> row_a(a.rows, 0), row_b(a.rows, 0), column_a(a.columns, 0),
      column_b(a.columns, 0);
  for (std::size_t i = 0; i < a.rows; ++i) {
    for (std::size_t j = 0; j < a.columns; ++j) {
      if (a.row(i)[j] != 0) row_a[i] = column_a[j] = 1;
      if (b.row(i)[j] != 0) row_b[i] = column_b[j] = 1;
    }
  }
  Kept result;
  for (std::size_t i = 0; i < a.rows; ++i) {
    if (row_a[i] * row_b[i] != 0) result.rows.push_back(i);
  }
  for (std::size_t j = 0; j < a.columns; ++j) {
    if (column_a[j] * column_b[j] != 0) result.columns.push_back(j);
  }
  return result;
}

struct Counts {
  std::size_t elements = 0, zeros_a = 0, zeros_b = 0, both = 0, survivors = 0, equal = 0;
  double aa = 0, bb = 0, ab = 0;  // over the survivors
};

Counts counted(const numeric::Matrix& a, const numeric::Matrix& b, const Kept& kept) {
  Counts c;
  for (const std::size_t i : kept.rows) {
    for (const std::size_t j : kept.columns) {
      const auto x = static_cast<double>(a.row(i)[j]), y = static_cast<double>(b.row(i)[j]);
      ++c.elements;
      c.zeros_a += x == 0 ? 1 : 0;
      c.zeros_b += y == 0 ? 1 : 0;
      c.both += x == 0 && y == 0 ? 1 : 0;
      if (x == 0 || y == 0) continue;
      ++c.survivors;
      c.equal += x == y ? 1 : 0;
      c.aa += x * x;
      c.bb += y * y;
      c.ab += x * y;
    }
  }
  return c;
}

double ratio(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

/// P(|size| where `zeroed` is zero < |size| where it is not), ties half; the rank sum of Mann and
/// Whitney. Only where `size` is not zero.
double magnitude_order(const numeric::Matrix& size, const numeric::Matrix& zeroed,
                       const Kept& kept) {
  std::vector<std::pair<float, bool>> sizes;  // and whether it was kept
  for (const std::size_t i : kept.rows) {
    for (const std::size_t j : kept.columns) {
      if (size.row(i)[j] != 0) sizes.emplace_back(std::abs(size.row(i)[j]), zeroed.row(i)[j] != 0);
    }
  }
  // Without elements of both kinds there is nothing to rank, and sorting is what costs.
  const auto is_kept = [](const auto& element) { return element.second; };
  if (std::ranges::all_of(sizes, is_kept) || std::ranges::none_of(sizes, is_kept)) return 0.5;
  std::ranges::sort(sizes);
  double below = 0, wins = 0, survivors = 0;  // zeroed elements smaller than the present one
  for (std::size_t begin = 0; begin < sizes.size();) {
    std::size_t end = begin;
    double tied_zeroed = 0, tied_kept = 0;
    for (; end < sizes.size() && sizes[end].first == sizes[begin].first; ++end)
      (sizes[end].second ? tied_kept : tied_zeroed) += 1;
    wins += tied_kept * (below + tied_zeroed / 2);
    below += tied_zeroed;
    survivors += tied_kept;
    begin = end;
  }
  return below > 0 && survivors > 0 ? wins / (below * survivors) : 0.5;
}

/// P(at least half of `length` are zero) if each is with probability p.
double chance_of_half(std::size_t length, double p) {
  double sum = 0, ways = 1;
  for (std::size_t k = 0; k <= length; ++k) {
    const auto zeros = static_cast<double>(k), rest = static_cast<double>(length - k);
    if (k >= length / 2) sum += ways * std::pow(p, zeros) * std::pow(1 - p, rest);
    ways = ways * rest / (zeros + 1);
  }
  return std::min(sum, 1.0);
}

SparsityPattern pattern(const numeric::Matrix& matrix, const std::vector<std::size_t>& rows,
                        std::size_t length) {
  std::size_t runs = 0, half_zero = 0, zeros = 0;
  for (const std::size_t i : rows) {
    for (std::size_t begin = 0; begin + length <= matrix.columns; begin += length) {
      const auto run = matrix.row(i).subspan(begin, length);
      const auto count = static_cast<std::size_t>(std::ranges::count(run, 0.0F));
      ++runs;
      zeros += count;
      half_zero += 2 * count >= length ? 1 : 0;
    }
  }
  if (runs == 0) return {};
  return {ratio(half_zero, runs), chance_of_half(length, ratio(zeros, runs * length))};
}

}  // namespace

std::optional<Sparsity> sparsity(const numeric::Matrix& a, const numeric::Matrix& b) {
  if (a.rows != b.rows || a.columns != b.columns || !finite(a) || !finite(b)) return std::nullopt;
  const Kept rest = kept(a, b);
  const Counts c = counted(a, b, rest);
  if (c.elements == 0) return std::nullopt;
  Sparsity result{.elements = c.elements};
  result.zeros_a = ratio(c.zeros_a, c.elements);
  result.zeros_b = ratio(c.zeros_b, c.elements);
  result.only_a = ratio(c.zeros_a - c.both, c.zeros_a);
  result.only_b = ratio(c.zeros_b - c.both, c.zeros_b);
  result.untouched = ratio(c.equal, c.survivors);
  if (c.aa > 0 && c.bb > 0) result.survivor_cosine = c.ab / (std::sqrt(c.aa) * std::sqrt(c.bb));
  result.magnitude_order_a = magnitude_order(b, a, rest);
  result.magnitude_order_b = magnitude_order(a, b, rest);
  result.two_of_four_a = pattern(a, rest.rows, 4);
  result.two_of_four_b = pattern(b, rest.rows, 4);
  result.four_of_eight_a = pattern(a, rest.rows, 8);
  result.four_of_eight_b = pattern(b, rest.rows, 8);
  return result;
}

PrunedSide pruned_side(const Sparsity& s) {
  const double alone_a = s.zeros_a * s.only_a, alone_b = s.zeros_b * s.only_b;
  if (s.survivor_cosine < kLeastCosine) return PrunedSide::neither;
  if (alone_b >= lines::kZerosAlone && alone_a <= kMostRegrown * alone_b) return PrunedSide::b;
  if (alone_a >= lines::kZerosAlone && alone_b <= kMostRegrown * alone_a) return PrunedSide::a;
  return PrunedSide::neither;
}

}  // namespace prov::forensics
