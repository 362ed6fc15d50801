#include "forensics/token_embedding.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "base/parallel_for.hpp"
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

/// What two rows have in common.
struct RowAgreement {
  double cosine = 0;
  bool identical = false;
};

/// Compares rows as they are read, so that memory holds only those of the geometry.
class RowComparison {
 public:
  RowComparison(const model::Checkpoint& a, const model::Tensor& embedding_a,
                const model::Checkpoint& b, const model::Tensor& embedding_b,
                std::span<const TokenPair> pairs)
      : a_(a), b_(b), embedding_a_(embedding_a), embedding_b_(embedding_b), pairs_(pairs) {
    const std::size_t described = std::min(pairs.size(), kGeometryTokens);
    rows_a_ = numeric::Matrix(described, embedding_a.row_elements());
    rows_b_ = numeric::Matrix(described, embedding_b.row_elements());
    // Rows of different widths have a geometry and nothing else to compare.
    agreements_.resize(same_width() ? pairs.size() : described);
  }

  Result<void> run(TokenAgreement& agreement) {
    expect_rows();
    constexpr std::size_t kAtOnce = 128;
    std::vector<Result<void>> parts((agreements_.size() + kAtOnce - 1) / kAtOnce);
    base::parallel_for(parts.size(), base::worker_count(), [&](std::size_t part) {
      parts[part] = compare(part * kAtOnce, std::min((part + 1) * kAtOnce, agreements_.size()));
    });
    for (Result<void>& part : parts) PROV_CHECK(std::move(part));
    if (same_width()) summarise(agreement);
    agreement.described = rows_a_.rows;
    agreement.geometry = token_geometry_correlation(rows_a_, rows_b_);
    return {};
  }

 private:
  bool same_width() const { return rows_a_.columns == rows_b_.columns; }

  void expect_rows() const {
    std::vector<model::ElementRange> wanted_a, wanted_b;
    for (const TokenPair& pair : pairs_) {
      wanted_a.push_back({pair.a * rows_a_.columns, rows_a_.columns});
      wanted_b.push_back({pair.b * rows_b_.columns, rows_b_.columns});
    }
    model::RowReader(a_, embedding_a_).expect(wanted_a);
    model::RowReader(b_, embedding_b_).expect(wanted_b);
  }

  Result<void> compare(std::size_t begin, std::size_t end) {
    model::RowReader reader_a(a_, embedding_a_), reader_b(b_, embedding_b_);
    std::vector<float> row_a(rows_a_.columns), row_b(rows_b_.columns);
    for (std::size_t i = begin; i < end; ++i) {
      PROV_CHECK(reader_a.read_rows(pairs_[i].a, 1, row_a));
      PROV_CHECK(reader_b.read_rows(pairs_[i].b, 1, row_b));
      numeric::clear_non_finite(row_a);
      numeric::clear_non_finite(row_b);
      if (same_width()) agreements_[i] = {cosine(numeric::products(row_a, row_b)), row_a == row_b};
      if (i >= rows_a_.rows) continue;
      std::ranges::copy(row_a, rows_a_.row(i).begin());
      std::ranges::copy(row_b, rows_b_.row(i).begin());
    }
    return {};
  }

  void summarise(TokenAgreement& agreement) {
    const auto count = static_cast<double>(agreements_.size());
    double sum = 0, identical = 0;
    for (const RowAgreement& row : agreements_) {
      sum += row.cosine;
      identical += row.identical ? 1 : 0;
    }
    agreement.mean_cosine = sum / count;
    agreement.identical_share = identical / count;
    const auto middle = agreements_.begin() + static_cast<std::ptrdiff_t>(agreements_.size() / 2);
    std::ranges::nth_element(agreements_, middle, {}, &RowAgreement::cosine);
    agreement.median_cosine = middle->cosine;
  }

  const model::Checkpoint &a_, &b_;
  const model::Tensor &embedding_a_, &embedding_b_;
  std::span<const TokenPair> pairs_;
  numeric::Matrix rows_a_, rows_b_;
  std::vector<RowAgreement> agreements_;
};

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
    PROV_CHECK(RowComparison(a.checkpoint, *embedding_a, b.checkpoint, *embedding_b, pairs)
                   .run(agreement));
  }
  if (agreement.by_text && embedding_a->rows() == embedding_b->rows() && !mostly_equal_ids(pairs)) {
    const std::vector<TokenPair> same_ids =
        first_in_order(pairs_by_id(embedding_a->rows()), kMostTokens);
    TokenAgreement by_id;
    PROV_CHECK(
        RowComparison(a.checkpoint, *embedding_a, b.checkpoint, *embedding_b, same_ids).run(by_id));
    agreement.geometry_by_id = by_id.geometry;
  }
  return agreement;
}

}  // namespace prov::forensics
