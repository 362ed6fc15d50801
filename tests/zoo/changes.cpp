#include "zoo/changes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "model/weight_view.hpp"

namespace prov::zoo {
namespace {

constexpr std::uint64_t kMostPositions = 384;

std::vector<std::uint64_t> first_positions(std::uint64_t size) {
  std::vector<std::uint64_t> positions(std::min(size, kMostPositions));
  std::iota(positions.begin(), positions.end(), std::uint64_t{0});
  return positions;
}

}  // namespace

std::vector<Module> modules(const model::Model& a, const model::Model& b) {
  const auto views_a = model::weight_views(a.checkpoint, 1),
             views_b = model::weight_views(b.checkpoint, 1);
  std::vector<Module> result;
  for (const auto& [address, view_a] : views_a) {
    const auto found = views_b.find(address);
    if (found == views_b.end()) continue;
    const model::WeightView& view_b = found->second;
    if (view_a.outputs != view_b.outputs || view_a.inputs != view_b.inputs) continue;
    const auto outputs = first_positions(view_a.outputs), inputs = first_positions(view_a.inputs);
    auto block_a = model::read_block(a.checkpoint, view_a, outputs, inputs);
    auto block_b = model::read_block(b.checkpoint, view_b, outputs, inputs);
    if (block_a && block_b)
      result.push_back({view_a.tensor->info.name, *std::move(block_a), *std::move(block_b)});
  }
  EXPECT_FALSE(result.empty());
  return result;
}

Changes measure(const std::vector<Module>& modules) {
  Changes changes;
  for (const Module& module : modules) {
    if (auto found = forensics::difference_spectrum(module.a, module.b))
      changes.spectra.push_back(*found);
    if (auto found = forensics::difference_pattern(module.a, module.b))
      changes.patterns.push_back(*found);
    if (auto found = forensics::sparsity(module.a, module.b)) changes.sparsities.push_back(*found);
    if (auto found = forensics::rounding_counts(module.a, module.b)) changes.forward += *found;
    if (auto found = forensics::rounding_counts(module.b, module.a)) changes.backward += *found;
  }
  return changes;
}

std::map<forensics::DifferenceKind, int> kinds(const Changes& changes) {
  std::map<forensics::DifferenceKind, int> counts;
  for (const auto& spectrum : changes.spectra) ++counts[spectrum.kind];
  return counts;
}

}  // namespace prov::zoo
