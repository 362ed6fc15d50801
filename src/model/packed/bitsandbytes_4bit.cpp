#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/checked_math.hpp"
#include "base/try.hpp"
#include "model/json_text.hpp"
#include "model/packed/bitsandbytes.hpp"

namespace prov::model {
namespace {

using format::Dtype;
using nlohmann::json;

constexpr std::uint64_t kMostStateBytes = 64u << 10;
constexpr std::string_view kState = "weight.quant_state.";

struct FourBitLayout {
  std::string kind;  // "NF4", "FP4"
  std::vector<std::uint64_t> shape;
  std::uint64_t elements = 0, block = 64;
  bool nested = false;
  std::uint64_t nested_block = 256;
  float nested_offset = 0;
  Dtype precision = Dtype::f32;
};

class FourBitTensor : public ComposedTensor {
 public:
  FourBitTensor(const PackedModule& module, FourBitLayout layout, StatedGrid grid)
      : layout_(std::move(layout)),
        grid_(std::move(grid)),
        weights_(*module.find("weight")),
        levels_(*module.find("weight.quant_map")),
        maxima_(*module.find("weight.absmax")) {
    if (!layout_.nested) return;
    nested_maxima_ = *module.find("weight.nested_absmax");
    nested_levels_ = *module.find("weight.nested_quant_map");
  }

  std::string_view storage() const override { return grid_.name; }
  const StatedGrid* grid() const override { return &grid_; }

  Result<void> read_lines(const Checkpoint& checkpoint, std::uint64_t first, std::uint64_t count,
                          std::span<float> out) const override {
    if (out.empty()) return {};
    const std::uint64_t width = out.size() / count, begin = first * width, end = begin + out.size();
    PROV_TRY(const std::vector<std::byte> bytes,
             read_rectangle(checkpoint, weights_, 1,
                            {.first_row = 0,
                             .rows = 1,
                             .first_byte = begin / 2,
                             .bytes = (end + 1) / 2 - begin / 2}));
    PROV_TRY(const std::vector<float> levels, read_numbers(checkpoint, levels_, 0, 16));
    const std::uint64_t first_block = begin / layout_.block;
    PROV_TRY(const std::vector<float> maxima,
             read_maxima(checkpoint, first_block, (end - 1) / layout_.block + 1 - first_block));
    for (std::uint64_t i = begin; i < end; ++i) {
      const auto byte = std::to_integer<unsigned>(bytes[i / 2 - begin / 2]);
      const unsigned code = i % 2 == 0 ? byte >> 4 : byte & 15u;
      out[i - begin] = levels[code] * maxima[i / layout_.block - first_block];
    }
    round_to(layout_.precision, out);
    return {};
  }

 private:
  Result<std::vector<float>> read_maxima(const Checkpoint& checkpoint, std::uint64_t begin,
                                         std::uint64_t count) const {
    PROV_TRY(std::vector<float> maxima, read_numbers(checkpoint, maxima_, begin, count));
    if (!layout_.nested) return maxima;
    PROV_TRY(const std::vector<float> levels, read_numbers(checkpoint, *nested_levels_, 0, 256));
    const std::uint64_t first = begin / layout_.nested_block;
    PROV_TRY(const std::vector<float> scales,
             read_numbers(checkpoint, *nested_maxima_, first,
                          (begin + count - 1) / layout_.nested_block + 1 - first));
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto code = static_cast<std::size_t>(maxima[i]);
      maxima[i] =
          levels[code] * scales[(begin + i) / layout_.nested_block - first] + layout_.nested_offset;
    }
    return maxima;
  }

  FourBitLayout layout_;
  StatedGrid grid_;
  Tensor weights_, levels_, maxima_;
  std::optional<Tensor> nested_maxima_, nested_levels_;
};

Result<json> read_state(const PackedModule& module, const std::string& part) {
  const Tensor& tensor = *module.find(part);
  if (tensor.info.bytes > kMostStateBytes)
    return module.error(ErrorCode::too_large, part, "a description above 64 KiB");
  std::string text(static_cast<std::size_t>(tensor.info.bytes), '\0');
  const source::ByteSource& file = *module.checkpoint->files[tensor.file];
  PROV_CHECK(file.read(tensor.info.offset, std::as_writable_bytes(std::span(text))));
  auto state = parse_json_text(text, file.name());
  if (state && state->is_object()) return *std::move(state);
  return module.error(ErrorCode::malformed, part, "its text is no JSON object");
}

Result<std::uint64_t> positive(const PackedModule& module, const std::string& part,
                               const json& state, const char* key, std::uint64_t absent) {
  const auto found = state.find(key);
  if (found == state.end() || found->is_null()) return absent;
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40;
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > 0 &&
      found->get<std::uint64_t>() <= kMost)
    return found->get<std::uint64_t>();
  return module.error(ErrorCode::malformed, part, fmt::format("{} is no positive number", key));
}

