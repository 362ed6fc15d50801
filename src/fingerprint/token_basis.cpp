#include "fingerprint/token_basis.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>

#include "base/digest.hpp"
#include "base/try.hpp"
#include "forensics/embedding_rows.hpp"
#include "forensics/token_pairs.hpp"
#include "model/canonical_token.hpp"
#include "numeric/sums.hpp"

namespace prov::fingerprint {
namespace {

using numeric::Matrix;

constexpr std::size_t kShortest = 2;    // bytes: single letters and stray bytes mean little
constexpr std::size_t kCandidates = 3;  // rows that are read for each one that is wanted
constexpr double kWeak = 0.5;           // of the median length of a centred row
constexpr std::uint32_t kMostIds = 1U << 20U;

struct Candidate {
  std::uint64_t key = 0;
  std::uint32_t id = 0;
  friend auto operator<=>(const Candidate&, const Candidate&) = default;
};

/// `kind` keeps texts and ids apart.
std::uint64_t key_of(char kind, std::string_view text) {
  base::ContentHasher hasher;
  hasher.update(std::as_bytes(std::span(&kind, 1)));
  hasher.update(std::as_bytes(std::span(text)));
  return hasher.finish().low;
}

std::vector<Candidate> tokens_by_text(const model::Tokenizer& tokenizer, std::uint64_t rows) {
  std::vector<Candidate> tokens;
  for (const auto& [text, id] : model::canonical_vocabulary(tokenizer)) {
    if (id < rows && text.size() >= kShortest) tokens.push_back({key_of('t', text), id});
  }
  return tokens;
}

std::vector<Candidate> tokens_by_id(std::uint64_t rows) {
  std::vector<Candidate> tokens;
  for (std::uint32_t id = 0; id < std::min<std::uint64_t>(rows, kMostIds); ++id)
    tokens.push_back({key_of('i', std::to_string(id)), id});
  return tokens;
}

void keep_first(std::vector<Candidate>& tokens, std::size_t wanted) {
  const auto kept = static_cast<std::ptrdiff_t>(std::min(wanted, tokens.size()));
  std::ranges::partial_sort(tokens, tokens.begin() + kept);
  tokens.resize(static_cast<std::size_t>(kept));
  const auto repeated = std::ranges::unique(tokens, {}, &Candidate::key);
  tokens.erase(repeated.begin(), repeated.end());
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// The first `wanted` rows that say something of their own once the mean row is taken out.
std::vector<std::size_t> strong_rows(Matrix rows, std::size_t wanted) {
  std::vector<std::size_t> kept;
  if (rows.rows == 0) return kept;
  numeric::centre_columns(rows);
  std::vector<double> lengths;
  for (std::size_t i = 0; i < rows.rows; ++i)
    lengths.push_back(std::sqrt(numeric::dot(rows.row(i), rows.row(i))));
  const double least = kWeak * median(lengths);
  for (std::size_t i = 0; i < lengths.size() && kept.size() < wanted; ++i) {
    if (lengths[i] > least) kept.push_back(i);
  }
  return kept;
}

}  // namespace

Result<TokenBasis> read_token_basis(const model::Model& model, model::NormConvention convention,
                                    std::size_t wanted) {
  TokenBasis basis;
  const model::Tensor* embedding = forensics::find_token_embedding(model.checkpoint);
  if (embedding == nullptr) {
    basis.missing = "there is no token embedding";
    return basis;
  }
  basis.by_text = model.tokenizer.has_value();
  std::vector<Candidate> tokens = basis.by_text
                                      ? tokens_by_text(*model.tokenizer, embedding->rows())
                                      : tokens_by_id(embedding->rows());
  keep_first(tokens, kCandidates * wanted);
  std::vector<std::uint32_t> ids;
  for (const Candidate& token : tokens) ids.push_back(token.id);
  PROV_TRY(const Matrix all, forensics::read_embedding_rows(model.checkpoint, *embedding, ids));
  const std::vector<std::size_t> kept = strong_rows(all, wanted);
  if (kept.empty()) {
    basis.missing = "no token has a row of its own in the embedding";
    return basis;
  }
  basis.embedding = Matrix(kept.size(), all.columns);
  ids.clear();
  for (std::size_t i = 0; i < kept.size(); ++i) {
    basis.keys.push_back(tokens[kept[i]].key);
    ids.push_back(tokens[kept[i]].id);
    std::ranges::copy(all.row(kept[i]), basis.embedding.row(i).begin());
  }
  PROV_TRY(basis.head, forensics::read_head_rows(model.checkpoint, convention, basis.embedding, ids,
                                                 embedding->rows()));
  return basis;
}

}  // namespace prov::fingerprint
