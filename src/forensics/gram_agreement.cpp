#include "forensics/gram_agreement.hpp"

#include <cmath>
#include <vector>

#include "numeric/gemm.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kFewestUnits = 8;

/// A A^T with zero diagonal and unbiased centring: every row and column sums to 0.
std::vector<double> centred_gram(const Matrix& matrix) {
  const std::size_t n = matrix.rows;
  std::vector<float> product(n * n);
  numeric::multiply_by_transpose(matrix.values, n, matrix.values, n, matrix.columns, product);
  std::vector<double> gram(product.begin(), product.end());
  std::vector<double> mean(n, 0);
  double total = 0;
  for (std::size_t i = 0; i < n; ++i) {
    gram[i * n + i] = 0;
    for (std::size_t j = 0; j < n; ++j) mean[i] += gram[i * n + j];
    mean[i] /= static_cast<double>(n - 2);
    total += mean[i];
  }
  for (double& value : mean) value -= total / (2 * static_cast<double>(n - 1));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) gram[i * n + j] -= i == j ? 0 : mean[i] + mean[j];
  }
  return gram;
}

}  // namespace

std::optional<GramAgreement> gram_agreement(const Matrix& a, const Matrix& b) {
  if (a.rows != b.rows || a.rows < kFewestUnits) return std::nullopt;
  const std::vector<double> k = centred_gram(a), l = centred_gram(b);
  double kk = 0, ll = 0, kl = 0;
  for (std::size_t i = 0; i < k.size(); ++i) {
    kk += k[i] * k[i];
    ll += l[i] * l[i];
    kl += k[i] * l[i];
  }
  if (!(kk > 0) || !(ll > 0) || !std::isfinite(kk * ll)) return std::nullopt;
  const double cka = kl / std::sqrt(kk * ll), n = static_cast<double>(a.rows);
  return GramAgreement{cka, cka * std::sqrt(n * (n - 1) / 2), a.rows};
}

}  // namespace prov::forensics
