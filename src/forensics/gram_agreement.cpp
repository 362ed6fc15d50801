#include "forensics/gram_agreement.hpp"

#include <cmath>
#include <span>

#include "numeric/gemm.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kFewestUnits = 8;

/// Inner products of the units, over the features of all blocks.
std::vector<float> inner_products(std::span<const numeric::Matrix> blocks, std::size_t units) {
  std::vector<float> sum(units * units);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const numeric::Matrix& block = blocks[i];
    std::vector<float> part(i == 0 ? 0 : sum.size());
    const std::span<float> out = i == 0 ? sum : part;
    numeric::multiply_by_transpose(block.values, units, block.values, units, block.columns, out);
    for (std::size_t k = 0; k < part.size(); ++k) sum[k] += part[k];
  }
  return sum;
}

}  // namespace

CentredGram centred_gram(const numeric::Matrix& matrix) {
  return centred_gram(std::span(&matrix, 1));
}

CentredGram centred_gram(std::span<const numeric::Matrix> blocks) {
  const std::size_t n = blocks.empty() ? 0 : blocks.front().rows;
  CentredGram gram{n, std::vector<float>(n * n), 0};
  if (n < kFewestUnits) return gram;
  gram.values = inner_products(blocks, n);
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
