#include <algorithm>
#include <array>

#include "base/try.hpp"
#include "model/decoder_of.hpp"
#include "model/packed/float4.hpp"

namespace prov::model {
namespace {

using format::Dtype;

constexpr std::uint64_t kGroup = 32, kGroupBytes = 16;

struct ExpertLayout {
  std::uint64_t experts = 0, outputs = 0, groups = 0;
  std::uint64_t inputs() const { return groups * kGroup; }
};

class Mxfp4Experts : public ComposedTensor {
 public:
  Mxfp4Experts(const Tensor& blocks, const Tensor& scales, const ExpertLayout& layout)
      : blocks_(blocks), scales_(scales), layout_(layout) {}

  std::string_view storage() const override { return grid_.name; }
  const StatedGrid* grid() const override { return &grid_; }
  bool lines_run_across() const override { return true; }

  /// A line is one input of one expert, over all outputs: a column of what is stored.
  Result<void> read_lines(const Checkpoint& checkpoint, std::uint64_t first, std::uint64_t count,
                          std::span<float> out) const override {
    while (count > 0) {
      const std::uint64_t expert = first / layout_.inputs(), input = first % layout_.inputs();
      const std::uint64_t lines = std::min(count, layout_.inputs() - input);
      PROV_CHECK(read_inputs(checkpoint, expert, input, lines,
                             out.first(static_cast<std::size_t>(lines * layout_.outputs))));
      out = out.subspan(static_cast<std::size_t>(lines * layout_.outputs));
      first += lines;
      count -= lines;
    }
    return {};
  }

 private:
  Result<void> read_inputs(const Checkpoint& checkpoint, std::uint64_t expert, std::uint64_t first,
                           std::uint64_t count, std::span<float> out) const {
    const std::uint64_t begin = first / kGroup, groups = (first + count - 1) / kGroup + 1 - begin;
    const auto part = [&](const Tensor& tensor, std::uint64_t size) {
      return read_rectangle(checkpoint, tensor, layout_.groups * size,
                            {.first_row = expert * layout_.outputs,
                             .rows = layout_.outputs,
                             .first_byte = begin * size,
                             .bytes = groups * size});
    };
    PROV_TRY(const std::vector<std::byte> blocks, part(blocks_, kGroupBytes));
    PROV_TRY(const std::vector<std::byte> powers, part(scales_, 1));
    std::vector<float> scales(powers.size());
    decoder_of(Dtype::f8_e8m0)(powers, 0, scales);
    std::array<float, kGroup> levels{};
    for (std::uint64_t output = 0; output < layout_.outputs; ++output) {
      for (std::uint64_t g = 0; g < groups; ++g) {
        const std::uint64_t cell = output * groups + g;
        decoder_of(Dtype::f4)(std::span(blocks).subspan(cell * kGroupBytes, kGroupBytes), 0,
                              levels);
        const std::uint64_t group_first = (begin + g) * kGroup;
        for (std::uint64_t i = std::max(first, group_first);
             i < std::min(first + count, group_first + kGroup); ++i)
          out[(i - first) * layout_.outputs + output] = levels[i - group_first] * scales[cell];
      }
    }
    round_to(Dtype::f32, out);
    return {};
  }

  StatedGrid grid_{.name = "MXFP4, groups of 32", .table = "fp4-e2m1", .bits = 4, .group = kGroup};
  Tensor blocks_, scales_;
  ExpertLayout layout_;
};

}  // namespace

Result<JoinedModule> join_mxfp4_experts(const PackedModule& module) {
  PROV_TRY(const Tensor* const blocks, module.need("_blocks"));
  PROV_TRY(const Tensor* const scales, module.need("_scales"));
  PROV_CHECK(module.check_type("_blocks", {Dtype::u8}));
  PROV_CHECK(module.check_type("_scales", {Dtype::u8, Dtype::f8_e8m0}));
  const auto& shape = blocks->info.shape;
  if (shape.size() != 4 || shape[3] != kGroupBytes || blocks->elements() == 0) {
    return module.error(ErrorCode::size_mismatch, "_blocks",
                        "its shape is not [experts, outputs, groups, 16]");
  }
  const ExpertLayout layout{shape[0], shape[1], shape[2]};
  PROV_CHECK(
      module.check_shape("_scales", std::array{layout.experts, layout.outputs, layout.groups}));
  return JoinedModule{
      joined_tensor(module.name, {layout.experts, layout.inputs(), layout.outputs}, Dtype::bf16,
                    *blocks, std::make_shared<Mxfp4Experts>(*blocks, *scales, layout)),
      {}};
}

}  // namespace prov::model