Result<FourBitLayout> parse_state(const PackedModule& module, const std::string& part) {
  PROV_TRY(const json state, read_state(module, part));
  FourBitLayout layout{.kind = part.ends_with("nf4") ? "NF4" : "FP4", .shape = {}};
  const auto shape = state.find("shape");
  if (shape == state.end() || !shape->is_array() || shape->empty() || shape->size() > 8)
    return module.error(ErrorCode::malformed, part, "it has no shape");
  for (const json& size : *shape) {
    if (!size.is_number_unsigned())
      return module.error(ErrorCode::malformed, part, "its shape is no list of sizes");
    layout.shape.push_back(size.get<std::uint64_t>());
  }
  const auto elements = base::checked_product(layout.shape);
  const std::uint64_t bytes = module.find("weight")->info.bytes;
  if (!elements || *elements == 0 || *elements / 2 + *elements % 2 != bytes) {
    return module.error(
        ErrorCode::size_mismatch, "weight",
        fmt::format("{} bytes are not the halves of the elements that {} states", bytes, part));
  }
  layout.elements = *elements;
  PROV_TRY(layout.block, positive(module, part, state, "blocksize", 64));
  PROV_TRY(layout.nested_block, positive(module, part, state, "nested_blocksize", 256));
  const auto offset = state.find("nested_offset");
  if (offset != state.end() && offset->is_number())
    layout.nested_offset = static_cast<float>(offset->get<double>());
  const auto type = state.find("dtype");
  const std::string name = type != state.end() && type->is_string() ? type->get<std::string>() : "";
  layout.precision = name == "float16" ? Dtype::f16 : name == "bfloat16" ? Dtype::bf16 : Dtype::f32;
  return layout;
}

Result<void> check_parts(const PackedModule& module, FourBitLayout& layout) {
  PROV_CHECK(module.check_type("weight", {Dtype::u8, Dtype::i8}));
  PROV_CHECK(module.check_type("weight.quant_map", {Dtype::f32}));
  PROV_CHECK(module.check_shape("weight.quant_map", std::array{std::uint64_t{16}}));
  PROV_TRY(const Tensor* const maxima, module.need("weight.absmax"));
  const std::uint64_t blocks = (layout.elements - 1) / layout.block + 1;
  PROV_CHECK(module.check_shape("weight.absmax", std::array{blocks}));
  layout.nested = maxima->info.dtype == Dtype::u8;
  if (!layout.nested) return module.check_type("weight.absmax", {Dtype::f32});
  PROV_CHECK(module.check_type("weight.nested_absmax", {Dtype::f32}));
  PROV_CHECK(module.check_type("weight.nested_quant_map", {Dtype::f32}));
  PROV_CHECK(module.check_shape("weight.nested_quant_map", std::array{std::uint64_t{256}}));
  const std::uint64_t nested = (blocks - 1) / layout.nested_block + 1;
  return module.check_shape("weight.nested_absmax", std::array{nested});
}

}  // namespace

std::string quant_state_part(const PackedModule& module) {
  for (const char* kind : {"bitsandbytes__nf4", "bitsandbytes__fp4"}) {
    std::string part = std::string(kState) + kind;
    if (module.find(part) != nullptr) return part;
  }
  return {};
}

Result<JoinedModule> join_bitsandbytes_4bit(const PackedModule& module) {
  PROV_CHECK(module.need("weight"));
  const std::string part = quant_state_part(module);
  PROV_CHECK(module.need(part));
  PROV_TRY(FourBitLayout layout, parse_state(module, part));
  PROV_CHECK(check_parts(module, layout));
  // The grid shows row by row where blocks do not run on into the next row.
  const bool even = layout.shape.back() % layout.block == 0;
  StatedGrid grid{.name = fmt::format("bitsandbytes {}, groups of {}{}", layout.kind, layout.block,
                                      layout.nested ? ", scales quantised too" : ""),
                  .table = !even                  ? std::string_view()
                           : layout.kind == "NF4" ? "nf4"
                                                  : "fp4",
                  .bits = 4,
                  .group = static_cast<std::size_t>(layout.block)};
  const Dtype precision = layout.precision;
  std::vector<std::uint64_t> shape = layout.shape;
  return JoinedModule{
      joined_tensor(module.name + ".weight", std::move(shape), precision, *module.find("weight"),
                    std::make_shared<FourBitTensor>(module, std::move(layout), std::move(grid))),
      {}};
}

}  // namespace prov::model
