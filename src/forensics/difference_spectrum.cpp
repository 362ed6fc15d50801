#include "forensics/difference_spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "forensics/calibrated_lines.hpp"
#include "numeric/sums.hpp"
#include "numeric/symmetric_eigenvalues.hpp"

namespace prov::forensics {
namespace {

constexpr double kAboveEdge = 1.1;       // noise of uneven strength passes the edge by this much
constexpr double kFloor = 2;             // rounding of weights of uneven size reaches 1.6
constexpr double kResolution = 1e-6;     // of the largest value: what squaring leaves of the small
constexpr double kFewestChanged = 0.05;  // share of elements

/// sqrt of the median of the Marchenko-Pastur law of unit variance, for 0 < ratio <= 1: with
/// x = 1 + ratio - 2 sqrt(ratio) cos t the density is sin^2 t / x up to a constant.
double median_of_noise(double ratio) {
  constexpr int kSteps = 4096;
  std::vector<double> cumulative(kSteps + 1, 0), place(kSteps + 1);
  double previous = 0;
  for (int i = 0; i <= kSteps; ++i) {
    const double t = std::numbers::pi * i / kSteps, sine = std::sin(t);
    const auto at = static_cast<std::size_t>(i);
    place[at] = 1 + ratio - 2 * std::sqrt(ratio) * std::cos(t);
    // At ratio 1 the density has the limit 2 at t = 0.
    const double density = place[at] > 1e-12 ? sine * sine / place[at] : 2;
    if (i > 0) cumulative[at] = cumulative[at - 1] + (previous + density) / 2;
    previous = density;
  }
  const double half = cumulative.back() / 2;
  const auto upper =
      static_cast<std::size_t>(std::ranges::lower_bound(cumulative, half) - cumulative.begin());
  const double part = (half - cumulative[upper - 1]) / (cumulative[upper] - cumulative[upper - 1]);
  return std::sqrt(place[upper - 1] + part * (place[upper] - place[upper - 1]));
}

/// b - a with the shorter side as rows, and where it differs.
struct Difference {
  std::size_t m = 0, n = 0;
  std::vector<double> values;
  std::size_t changed = 0, rows_changed = 0, columns_changed = 0;
};

Difference difference_of(const numeric::Matrix& a, const numeric::Matrix& b) {
  const bool turned = a.rows > a.columns;
  Difference d{std::min(a.rows, a.columns), std::max(a.rows, a.columns), {}};
  d.values.resize(d.m * d.n);
  std::vector<char> row_changed(d.m, 0), column_changed(d.n, 0);
  for (std::size_t i = 0; i < d.m; ++i) {
    for (std::size_t j = 0; j < d.n; ++j) {
      const std::size_t at = turned ? j * a.columns + i : i * a.columns + j;
      const double value = static_cast<double>(b.values[at]) - static_cast<double>(a.values[at]);
      d.values[i * d.n + j] = value;
      if (value == 0) continue;
      ++d.changed;
      row_changed[i] = column_changed[j] = 1;
    }
  }
  d.rows_changed = static_cast<std::size_t>(std::ranges::count(row_changed, 1));
  d.columns_changed = static_cast<std::size_t>(std::ranges::count(column_changed, 1));
  return d;
}

/// Descending; empty if they cannot be found.
std::vector<double> singular_values(const Difference& d) {
  std::vector<double> gram(d.m * d.m, 0);
  for (std::size_t i = 0; i < d.m; ++i) {
    for (std::size_t k = 0; k <= i; ++k) {
      double sum = 0;
      for (std::size_t j = 0; j < d.n; ++j) sum += d.values[i * d.n + j] * d.values[k * d.n + j];
      gram[i * d.m + k] = sum;
    }
  }
  std::vector<double> s = numeric::symmetric_eigenvalues(std::move(gram), d.m);
  std::ranges::reverse(s);
  for (double& value : s) value = std::sqrt(std::max(value, 0.0));
  return s;
}

double energy(const std::vector<double>& s, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += s[i] * s[i];
  return sum;
}

/// The widest step from above the edge to the floor of noise.
struct Gap {
  std::size_t rank = 0;
  double ratio = 0;
};

Gap widest_gap(const std::vector<double>& s, double edge) {
  Gap best;
  for (std::size_t i = 1; i <= s.size() / 4 && s[i - 1] > kAboveEdge * edge; ++i) {
    if (s[i] > kFloor * edge) continue;
    const double ratio = s[i - 1] / std::max(s[i], kResolution * s[0]);
    if (ratio > best.ratio) best = {i, ratio};
  }
  return best;
}

/// A few changed rows or elements have few directions without being an adapter.
bool spread_out(const Difference& d, std::size_t rank) {
  return d.rows_changed >= 2 * rank && d.columns_changed >= 2 * rank;
}

void classify(const Difference& d, const std::vector<double>& s, DifferenceSpectrum& result) {
  const double median =
      s.size() % 2 != 0 ? s[s.size() / 2] : (s[s.size() / 2 - 1] + s[s.size() / 2]) / 2;
  const auto m = static_cast<double>(d.m), n = static_cast<double>(d.n);
  const double sigma = median / (median_of_noise(m / n) * std::sqrt(n));
  result.edge = std::max(sigma * (std::sqrt(m) + std::sqrt(n)), kResolution * s[0]);
  result.top_to_edge = s[0] / result.edge;
  const Gap gap = widest_gap(s, result.edge);
  const double all = energy(s, s.size());
  const auto changed = static_cast<double>(d.changed) / (m * n);
  if (gap.ratio >= lines::kSpectrumGap && changed >= kFewestChanged && spread_out(d, gap.rank) &&
      energy(s, gap.rank) >= lines::kSpectrumEnergy * all) {
    result.kind = DifferenceKind::low_rank;
    result.rank = gap.rank;
  } else {
    result.rank = static_cast<std::size_t>(
        std::ranges::count_if(s, [&](double value) { return value > kAboveEdge * result.edge; }));
    const bool structured = energy(s, result.rank) >= lines::kSpectrumEnergy * all;
    result.kind = changed < kFewestChanged ? DifferenceKind::sparse
                  : structured             ? DifferenceKind::dense
                                           : DifferenceKind::noise;
  }
  result.energy_share = energy(s, result.rank) / all;
  if (result.rank > 0 && result.rank < s.size())
    result.gap = s[result.rank - 1] / std::max(s[result.rank], kResolution * s[0]);
}

bool finite(const numeric::Matrix& matrix) {
  return std::ranges::all_of(matrix.values, [](float x) { return std::isfinite(x); });
}

}  // namespace

std::string_view difference_kind_name(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::none:
      return "none";
    case DifferenceKind::sparse:
      return "sparse";
    case DifferenceKind::noise:
      return "noise";
    case DifferenceKind::low_rank:
      return "low-rank";
    case DifferenceKind::dense:
      return "dense";
  }
  return "none";
}

std::optional<DifferenceSpectrum> difference_spectrum(const numeric::Matrix& a,
                                                      const numeric::Matrix& b) {
  if (a.rows != b.rows || a.columns != b.columns ||
      std::min(a.rows, a.columns) < kFewestForSpectrum || !finite(a) || !finite(b))
    return std::nullopt;
  const double norms =
      std::sqrt(numeric::dot(a.values, a.values)) * std::sqrt(numeric::dot(b.values, b.values));
  if (!(norms > 0) || !std::isfinite(norms)) return std::nullopt;
  const Difference difference = difference_of(a, b);
  DifferenceSpectrum result{.possible = difference.m};
  if (difference.changed == 0) return result;
  const std::vector<double> s = singular_values(difference);
  if (s.empty() || !(s[0] > 0)) return std::nullopt;
  result.relative_norm = std::sqrt(energy(s, s.size()) / norms);
  classify(difference, s, result);
  return result;
}

}  // namespace prov::forensics
