#include "forensics/repackaging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "format/dtype.hpp"
#include "model/row_reader.hpp"
#include "model/weight_view.hpp"

namespace prov::forensics {
namespace {

using model::Parameter;
using model::RoleKind;

/// A matrix by its place, or a whole tensor by its role (and by its name where that says too
/// little).
using PartKey = std::tuple<model::Role, std::string>;

struct Part {
  model::WeightView view;
  bool in_layers = false;  // a matrix of weight_views: may be fused or turned
};

using Parts = std::map<PartKey, Part>;

model::WeightView whole_tensor(const model::Tensor& tensor) {
  const std::uint64_t width = tensor.info.shape.empty() ? 1 : tensor.info.shape.back();
  const std::uint64_t rows = width == 0 ? 0 : tensor.elements() / width;
  return {.tensor = &tensor, .stride = width, .outputs = rows, .inputs = width};
}

bool is_buffer(const model::Tensor& tensor) {
  return tensor.role.kind == RoleKind::rotary_frequencies ||
         tensor.role.kind == RoleKind::attention_mask_buffer ||
         tensor.role.kind == RoleKind::position_ids;
}

Parts parts_of(const model::Checkpoint& checkpoint, model::AttentionHeads heads) {
  Parts parts;
  std::set<const model::Tensor*> covered;
  for (const auto& [address, view] :
       model::weight_views(checkpoint, std::numeric_limits<int>::max(), heads)) {
    const model::Role role{.kind = address.kind,
                           .tower = address.tower,
                           .layer = address.layer,
                           .expert = address.expert};
    parts.emplace(PartKey{role, ""}, Part{view, true});
    covered.insert(view.tensor);
  }
  for (const model::Tensor& tensor : checkpoint.tensors) {
    if (covered.contains(&tensor) || is_buffer(tensor)) continue;
    model::Role role = tensor.role;
    role.layout = model::Layout::plain;
    const bool vague = role.kind == RoleKind::unknown || role.parameter == Parameter::other;
    parts.emplace(PartKey{role, vague ? tensor.info.name : ""}, Part{whole_tensor(tensor), false});
  }
  return parts;
}

std::vector<std::uint64_t> positions(std::uint64_t begin, std::uint64_t count) {
  std::vector<std::uint64_t> result(count);
  std::iota(result.begin(), result.end(), begin);
  return result;
}

/// NaN and infinities count as 0 on both sides; they were compared where tensors pair up whole.
Result<bool> equal_views(const model::Checkpoint& a, const model::WeightView& x,
                         const model::Checkpoint& b, const model::WeightView& y) {
  constexpr std::uint64_t kBatchElements = std::uint64_t{1} << 20;
  if (x.outputs != y.outputs || x.inputs != y.inputs) return false;
  const auto columns = positions(0, x.inputs);
  const std::uint64_t batch =
      std::max<std::uint64_t>(1, kBatchElements / std::max<std::uint64_t>(1, x.inputs));
  for (std::uint64_t begin = 0; begin < x.outputs; begin += batch) {
    const auto rows = positions(begin, std::min(batch, x.outputs - begin));
    PROV_TRY(const numeric::Matrix of_x, model::read_block(a, x, rows, columns));
    PROV_TRY(const numeric::Matrix of_y, model::read_block(b, y, rows, columns));
    if (of_x.values != of_y.values) return false;
  }
  return true;
}

Result<bool> is_zero(const model::Checkpoint& checkpoint, const model::Tensor& tensor) {
  std::vector<float> values(tensor.elements());
  PROV_CHECK(model::RowReader(checkpoint, tensor).read_elements(0, values));
  return std::ranges::all_of(values, [](float value) { return value == 0; });
}

/// What a part that only one model has says.
enum class Extra { head_is_embedding, zero_bias, learned };

Result<Extra> judge_extra(const model::Checkpoint& checkpoint, const Parts& parts,
                          const PartKey& key, const Part& part) {
  const model::Role& role = std::get<model::Role>(key);
  if (role.parameter == Parameter::bias) {
    PROV_TRY(const bool zero, is_zero(checkpoint, *part.view.tensor));
    return zero ? Extra::zero_bias : Extra::learned;
  }
  if (role.kind != RoleKind::output_head || role.parameter != Parameter::weight)
    return Extra::learned;
  model::Role embedding = role;
  embedding.kind = RoleKind::token_embedding;
  const auto found = parts.find(PartKey{embedding, ""});
  if (found == parts.end()) return Extra::learned;
  PROV_TRY(const bool equal, equal_views(checkpoint, part.view, checkpoint, found->second.view));
  return equal ? Extra::head_is_embedding : Extra::learned;
}

struct Extras {
  std::size_t zero_biases = 0;
  bool untied_head = false;
  bool learned = false;
};

Result<Extras> judge_extras(const model::Checkpoint& checkpoint, const Parts& own,
                            const Parts& other) {
  Extras extras;
  for (const auto& [key, part] : own) {
    if (other.contains(key)) continue;
    PROV_TRY(const Extra extra, judge_extra(checkpoint, own, key, part));
    extras.zero_biases += extra == Extra::zero_bias;
    extras.untied_head |= extra == Extra::head_is_embedding;
    extras.learned |= extra == Extra::learned;
    if (extras.learned) break;
  }
  return extras;
}

void describe(std::vector<std::string>& forms, const Extras& extras, char side) {
  if (extras.untied_head)
    forms.push_back(fmt::format("{} stores its head apart, a copy of the embedding", side));
  if (extras.zero_biases > 0)
    forms.push_back(fmt::format("{} stores {} biases of zero", side, extras.zero_biases));
}

std::size_t fused_tensors(const Parts& parts) {
  std::map<const model::Tensor*, int> users;
  for (const auto& [key, part] : parts) users[part.view.tensor] += part.in_layers;
  return static_cast<std::size_t>(
      std::ranges::count_if(users, [](const auto& entry) { return entry.second > 1; }));
}

std::set<std::string> float_types(const model::Checkpoint& checkpoint) {
  std::set<std::string> types;
  for (const model::Tensor& tensor : checkpoint.tensors) {
    if (!is_buffer(tensor)) types.emplace(model::storage_name(tensor));
  }
  return types;
}

}  // namespace

std::vector<std::string> container_differences(const model::Checkpoint& a,
                                               const model::Checkpoint& b) {
  std::vector<std::string> forms;
  const auto types_a = float_types(a), types_b = float_types(b);
  if (types_a != types_b)
    forms.push_back(
        fmt::format("{} in A, {} in B", fmt::join(types_a, ", "), fmt::join(types_b, ", ")));
  if (a.files.size() != b.files.size())
    forms.push_back(fmt::format("{} files in A, {} in B", a.files.size(), b.files.size()));
  if (!std::ranges::equal(
          a.tensors, b.tensors, {}, [](const model::Tensor& tensor) { return tensor.info.name; },
          [](const model::Tensor& tensor) { return tensor.info.name; }))
    forms.emplace_back("tensors have other names");
  return forms;
}

Result<Repackaging> compare_forms(const model::Checkpoint& a, const model::Checkpoint& b,
                                  const std::stop_token& stop, const HeadCounts& heads) {
  Repackaging result;
  const Parts in_a = parts_of(a, heads.a), in_b = parts_of(b, heads.b);
  PROV_TRY(const Extras extras_a, judge_extras(a, in_a, in_b));
  PROV_TRY(const Extras extras_b, judge_extras(b, in_b, in_a));
  if (extras_a.learned || extras_b.learned) return result;

  std::vector<std::pair<const model::WeightView*, const model::WeightView*>> pairs;
  for (const auto& [key, part] : in_a) {
    const auto partner = in_b.find(key);
    if (partner != in_b.end()) pairs.emplace_back(&part.view, &partner->second.view);
  }
  if (pairs.empty()) return result;
  std::atomic<bool> differs = false;
  std::vector<std::optional<Error>> errors(pairs.size());
  base::parallel_for(pairs.size(), base::worker_count(), [&](std::size_t i) {
    if (differs.load() || stop.stop_requested()) return;
    if (auto equal = equal_views(a, *pairs[i].first, b, *pairs[i].second); !equal) {
      errors[i] = std::move(equal).error();
    } else if (!*equal) {
      differs = true;
    }
  });
  if (stop.stop_requested())
    return Error{.code = ErrorCode::cancelled, .message = "stopped while comparing every value"};
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  result.equal_values = !differs.load();
  if (!result.equal_values) return result;
  result.forms = container_differences(a, b);
  const std::size_t fused_a = fused_tensors(in_a), fused_b = fused_tensors(in_b);
  if (fused_a != fused_b)
    result.forms.push_back(fmt::format("{} fused projections in A, {} in B", fused_a, fused_b));
  describe(result.forms, extras_a, 'A');
  describe(result.forms, extras_b, 'B');
  return result;
}

}  // namespace prov::forensics
