#include "model/weight_view.hpp"

#include <algorithm>
#include <optional>

#include "base/try.hpp"
#include "model/row_reader.hpp"

namespace prov::model {
namespace {

using numeric::Matrix;

constexpr std::uint64_t kLongestAxis = std::uint64_t{1}
                                       << 22;  // whole rows are read: 16 MiB as f32

bool is_tested(RoleKind kind) {
  constexpr RoleKind kTested[] = {RoleKind::query,
                                  RoleKind::key,
                                  RoleKind::value,
                                  RoleKind::qkv,
                                  RoleKind::attention_output,
                                  RoleKind::gate,
                                  RoleKind::up,
                                  RoleKind::gate_up,
                                  RoleKind::up_gate,
                                  RoleKind::down};
  return std::ranges::find(kTested, kind) != std::end(kTested);
}

/// Quantised weights that are packed into integers say nothing element by element.
bool holds_real_numbers(format::Dtype dtype) {
  using format::Dtype;
  if (format::is_block_quantised(dtype)) return true;
  constexpr Dtype kReal[] = {Dtype::f8_e5m2,     Dtype::f8_e4m3, Dtype::f8_e5m2fnuz,
                             Dtype::f8_e4m3fnuz, Dtype::f16,     Dtype::bf16,
                             Dtype::f32,         Dtype::f64,     Dtype::i8};
  return std::ranges::find(kReal, dtype) != std::end(kReal);
}

bool is_language_tower(Tower tower) {
  return tower == Tower::text || tower == Tower::encoder || tower == Tower::decoder;
}

bool is_transposed(Layout layout) {
  return layout == Layout::transposed || layout == Layout::stacked_transposed;
}

/// The whole matrix, or that of expert `expert` of a stack [experts, rows, columns].
WeightView whole_view(const Tensor& tensor, std::uint64_t expert) {
  const auto& shape = tensor.info.shape;
  const std::uint64_t rows = shape[shape.size() - 2], columns = shape.back();
  WeightView view{.tensor = &tensor,
                  .origin = expert * rows * columns,
                  .stride = columns,
                  .outputs = rows,
                  .inputs = columns,
                  .transposed = is_transposed(tensor.role.layout)};
  if (view.transposed) std::swap(view.outputs, view.inputs);
  return view;
}

WeightView output_part(WeightView view, std::uint64_t begin, std::uint64_t count) {
  view.origin += begin * (view.transposed ? 1 : view.stride);
  view.outputs = count;
  return view;
}

void add_halves(ViewMap& views, ViewAddress address, const WeightView& fused, RoleKind first,
                RoleKind second) {
  if (fused.outputs % 2 != 0) return;
  const std::uint64_t half = fused.outputs / 2;
  address.kind = first;
  views.emplace(address, output_part(fused, 0, half));
  address.kind = second;
  views.emplace(address, output_part(fused, half, half));
}

/// Gate and up take turns along the outputs (gpt-oss).
void add_turns(ViewMap& views, ViewAddress address, const WeightView& fused) {
  if (fused.outputs == 0 || fused.outputs % 2 != 0) return;
  for (const RoleKind kind : {RoleKind::gate, RoleKind::up}) {
    WeightView part = output_part(fused, kind == RoleKind::up ? 1 : 0, fused.outputs / 2);
    part.block = 1;
    part.group = 2;
    address.kind = kind;
    views.emplace(address, part);
  }
}

bool takes_turns(const WeightView& view) {
  return view.tensor->role.expert == kAllExperts &&
         view.tensor->role.layout == Layout::stacked_transposed;
}

void add_view(ViewMap& views, const ViewAddress& address, const WeightView& view) {
  if (address.kind == RoleKind::gate_up && takes_turns(view))
    return add_turns(views, address, view);
  if (address.kind == RoleKind::gate_up)
    return add_halves(views, address, view, RoleKind::gate, RoleKind::up);
  if (address.kind == RoleKind::up_gate)
    return add_halves(views, address, view, RoleKind::up, RoleKind::gate);
  views.emplace(address, view);
}

/// q | k | v one after the other: q is as wide as the input of the output projection, k and v share
/// the rest.
void split_stacked_qkv(ViewMap& views) {
  std::vector<ViewAddress> stacked;
  for (const auto& [address, view] : views) {
    const Layout layout = view.tensor->role.layout;
    const bool in_parts = layout == Layout::stacked || layout == Layout::stacked_transposed;
    if (address.kind == RoleKind::qkv && in_parts) stacked.push_back(address);
  }
  for (ViewAddress address : stacked) {
    const WeightView fused = views.at(address);
    ViewAddress output = address;
    output.kind = RoleKind::attention_output;
    const auto found = views.find(output);
    if (found == views.end()) continue;
    const std::uint64_t query = found->second.inputs;
    if (query == 0 || query >= fused.outputs || (fused.outputs - query) % 2 != 0) continue;
    const std::uint64_t rest = (fused.outputs - query) / 2;
    views.erase(address);
    address.kind = RoleKind::query;
    views.emplace(address, output_part(fused, 0, query));
    address.kind = RoleKind::key;
    views.emplace(address, output_part(fused, query, rest));
    address.kind = RoleKind::value;
    views.emplace(address, output_part(fused, query + rest, rest));
  }
}

/// Head by head: the queries of a group, its key, its value (GPT-NeoX and BLOOM: groups of one;
/// Falcon, InternLM 2: several queries share a key and a value).
void split_interleaved_qkv(ViewMap& views, AttentionHeads heads) {
  if (heads.query == 0 || heads.key_value == 0 || heads.query % heads.key_value != 0) return;
  const std::uint64_t queries = heads.query / heads.key_value;
  std::vector<ViewAddress> fused;
  for (const auto& [address, view] : views) {
    if (address.kind == RoleKind::qkv && view.tensor->role.layout == Layout::interleaved)
      fused.push_back(address);
  }
  for (ViewAddress address : fused) {
    const WeightView whole = views.at(address);
    const std::uint64_t parts = heads.key_value * (queries + 2);
    if (whole.outputs % parts != 0) continue;
    const std::uint64_t head = whole.outputs / parts;
    const auto add = [&](RoleKind kind, std::uint64_t first, std::uint64_t count) {
      WeightView part = whole;
      part.origin += first * head * whole.stride;
      part.outputs = heads.key_value * count * head;
      part.block = count * head;
      part.group = (queries + 2) * head;
      address.kind = kind;
      views.emplace(address, part);
    };
    views.erase(address);
    add(RoleKind::query, 0, queries);
    add(RoleKind::key, queries, 1);
    add(RoleKind::value, queries + 1, 1);
  }
}

}  // namespace

WeightView WeightView::flipped() const {
  WeightView result = *this;
  std::swap(result.outputs, result.inputs);
  result.transposed = !transposed;
  return result;
}

ViewMap weight_views(const Checkpoint& checkpoint, int experts, AttentionHeads heads) {
  ViewMap views;
  const bool has_language = std::ranges::any_of(checkpoint.tensors, [](const Tensor& tensor) {
    return tensor.role.layer >= 0 && is_language_tower(tensor.role.tower);
  });
  for (const Tensor& tensor : checkpoint.tensors) {
    const Role& role = tensor.role;
    if (has_language && !is_language_tower(role.tower)) continue;
    if (role.layer < 0 || role.parameter != Parameter::weight || !is_tested(role.kind)) continue;
    if (!holds_real_numbers(tensor.info.dtype)) continue;
    const std::size_t rank = tensor.info.shape.size();
    if (std::ranges::any_of(tensor.info.shape,
                            [](std::uint64_t size) { return size > kLongestAxis; }))
      continue;
    const ViewAddress address{role.tower, role.layer, role.expert, role.kind};
    if (role.expert == kAllExperts && rank == 3) {
      const int listed = static_cast<int>(
          std::min<std::uint64_t>(tensor.info.shape[0], static_cast<std::uint64_t>(experts)));
      for (int expert = 0; expert < listed; ++expert) {
        add_view(views, {role.tower, role.layer, expert, role.kind},
                 whole_view(tensor, static_cast<std::uint64_t>(expert)));
      }
    } else if (role.expert != kAllExperts && role.expert < experts && rank == 2) {
      add_view(views, address, whole_view(tensor, 0));
    }
  }
  split_stacked_qkv(views);
  split_interleaved_qkv(views, heads);
  return views;
}

Result<Matrix> read_block(const Checkpoint& checkpoint, const WeightView& view,
                          std::span<const std::uint64_t> outputs,
                          std::span<const std::uint64_t> inputs) {
  const std::span<const std::uint64_t> rows = view.transposed ? inputs : outputs;
  const std::span<const std::uint64_t> columns = view.transposed ? outputs : inputs;
  Matrix block(rows.size(), columns.size());
  if (block.values.empty()) return block;
  constexpr std::uint64_t kBufferElements = std::uint64_t{1} << 20;  // 4 MiB, or one row
  const std::uint64_t width = view.transposed ? view.stored_row(view.outputs - 1) + 1 : view.inputs;
  const auto stored = [&](std::size_t i) {
    return view.transposed ? rows[i] : view.stored_row(rows[i]);
  };
  std::vector<std::size_t> ends;  // of runs of rows that stand one after the other
  std::vector<ElementRange> parts;
  for (std::size_t begin = 0; begin < rows.size(); begin = ends.back()) {
    std::size_t end = begin + 1;
    while (end < rows.size() && stored(end) == stored(end - 1) + 1 &&
           (end - begin + 1) * view.stride <= kBufferElements)
      ++end;
    parts.push_back(
        {view.origin + stored(begin) * view.stride, (end - begin - 1) * view.stride + width});
    ends.push_back(end);
  }
  RowReader reader(checkpoint, *view.tensor);
  reader.expect(parts);
  std::vector<float> buffer;
  std::size_t begin = 0;
  for (std::size_t run = 0; run < parts.size(); ++run) {
    const std::size_t end = ends[run];
    buffer.resize(parts[run].count);
    PROV_CHECK(reader.read_elements(parts[run].begin, buffer));
    for (std::size_t i = begin; i < end; ++i) {
      const float* line = buffer.data() + (i - begin) * view.stride;
      for (std::size_t j = 0; j < columns.size(); ++j) {
        const std::uint64_t column = view.transposed ? view.stored_row(columns[j]) : columns[j];
        block.row(i)[j] = line[column];
      }
    }
    begin = end;
  }
  numeric::clear_non_finite(block.values);
  return view.transposed ? numeric::transposed(block) : block;
}

}  // namespace prov::model
