#include "fingerprint/sampled_fingerprint.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

#include "base/digest.hpp"
#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "fingerprint/describe_mlps.hpp"
#include "fingerprint/fingerprint_codec.hpp"
#include "forensics/declarations.hpp"
#include "forensics/norm_convention.hpp"
#include "model/row_reader.hpp"

namespace prov::fingerprint {
namespace {

constexpr int kExperts = 4;               // that are described of a mixture
constexpr std::size_t kLookedInto = 256;  // tensors
constexpr std::uint64_t kElements = 64;   // of each, in its middle
constexpr std::size_t kReaders = 16;      // at a time: each may wait for a network

void add(base::ContentHasher& hasher, std::uint64_t number) {
  std::array<std::byte, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(number >> (8 * i));
  hasher.update(bytes);
}

Result<std::vector<float>> read_middle(const model::Checkpoint& checkpoint,
                                       const model::Tensor& tensor) {
  if (tensor.info.dtype == format::Dtype::c64) return std::vector<float>();
  const std::uint64_t count = std::min(kElements, tensor.elements());
  std::vector<float> values(static_cast<std::size_t>(count));
  PROV_CHECK(
      model::RowReader(checkpoint, tensor).read_elements((tensor.elements() - count) / 2, values));
  return values;
}

/// Of all names and shapes, and of a few elements of many tensors.
Result<base::ContentHash> read_identity(const model::Checkpoint& checkpoint) {
  base::ContentHasher hasher;
  for (const model::Tensor& tensor : checkpoint.tensors) {
    add(hasher, tensor.info.name.size());
    hasher.update(std::as_bytes(std::span(tensor.info.name)));
    add(hasher, tensor.info.shape.size());
    for (const std::uint64_t size : tensor.info.shape) add(hasher, size);
  }
  const std::vector<std::size_t> chosen = spread(checkpoint.tensors.size(), kLookedInto);
  std::vector<std::optional<Result<std::vector<float>>>> middles(chosen.size());
  base::parallel_for(chosen.size(), kReaders, [&](std::size_t i) {
    middles[i] = read_middle(checkpoint, checkpoint.tensors[chosen[i]]);
  });
  for (std::optional<Result<std::vector<float>>>& middle : middles) {
    PROV_TRY(const std::vector<float> values, *std::move(middle));
    for (const float value : values) add(hasher, std::bit_cast<std::uint32_t>(value));
  }
  return hasher.finish();
}

std::vector<model::Mlp> middle_layer(const std::vector<model::Mlp>& mlps) {
  const std::vector<model::Mlp> layers = one_of_each_layer(mlps);
  std::vector<model::Mlp> chosen;
  for (const std::size_t i : spread(layers.size(), 1)) {
    std::ranges::copy_if(mlps, std::back_inserter(chosen), [&](const model::Mlp& mlp) {
      return mlp.place.tower == layers[i].place.tower && mlp.place.layer == layers[i].place.layer;
    });
  }
  return chosen;
}

}  // namespace

Result<WeightFingerprint> read_sampled_fingerprint(const model::Model& model,
                                                   const std::stop_token& stop) {
  WeightFingerprint result;
  result.sketch.sampled = result.standard.sampled = true;
  PROV_TRY(result.sketch.weights, read_identity(model.checkpoint));
  const std::uint64_t identity = result.sketch.weights.low;
  PROV_TRY(result.sketch.positional, read_positional_code(model.checkpoint, identity));

  const model::NormConvention convention =
      forensics::norm_convention(forensics::read_declarations(model));
  const std::vector<model::Mlp> mlps = model::mlps_of(model.checkpoint, convention, kExperts);
  PROV_CHECK(describe_mlps(model, middle_layer(mlps), convention, {}, stop, result));
  PROV_TRY(const auto grams, sample_mlps(model.checkpoint, mlps, stop, result.standard));
  result.sketch.hidden_axis = hidden_axis_code(grams, identity);

  base::ContentHasher hasher;
  hasher.update(encode({.sketch = result.sketch, .standard = result.standard, .signals = {}}));
  result.sketch.weights = hasher.finish();
  return result;
}

}  // namespace prov::fingerprint
