#include "forensics/token_pairs.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "base/digest.hpp"
#include "base/parallel_for.hpp"
#include "model/canonical_token.hpp"

namespace prov::forensics {
namespace {

constexpr std::uint64_t kWidestEmbedding = std::uint64_t{1} << 16;  // memory is bounded by rows

std::uint64_t order_of(std::string_view text) {
  base::ContentHasher hasher;
  hasher.update(std::as_bytes(std::span(text)));
  return hasher.finish().low;
}

}  // namespace

const model::Tensor* find_token_embedding(const model::Checkpoint& checkpoint) {
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

TokenPairing pair_tokens(const model::Model& a, const model::Tensor& embedding_a,
                         const model::Model& b, const model::Tensor& embedding_b) {
  TokenPairing pairing;
  pairing.by_text = a.tokenizer.has_value() && b.tokenizer.has_value();
  if (!pairing.by_text) {
    if (embedding_a.rows() == embedding_b.rows()) pairing.pairs = pairs_by_id(embedding_a.rows());
    return pairing;
  }
  model::CanonicalVocabulary in_a, in_b;
  base::parallel_for(2, base::worker_count(), [&](std::size_t side) {
    (side == 0 ? in_a : in_b) = model::canonical_vocabulary(*(side == 0 ? a : b).tokenizer);
  });
  for (const auto& [text, id] : in_a) {
    const auto partner = in_b.find(text);
    if (partner == in_b.end()) continue;
    if (id >= embedding_a.rows() || partner->second >= embedding_b.rows()) continue;
    pairing.pairs.push_back({order_of(text), id, partner->second, text.size() < 2});
  }
  return pairing;
}

std::vector<TokenPair> pairs_by_id(std::uint64_t rows) {
  constexpr std::uint64_t kMostIds = std::uint64_t{1} << 20;
  std::vector<TokenPair> pairs;
  for (std::uint32_t id = 0; id < std::min(rows, kMostIds); ++id)
    pairs.push_back({order_of(std::to_string(id)), id, id, false});
  return pairs;
}

std::vector<TokenPair> first_in_order(std::vector<TokenPair> pairs, std::size_t most) {
  const auto earlier = [](const TokenPair& x, const TokenPair& y) {
    return x.order != y.order ? x.order < y.order : std::min(x.a, x.b) < std::min(y.a, y.b);
  };
  const std::size_t kept = std::min(most, pairs.size());
  std::ranges::partial_sort(pairs, pairs.begin() + static_cast<std::ptrdiff_t>(kept), earlier);
  pairs.resize(kept);
  return pairs;
}

}  // namespace prov::forensics
