#include "fingerprint/describe_mlps.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "fingerprint/neuron_responses.hpp"
#include "fingerprint/neuron_words.hpp"
#include "fingerprint/token_basis.hpp"
#include "model/unit_strengths.hpp"

namespace prov::fingerprint {
namespace {

using numeric::Matrix;

constexpr std::size_t kMostWorkers = 8;  // bounds memory: each holds rows of one MLP
// Of W_down, so that no byte is asked for twice: 128 MiB.
constexpr std::size_t kSparingKept = std::size_t{1} << 25U;
constexpr std::size_t kTokenElements = std::size_t{1} << 24U;  // of the token rows of a model

struct DescribedMlp {
  std::vector<std::uint64_t> words;
  UnitResponses responses;
  double strength = 0;  // of all its units together
};

Matrix first_columns(const Matrix& matrix, std::size_t count) {
  Matrix result(matrix.rows, std::min(count, matrix.columns));
  for (std::size_t i = 0; i < matrix.rows; ++i)
    std::copy_n(matrix.row(i).begin(), result.columns, result.row(i).begin());
  numeric::centre_rows(result);
  return result;
}

DescribedMlp described(const model::Mlp& mlp, const NeuronResponses& responses,
                       std::span<const std::uint64_t> keys) {
  DescribedMlp result;
  result.words = words_of(responses, keys);
  result.responses = {mlp.place, responses.units,
                      quantise_rows(first_columns(responses.gate, kStandardTokens)),
                      quantise_rows(first_columns(responses.up, kStandardTokens)),
                      quantise_rows(first_columns(responses.down, kStandardTokens))};
  for (const double strength : responses.strengths) result.strength += strength;
  return result;
}

/// Calls `read(i)` for each of [0, count) on several threads; the error of the lowest index.
template <class Read>
Result<void> read_each(std::size_t count, const std::stop_token& stop, const Read& read) {
  std::vector<std::optional<Error>> errors(count);
  base::parallel_for(count, std::min(base::worker_count(), kMostWorkers), [&](std::size_t i) {
    if (stop.stop_requested()) return;
    if (Result<void> status = read(i); !status) errors[i] = std::move(status).error();
  });
  if (stop.stop_requested())
    return Error{.code = ErrorCode::cancelled, .message = "stopped while reading a fingerprint"};
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  return {};
}

/// Of each layer the strongest experts, in any order of them the same; of many layers some.
std::vector<std::size_t> standing_for_all(const std::vector<model::Mlp>& mlps,
                                          const std::vector<DescribedMlp>& descriptions) {
  std::map<std::pair<model::Tower, int>, std::vector<std::size_t>> layers;
  for (std::size_t i = 0; i < mlps.size(); ++i)
    layers[{mlps[i].place.tower, mlps[i].place.layer}].push_back(i);
  if (layers.empty()) return {};
  const std::size_t experts = std::max<std::size_t>(1, kStandardMlps / layers.size());
  std::vector<std::size_t> chosen;
  for (auto& [layer, members] : layers) {
    std::ranges::stable_sort(members, [&](std::size_t i, std::size_t j) {
      return descriptions[i].strength > descriptions[j].strength;
    });
    members.resize(std::min(members.size(), experts));
    std::ranges::sort(members);
    chosen.insert(chosen.end(), members.begin(), members.end());
  }
  std::vector<std::size_t> kept;
  for (const std::size_t i : spread(chosen.size(), kStandardMlps)) kept.push_back(chosen[i]);
  return kept;
}

/// Tokens enough to name neurons, fewer where rows are very wide.
std::size_t affordable_tokens(const std::vector<model::Mlp>& mlps) {
  const std::uint64_t width = mlps.empty() ? 1 : std::max<std::uint64_t>(1, mlps[0].residual());
  return static_cast<std::size_t>(
      std::clamp<std::uint64_t>(kTokenElements / (4 * width), 16, kWordTokens));
}

}  // namespace

std::vector<std::size_t> spread(std::size_t count, std::size_t wanted) {
  std::vector<std::size_t> chosen;
  const std::size_t kept = std::min(count, wanted);
  for (std::size_t i = 0; i < kept; ++i) chosen.push_back((2 * i + 1) * count / (2 * kept));
  return chosen;
}

Result<void> describe_mlps(const model::Model& model, const std::vector<model::Mlp>& mlps,
                           model::NormConvention convention, const KnownStrengths& known,
                           const std::stop_token& stop, WeightFingerprint& result) {
  Standard& standard = result.standard;
  PROV_TRY(const TokenBasis tokens, read_token_basis(model, convention, affordable_tokens(mlps)));
  standard.missing = tokens.missing;
  standard.by_text = tokens.by_text;
  if (mlps.empty()) standard.missing = "no MLP was recognised";
  if (!standard.missing.empty()) return {};
  std::vector<DescribedMlp> descriptions(mlps.size());
  PROV_CHECK(read_each(mlps.size(), stop, [&](std::size_t i) -> Result<void> {
    if (mlps[i].residual() != tokens.embedding.columns) return {};
    const std::vector<double> strengths = known ? known(i) : std::vector<double>();
    PROV_TRY(const NeuronResponses responses,
             read_responses(model.checkpoint, mlps[i], tokens, strengths,
                            known ? model::kKeptElements : kSparingKept / mlps.size()));
    descriptions[i] = described(mlps[i], responses, tokens.keys);
    return {};
  }));
  std::vector<std::uint64_t> words;
  for (const DescribedMlp& mlp : descriptions)
    words.insert(words.end(), mlp.words.begin(), mlp.words.end());
  result.sketch.words = kept_words(std::move(words));
  for (const std::size_t i : standing_for_all(mlps, descriptions)) {
    if (!descriptions[i].responses.units.empty())
      standard.mlps.push_back(std::move(descriptions[i].responses));
  }
  if (standard.mlps.empty()) {
    standard.missing = "no MLP is as wide as the token embedding";
    return {};
  }
  standard.tokens = tokens.keys;
  standard.tokens.resize(std::min(standard.tokens.size(), kStandardTokens));
  return {};
}

std::vector<model::Mlp> one_of_each_layer(const std::vector<model::Mlp>& mlps) {
  std::vector<model::Mlp> chosen;
  for (const model::Mlp& mlp : mlps) {
    if (chosen.empty() || chosen.back().place.layer != mlp.place.layer ||
        chosen.back().place.tower != mlp.place.tower)
      chosen.push_back(mlp);
  }
  return chosen;
}

Result<std::vector<forensics::CentredGram>> sample_mlps(const model::Checkpoint& checkpoint,
                                                        const std::vector<model::Mlp>& mlps,
                                                        const std::stop_token& stop,
                                                        Standard& standard) {
  const std::vector<model::Mlp> placed = one_of_each_layer(mlps);
  const std::vector<std::size_t> sampled = spread(placed.size(), kDepths);
  standard.samples.resize(sampled.size());
  PROV_CHECK(read_each(sampled.size(), stop, [&](std::size_t i) -> Result<void> {
    PROV_TRY(standard.samples[i], read_unit_sample(checkpoint, placed[sampled[i]]));
    return {};
  }));
  std::vector<forensics::CentredGram> grams;
  for (const UnitSample& sample : standard.samples) grams.push_back(gram_of(sample));
  return grams;
}

}  // namespace prov::fingerprint
