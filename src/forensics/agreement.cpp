#include "forensics/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "forensics/sampling.hpp"
#include "model/row_reader.hpp"
#include "numeric/matrix.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

using model::RoleKind;

constexpr std::uint64_t kRows = 64;
constexpr std::uint64_t kRowRun = 8;
constexpr std::uint64_t kMostElements = std::uint64_t{1} << 17;

/// Sums over the sampled elements of one pair of tensors.
struct PairSums {
  double aa = 0, bb = 0, ab = 0;
  double difference = 0;  // ||b - a||^2
  std::uint64_t elements = 0;
  std::uint64_t equal = 0;

  std::optional<double> cosine() const {
    if (!(aa > 0) || !(bb > 0)) return std::nullopt;
    return std::clamp(ab / std::sqrt(aa * bb), -1.0, 1.0);
  }
  std::optional<double> relative_difference() const {
    if (!(aa > 0)) return std::nullopt;
    return std::sqrt(difference / aa);
  }
};

/// Flat runs of elements that stand for the tensor. A row longer than the limit gives its
/// beginning.
std::vector<model::ElementRange> sampled_runs(const model::Tensor& tensor) {
  const std::uint64_t elements = tensor.elements();
  if (elements <= kMostElements) return {{0, elements}};
  const std::uint64_t width = tensor.info.shape.back(), rows = elements / width;
  const std::uint64_t count = std::min(width, kMostElements);
  std::vector<model::ElementRange> runs;
  for (std::uint64_t row : sampled_positions(
           rows, {std::clamp<std::uint64_t>(kMostElements / width, 1, kRows), kRowRun})) {
    if (!runs.empty() && runs.back().begin + runs.back().count == row * width) {
      runs.back().count += count;
    } else {
      runs.push_back({row * width, count});
    }
  }
  return runs;
}

Result<PairSums> compare_pair(const model::Checkpoint& a, const model::Checkpoint& b,
                              const TensorPair& pair) {
  model::RowReader reader_a(a, *pair.a), reader_b(b, *pair.b);
  std::vector<float> values_a, values_b;
  PairSums sums;
  const std::vector<model::ElementRange> runs = sampled_runs(*pair.a);
  for (const model::RowReader* reader : {&reader_a, &reader_b}) reader->expect(runs);
  for (const auto& [begin, count] : runs) {
    values_a.resize(count);
    values_b.resize(count);
    PROV_CHECK(reader_a.read_elements(begin, values_a));
    PROV_CHECK(reader_b.read_elements(begin, values_b));
    sums.elements += count;
    sums.equal += numeric::count_equal(values_a, values_b);
    numeric::clear_non_finite(values_a);
    numeric::clear_non_finite(values_b);
    const numeric::Products products = numeric::products(values_a, values_b);
    sums.aa += products.aa;
    sums.bb += products.bb;
    sums.ab += products.ab;
    for (std::size_t i = 0; i < values_a.size(); ++i) values_a[i] = values_b[i] - values_a[i];
    sums.difference += numeric::dot(values_a, values_a);
  }
  return sums;
}

/// A matrix inside a layer whose elements start random and apart in every training.
bool is_layer_matrix(const model::Tensor& tensor) {
  constexpr RoleKind kMatrices[] = {RoleKind::query,
                                    RoleKind::key,
                                    RoleKind::value,
                                    RoleKind::qkv,
                                    RoleKind::kv,
                                    RoleKind::attention_output,
                                    RoleKind::gate,
                                    RoleKind::up,
                                    RoleKind::gate_up,
                                    RoleKind::up_gate,
                                    RoleKind::down,
                                    RoleKind::query_down,
                                    RoleKind::query_up,
                                    RoleKind::kv_down,
                                    RoleKind::kv_up,
                                    RoleKind::cross_query,
                                    RoleKind::cross_key,
                                    RoleKind::cross_value,
                                    RoleKind::cross_attention_output,
                                    RoleKind::ssm_in,
                                    RoleKind::ssm_out};
  return tensor.role.parameter == model::Parameter::weight && tensor.info.shape.size() >= 2 &&
         std::ranges::find(kMatrices, tensor.role.kind) != std::end(kMatrices);
}

