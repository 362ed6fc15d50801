#include "model/packed/gptq.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/try.hpp"
#include "model/packed/bit_fields.hpp"

namespace prov::model {
namespace {

using format::Dtype;

constexpr std::uint64_t kRun = 32;  // fields that fill `bits` words

struct GptqLayout {
  unsigned bits = 4;
  std::uint64_t inputs = 0, outputs = 0, groups = 0;
  std::uint64_t group_size = 0;  // 0: g_idx says
  std::uint32_t zero_offset = 0;
};

class GptqTensor : public ComposedTensor {
 public:
  GptqTensor(const PackedModule& module, const GptqLayout& layout, StatedGrid grid)
      : layout_(layout),
        grid_(std::move(grid)),
        weights_(*module.find("qweight")),
        scales_(*module.find("scales")) {
    if (const Tensor* zeros = module.find("qzeros")) zeros_ = *zeros;
    if (const Tensor* order = module.find("g_idx")) order_ = *order;
  }

  std::string_view storage() const override { return grid_.name; }
  const StatedGrid* grid() const override { return &grid_; }

  Result<void> read_lines(const Checkpoint& checkpoint, std::uint64_t first, std::uint64_t count,
                          std::span<float> out) const override {
    PROV_TRY(const std::vector<std::byte> words,
             read_rectangle(checkpoint, weights_, layout_.outputs * 4,
                            {.first_row = 0,
                             .rows = weights_.rows(),
                             .first_byte = first * 4,
                             .bytes = count * 4}));
    PROV_TRY(const std::vector<float> scales, read_columns(checkpoint, scales_, first, count));
    PROV_TRY(const std::vector<int> zeros, read_zeros(checkpoint, first, count));
    PROV_TRY(const std::vector<std::uint32_t> groups, read_groups(checkpoint));
    std::vector<float> values(static_cast<std::size_t>(layout_.groups << layout_.bits));
    for (std::uint64_t c = 0; c < count; ++c) {
      const auto column = [&](const auto& parts, std::uint64_t g) { return parts[g * count + c]; };
      for (std::uint64_t g = 0; g < layout_.groups; ++g) {
        for (int q = 0; q < 1 << layout_.bits; ++q) {
          values[(g << layout_.bits) + static_cast<unsigned>(q)] =
              column(scales, g) * static_cast<float>(q - column(zeros, g));
        }
      }
      round_to(scales_.info.dtype, values);
      read_column(words, count, c, groups, values, out.subspan(c * layout_.inputs, layout_.inputs));
    }
    return {};
  }

 private:
  /// `values` holds, for each group, what each code stands for: a group uses few codes many times.
  void read_column(const std::vector<std::byte>& words, std::uint64_t columns, std::uint64_t column,
                   const std::vector<std::uint32_t>& groups, const std::vector<float>& values,
                   std::span<float> out) const {
    const std::uint32_t mask = field_mask(layout_.bits);
    for (std::uint64_t begin = 0; begin < layout_.inputs; begin += kRun) {
      const std::uint64_t fields = std::min(kRun, layout_.inputs - begin);
      const std::uint64_t first_word = begin * layout_.bits / 32;
      const std::uint64_t run_words =
          std::min<std::uint64_t>(layout_.bits, weights_.rows() - first_word);
      std::array<std::uint32_t, 9> run{};
      for (std::uint64_t k = 0; k < run_words; ++k)
        run[k] = word_at(words.data(), (first_word + k) * columns + column);
      for (unsigned i = 0; i < fields; ++i) {
        const std::uint32_t q = field_of(run.data(), i * layout_.bits, mask);
        out[begin + i] = values[(groups[begin + i] << layout_.bits) + q];
      }
    }
  }

  Result<std::vector<int>> read_zeros(const Checkpoint& checkpoint, std::uint64_t first,
                                      std::uint64_t count) const {
    std::vector<int> zeros(static_cast<std::size_t>(layout_.groups * count),
                           1 << (layout_.bits - 1));
    if (!zeros_) return zeros;
    const std::uint64_t row_words = zeros_->row_elements();
    const std::uint64_t first_word = first * layout_.bits / 32;
    const std::uint64_t end_word = ((first + count) * layout_.bits + 31) / 32;
    PROV_TRY(const std::vector<std::byte> words,
             read_rectangle(checkpoint, *zeros_, row_words * 4,
                            {.first_row = 0,
                             .rows = layout_.groups,
                             .first_byte = first_word * 4,
                             .bytes = (end_word - first_word) * 4}));
    const std::uint32_t mask = field_mask(layout_.bits);
    for (std::uint64_t g = 0; g < layout_.groups; ++g) {
      const BitString row(words, g * (end_word - first_word) * 4, (end_word - first_word) * 4);
      for (std::uint64_t c = 0; c < count; ++c) {
        const std::uint64_t bit = (first + c) * layout_.bits - first_word * 32;
        zeros[g * count + c] =
            static_cast<int>((row.field(bit, layout_.bits) + layout_.zero_offset) & mask);
      }
    }
    return zeros;
  }

