#include "forensics/token_embedding.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/digest.hpp"
#include "base/try.hpp"
#include "forensics/matrix.hpp"
#include "forensics/token_geometry.hpp"
#include "model/row_reader.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

constexpr std::size_t kMostTokens = 2048;
constexpr std::size_t kGeometryTokens = 384;
constexpr std::uint64_t kWidestEmbedding =
    std::uint64_t{1} << 16;  // 384 rows of it are held at once: 100 MiB a model

/// The text model's embedding, else that of the first tower that has one.
const model::Tensor* find_embedding(const model::Checkpoint& checkpoint) {
  const model::Tensor* best = nullptr;
  for (const model::Tensor& tensor : checkpoint.tensors) {
    const bool embedding = tensor.role.kind == model::RoleKind::token_embedding &&
                           tensor.role.parameter == model::Parameter::weight &&
                           tensor.info.shape.size() == 2 &&
                           tensor.info.shape[1] <= kWidestEmbedding;
    if (embedding && (best == nullptr || tensor.role.tower < best->role.tower)) best = &tensor;
  }
  return best;
}

using Vocabulary = std::unordered_map<std::string_view, std::uint32_t>;

Vocabulary vocabulary_of(const model::Tokenizer& tokenizer, std::uint64_t rows) {
  Vocabulary vocabulary;
  for (const auto& [text, id] : tokenizer.vocabulary) {
    if (id < rows) vocabulary.emplace(text, id);
  }
  for (const model::AddedToken& token : tokenizer.added_tokens) {
    if (token.id < rows) vocabulary.insert_or_assign(token.content, token.id);
  }
  return vocabulary;
}

struct TokenPair {
  std::uint64_t order =
      0;  // hash of the text (or id): a fixed sample whatever the vocabularies' order
  std::uint32_t a = 0, b = 0;
};

std::uint64_t order_of(std::string_view text) {
  base::ContentHasher hasher;
  hasher.update(std::as_bytes(std::span(text)));
  return hasher.finish().low;
}

std::vector<TokenPair> pairs_by_text(const Vocabulary& in_a, const Vocabulary& in_b) {
  std::vector<TokenPair> pairs;
  for (const auto& [text, id] : in_a) {
    const auto partner = in_b.find(text);
    if (partner != in_b.end()) pairs.push_back({order_of(text), id, partner->second});
  }
  return pairs;
}

std::vector<TokenPair> pairs_by_id(std::uint64_t rows) {
  constexpr std::uint64_t kMostIds = std::uint64_t{1} << 20;
  std::vector<TokenPair> pairs;
  for (std::uint32_t id = 0; id < std::min(rows, kMostIds); ++id)
    pairs.push_back({order_of(std::to_string(id)), id, id});
  return pairs;
}

/// The first 2048 in hash order; ids break ties, so that the choice is one whatever order they came
/// in.
void keep_sample(std::vector<TokenPair>& pairs) {
  const auto earlier = [](const TokenPair& x, const TokenPair& y) {
    return x.order != y.order ? x.order < y.order : std::min(x.a, x.b) < std::min(y.a, y.b);
  };
  std::ranges::sort(pairs, earlier);
  if (pairs.size() > kMostTokens) pairs.resize(kMostTokens);
}

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
  const std::size_t described = std::min(pairs.size(), kGeometryTokens);
  agreement.described = described;
  Matrix rows_a(described, row_a.size()), rows_b(described, row_b.size());
  const bool same_width = row_a.size() == row_b.size();
  std::vector<double> cosines;
  std::size_t identical = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!same_width && i >= described) break;
    PROV_CHECK(reader_a.read_rows(pairs[i].a, 1, row_a));
    PROV_CHECK(reader_b.read_rows(pairs[i].b, 1, row_b));
    clear_non_finite(row_a);
    clear_non_finite(row_b);
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
  const model::Tensor* embedding_a = find_embedding(a.checkpoint);
  const model::Tensor* embedding_b = find_embedding(b.checkpoint);
  if (embedding_a == nullptr || embedding_b == nullptr) {
    agreement.missing = "a model has no token embedding";
    return agreement;
  }
  std::vector<TokenPair> pairs;
  agreement.by_text = a.tokenizer.has_value() && b.tokenizer.has_value();
  if (agreement.by_text) {
    pairs = pairs_by_text(vocabulary_of(*a.tokenizer, embedding_a->rows()),
                          vocabulary_of(*b.tokenizer, embedding_b->rows()));
  } else if (embedding_a->rows() == embedding_b->rows()) {
    pairs = pairs_by_id(embedding_a->rows());
  }
  agreement.common = pairs.size();
  keep_sample(pairs);
  agreement.compared = pairs.size();
  if (pairs.empty()) {
    agreement.missing = agreement.by_text
                            ? "the vocabularies have no token in common"
                            : "a tokenizer is missing and the vocabulary sizes differ";
  } else {
    PROV_CHECK(compare_rows(a, *embedding_a, b, *embedding_b, pairs, agreement));
  }
  if (agreement.by_text && embedding_a->rows() == embedding_b->rows() && !mostly_equal_ids(pairs)) {
    std::vector<TokenPair> same_ids = pairs_by_id(embedding_a->rows());
    keep_sample(same_ids);
    TokenAgreement by_id;
    PROV_CHECK(compare_rows(a, *embedding_a, b, *embedding_b, same_ids, by_id));
    agreement.geometry_by_id = by_id.geometry;
  }
  return agreement;
}

}  // namespace prov::forensics
