#include "model/unnamed_mlps.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "model/role_alias.hpp"
#include "model/row_reader.hpp"
#include "numeric/correlation.hpp"
#include "numeric/matrix.hpp"
#include "numeric/sums.hpp"

namespace prov::model {
namespace {

constexpr std::uint64_t kLeastAxis = 64;
constexpr std::uint64_t kBatchElements = std::uint64_t{1} << 20;
// Between the values of the development zoo (unnamed_mlps.hpp), nearer to those of a pair that does
// not belong together.
constexpr double kLeastZ = 8;
constexpr double kLeastCorrelation = 0.3;
constexpr double kAheadOfNext = 1.5;
constexpr double kGateAsymmetry = 2.5;
constexpr double kAheadOfUp = 2;

struct Axes {
  std::uint64_t hidden = 0, stream = 0;
};

bool is_candidate(const Tensor& tensor) {
  constexpr format::Dtype kFloats[] = {format::Dtype::f16, format::Dtype::bf16, format::Dtype::f32};
  return tensor.role.kind == RoleKind::unknown && tensor.info.shape.size() == 2 &&
         std::ranges::find(kFloats, tensor.info.dtype) != std::end(kFloats);
}

bool has_shape(const Tensor& tensor, std::uint64_t rows, std::uint64_t columns) {
  return is_candidate(tensor) && tensor.info.shape[0] == rows && tensor.info.shape[1] == columns;
}

/// Absent if no pair of axes, or more than one, has the numbers of matrices that gated MLPs have.
std::optional<Axes> find_axes(const std::vector<Tensor>& tensors) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> shapes;
  std::map<std::uint64_t, std::size_t> axes;
  for (const Tensor& tensor : tensors) {
    if (!is_candidate(tensor)) continue;
    const auto rows = tensor.info.shape[0], columns = tensor.info.shape[1];
    ++shapes[{rows, columns}];
    ++axes[rows];
    if (columns != rows) ++axes[columns];
  }
  if (axes.empty()) return std::nullopt;
  const std::uint64_t stream =
      std::ranges::max_element(axes, {}, [](const auto& axis) { return axis.second; })->first;
  std::optional<Axes> found;
  for (const auto& [shape, count] : shapes) {
    const auto [rows, columns] = shape;
    if (columns != stream || rows == stream || rows < kLeastAxis || columns < kLeastAxis) continue;
    const auto writers = shapes.find({columns, rows});
    if (writers == shapes.end() || writers->second * 2 != count) continue;
    if (found) return std::nullopt;
    found = Axes{rows, columns};
  }
  return found;
}

struct Measured {
  Tensor* tensor = nullptr;
  std::vector<double> ranks;  // of the hidden units, by their lengths
  double asymmetry = 0;       // |sum of unit rows|^2 / rows; readers only
};

/// Equal values rank by position.
std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (std::size_t rank = 0; rank < order.size(); ++rank)
    ranks[order[rank]] = static_cast<double>(rank);
  return ranks;
}

/// Row by row: the units are rows (readers) or columns (writers).
Result<void> measure(const Checkpoint& checkpoint, Measured& matrix, bool reader) {
  const std::uint64_t rows = matrix.tensor->info.shape[0], columns = matrix.tensor->info.shape[1];
  const std::uint64_t batch = std::max<std::uint64_t>(1, kBatchElements / columns);
  std::vector<double> sums(columns, 0);
  std::vector<double> squares(reader ? rows : columns, 0);
  RowReader source(checkpoint, *matrix.tensor);
  std::vector<float> buffer;
  for (std::uint64_t begin = 0; begin < rows; begin += batch) {
    const std::uint64_t count = std::min(batch, rows - begin);
    buffer.resize(count * columns);
    PROV_CHECK(source.read_rows(begin, count, buffer));
    numeric::clear_non_finite(buffer);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto row = std::span(buffer).subspan(i * columns, columns);
      const double square = numeric::dot(row, row), length = std::sqrt(square);
      if (reader) squares[begin + i] = square;
      for (std::size_t j = 0; j < columns; ++j) {
        const auto value = static_cast<double>(row[j]);
        if (reader) {
          if (length > 0) sums[j] += value / length;
        } else {
          squares[j] += value * value;
        }
      }
    }
  }
  for (const double sum : sums) matrix.asymmetry += sum * sum / static_cast<double>(rows);
  matrix.ranks = ranks_of(squares);
  return {};
}

Result<std::vector<Measured>> measure_all(Checkpoint& checkpoint, std::uint64_t rows,
                                          std::uint64_t columns, bool readers) {
  std::vector<Measured> matrices;
  for (Tensor& tensor : checkpoint.tensors) {
    if (has_shape(tensor, rows, columns)) matrices.push_back({.tensor = &tensor});
  }
  std::vector<std::optional<Error>> errors(matrices.size());
  base::parallel_for(matrices.size(), base::worker_count(), [&](std::size_t i) {
    if (auto status = measure(checkpoint, matrices[i], readers); !status)
      errors[i] = std::move(status).error();
  });
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  return matrices;
}