  Result<std::vector<std::uint32_t>> read_groups(const Checkpoint& checkpoint) const {
    std::vector<std::uint32_t> groups(static_cast<std::size_t>(layout_.inputs));
    if (layout_.group_size > 0) {
      for (std::size_t r = 0; r < groups.size(); ++r)
        groups[r] = static_cast<std::uint32_t>(r / layout_.group_size);
      return groups;
    }
    PROV_TRY(const std::vector<std::int64_t> order, read_whole_numbers(checkpoint, *order_));
    for (std::size_t r = 0; r < groups.size(); ++r) {
      if (order[r] < 0 || static_cast<std::uint64_t>(order[r]) >= layout_.groups) {
        return Error{.code = ErrorCode::changed_while_read,
                     .message = "a group that was in range is not any more",
                     .file = checkpoint.files[order_->file]->name(),
                     .field = order_->info.name};
      }
      groups[r] = static_cast<std::uint32_t>(order[r]);
    }
    return groups;
  }

  GptqLayout layout_;
  StatedGrid grid_;
  Tensor weights_, scales_;
  std::optional<Tensor> zeros_, order_;
};

std::string unread_format(const QuantisationClaim& claim) {
  if (claim.method == "auto-round") {
    const std::string packing = claim.text("packing_format").value_or("auto_round:auto_gptq");
    return packing.ends_with("auto_gptq") ? "" : fmt::format("the packing \"{}\"", packing);
  }
  const std::string format = claim.text("checkpoint_format").value_or("gptq");
  return format == "gptq" || format == "gptq_v2"
             ? ""
             : fmt::format("GPTQ in the checkpoint_format \"{}\"", format);
}

/// Inputs that share a group run on without gaps: then the grid can be seen block by block.
std::optional<std::uint64_t> even_group_size(const std::vector<std::int64_t>& order,
                                             std::uint64_t groups) {
  const std::uint64_t size = (order.size() + groups - 1) / groups;
  for (std::size_t r = 0; r < order.size(); ++r) {
    if (static_cast<std::uint64_t>(order[r]) != r / size) return std::nullopt;
  }
  return size;
}

Result<void> check_order(const PackedModule& module, const std::vector<std::int64_t>& order,
                         std::uint64_t groups) {
  for (std::size_t r = 0; r < order.size(); ++r) {
    if (order[r] >= 0 && static_cast<std::uint64_t>(order[r]) < groups) continue;
    return module.error(
        ErrorCode::out_of_range, "g_idx",
        fmt::format("input {} is in group {}, there are {} groups", r, order[r], groups),
        "damaged file, or scales of another group size?");
  }
  return {};
}

/// `bits` of the configuration, or what the shapes say where modules differ.
Result<unsigned> bits_of(const PackedModule& module) {
  const Tensor& weights = *module.find("qweight");
  const std::int64_t stated = module.claim->whole_number("bits").value_or(0);
  std::int64_t bits = stated;
  if (const Tensor* order = module.find("g_idx"); order != nullptr && order->elements() > 0) {
    const std::uint64_t inputs = order->elements();
    if (weights.rows() * 32 % inputs == 0 && weights.rows() <= inputs)
      bits = static_cast<std::int64_t>(weights.rows() * 32 / inputs);
  }
  const bool may_differ = module.claim->names("dynamic") || module.claim->names("extra_config");
  if (bits != stated && !may_differ) {
    return module.error(
        ErrorCode::size_mismatch, "qweight",
        fmt::format("its shape means {} bits, {} says {}", bits, module.claim->file, stated),
        "a configuration of another model?");
  }
  if (bits != 2 && bits != 3 && bits != 4 && bits != 8) {
    return module.error(ErrorCode::unsupported, "qweight",
                        fmt::format("{} bits; GPTQ has 2, 3, 4 or 8", bits));
  }
  return static_cast<unsigned>(bits);
}

Result<GptqLayout> layout_of(const PackedModule& module) {
  GptqLayout layout;
  for (const char* part : {"qweight", "scales"}) {
    PROV_TRY(const Tensor* const tensor, module.need(part));
    if (tensor->info.shape.size() != 2 || tensor->elements() == 0) {
      return module.error(ErrorCode::size_mismatch, part,
                          fmt::format("{} of GPTQ is a matrix, this has rank {} and {} numbers",
                                      part, tensor->info.shape.size(), tensor->elements()));
    }
  }
  const Tensor& weights = *module.find("qweight");
  PROV_CHECK(module.check_type("qweight", {Dtype::i32, Dtype::u32}));
  PROV_CHECK(module.check_type("scales", {Dtype::f16, Dtype::bf16, Dtype::f32}));
  PROV_TRY(layout.bits, bits_of(module));
  layout.outputs = weights.info.shape[1];
  layout.groups = module.find("scales")->info.shape[0];
  const Tensor* const order = module.find("g_idx");
  layout.inputs = order != nullptr ? order->elements() : weights.rows() * 32 / layout.bits;
  const std::uint64_t words = (layout.inputs * layout.bits + 31) / 32;
  PROV_CHECK(module.check_shape("qweight", std::array{words, layout.outputs}));
  PROV_CHECK(module.check_shape("scales", std::array{layout.groups, layout.outputs}));
  if (module.find("qzeros") != nullptr) {
    const std::uint64_t zero_words = (layout.outputs * layout.bits + 31) / 32;
    PROV_CHECK(module.check_type("qzeros", {Dtype::i32, Dtype::u32}));
    PROV_CHECK(module.check_shape("qzeros", std::array{layout.groups, zero_words}));
  } else if (!module.claim->is_true("sym")) {
    PROV_CHECK(module.need("qzeros"));
  }
  if (layout.groups > layout.inputs) {
    return module.error(ErrorCode::size_mismatch, "scales",
                        fmt::format("{} groups of {} inputs", layout.groups, layout.inputs));
  }
  const bool stores_less_one = module.claim->text("checkpoint_format").value_or("gptq") == "gptq";
  layout.zero_offset = stores_less_one ? 1 : 0;
  return layout;
}

Result<std::optional<std::uint64_t>> group_size_of(const PackedModule& module,
                                                   const GptqLayout& layout) {
  if (const Tensor* order = module.find("g_idx")) {
    PROV_CHECK(module.check_shape("g_idx", std::array{layout.inputs}));
    PROV_TRY(const auto groups, read_whole_numbers(*module.checkpoint, *order));
    PROV_CHECK(check_order(module, groups, layout.groups));
    return even_group_size(groups, layout.groups);
  }
  const std::int64_t stated = module.claim->whole_number("group_size").value_or(-1);
  const std::uint64_t size = stated > 0 ? static_cast<std::uint64_t>(stated) : layout.inputs;
  if ((layout.inputs + size - 1) / size != layout.groups) {
    return module.error(ErrorCode::size_mismatch, "scales",
                        fmt::format("{} groups of {} inputs, but {} says groups of {}",
                                    layout.groups, layout.inputs, module.claim->file, stated),
                        "a configuration of another model?");
  }
  return std::optional(size);
}

}  // namespace

Result<JoinedModule> join_gptq(const PackedModule& module) {
  if (module.claim == nullptr)
    return JoinedModule{{}, "GPTQ without a configuration: its zero points have two meanings"};
  if (std::string unread = unread_format(*module.claim); !unread.empty())
    return JoinedModule{{}, std::move(unread)};
  PROV_TRY(GptqLayout layout, layout_of(module));
  PROV_TRY(const std::optional<std::uint64_t> group, group_size_of(module, layout));
  layout.group_size = group.value_or(0);
  StatedGrid grid{.name = fmt::format("GPTQ int{}, ", layout.bits),
                  .table = group ? "int" : "",
                  .bits = static_cast<int>(layout.bits),
                  .group = static_cast<std::size_t>(group.value_or(layout.inputs))};
  grid.name += !group               ? "groups in act-order"
               : layout.groups == 1 ? std::string("per row")
                                    : fmt::format("groups of {}", *group);
  const Tensor& scales = *module.find("scales");
  return JoinedModule{joined_tensor(module.name + ".weight", {layout.outputs, layout.inputs},
                                    scales.info.dtype, *module.find("qweight"),
                                    std::make_shared<GptqTensor>(module, layout, std::move(grid))),
                      {}};
}

}  // namespace prov::model
