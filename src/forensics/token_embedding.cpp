#include "forensics/token_embedding.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "base/try.hpp"
#include "forensics/token_geometry.hpp"
#include "forensics/token_pairs.hpp"
#include "model/row_reader.hpp"
#include "numeric/matrix.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kMostTokens = 2048;
constexpr std::size_t kGeometryTokens = 384;

/// False for vocabularies in another order, and for another tokenizer, which may have been put
/// there.
bool mostly_equal_ids(std::span<const TokenPair> pairs) {
  const auto equal =
      std::ranges::count_if(pairs, [](const TokenPair& pair) { return pair.a == pair.b; });
  return !pairs.empty() && 2 * static_cast<std::size_t>(equal) >= pairs.size();
}

/// <a, b> / (||a|| ||b||), 0 if one is zero.
double cosine(const numeric::Products& products) {
  const double norms = std::sqrt(products.aa * products.bb);
  return norms > 0 ? std::clamp(products.ab / norms, -1.0, 1.0) : 0;
}

/// Row by row, so that memory holds only the rows of the geometry.
Result<void> compare_rows(const model::Model& a, const model::Tensor& embedding_a,
                          const model::Model& b, const model::Tensor& embedding_b,
                          std::span<const TokenPair> pairs, TokenAgreement& agreement) {
  model::RowReader reader_a(a.checkpoint, embedding_a), reader_b(b.checkpoint, embedding_b);
  std::vector<float> row_a(embedding_a.row_elements()), row_b(embedding_b.row_elements());
  std::vector<model::ElementRange> wanted_a, wanted_b;
  for (const TokenPair& pair : pairs) {
    wanted_a.push_back({pair.a * row_a.size(), row_a.size()});
    wanted_b.push_back({pair.b * row_b.size(), row_b.size()});
  }
  reader_a.expect(wanted_a);
  reader_b.expect(wanted_b);
  const std::size_t described = std::min(pairs.size(), kGeometryTokens);
  agreement.described = described;
  numeric::Matrix rows_a(described, row_a.size()), rows_b(described, row_b.size());
  const bool same_width = row_a.size() == row_b.size();
  std::vector<double> cosines;
  std::size_t identical = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!same_width && i >= described) break;
    PROV_CHECK(reader_a.read_rows(pairs[i].a, 1, row_a));
    PROV_CHECK(reader_b.read_rows(pairs[i].b, 1, row_b));
    numeric::clear_non_finite(row_a);
    numeric::clear_non_finite(row_b);
    if (same_width) {
      cosines.push_back(cosine(numeric::products(row_a, row_b)));
      identical += row_a == row_b;
    }
    if (i < described) {
      std::ranges::copy(row_a, rows_a.row(i).begin());
      std::ranges::copy(row_b, rows_b.row(i).begin());
    }
  }
  if (same_width) {
    const double count = static_cast<double>(cosines.size());
    double sum = 0;
    for (double value : cosines) sum += value;
    agreement.mean_cosine = sum / count;
    agreement.identical_share = static_cast<double>(identical) / count;
    const auto middle = cosines.begin() + static_cast<std::ptrdiff_t>(cosines.size() / 2);
    std::ranges::nth_element(cosines, middle);
    agreement.median_cosine = *middle;
  }
  agreement.geometry = token_geometry_correlation(rows_a, rows_b);
  return {};
}

}  // namespace

Result<TokenAgreement> compare_token_embeddings(const model::Model& a, const model::Model& b) {
  TokenAgreement agreement;
  const model::Tensor* embedding_a = find_token_embedding(a.checkpoint);
  const model::Tensor* embedding_b = find_token_embedding(b.checkpoint);
  if (embedding_a == nullptr || embedding_b == nullptr) {
    agreement.missing = "a model has no token embedding";
    return agreement;
  }
  TokenPairing pairing = pair_tokens(a, *embedding_a, b, *embedding_b);
  agreement.by_text = pairing.by_text;
  agreement.common = pairing.pairs.size();
  std::vector<TokenPair> pairs = first_in_order(std::move(pairing.pairs), kMostTokens);
  agreement.compared = pairs.size();
  if (pairs.empty()) {
    agreement.missing = agreement.by_text
                            ? "the vocabularies have no token in common"
                            : "a tokenizer is missing and the vocabulary sizes differ";
  } else {
    PROV_CHECK(compare_rows(a, *embedding_a, b, *embedding_b, pairs, agreement));
  }
  if (agreement.by_text && embedding_a->rows() == embedding_b->rows() && !mostly_equal_ids(pairs)) {
    const std::vector<TokenPair> same_ids =
        first_in_order(pairs_by_id(embedding_a->rows()), kMostTokens);
    TokenAgreement by_id;
    PROV_CHECK(compare_rows(a, *embedding_a, b, *embedding_b, same_ids, by_id));
    agreement.geometry_by_id = by_id.geometry;
  }
  return agreement;
}

}  // namespace prov::forensics
