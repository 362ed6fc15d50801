#include "forensics/gram_agreement.hpp"

#include <cmath>
#include <span>

#include "numeric/gemm.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kFewestUnits = 8;

}  // namespace

CentredGram centred_gram(const numeric::Matrix& matrix) {
  const std::size_t n = matrix.rows;
  CentredGram gram{n, std::vector<float>(n * n), 0};
  if (n < kFewestUnits) return gram;
  numeric::multiply_by_transpose(matrix.values, n, matrix.values, n, matrix.columns, gram.values);
  // Sums of columns are those of rows in the same order, and no addition waits for another.
  std::vector<double> mean(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    gram.values[i * n + i] = 0;
    const auto row = std::span(gram.values).subspan(i * n, n);
    for (std::size_t j = 0; j < n; ++j) mean[j] += static_cast<double>(row[j]);
  }
  double total = 0;
  for (double& value : mean) {
    value /= static_cast<double>(n - 2);
    total += value;
  }
  for (double& value : mean) value -= total / (2 * static_cast<double>(n - 1));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      float& value = gram.values[i * n + j];
      if (i != j) value = static_cast<float>(static_cast<double>(value) - (mean[i] + mean[j]));
    }
  }
  gram.norm2 = numeric::dot(gram.values, gram.values);
  return gram;
}

std::optional<GramAgreement> gram_agreement(const CentredGram& a, const CentredGram& b) {
  if (a.units != b.units || a.units < kFewestUnits) return std::nullopt;
  if (!(a.norm2 > 0) || !(b.norm2 > 0) || !std::isfinite(a.norm2 * b.norm2)) return std::nullopt;
  const double cka = numeric::dot(a.values, b.values) / std::sqrt(a.norm2 * b.norm2);
  const double n = static_cast<double>(a.units);
  return GramAgreement{cka, cka * std::sqrt(n * (n - 1) / 2), a.units};
}

std::optional<GramAgreement> gram_agreement(const numeric::Matrix& a, const numeric::Matrix& b) {
  if (a.rows != b.rows) return std::nullopt;
  return gram_agreement(centred_gram(a), centred_gram(b));
}

}  // namespace prov::forensics
