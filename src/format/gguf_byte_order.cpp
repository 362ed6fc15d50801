#include "format/gguf_byte_order.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "base/try.hpp"

namespace prov::format {
namespace {

/// `count` fields of `width` bytes, one after the other from byte `first` of each unit.
struct Fields {
  Dtype dtype;
  unsigned first, width, count;
};

constexpr Fields kFields[] = {
    {Dtype::f32, 0, 4, 1},    {Dtype::f16, 0, 2, 1}, {Dtype::bf16, 0, 2, 1},
    {Dtype::f64, 0, 8, 1},    {Dtype::i8, 0, 1, 0},  {Dtype::i16, 0, 2, 1},
    {Dtype::i32, 0, 4, 1},    {Dtype::i64, 0, 8, 1}, {Dtype::q4_0, 0, 2, 1},  // scale
    {Dtype::q8_0, 0, 2, 1},                                                   // scale
    {Dtype::q4_k, 0, 2, 2},    // scale of scales, scale of minima
    {Dtype::q6_k, 208, 2, 1},  // scale of scales
    {Dtype::mxfp4, 0, 1, 0},   // bytes only
    {Dtype::nvfp4, 0, 1, 0},   // bytes only
};
constexpr std::size_t kMostUnitBytes = 256;

const Fields* fields_of(Dtype dtype) {
  const auto* found = std::ranges::find(kFields, dtype, &Fields::dtype);
  return found == std::end(kFields) ? nullptr : found;
}

/// Whole units.
void turn(std::span<std::byte> units, std::size_t unit_bytes, const Fields& fields) {
  for (std::size_t unit = 0; unit < units.size(); unit += unit_bytes) {
    for (std::size_t i = 0; i < fields.count; ++i)
      std::ranges::reverse(units.subspan(unit + fields.first + i * fields.width, fields.width));
  }
}

class LittleEndianView final : public source::ByteSource {
 public:
  LittleEndianView(std::unique_ptr<source::ByteSource> file, std::span<const TensorInfo> tensors)
      : file_(std::move(file)) {
    for (const TensorInfo& tensor : tensors) {
      const Fields& fields = *fields_of(tensor.dtype);
      if (tensor.bytes > 0 && fields.count > 0)
        areas_.push_back({{tensor.offset, tensor.bytes}, storage_unit(tensor.dtype).bytes, fields});
    }
  }

  const std::string& name() const override { return file_->name(); }
  std::uint64_t size() const override { return file_->size(); }
  void expect(std::span<const source::ByteRange> ranges) const override { file_->expect(ranges); }
  Result<void> verify_unchanged() const override { return file_->verify_unchanged(); }

  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    PROV_CHECK(file_->read(offset, out));
    const std::uint64_t end = offset + out.size();
    auto area = std::ranges::upper_bound(
        areas_, offset, {}, [](const Area& candidate) { return candidate.bytes.end(); });
    for (; area != areas_.end() && area->bytes.begin < end; ++area) {
      const std::uint64_t from = std::max(offset, area->bytes.begin);
      const std::uint64_t to = std::min(end, area->bytes.end());
      PROV_CHECK(turn_part(*area, from, out.subspan(from - offset, to - from)));
    }
    return {};
  }

 private:
  /// The bytes of one tensor.
  struct Area {
    source::ByteRange bytes;
    std::size_t unit_bytes;
    Fields fields;
  };

  /// `part` was read from `from`, inside `area`. Units that it cuts are read again as a whole.
  Result<void> turn_part(const Area& area, std::uint64_t from, std::span<std::byte> part) const {
    while (!part.empty()) {
      const std::size_t skipped = (from - area.bytes.begin) % area.unit_bytes;
      std::size_t count = part.size() / area.unit_bytes * area.unit_bytes;
      if (skipped == 0 && count > 0) {
        turn(part.first(count), area.unit_bytes, area.fields);
      } else {
        std::array<std::byte, kMostUnitBytes> buffer;
        const std::span<std::byte> unit = std::span(buffer).first(area.unit_bytes);
        count = std::min(part.size(), area.unit_bytes - skipped);
        PROV_CHECK(file_->read(from - skipped, unit));
        turn(unit, area.unit_bytes, area.fields);
        std::ranges::copy(unit.subspan(skipped, count), part.begin());
      }
      from += count;
      part = part.subspan(count);
    }
    return {};
  }

  std::unique_ptr<source::ByteSource> file_;
  std::vector<Area> areas_;  // in file order, apart from each other
};

}  // namespace

bool has_big_endian_layout(Dtype dtype) { return fields_of(dtype) != nullptr; }

std::unique_ptr<source::ByteSource> little_endian_view(std::unique_ptr<source::ByteSource> file,
                                                       std::span<const TensorInfo> tensors) {
  return std::make_unique<LittleEndianView>(std::move(file), tensors);
}

}  // namespace prov::format