struct Trio {
  const Measured* down = nullptr;
  std::vector<const Measured*> readers;
  int layer = 0;
};

/// By the number in the names, if every number has one writer and two readers.
std::optional<std::vector<Trio>> by_number(const std::vector<Measured>& readers,
                                           const std::vector<Measured>& writers) {
  std::map<int, Trio> layers;
  for (const Measured& writer : writers) {
    const auto layer = layer_number(writer.tensor->info.name);
    if (!layer || layers.contains(*layer)) return std::nullopt;
    layers[*layer] = {&writer, {}, *layer};
  }
  for (const Measured& reader : readers) {
    const auto layer = layer_number(reader.tensor->info.name);
    if (!layer || !layers.contains(*layer)) return std::nullopt;
    layers[*layer].readers.push_back(&reader);
  }
  std::vector<Trio> trios;
  for (auto& [layer, trio] : layers) {
    if (trio.readers.size() != 2) return std::nullopt;
    trios.push_back(std::move(trio));
  }
  return trios;
}

/// By the lengths of the units. A writer whose two best readers are not clearly ahead of the third,
/// or are another's too, is left out.
std::vector<Trio> by_lengths(const std::vector<Measured>& readers,
                             const std::vector<Measured>& writers) {
  std::vector<Trio> trios;
  std::map<const Measured*, int> uses;
  int number = 0;
  for (const Measured& writer : writers) {
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < readers.size(); ++i) {
      const double correlation = numeric::pearson(std::span<const double>(writer.ranks),
                                                  std::span<const double>(readers[i].ranks));
      order.emplace_back(-correlation, i);
    }
    std::ranges::sort(order);
    const int layer = number++;
    if (order.size() < 2) continue;
    const double second = -order[1].first, third = order.size() > 2 ? -order[2].first : 0;
    const double z = second * std::sqrt(static_cast<double>(writer.ranks.size() - 1));
    // Not the negation of a comparison the other way: a correlation that is not a number fails.
    if (!(z >= kLeastZ && second >= kLeastCorrelation && second >= kAheadOfNext * third)) continue;
    trios.push_back({&writer, {&readers[order[0].second], &readers[order[1].second]}, layer});
    for (const Measured* reader : trios.back().readers) ++uses[reader];
  }
  std::erase_if(trios, [&](const Trio& trio) {
    return std::ranges::any_of(trio.readers,
                               [&](const Measured* reader) { return uses[reader] > 1; });
  });
  return trios;
}

/// The gate first; false where neither reader looks like one.
bool put_gate_first(Trio& trio) {
  const Measured*& gate = trio.readers[0];
  const Measured*& up = trio.readers[1];
  if (gate->asymmetry < up->asymmetry) std::swap(gate, up);
  return gate->asymmetry >= kGateAsymmetry && gate->asymmetry >= kAheadOfUp * up->asymmetry;
}

void give_roles(const Trio& trio) {
  trio.readers[0]->tensor->role = {.kind = RoleKind::gate, .layer = trio.layer};
  trio.readers[1]->tensor->role = {.kind = RoleKind::up, .layer = trio.layer};
  trio.down->tensor->role = {.kind = RoleKind::down, .layer = trio.layer};
}

/// The one matrix that is longer than any axis of a layer and as wide as the stream.
void find_embedding(std::vector<Tensor>& tensors, Axes axes) {
  const auto known = [](const Tensor& tensor) {
    return tensor.role.kind == RoleKind::token_embedding;
  };
  if (std::ranges::any_of(tensors, known)) return;
  Tensor* only = nullptr;
  for (Tensor& tensor : tensors) {
    if (!is_candidate(tensor) || tensor.info.shape[1] != axes.stream) continue;
    if (tensor.info.shape[0] <= axes.hidden || tensor.info.shape[0] <= 4 * axes.stream) continue;
    if (only != nullptr) return;
    only = &tensor;
  }
  if (only != nullptr) only->role.kind = RoleKind::token_embedding;
}

}  // namespace

Result<UnnamedMlps> find_unnamed_mlps(Checkpoint& checkpoint) {
  UnnamedMlps result;
  const auto speaks = [](const Tensor& tensor) {
    return (tensor.role.kind != RoleKind::unknown && tensor.role.layer >= 0) ||
           names_no_plain_part(tensor.info.name);
  };
  if (std::ranges::any_of(checkpoint.tensors, speaks)) return result;
  const auto axes = find_axes(checkpoint.tensors);
  if (!axes) return result;
  PROV_TRY(const auto readers, measure_all(checkpoint, axes->hidden, axes->stream, true));
  PROV_TRY(const auto writers, measure_all(checkpoint, axes->stream, axes->hidden, false));
  auto trios = by_number(readers, writers);
  result.layers_by_name = trios.has_value();
  if (!trios) trios = by_lengths(readers, writers);
  // A layer that is left open would look like one that was pruned.
  if (trios->size() != writers.size() || !std::ranges::all_of(*trios, put_gate_first))
    return result;
  result.found = trios->size();
  std::ranges::for_each(*trios, give_roles);
  find_embedding(checkpoint.tensors, *axes);
  return result;
}

}  // namespace prov::model
