#include "model/infer_roles.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "model/role_alias.hpp"

namespace prov::model {
namespace {

using Shape = std::vector<std::uint64_t>;

struct Candidate {
  Tensor* tensor = nullptr;
  SuggestedRole suggestion;
};

/// A pattern keeps its suggestion if it has one shape in all layers, and if no other pattern asks
/// for the same role.
void keep_consistent(std::vector<Candidate>& candidates) {
  std::map<std::string, std::set<Shape>> shapes;
  std::map<std::tuple<RoleKind, Parameter, bool>, std::set<std::string>> patterns;
  for (const Candidate& candidate : candidates) {
    const Role& role = candidate.suggestion.role;
    shapes[candidate.suggestion.pattern].insert(candidate.tensor->info.shape);
    patterns[{role.kind, role.parameter, role.layer != kNoIndex}].insert(
        candidate.suggestion.pattern);
  }
  std::erase_if(candidates, [&](const Candidate& candidate) {
    const Role& role = candidate.suggestion.role;
    return shapes[candidate.suggestion.pattern].size() > 1 ||
           patterns[{role.kind, role.parameter, role.layer != kNoIndex}].size() > 1;
  });
}

const Shape* shape_of(const std::vector<Candidate>& candidates, RoleKind kind) {
  const auto found = std::ranges::find_if(candidates, [&](const Candidate& candidate) {
    return candidate.suggestion.role.kind == kind &&
           candidate.suggestion.role.parameter == Parameter::weight;
  });
  return found == candidates.end() ? nullptr : &found->tensor->info.shape;
}

/// Columns of the embedding, else the axis that most matrices have. 0: there is none.
std::uint64_t stream_width(std::span<const Tensor> tensors,
                           const std::vector<Candidate>& candidates) {
  for (const Tensor& tensor : tensors) {
    if (tensor.role.kind == RoleKind::token_embedding && tensor.info.shape.size() == 2)
      return tensor.info.shape[1];
  }
  if (const Shape* embedding = shape_of(candidates, RoleKind::token_embedding))
    return (*embedding)[1];
  std::map<std::uint64_t, std::size_t> axes;
  for (const Candidate& candidate : candidates) {
    const Shape& shape = candidate.tensor->info.shape;
    if (shape.size() != 2) continue;
    for (const std::uint64_t size : std::set<std::uint64_t>(shape.begin(), shape.end()))
      ++axes[size];
  }
  const auto most =
      std::ranges::max_element(axes, {}, [](const auto& axis) { return axis.second; });
  return most == axes.end() ? 0 : most->first;
}

bool reads_stream(RoleKind kind) {
  constexpr RoleKind kReaders[] = {RoleKind::query, RoleKind::key,  RoleKind::value,
                                   RoleKind::qkv,   RoleKind::gate, RoleKind::up};
  return std::ranges::find(kReaders, kind) != std::end(kReaders);
}

bool writes_stream(RoleKind kind) {
  return kind == RoleKind::attention_output || kind == RoleKind::down;
}

/// Stored as [in, out] (Conv1D), where the two axes of the MLP tell.
bool stored_transposed(const std::vector<Candidate>& candidates, std::uint64_t width) {
  const Shape* up = shape_of(candidates, RoleKind::up);
  const Shape* down = shape_of(candidates, RoleKind::down);
  return up != nullptr && down != nullptr && (*up)[0] == width && (*up)[1] != width &&
         (*down)[1] == width && (*down)[0] == (*up)[1];
}

bool fits(const Candidate& candidate, std::uint64_t width, bool transposed) {
  const Shape& shape = candidate.tensor->info.shape;
  const Role& role = candidate.suggestion.role;
  if (role.parameter == Parameter::bias) return true;
  if (is_norm(role.kind))
    return role.kind == RoleKind::query_norm || role.kind == RoleKind::key_norm ||
           shape[0] == width;
  if (reads_stream(role.kind)) return shape[transposed ? 0 : 1] == width;
  if (writes_stream(role.kind)) return shape[transposed ? 1 : 0] == width;
  return shape[1] == width;  // embeddings and heads
}

/// w1 and w2 without w3: an MLP without a gate.
void settle_ungated(std::vector<Candidate>& candidates) {
  if (shape_of(candidates, RoleKind::up) != nullptr) return;
  for (Candidate& candidate : candidates) {
    if (candidate.suggestion.role.kind == RoleKind::gate)
      candidate.suggestion.role.kind = RoleKind::up;
  }
}

/// The hidden axis must be the same in all matrices of the MLP, or the names mislead: then none of
/// them gets a role.
void drop_misnamed_mlps(std::vector<Candidate>& candidates, bool transposed) {
  const Shape* up = shape_of(candidates, RoleKind::up);
  const Shape* gate = shape_of(candidates, RoleKind::gate);
  const Shape* down = shape_of(candidates, RoleKind::down);
  const std::size_t hidden = transposed ? 1 : 0;
  const bool whole = up != nullptr && down != nullptr && (*up)[hidden] == (*down)[1 - hidden] &&
                     (gate == nullptr || *gate == *up);
  if (whole) return;
  std::erase_if(candidates, [](const Candidate& candidate) {
    const RoleKind kind = candidate.suggestion.role.kind;
    return kind == RoleKind::gate || kind == RoleKind::up || kind == RoleKind::down;
  });
}

}  // namespace

std::size_t infer_roles_from_words(std::span<Tensor> tensors) {
  const auto explained_in_layer = [](const Tensor& tensor) {
    return tensor.role.kind != RoleKind::unknown && tensor.role.layer >= 0;
  };
  if (std::ranges::any_of(tensors, explained_in_layer)) return 0;
  std::vector<Candidate> candidates;
  std::set<std::tuple<RoleKind, Parameter>> taken;
  for (Tensor& tensor : tensors) {
    if (tensor.role.kind != RoleKind::unknown) {
      taken.insert({tensor.role.kind, tensor.role.parameter});
    } else if (auto suggestion = suggest_role(tensor.info.name, tensor.info.shape.size())) {
      candidates.push_back({&tensor, *std::move(suggestion)});
    }
  }
  keep_consistent(candidates);
  settle_ungated(candidates);
  const std::uint64_t width = stream_width(tensors, candidates);
  const bool transposed = stored_transposed(candidates, width);
  std::erase_if(candidates, [&](const Candidate& candidate) {
    const Role& role = candidate.suggestion.role;
    return taken.contains({role.kind, role.parameter}) || !fits(candidate, width, transposed);
  });
  drop_misnamed_mlps(candidates, transposed);
  for (const Candidate& candidate : candidates) {
    Role role = candidate.suggestion.role;
    const bool in_layer_matrix = reads_stream(role.kind) || writes_stream(role.kind);
    if (transposed && in_layer_matrix) role.layout = Layout::transposed;
    candidate.tensor->role = role;
  }
  return candidates.size();
}

}  // namespace prov::model
