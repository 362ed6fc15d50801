#include "forensics/token_rows.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
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

/// Embedding rows of the same tokens in both models.
struct RowPairs {
  numeric::Matrix a, b;
};

/// A row shorter than these is weak.
struct LeastNorms {
  double a, b;
};

LeastNorms least_norms(const RowPairs& rows) {
  return {kWeakRow * median(row_norms(rows.a)), kWeakRow * median(row_norms(rows.b))};
}

/// Positions of the rows that are strong in both, at most `wanted`.
std::vector<std::size_t> strong_rows(const RowPairs& rows, LeastNorms least, std::size_t wanted) {
  const std::vector<double> norms_a = row_norms(rows.a), norms_b = row_norms(rows.b);
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < norms_a.size() && kept.size() < wanted; ++i) {
    if (norms_a[i] > least.a && norms_b[i] > least.b) kept.push_back(i);
  }
  return kept;
}

void keep_rows(numeric::Matrix& matrix, const std::vector<std::size_t>& rows) {
  if (rows.size() == matrix.rows) return;
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::ranges::copy(matrix.row(rows[i]), matrix.row(i).begin());  // rows[i] >= i
  matrix.rows = rows.size();
  matrix.values.resize(matrix.rows * matrix.columns);
}

void append_rows(numeric::Matrix& matrix, const numeric::Matrix& more) {
  matrix.values.insert(matrix.values.end(), more.values.begin(), more.values.end());
  matrix.rows += more.rows;
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
  const std::vector<TokenPair> pairs =
      first_in_order(std::move(pairing.pairs), kCandidates * wanted.embeddings);
  std::vector<TokenPair> kept;
  std::optional<LeastNorms> least;  // as the first rows tell it
  // Further rows are read only for those that turned out to be weak.
  for (std::size_t begin = 0; begin < pairs.size() && kept.size() < wanted.embeddings;) {
    const std::size_t end = std::min(begin + wanted.embeddings, pairs.size());
    const std::vector<TokenPair> read(pairs.begin() + static_cast<std::ptrdiff_t>(begin),
                                      pairs.begin() + static_cast<std::ptrdiff_t>(end));
    RowPairs found;
    PROV_TRY(found.a, read_embedding_rows(a.checkpoint, *embedding_a, ids_of(read, &TokenPair::a)));
    PROV_TRY(found.b, read_embedding_rows(b.checkpoint, *embedding_b, ids_of(read, &TokenPair::b)));
    if (!least) least = least_norms(found);
    const auto strong = strong_rows(found, *least, wanted.embeddings - kept.size());
    keep_rows(found.a, strong);
    keep_rows(found.b, strong);
    for (const std::size_t i : strong) kept.push_back(read[i]);
    if (begin == 0) {
      rows.embedding_a = std::move(found.a);
      rows.embedding_b = std::move(found.b);
    } else {
      append_rows(rows.embedding_a, found.a);
      append_rows(rows.embedding_b, found.b);
    }
    begin = end;
  }
  kept.resize(std::min(kept.size(), wanted.heads));
  PROV_TRY(rows.head_a,
           read_head_rows(a.checkpoint, norm_a, numeric::first_rows(rows.embedding_a, wanted.heads),
                          ids_of(kept, &TokenPair::a), embedding_a->rows()));
  PROV_TRY(rows.head_b,
           read_head_rows(b.checkpoint, norm_b, numeric::first_rows(rows.embedding_b, wanted.heads),
                          ids_of(kept, &TokenPair::b), embedding_b->rows()));
  return rows;
}

}  // namespace prov::forensics
