#include "forensics/layer_origin.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "forensics/sampling.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

constexpr AxisSample kAxis{64, 8};
constexpr int kExperts = 1;

using Place = std::pair<model::Tower, int>;
/// Matrices of one layer; the address without its layer.
using Layer = std::map<model::ViewAddress, model::WeightView>;
using Layers = std::map<Place, Layer>;

Layers layers_of(const model::Checkpoint& checkpoint) {
  Layers layers;
  for (const auto& [address, view] : model::weight_views(checkpoint, kExperts)) {
    model::ViewAddress inside = address;
    inside.layer = 0;
    if (view.outputs > 0 && view.inputs > 0)
      layers[{address.tower, address.layer}].emplace(inside, view);
  }
  return layers;
}

/// A layer as numbers, and what must be equal before numbers may be compared.
struct Sample {
  std::vector<std::pair<model::ViewAddress, std::pair<std::uint64_t, std::uint64_t>>> form;
  std::vector<float> values;
};

struct Source {
  std::size_t candidate;
  Place place;
  Sample sample;
};

Result<Sample> read_sample(const model::Checkpoint& checkpoint, const Layer& layer) {
  Sample sample;
  for (const auto& [address, view] : layer) {
    sample.form.emplace_back(address, std::pair(view.outputs, view.inputs));
    PROV_TRY(const numeric::Matrix block,
             model::read_block(checkpoint, view, sampled_positions(view.outputs, kAxis),
                               sampled_positions(view.inputs, kAxis)));
    sample.values.insert(sample.values.end(), block.values.begin(), block.values.end());
  }
  return sample;
}

Result<std::vector<Source>> read_samples(const model::Checkpoint& checkpoint, std::size_t candidate,
                                         const std::stop_token& stop) {
  const Layers layers = layers_of(checkpoint);
  std::vector<Source> sources;
  for (const auto& [place, layer] : layers) {
    if (stop.stop_requested())
      return Error{.code = ErrorCode::cancelled, .message = "stopped while reading layers"};
    PROV_TRY(Sample sample, read_sample(checkpoint, layer));
    sources.push_back({candidate, place, std::move(sample)});
  }
  return sources;
}

LayerMatch match(const Sample& child, const Source& source) {
  std::vector<float> difference(child.values.size());
  for (std::size_t i = 0; i < difference.size(); ++i)
    difference[i] = child.values[i] - source.sample.values[i];
  const double left = numeric::square_sum(difference).sum;
  const double all = numeric::square_sum(child.values).sum;
  return {source.candidate, source.place.second, all > 0 ? std::sqrt(left / all) : 0,
          numeric::count_equal(child.values, source.sample.values) == child.values.size()};
}

bool has_match(const Source& child, std::span<const Source> sources) {
  return std::ranges::any_of(sources, [&](const Source& source) {
    return source.place.first == child.place.first && source.sample.form == child.sample.form &&
           !child.sample.values.empty();
  });
}

/// Needs has_match. `before` is the layer above in the child.
LayerOrigin nearest(const Source& child, std::span<const Source> sources,
                    const std::optional<LayerOrigin>& before) {
  LayerOrigin origin{child.place.first, child.place.second, {}, {}, {}, {}};
  std::vector<LayerMatch> matches;
  for (const Source& source : sources) {
    if (source.place.first == child.place.first && source.sample.form == child.sample.form)
      matches.push_back(match(child.sample, source));
  }
  const auto continues = [&](const LayerMatch& found) {
    return before && found.candidate == before->best.candidate &&
           found.layer == before->best.layer + 1;
  };
  std::ranges::stable_sort(matches, [&](const LayerMatch& a, const LayerMatch& b) {
    return std::pair(a.difference, !continues(a)) < std::pair(b.difference, !continues(b));
  });
  origin.best = matches[0];
  const auto in_place = std::ranges::find(matches, origin.layer, &LayerMatch::layer);
  if (in_place != matches.end()) origin.same_place = *in_place;
  for (const LayerMatch& other : std::span(matches).subspan(1)) {
    auto& next =
        other.candidate == origin.best.candidate ? origin.next_layer : origin.next_candidate;
    if (!next) next = other;
  }
  return origin;
}

}  // namespace

std::size_t count_layers(const model::Checkpoint& checkpoint) {
  return layers_of(checkpoint).size();
}

Result<std::vector<LayerOrigin>> find_layer_origins(
    const model::Checkpoint& child, std::span<const model::Checkpoint* const> candidates,
    const std::stop_token& stop) {
  // The child is read as one model more.
  std::vector<std::optional<Result<std::vector<Source>>>> read(candidates.size() + 1);
  base::parallel_for(read.size(), base::worker_count(), [&](std::size_t i) {
    read[i] = read_samples(i < candidates.size() ? *candidates[i] : child, i, stop);
  });
  std::vector<Source> sources;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    PROV_TRY(std::vector<Source> found, *std::move(read[i]));
    std::ranges::move(found, std::back_inserter(sources));
  }
  PROV_TRY(const std::vector<Source> layers, *std::move(read.back()));
  std::vector<LayerOrigin> origins;
  for (const Source& layer : layers) {
    if (!has_match(layer, sources)) continue;
    const auto before = origins.empty() ? std::nullopt : std::optional(origins.back());
    origins.push_back(nearest(layer, sources, before));
  }
  return origins;
}

}  // namespace prov::forensics
