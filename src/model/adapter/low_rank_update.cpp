#include "model/adapter/low_rank_update.hpp"

#include <cmath>

#include "base/try.hpp"
#include "model/row_reader.hpp"
#include "numeric/sums.hpp"

namespace prov::model {
namespace {

/// One row of [rank, columns] and one of [lines, rank] give an element of the update.
struct Factors {
  std::uint64_t rank = 0;
  std::vector<float> left;   // [lines, rank]
  std::vector<float> right;  // [rank, columns]
};

Result<std::vector<float>> numbers(const Checkpoint& checkpoint, const Tensor& tensor) {
  std::vector<float> values(static_cast<std::size_t>(tensor.elements()));
  PROV_CHECK(RowReader(checkpoint, tensor).read_elements(0, values));
  return values;
}

std::vector<float> turned(const std::vector<float>& values, std::uint64_t rows,
                          std::uint64_t columns) {
  std::vector<float> result(values.size());
  for (std::uint64_t i = 0; i < rows; ++i) {
    for (std::uint64_t j = 0; j < columns; ++j) result[j * rows + i] = values[i * columns + j];
  }
  return result;
}

/// Factors are small: r times an axis.
Result<Factors> read_factors(const Checkpoint& checkpoint, const LowRankUpdate& update) {
  PROV_TRY(std::vector<float> a, numbers(checkpoint, update.a));
  PROV_TRY(std::vector<float> b, numbers(checkpoint, update.b));
  const std::uint64_t rank = update.rank();
  if (!update.transposed) return Factors{rank, std::move(b), std::move(a)};
  return Factors{rank, turned(a, rank, update.a.row_elements()), turned(b, update.b.rows(), rank)};
}

class AdaptedTensor : public ComposedTensor {
 public:
  explicit AdaptedTensor(LowRankUpdate update) : update_(std::move(update)) {
    storage_ = std::string(storage_name(update_.target)) + " with an adapter";
  }

  std::string_view storage() const override { return storage_; }

  Result<void> read_lines(const Checkpoint& checkpoint, std::uint64_t first, std::uint64_t count,
                          std::span<float> out) const override {
    if (out.empty()) return {};
    const std::uint64_t width = out.size() / count;
    PROV_CHECK(RowReader(checkpoint, update_.target).read_elements(first * width, out));
    PROV_TRY(const Factors factors, read_factors(checkpoint, update_));
    std::vector<float> magnitudes;
    if (update_.magnitude) {
      PROV_TRY(magnitudes, numbers(checkpoint, *update_.magnitude));
    }
    std::vector<float> sum(width);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::span<float> line = out.subspan(i * width, width);
      std::ranges::fill(sum, 0.0F);
      for (std::uint64_t k = 0; k < factors.rank; ++k) {
        const float weight = factors.left[(first + i) * factors.rank + k];
        const float* const right = factors.right.data() + k * width;
        for (std::uint64_t j = 0; j < width; ++j) sum[j] += weight * right[j];
      }
      for (std::uint64_t j = 0; j < width; ++j) line[j] += update_.scale * sum[j];
      if (magnitudes.empty()) continue;
      const auto norm = static_cast<float>(std::sqrt(numeric::dot(line, line)));
      for (float& value : line) value *= magnitudes[first + i] / norm;
    }
    return {};
  }

 private:
  LowRankUpdate update_;
  std::string storage_;
};

}  // namespace

std::shared_ptr<const ComposedTensor> adapted_tensor(LowRankUpdate update) {
  return std::make_shared<AdaptedTensor>(std::move(update));
}

Result<numeric::Matrix> read_update(const Checkpoint& checkpoint, const LowRankUpdate& update,
                                    std::span<const std::uint64_t> lines,
                                    std::span<const std::uint64_t> columns) {
  PROV_TRY(const Factors factors, read_factors(checkpoint, update));
  const std::uint64_t width = update.target.row_elements();
  numeric::Matrix block(lines.size(), columns.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::span<float> row = block.row(i);
    for (std::uint64_t k = 0; k < factors.rank; ++k) {
      const float weight = update.scale * factors.left[lines[i] * factors.rank + k];
      for (std::size_t j = 0; j < columns.size(); ++j)
        row[j] += weight * factors.right[k * width + columns[j]];
    }
  }
  numeric::clear_non_finite(block.values);
  return block;
}

}  // namespace prov::model