std::string agreement_name(const model::Role& role) {
  std::string name(model::role_kind_name(role.kind));
  if (role.parameter == model::Parameter::bias) name += "_bias";
  if (role.parameter == model::Parameter::other) name += "_other";
  return name;
}

/// Means over the tensors of one role.
struct RoleSums {
  RoleAgreement agreement;
  double cosine = 0, difference = 0;
  std::uint64_t cosines = 0, differences = 0, equal = 0, elements = 0;

  void add(const PairSums& sums) {
    if (const auto value = sums.cosine()) cosine += *value, ++cosines;
    if (const auto value = sums.relative_difference()) difference += *value, ++differences;
    equal += sums.equal;
    elements += sums.elements;
  }
  RoleAgreement finish() && {
    if (cosines > 0) agreement.cosine = cosine / static_cast<double>(cosines);
    if (differences > 0)
      agreement.relative_difference = difference / static_cast<double>(differences);
    if (elements > 0)
      agreement.identical_share = static_cast<double>(equal) / static_cast<double>(elements);
    return std::move(agreement);
  }
};

struct LayerSums {
  double cosine = 0;
  std::uint64_t matrices = 0;

  void add(double value) {
    cosine += value;
    ++matrices;
  }
  double mean() const { return cosine / static_cast<double>(matrices); }
};

}  // namespace

Result<Agreement> compare_roles(const model::Checkpoint& a, const model::Checkpoint& b,
                                const TensorPairing& pairing, const std::stop_token& stop) {
  std::vector<PairSums> sums(pairing.pairs.size());
  std::vector<std::optional<Error>> errors(pairing.pairs.size());
  base::parallel_for(pairing.pairs.size(), base::worker_count(), [&](std::size_t i) {
    if (!pairing.pairs[i].same_shape || stop.stop_requested()) return;
    if (auto result = compare_pair(a, b, pairing.pairs[i])) {
      sums[i] = *result;
    } else {
      errors[i] = std::move(result).error();
    }
  });
  if (stop.stop_requested())
    return Error{.code = ErrorCode::cancelled, .message = "stopped while comparing roles"};
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }

  Agreement agreement;
  agreement.every_sample_equal = pairing.complete();
  std::map<std::string, RoleSums> roles;
  std::map<std::pair<model::Tower, int>, LayerSums> layers;
  for (std::size_t i = 0; i < pairing.pairs.size(); ++i) {
    const TensorPair& pair = pairing.pairs[i];
    RoleSums& role = roles[agreement_name(pair.a->role)];
    ++role.agreement.tensors;
    role.agreement.equal_content += pair.equal_hash;
    role.agreement.mismatched_shapes += !pair.same_shape;
    if (!pair.same_shape) continue;
    role.add(sums[i]);
    agreement.sampled_elements += sums[i].elements;
    agreement.every_sample_equal &= sums[i].equal == sums[i].elements;
    const std::optional<double> cosine = sums[i].cosine();
    if (!cosine || !is_layer_matrix(*pair.a)) continue;
    layers[{pair.a->role.tower, pair.a->role.layer}].add(*cosine);
    if (std::abs(*cosine) > std::abs(agreement.strongest_matrix_cosine)) {
      agreement.strongest_matrix_cosine = *cosine;
      agreement.strongest_matrix = pair.a->info.name;
    }
  }
  for (const auto& [place, layer] : layers) {
    agreement.nearest_layer_cosine =
        std::max(agreement.nearest_layer_cosine.value_or(-1), layer.mean());
  }
  for (auto& [name, role] : roles) {
    role.agreement.role = name;
    agreement.roles.push_back(std::move(role).finish());
  }
  return agreement;
}

}  // namespace prov::forensics
