#include "numeric/linear_system.hpp"

#include <cmath>

namespace prov::numeric {
namespace {

constexpr double kSmallestPivot = 1e-12;  // of the diagonal element

/// Lower triangle L with a = L L^T.
std::optional<std::vector<double>> decompose(std::span<const double> a, std::size_t size) {
  std::vector<double> lower(size * size, 0);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = a[i * size + j];
      for (std::size_t k = 0; k < j; ++k) sum -= lower[i * size + k] * lower[j * size + k];
      if (i != j) {
        lower[i * size + j] = sum / lower[j * size + j];
      } else if (sum > kSmallestPivot * a[i * size + i] && std::isfinite(sum)) {
        lower[i * size + i] = std::sqrt(sum);
      } else {
        return std::nullopt;
      }
    }
  }
  return lower;
}

}  // namespace

std::optional<std::vector<double>> inverse_symmetric(std::span<const double> a, std::size_t size) {
  const auto lower = decompose(a, size);
  if (!lower) return std::nullopt;
  std::vector<double> inverse(size * size, 0);
  std::vector<double> column(size);
  for (std::size_t unit = 0; unit < size; ++unit) {
    // Forward, then backward substitution of a unit vector.
    for (std::size_t i = 0; i < size; ++i) {
      double sum = i == unit ? 1 : 0;
      for (std::size_t k = 0; k < i; ++k) sum -= (*lower)[i * size + k] * column[k];
      column[i] = sum / (*lower)[i * size + i];
    }
    for (std::size_t i = size; i-- > 0;) {
      double sum = column[i];
      for (std::size_t k = i + 1; k < size; ++k) sum -= (*lower)[k * size + i] * column[k];
      column[i] = sum / (*lower)[i * size + i];
    }
    for (std::size_t i = 0; i < size; ++i) inverse[i * size + unit] = column[i];
  }
  return inverse;
}

}  // namespace prov::numeric
