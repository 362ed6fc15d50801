#include "forensics/token_rows.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/try.hpp"
#include "forensics/embedding_rows.hpp"
#include "forensics/token_pairs.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

constexpr double kWeakRow = 0.2;  // of the median norm
// Hardly trained tokens are few; twice as many rows are read as are wanted.
constexpr std::size_t kCandidates = 2;

std::vector<double> row_norms(const numeric::Matrix& matrix) {
  std::vector<double> norms;
  for (std::size_t i = 0; i < matrix.rows; ++i)
    norms.push_back(std::sqrt(numeric::dot(matrix.row(i), matrix.row(i))));
  return norms;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// The rows of both that are strong in both, at most `wanted`.
std::vector<std::size_t> strong_rows(const numeric::Matrix& a, const numeric::Matrix& b,
                                     std::size_t wanted) {
  const std::vector<double> norms_a = row_norms(a), norms_b = row_norms(b);
  const double least_a = kWeakRow * median(norms_a), least_b = kWeakRow * median(norms_b);
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < a.rows && kept.size() < wanted; ++i) {
    if (norms_a[i] > least_a && norms_b[i] > least_b) kept.push_back(i);
  }
  return kept;
}

numeric::Matrix chosen(const numeric::Matrix& matrix, const std::vector<std::size_t>& rows) {
  numeric::Matrix result(rows.size(), matrix.columns);
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::ranges::copy(matrix.row(rows[i]), result.row(i).begin());
  return result;
}

std::vector<std::uint32_t> ids_of(const std::vector<TokenPair>& pairs,
                                  std::uint32_t TokenPair::* side) {
  std::vector<std::uint32_t> ids;
  for (const TokenPair& pair : pairs) ids.push_back(pair.*side);
  return ids;
}

}  // namespace

Result<TokenRows> read_token_rows(const model::Model& a, model::NormConvention norm_a,
                                  const model::Model& b, model::NormConvention norm_b,
                                  TokenCounts wanted) {
  TokenRows rows;
  const model::Tensor* embedding_a = find_token_embedding(a.checkpoint);
  const model::Tensor* embedding_b = find_token_embedding(b.checkpoint);
  if (embedding_a == nullptr || embedding_b == nullptr) {
    rows.missing = "a model has no token embedding";
    return rows;
  }
  TokenPairing pairing = pair_tokens(a, *embedding_a, b, *embedding_b);
  std::erase_if(pairing.pairs, &TokenPair::short_text);
  rows.by_text = pairing.by_text;
  rows.common = pairing.pairs.size();
  if (rows.common == 0) {
    rows.missing = pairing.by_text ? "the vocabularies have no token in common"
                                   : "a tokenizer is missing and the vocabulary sizes differ";
    return rows;
  }
  std::vector<TokenPair> pairs =
      first_in_order(std::move(pairing.pairs), kCandidates * wanted.embeddings);
  PROV_TRY(const numeric::Matrix all_a,
           read_embedding_rows(a.checkpoint, *embedding_a, ids_of(pairs, &TokenPair::a)));
  PROV_TRY(const numeric::Matrix all_b,
           read_embedding_rows(b.checkpoint, *embedding_b, ids_of(pairs, &TokenPair::b)));
  const std::vector<std::size_t> kept = strong_rows(all_a, all_b, wanted.embeddings);
  rows.embedding_a = chosen(all_a, kept);
  rows.embedding_b = chosen(all_b, kept);
  std::vector<TokenPair> heard;
  for (std::size_t i = 0; i < std::min(kept.size(), wanted.heads); ++i)
    heard.push_back(pairs[kept[i]]);
  PROV_TRY(rows.head_a,
           read_head_rows(a.checkpoint, norm_a, numeric::first_rows(rows.embedding_a, wanted.heads),
                          ids_of(heard, &TokenPair::a), embedding_a->rows()));
  PROV_TRY(rows.head_b,
           read_head_rows(b.checkpoint, norm_b, numeric::first_rows(rows.embedding_b, wanted.heads),
                          ids_of(heard, &TokenPair::b), embedding_b->rows()));
  return rows;
}

}  // namespace prov::forensics
