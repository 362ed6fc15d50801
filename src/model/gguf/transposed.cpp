#include "model/gguf/transposed.hpp"

#include <algorithm>
#include <vector>

#include "base/try.hpp"
#include "model/row_reader.hpp"

namespace prov::model {
namespace {

/// A matrix in a stored tensor, from flat position `origin` on.
struct StoredMatrix {
  std::uint64_t origin = 0, rows = 0, columns = 0;
};

/// Its columns [first, first + count), each as a line of `matrix.rows` numbers.
Result<void> read_columns(const Checkpoint& checkpoint, const Tensor& tensor,
                          const StoredMatrix& matrix, std::uint64_t first, std::uint64_t count,
                          std::span<float> out) {
  RowReader reader(checkpoint, tensor);
  std::vector<ElementRange> parts;
  for (std::uint64_t row = 0; row < matrix.rows; ++row)
    parts.push_back({matrix.origin + row * matrix.columns + first, count});
  reader.expect(parts);
  std::vector<float> part(static_cast<std::size_t>(count));
  for (std::size_t row = 0; row < parts.size(); ++row) {
    PROV_CHECK(reader.read_elements(parts[row].begin, part));
    for (std::size_t i = 0; i < part.size(); ++i) out[i * parts.size() + row] = part[i];
  }
  return {};
}

class Transposed final : public ComposedTensor {
 public:
  explicit Transposed(const Tensor& stored) : stored_(stored) {}

  Result<void> read_lines(const Checkpoint& checkpoint, std::uint64_t first, std::uint64_t count,
                          std::span<float> out) const override {
    const StoredMatrix all{0, stored_.rows(), stored_.row_elements()};
    return read_columns(checkpoint, stored_, all, first, count, out);
  }
  std::string_view storage() const override { return format::dtype_name(stored_.info.dtype); }
  bool lines_run_across() const override { return true; }

 private:
  Tensor stored_;
};

class KeyValue final : public ComposedTensor {
 public:
  KeyValue(const Tensor& key, const Tensor& value) : key_(key), value_(value) {}

  Result<void> read_lines(const Checkpoint& checkpoint, std::uint64_t first, std::uint64_t count,
                          std::span<float> out) const override {
    const std::uint64_t rank = key_.info.shape[1], keys = key_.info.shape[2],
                        values = value_.info.shape[1];
    while (count > 0) {
      const std::uint64_t head = first / (keys + values), line = first % (keys + values);
      const bool makes_keys = line < keys;
      const std::uint64_t lines = std::min(count, (makes_keys ? keys : keys + values) - line);
      const auto part = out.first(static_cast<std::size_t>(lines * rank));
      if (makes_keys) {
        PROV_CHECK(
            read_columns(checkpoint, key_, {head * rank * keys, rank, keys}, line, lines, part));
      } else {
        const std::uint64_t begin = (head * values + line - keys) * rank;
        PROV_CHECK(RowReader(checkpoint, value_).read_elements(begin, part));
      }
      out = out.subspan(part.size());
      first += lines;
      count -= lines;
    }
    return {};
  }
  std::string_view storage() const override { return format::dtype_name(value_.info.dtype); }
  bool lines_run_across() const override { return true; }

 private:
  Tensor key_, value_;
};

}  // namespace

Tensor transposed_tensor(const Tensor& stored) {
  Tensor tensor = stored;
  std::ranges::reverse(tensor.info.shape);
  tensor.restoration = {};  // done when `stored` is read
  tensor.composed = std::make_shared<Transposed>(stored);
  return tensor;
}

std::optional<Tensor> joined_key_value(const Tensor& key, const Tensor& value, std::string name) {
  const auto &keys = key.info.shape, &values = value.info.shape;
  if (keys.size() != 3 || values.size() != 3 || keys[0] != values[0] || keys[1] != values[2] ||
      key.elements() == 0 || value.elements() == 0)
    return std::nullopt;
  Tensor whole = value;
  whole.info.name = std::move(name);
  whole.info.shape = {keys[0] * (keys[2] + values[1]), keys[1]};
  whole.info.bytes += key.info.bytes;
  whole.restoration = {};
  const bool plain = key.info.dtype == value.info.dtype && !is_block_quantised(key.info.dtype);
  if (!plain) whole.info.dtype = format::Dtype::f32;  // no blocks run through all of it
  whole.composed = std::make_shared<KeyValue>(key, value);
  return whole;
}

}  // namespace prov::model
