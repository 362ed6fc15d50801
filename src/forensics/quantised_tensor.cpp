#include "forensics/quantised_tensor.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/try.hpp"
#include "forensics/container_grid.hpp"
#include "forensics/grid_rounding.hpp"
#include "forensics/stored_precision.hpp"
#include "model/row_reader.hpp"
#include "numeric/sums.hpp"

namespace prov::forensics {
namespace {

using format::Dtype;
using numeric::Matrix;

constexpr std::uint64_t kElementsAtOnce = std::uint64_t{1} << 19;

const StoredPrecision* precision_of(Dtype dtype) {
  if (dtype == Dtype::bf16) return &kBf16;
  if (dtype == Dtype::f16) return &kF16;
  return dtype == Dtype::f8_e4m3 ? &kF8E4m3 : dtype == Dtype::f8_e5m2 ? &kF8E5m2 : nullptr;
}

/// Some lines of both tensors.
struct Lines2 {
  Matrix stored, source;
};

class Measuring {
 public:
  Measuring(const model::Checkpoint& quantised, const model::Checkpoint& source,
            const TensorPair& pair)
      : pair_(pair),
        stored_(quantised, *pair.a),
        source_(source, *pair.b),
        grid_(container_grid(*pair.a)),
        across_(grid_ && grid_runs_across(*pair.a)) {
    result_.on_grid = grid_.has_value();
    result_.testable = !grid_ || !grid_->table.empty();
    result_.elements = pair.a->elements();
  }

  Result<QuantisedTensor> run(const std::stop_token& stop) {
    const auto& shape = pair_.a->info.shape;
    const std::uint64_t width = shape.empty() ? 1 : shape.back();
    if (result_.elements == 0) return result_;
    const std::uint64_t lines = result_.elements / width;
    std::uint64_t at_once = std::clamp<std::uint64_t>(kElementsAtOnce / width, 1, lines);
    if (across_ && grid_->group > 0)  // whole groups
      at_once = std::max<std::uint64_t>(at_once / grid_->group, 1) * grid_->group;
    for (std::uint64_t line = 0; line < lines; line += at_once) {
      if (stop.stop_requested())
        return Error{.code = ErrorCode::cancelled, .message = "stopped while verifying"};
      PROV_TRY(const Lines2 chunk, read(line, std::min(at_once, lines - line), width));
      add(chunk, line == 0);
    }
    const double norm = std::sqrt(norm_stored_ * norm_source_);
    result_.cosine = norm > 0 ? product_ / norm : 0;
    if (!result_.on_grid && largest_ > 0) result_.farthest /= largest_;
    return result_;
  }

 private:
  Result<Lines2> read(std::uint64_t line, std::uint64_t count, std::uint64_t width) {
    Lines2 chunk{Matrix(count, width), Matrix(count, width)};
    PROV_CHECK(stored_.read_elements(line * width, chunk.stored.values));
    PROV_CHECK(source_.read_elements(line * width, chunk.source.values));
    if (across_) chunk = {numeric::transposed(chunk.stored), numeric::transposed(chunk.source)};
    return chunk;
  }

  void add(const Lines2& chunk, bool first) {
    product_ += numeric::dot(chunk.stored.values, chunk.source.values);
    norm_stored_ += numeric::dot(chunk.stored.values, chunk.stored.values);
    norm_source_ += numeric::dot(chunk.source.values, chunk.source.values);
    if (!grid_) return add_plain(chunk);
    if (!result_.testable) return;
    if (first) find_scaling(chunk);
    if (lines_) {
      const auto share = share_rounded_to_scaled(chunk.source, chunk.stored, *grid_, *lines_);
      result_.outside += static_cast<std::uint64_t>(
          std::llround((1 - share.value_or(1)) * static_cast<double>(chunk.stored.values.size())));
      return;
    }
    const auto misfit = rounding_misfit(chunk.source, chunk.stored, *grid_);
    if (!misfit) {
      result_.outside += chunk.stored.values.size();  // not finite, or no group fits its own grid
      return;
    }
    result_.outside += misfit->outside;
    result_.farthest = std::max(result_.farthest, misfit->farthest);
  }

  /// Scales that were moved before rounding are looked for where nothing else explains the values.
  void find_scaling(const Lines2& chunk) {
    const auto plain = share_rounded_to(chunk.source, chunk.stored, *grid_);
    if (!plain || *plain >= 1 - kFaithfulOutside) return;
    for (const Lines lines : {Lines::columns, Lines::rows}) {
      const auto scaled = share_rounded_to_scaled(chunk.source, chunk.stored, *grid_, lines);
      if (!scaled || *scaled < 1 - kFaithfulOutside) continue;
      lines_ = lines;
      result_.scaled_before = true;
      return;
    }
  }

  void add_plain(const Lines2& chunk) {
    const StoredPrecision* const precision = precision_of(pair_.a->info.dtype);
    for (std::size_t i = 0; i < chunk.stored.values.size(); ++i) {
      const auto stored = static_cast<double>(chunk.stored.values[i]),
                 source = static_cast<double>(chunk.source.values[i]);
      largest_ = std::max(largest_, std::abs(source));
      if (stored == source || (std::isnan(stored) && std::isnan(source))) continue;
      if (precision != nullptr && rounded_to(*precision, source) == stored) continue;
      ++result_.outside;
      result_.farthest = std::max(result_.farthest, std::abs(stored - source));
    }
  }

  const TensorPair& pair_;
  model::RowReader stored_, source_;
  std::optional<QuantisationGrid> grid_;
  bool across_;  // its groups run from line to line
  QuantisedTensor result_;
  std::optional<Lines> lines_;
  double product_ = 0, norm_stored_ = 0, norm_source_ = 0, largest_ = 0;
};

}  // namespace

Result<QuantisedTensor> measure_quantised(const model::Checkpoint& quantised,
                                          const model::Checkpoint& source, const TensorPair& pair,
                                          const std::stop_token& stop) {
  return Measuring(quantised, source, pair).run(stop);
}

}  // namespace prov::forensics
