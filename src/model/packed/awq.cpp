#include "model/packed/awq.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/try.hpp"
#include "model/packed/bit_fields.hpp"

namespace prov::model {
namespace {

using format::Dtype;

constexpr std::uint64_t kInWord = 8;
constexpr unsigned kCodes = 16;
constexpr unsigned kNibbleOfColumn[kInWord] = {0, 4, 1, 5, 2, 6, 3, 7};

struct AwqLayout {
  std::uint64_t inputs = 0, outputs = 0, groups = 0, group_size = 0;
};

class AwqTensor : public ComposedTensor {
 public:
  AwqTensor(const PackedModule& module, const AwqLayout& layout, StatedGrid grid)
      : layout_(layout),
        grid_(std::move(grid)),
        weights_(*module.find("qweight")),
        zeros_(*module.find("qzeros")),
        scales_(*module.find("scales")) {}

  std::string_view storage() const override { return grid_.name; }
  const StatedGrid* grid() const override { return &grid_; }

  Result<void> read_lines(const Checkpoint& checkpoint, std::uint64_t first, std::uint64_t count,
                          std::span<float> out) const override {
    const std::uint64_t first_word = first / kInWord;
    const std::uint64_t words = (first + count + kInWord - 1) / kInWord - first_word;
    const auto packed = [&](const Tensor& part) {
      return read_rectangle(
          checkpoint, part, layout_.outputs / kInWord * 4,
          {.first_row = 0, .rows = part.rows(), .first_byte = first_word * 4, .bytes = words * 4});
    };
    PROV_TRY(const std::vector<std::byte> weights, packed(weights_));
    PROV_TRY(const std::vector<std::byte> zeros, packed(zeros_));
    PROV_TRY(const std::vector<float> scales, read_columns(checkpoint, scales_, first, count));
    std::vector<float> values(static_cast<std::size_t>(layout_.groups * kCodes));
    for (std::uint64_t c = 0; c < count; ++c) {
      const std::uint64_t word = (first + c) / kInWord - first_word;
      const unsigned shift = 4 * kNibbleOfColumn[(first + c) % kInWord];
      const auto nibble = [&](const std::vector<std::byte>& bytes, std::uint64_t row) {
        return word_at(bytes.data(), row * words + word) >> shift & 15u;
      };
      for (std::uint64_t g = 0; g < layout_.groups; ++g) {
        const int zero = static_cast<int>(nibble(zeros, g));
        for (unsigned q = 0; q < kCodes; ++q) {
          values[g * kCodes + q] =
              static_cast<float>(static_cast<int>(q) - zero) * scales[g * count + c];
        }
      }
      round_to(scales_.info.dtype, values);
      float* const line = out.data() + c * layout_.inputs;
      for (std::uint64_t g = 0, r = 0; g < layout_.groups; ++g) {
        const std::uint64_t end = std::min(layout_.inputs, r + layout_.group_size);
        for (; r < end; ++r) line[r] = values[g * kCodes + nibble(weights, r)];
      }
    }
    return {};
  }

 private:
  AwqLayout layout_;
  StatedGrid grid_;
  Tensor weights_, zeros_, scales_;
};

std::string unread_format(const PackedModule& module) {
  if (module.claim == nullptr) return "AWQ without a configuration: which of its layouts it has";
  if (module.claim->method == "auto-round") return {};
  const std::string version = module.claim->text("version").value_or("gemm");
  if (version != "gemm" && version != "GEMM")
    return fmt::format("AWQ in the layout \"{}\"", version);
  const std::int64_t bits =
      module.claim->whole_number("bits").value_or(module.claim->whole_number("w_bit").value_or(4));
  return bits == 4 ? "" : fmt::format("AWQ of {} bits", bits);
}

Result<AwqLayout> layout_of(const PackedModule& module) {
  for (const char* part : {"qweight", "qzeros", "scales"}) {
    PROV_TRY(const Tensor* const tensor, module.need(part));
    if (tensor->info.shape.size() != 2 || tensor->elements() == 0) {
      return module.error(ErrorCode::size_mismatch, part,
                          fmt::format("{} of AWQ is a matrix, this has rank {} and {} numbers",
                                      part, tensor->info.shape.size(), tensor->elements()));
    }
  }
  PROV_CHECK(module.check_type("qweight", {Dtype::i32, Dtype::u32}));
  PROV_CHECK(module.check_type("qzeros", {Dtype::i32, Dtype::u32}));
  PROV_CHECK(module.check_type("scales", {Dtype::f16, Dtype::bf16, Dtype::f32}));
  AwqLayout layout;
  layout.inputs = module.find("qweight")->info.shape[0];
  layout.groups = module.find("scales")->info.shape[0];
  layout.outputs = module.find("scales")->info.shape[1];
  const std::uint64_t words = layout.outputs / kInWord;
  if (layout.outputs % kInWord != 0) {
    return module.error(ErrorCode::size_mismatch, "scales",
                        fmt::format("{} outputs do not fill words of 8", layout.outputs));
  }
  PROV_CHECK(module.check_shape("qweight", std::array{layout.inputs, words}));
  PROV_CHECK(module.check_shape("qzeros", std::array{layout.groups, words}));
  const std::int64_t stated =
      module.claim->whole_number("group_size")
          .value_or(module.claim->whole_number("q_group_size").value_or(-1));
  layout.group_size = stated > 0 ? static_cast<std::uint64_t>(stated) : layout.inputs;
  if ((layout.inputs + layout.group_size - 1) / layout.group_size != layout.groups) {
    return module.error(ErrorCode::size_mismatch, "scales",
                        fmt::format("{} groups of {} inputs, but {} says groups of {}",
                                    layout.groups, layout.inputs, module.claim->file, stated),
                        "a configuration of another model?");
  }
  return layout;
}

}  // namespace

Result<JoinedModule> join_awq(const PackedModule& module) {
  if (std::string unread = unread_format(module); !unread.empty())
    return JoinedModule{{}, std::move(unread)};
  PROV_TRY(const AwqLayout layout, layout_of(module));
  StatedGrid grid{.name = layout.groups == 1
                              ? "AWQ int4, per row"
                              : fmt::format("AWQ int4, groups of {}", layout.group_size),
                  .table = "int",
                  .bits = 4,
                  .group = static_cast<std::size_t>(layout.group_size)};
  return JoinedModule{joined_tensor(module.name + ".weight", {layout.outputs, layout.inputs},
                                    module.find("scales")->info.dtype, *module.find("qweight"),
                                    std::make_shared<AwqTensor>(module, layout, std::move(grid))),
                      {}};
}

}  // namespace prov::model
