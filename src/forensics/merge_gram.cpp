#include "forensics/merge_gram.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "forensics/sampling.hpp"

namespace prov::forensics {

double unit_in_last_place(float value, int precision) {
  return value == 0 ? 0 : std::ldexp(1.0, std::ilogb(value) + 1 - precision);
}

namespace {

constexpr AxisSample kAxis{384, 32};
constexpr std::size_t kElementsOfModel = std::size_t{1} << 19;  // kept for the single-element tests
constexpr std::size_t kElementsOfSite = 4096;
constexpr std::size_t kBlocksInMemory = 256;  // blocks of 384 x 384 numbers: 150 MB
constexpr std::size_t kTile = 256;
constexpr std::size_t kLanes = 4;

/// Bits of the significand, the hidden one included. Wider types are read as f32.
int precision_of(format::Dtype dtype) {
  using format::Dtype;
  if (dtype == Dtype::bf16) return 8;
  if (dtype == Dtype::f16) return 11;
  if (dtype == Dtype::f8_e4m3 || dtype == Dtype::f8_e4m3fnuz) return 4;
  if (dtype == Dtype::f8_e5m2 || dtype == Dtype::f8_e5m2fnuz) return 3;
  return std::numeric_limits<float>::digits;
}

/// Four interleaved sums, then their sum: one order on every CPU.
double tile_product(const double* a, const double* b) {
  std::array<double, kLanes> sums{};
  for (std::size_t i = 0; i < kTile; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

struct Blocks {
  numeric::Matrix child;
  std::vector<std::optional<numeric::Matrix>> models;
};

void add_products(MergeGram& gram, const Blocks& blocks) {
  const std::size_t size = blocks.child.values.size(), zero = gram.zero_model();
  std::vector<double> tiles(gram.models * kTile);
  std::vector<std::size_t> present;
  for (std::size_t m = 0; m < zero; ++m) {
    if (blocks.models[m]) present.push_back(m);
  }
  present.push_back(zero);
  for (std::size_t begin = 0; begin < size; begin += kTile) {
    const std::size_t count = std::min(kTile, size - begin);
    for (const std::size_t m : present) {
      double* tile = tiles.data() + m * kTile;
      for (std::size_t i = 0; i < count; ++i) {
        const double value =
            m == zero ? 0 : static_cast<double>(blocks.models[m]->values[begin + i]);
        tile[i] = value - static_cast<double>(blocks.child.values[begin + i]);
      }
      std::fill(tile + count, tile + kTile, 0.0);
    }
    for (const std::size_t i : present) {
      for (const std::size_t j : present) {
        if (j > i) break;
        gram.products[i * gram.models + j] +=
            tile_product(tiles.data() + i * kTile, tiles.data() + j * kTile);
      }
    }
  }
  for (std::size_t i = 0; i < gram.models; ++i) {
    for (std::size_t j = 0; j < i; ++j)
      gram.products[j * gram.models + i] = gram.products[i * gram.models + j];
  }
  gram.elements = size;
}

/// Rounding to nearest errs by a unit in the last place over the root of 12, in the mean.
double rounding_square(std::span<const float> values) {
  double sum = 0;
  for (const float value : values) {
    const double unit = unit_in_last_place(value, 1);
    sum += unit * unit / 12;
  }
  return sum;
}

ElementSample keep_elements(const Blocks& blocks, std::size_t wanted) {
  ElementSample kept;
  kept.models.resize(blocks.models.size());
  const std::size_t size = blocks.child.values.size();
  // An odd step visits all columns of a matrix whose width is a power of two.
  const std::size_t step = std::max<std::size_t>(1, size / std::max<std::size_t>(1, wanted)) | 1;
  for (std::size_t i = 0; i < size; i += step) {
    kept.child.push_back(blocks.child.values[i]);
    for (std::size_t m = 0; m < blocks.models.size(); ++m) {
      if (blocks.models[m]) kept.models[m].push_back(blocks.models[m]->values[i]);
    }
  }
  return kept;
}

}  // namespace

MergeGram& MergeGram::operator+=(const MergeGram& other) {
  for (std::size_t i = 0; i < products.size(); ++i) products[i] += other.products[i];
  elements += other.elements;
  rounding += other.rounding;
  return *this;
}

double SiteSums::rounding(std::span<const std::size_t> models) const {
  int precision = child_precision;
  for (const std::size_t model : models) {
    if (model < precisions.size() && precisions[model] > 0)
      precision = std::min(precision, precisions[model]);
  }
  return std::ldexp(gram.rounding, -2 * (precision - 1));
}

Result<std::vector<SiteSums>> read_merge_sums(const model::Checkpoint& child,
                                              std::span<const model::Checkpoint* const> candidates,
                                              const MergeSites& sites,
                                              const std::stop_token& stop) {
  const std::size_t kept = std::clamp<std::size_t>(
      kElementsOfModel / std::max<std::size_t>(1, sites.core_count()), 256, kElementsOfSite);
  std::vector<SiteSums> sums(sites.sites.size());
  std::vector<std::optional<Error>> errors(sites.sites.size());
  const auto read = [&](std::size_t s) -> Result<void> {
    if (stop.stop_requested())
      return Error{.code = ErrorCode::cancelled, .message = "stopped while reading weights"};
    const MergeSite& site = sites.sites[s];
    const auto outputs = sampled_positions(site.child.outputs, kAxis);
    const auto inputs = sampled_positions(site.child.inputs, kAxis);
    Blocks blocks;
    PROV_TRY(blocks.child, model::read_block(child, site.child, outputs, inputs));
    sums[s].child_precision = precision_of(site.child.tensor->info.dtype);
    sums[s].precisions.assign(candidates.size(), 0);
    for (std::size_t m = 0; m < candidates.size(); ++m) {
      blocks.models.emplace_back();
      if (!site.models[m]) continue;
      PROV_TRY(blocks.models.back(),
               model::read_block(*candidates[m], *site.models[m], outputs, inputs));
      sums[s].precisions[m] = precision_of(site.models[m]->tensor->info.dtype);
    }
    sums[s].gram = MergeGram(candidates.size());
    add_products(sums[s].gram, blocks);
    sums[s].gram.rounding = rounding_square(blocks.child.values);
    if (site.core) sums[s].elements = keep_elements(blocks, kept);
    return {};
  };
  const std::size_t workers = std::min(
      base::worker_count(), std::max<std::size_t>(1, kBlocksInMemory / (candidates.size() + 1)));
  base::parallel_for(sites.sites.size(), workers, [&](std::size_t s) {
    if (auto status = read(s); !status) errors[s] = std::move(status).error();
  });
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  return sums;
}

}  // namespace prov::forensics
