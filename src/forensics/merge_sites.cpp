#include "forensics/merge_sites.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "forensics/tensor_pairs.hpp"

namespace prov::forensics {
namespace {

using model::RoleKind;

constexpr int kExperts = 8;  // of a mixture

bool is_float(format::Dtype dtype) {
  using format::Dtype;
  return dtype == Dtype::f16 || dtype == Dtype::bf16 || dtype == Dtype::f32 || dtype == Dtype::f64;
}

/// A tensor of rank 1 or 2 as a matrix with its first axis as rows.
std::optional<model::WeightView> plain_view(const model::Tensor& tensor) {
  const std::size_t rank = tensor.info.shape.size();
  if (!is_float(tensor.info.dtype) || rank < 1 || rank > 2 || tensor.elements() == 0)
    return std::nullopt;
  const std::uint64_t columns = tensor.row_elements();
  return model::WeightView{&tensor, 0, columns, tensor.rows(), columns, false};
}

bool same_form(const model::WeightView& a, const model::WeightView& b, RoleKind kind) {
  const bool same_parts = kind != RoleKind::qkv || a.tensor->role.layout == b.tensor->role.layout;
  return same_parts && a.outputs == b.outputs && a.inputs == b.inputs;
}

std::string module_name(const model::Role& role) {
  std::string name(model::role_kind_name(role.kind));
  return role.parameter == model::Parameter::bias ? name + " bias" : name;
}

void add_core_sites(MergeSites& found, const model::Checkpoint& child,
                    std::span<const model::Checkpoint* const> candidates) {
  std::vector<model::ViewMap> views;
  for (const model::Checkpoint* candidate : candidates)
    views.push_back(model::weight_views(*candidate, kExperts));
  for (const auto& [address, view] : model::weight_views(child, kExperts)) {
    if (view.outputs == 0 || view.inputs == 0) continue;
    MergeSite site{std::string(model::role_kind_name(address.kind)), address.layer, true, view, {}};
    for (const model::ViewMap& others : views) {
      const auto partner = others.find(address);
      const bool fits = partner != others.end() && same_form(view, partner->second, address.kind);
      site.models.push_back(fits ? std::optional(partner->second) : std::nullopt);
    }
    found.sites.push_back(std::move(site));
  }
}

void add_other_sites(MergeSites& found, const model::Checkpoint& child,
                     std::span<const model::Checkpoint* const> candidates) {
  std::map<const model::Tensor*, MergeSite> others;
  for (const model::Tensor& tensor : child.tensors) {
    if (tensor.role.kind == RoleKind::unknown || tensor.role.parameter == model::Parameter::other)
      continue;
    const bool is_core = std::ranges::any_of(
        found.sites, [&](const MergeSite& site) { return site.child.tensor == &tensor; });
    const auto view = plain_view(tensor);
    if (is_core || !view) continue;
    others.emplace(&tensor,
                   MergeSite{module_name(tensor.role), tensor.role.layer, false, *view,
                             std::vector<std::optional<model::WeightView>>(candidates.size())});
  }
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    for (const TensorPair& pair : pair_tensors(child, {}, *candidates[i], {}).pairs) {
      const auto site = others.find(pair.a);
      if (site != others.end() && pair.same_shape) site->second.models[i] = plain_view(*pair.b);
    }
  }
  for (const model::Tensor& tensor : child.tensors) {
    if (const auto site = others.find(&tensor); site != others.end())
      found.sites.push_back(std::move(site->second));
  }
}

std::optional<std::string> obstacle_of(const MergeSites& found, std::size_t candidate,
                                       const model::Checkpoint& checkpoint) {
  if (checkpoint.tensors.empty()) return "it has no weights here";
  std::size_t missing = 0;
  const MergeSite* first = nullptr;
  for (const MergeSite& site : found.sites) {
    if (!site.core || site.models[candidate]) continue;
    if (missing++ == 0) first = &site;
  }
  if (missing == 0) return std::nullopt;
  return fmt::format(
      "{} of the child's {} layer matrices have no counterpart of their shape (the first: layer {} "
      "{}, {} x {})",
      missing, found.core_count(), first->layer, first->module, first->child.outputs,
      first->child.inputs);
}

}  // namespace

std::size_t MergeSites::core_count() const {
  return static_cast<std::size_t>(std::ranges::count_if(sites, &MergeSite::core));
}

MergeSites merge_sites(const model::Checkpoint& child,
                       std::span<const model::Checkpoint* const> candidates) {
  MergeSites found;
  add_core_sites(found, child, candidates);
  add_other_sites(found, child, candidates);
  for (std::size_t i = 0; i < candidates.size(); ++i)
    found.obstacles.push_back(obstacle_of(found, i, *candidates[i]));
  return found;
}

}  // namespace prov::forensics
