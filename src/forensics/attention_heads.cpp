#include "forensics/attention_heads.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/try.hpp"
#include "forensics/calibrated_lines.hpp"
#include "forensics/sampling.hpp"
#include "model/row_reader.hpp"
#include "numeric/assignment.hpp"
#include "numeric/correlation.hpp"
#include "numeric/gemm.hpp"

namespace prov::forensics {
namespace {

using model::RoleKind;
using numeric::Matrix;

constexpr AxisSample kCoordinates{96, 4};
// Heads of strangers agree by a cosine of .1 and less, those of copies by .8 and more.
constexpr double kHeadFound = 0.5;
constexpr double kClearlyElsewhere = 0.2;
constexpr double kBalanced = 0.5;

/// One row for each channel of each head; columns are residual coordinates.
struct HeadMatrices {
  Matrix query, key, value, output;
  std::size_t heads = 0, groups = 0;

  std::size_t width() const { return heads == 0 ? 0 : query.rows / heads; }
  std::size_t value_width() const { return groups == 0 ? 0 : value.rows / groups; }
  std::size_t group_of(std::size_t head) const { return head * groups / heads; }
};

std::vector<std::uint64_t> all_of(std::uint64_t count) {
  std::vector<std::uint64_t> positions(count);
  std::iota(positions.begin(), positions.end(), std::uint64_t{0});
  return positions;
}

/// Multiplies the gains of the norm before attention into the columns.
Result<void> fold_gains(const model::Checkpoint& checkpoint, const model::MlpPlace& place,
                        std::uint64_t width, const std::vector<std::uint64_t>& coordinates,
                        std::initializer_list<Matrix*> readers) {
  const auto norm = std::ranges::find_if(checkpoint.tensors, [&](const model::Tensor& tensor) {
    const model::Role& role = tensor.role;
    return role.kind == RoleKind::attention_norm && role.tower == place.tower &&
           role.layer == place.layer && role.parameter == model::Parameter::weight &&
           tensor.elements() == width;
  });
  if (norm == checkpoint.tensors.end()) return {};
  std::vector<float> gains(width);
  PROV_CHECK(model::RowReader(checkpoint, *norm).read_elements(0, gains));
  numeric::clear_non_finite(gains);
  for (Matrix* reader : readers) {
    for (std::size_t i = 0; i < reader->rows; ++i) {
      for (std::size_t j = 0; j < coordinates.size(); ++j)
        reader->row(i)[j] *= gains[coordinates[j]];
    }
  }
  return {};
}

/// Absent where a projection is missing or its shape is not that of the heads.
Result<std::optional<HeadMatrices>> read_heads(const model::Checkpoint& checkpoint,
                                               const model::ViewMap& views,
                                               const model::MlpPlace& place,
                                               model::AttentionHeads heads) {
  const auto find = [&](RoleKind kind) -> const model::WeightView* {
    const auto found = views.find({place.tower, place.layer, model::kNoIndex, kind});
    return found == views.end() ? nullptr : &found->second;
  };
  const auto *query = find(RoleKind::query), *key = find(RoleKind::key),
             *value = find(RoleKind::value), *output = find(RoleKind::attention_output);
  if (query == nullptr || key == nullptr || value == nullptr || output == nullptr)
    return std::optional<HeadMatrices>();
  const std::uint64_t width = query->outputs / heads.query;
  const std::uint64_t value_width = value->outputs / heads.key_value;
  const bool fits =
      width > 0 && value_width > 0 && query->outputs == width * heads.query &&
      key->outputs == width * heads.key_value && value->outputs == value_width * heads.key_value &&
      output->inputs == value_width * heads.query && query->inputs == output->outputs &&
      key->inputs == query->inputs && value->inputs == query->inputs;
  if (!fits) return std::optional<HeadMatrices>();
  const auto coordinates = sampled_positions(query->inputs, kCoordinates);
  const auto read = [&](const model::WeightView& view) {
    return model::read_block(checkpoint, view, all_of(view.outputs), coordinates);
  };
  HeadMatrices result{.heads = heads.query, .groups = heads.key_value};
  PROV_TRY(result.query, read(*query));
  PROV_TRY(result.key, read(*key));
  PROV_TRY(result.value, read(*value));
  PROV_TRY(result.output, read(output->flipped()));
  PROV_CHECK(fold_gains(checkpoint, place, query->inputs, coordinates,
                        {&result.query, &result.key, &result.value}));
  return std::optional(std::move(result));
}

Matrix head_rows(const Matrix& matrix, std::size_t head, std::size_t width) {
  Matrix result(width, matrix.columns);
  for (std::size_t i = 0; i < width; ++i)
    std::ranges::copy(matrix.row(head * width + i), result.row(i).begin());
  return result;
}

/// left^T right as one row of unit length.
void write_product(const Matrix& left, const Matrix& right, std::span<float> out) {
  const Matrix x = numeric::transposed(left), y = numeric::transposed(right);
  numeric::multiply_by_transpose(x.values, x.rows, y.values, y.rows, x.columns, out);
  const double norm = numeric::angle<float>(out, out).norm_a;
  if (norm == 0) return;
  for (float& value : out) value = static_cast<float>(static_cast<double>(value) / norm);
}

struct Products {
  Matrix value_output, query_key;  // one row a query head
};

Products products_of(const HeadMatrices& layer) {
  const std::size_t size = layer.query.columns * layer.query.columns;
  Products products{Matrix(layer.heads, size), Matrix(layer.heads, size)};
  for (std::size_t head = 0; head < layer.heads; ++head) {
    const std::size_t group = layer.group_of(head);
    write_product(head_rows(layer.output, head, layer.value_width()),
                  head_rows(layer.value, group, layer.value_width()),
                  products.value_output.row(head));
    write_product(head_rows(layer.query, head, layer.width()),
                  head_rows(layer.key, group, layer.width()), products.query_key.row(head));
  }
  return products;
}

std::vector<float> cosines(const Matrix& a, const Matrix& b) {
  std::vector<float> result(a.rows * b.rows);
  numeric::multiply_by_transpose(a.values, a.rows, b.values, b.rows, a.columns, result);
  return result;
}

/// tanh of the logarithm of b / a: bounded, odd, and of the same bits on every CPU.
double growth(double a, double b) { return (b * b - a * a) / (b * b + a * a); }

/// Sums over heads and their channels.
struct CircuitSums {
  double product = 0, row_cosine = 0, scale = 0, unbalanced = 0;
  std::size_t heads = 0, rows = 0;

  void add_rows(const Matrix& first_a, const Matrix& second_a, const Matrix& first_b,
                const Matrix& second_b) {
    for (std::size_t i = 0; i < first_a.rows; ++i) {
      const auto first = numeric::angle<float>(first_a.row(i), first_b.row(i));
      const auto second = numeric::angle<float>(second_a.row(i), second_b.row(i));
      if (first.norm_a == 0 || first.norm_b == 0 || second.norm_a == 0 || second.norm_b == 0)
        continue;
      row_cosine += (std::abs(first.dot) / first.norm_a / first.norm_b +
                     std::abs(second.dot) / second.norm_a / second.norm_b) /
                    2;
      const double one = growth(first.norm_a, first.norm_b),
                   other = growth(second.norm_a, second.norm_b),
                   both = growth(first.norm_a * second.norm_a, first.norm_b * second.norm_b);
      scale += (one * one + other * other) / 2;
      unbalanced += both * both / 2;
      ++rows;
    }
  }
  std::optional<CircuitChange> mean() const {
    if (heads == 0 || rows == 0) return std::nullopt;
    const auto count = static_cast<double>(rows);
    return CircuitChange{product / static_cast<double>(heads), row_cosine / count,
                         std::sqrt(scale / count), std::sqrt(unbalanced / count)};
  }
};

struct Sums {
  CircuitSums value_output, query_key;
};

void add_layer(const HeadMatrices& a, const HeadMatrices& b, AttentionChange& change, Sums& sums) {
  const Products of_a = products_of(a), of_b = products_of(b);
  const std::vector<float> ov = cosines(of_a.value_output, of_b.value_output),
                           qk = cosines(of_a.query_key, of_b.query_key);
  std::vector<float> scores(ov.size());
  for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = (ov[i] + qk[i]) / 2;
  const auto partners = numeric::best_assignment(scores, a.heads, b.heads);
  ++change.layers;
  change.heads += a.heads;
  for (std::size_t head = 0; head < a.heads; ++head) {
    const std::size_t partner = partners[head], cell = head * b.heads + partner;
    const double score = static_cast<double>(scores[cell]);
    if (!(score >= kHeadFound)) continue;
    ++change.found;
    const double in_place = static_cast<double>(scores[head * b.heads + head]);
    if (partner != head && score > in_place + kClearlyElsewhere) ++change.displaced;
    const std::size_t group_a = a.group_of(head), group_b = b.group_of(partner);
    sums.value_output.product += static_cast<double>(ov[cell]);
    sums.query_key.product += static_cast<double>(qk[cell]);
    ++sums.value_output.heads;
    ++sums.query_key.heads;
    const auto part = [](const Matrix& matrix, std::size_t index, std::size_t width) {
      return head_rows(matrix, index, width);
    };
    sums.value_output.add_rows(
        part(a.value, group_a, a.value_width()), part(a.output, head, a.value_width()),
        part(b.value, group_b, b.value_width()), part(b.output, partner, b.value_width()));
    sums.query_key.add_rows(part(a.query, head, a.width()), part(a.key, group_a, a.width()),
                            part(b.query, partner, b.width()), part(b.key, group_b, b.width()));
  }
}

using PlacePair = std::pair<model::MlpPlace, model::MlpPlace>;

/// The first and the last layer of B that comes from a layer of A.
std::vector<PlacePair> places(const LayerCorrespondence& layers) {
  std::vector<PlacePair> pairs;
  for (std::size_t j = 0; j < layers.of_b.size(); ++j) {
    const auto& source = layers.of_b[j].source;
    if (source) pairs.emplace_back(layers.places_a[*source], layers.places_b[j]);
  }
  if (pairs.size() > 1) pairs = {pairs.front(), pairs.back()};
  return pairs;
}

}  // namespace

bool CircuitChange::turned() const {
  return product_cosine >= lines::kProductsKept &&
         row_cosine < product_cosine - lines::kHeadsTurned;
}

bool CircuitChange::scaled() const {
  return product_cosine >= lines::kProductsKept && !turned() && scale >= lines::kHeadsScaled &&
         unbalanced < kBalanced * scale;
}

bool AttentionChange::moved() const {
  const auto changed = [](const std::optional<CircuitChange>& circuit) {
    return circuit && (circuit->turned() || circuit->scaled());
  };
  return displaced > 0 || changed(value_output) || changed(query_key);
}

Result<AttentionChange> compare_attention_heads(const model::Checkpoint& a,
                                                const model::Checkpoint& b, const HeadCounts& heads,
                                                const LayerCorrespondence& layers,
                                                const std::stop_token& stop) {
  AttentionChange change;
  const bool counted = heads.a.query > 0 && heads.a.key_value > 0 &&
                       heads.a.query % heads.a.key_value == 0 && heads.a.query == heads.b.query &&
                       heads.a.key_value == heads.b.key_value;
  if (!counted) change.not_measured = "the models do not name one number of heads";
  if (layers.basis != MapBasis::order && layers.basis != MapBasis::units_raw)
    change.not_measured = "no layers answer each other in the stored coordinates";
  if (!change.not_measured.empty()) return change;
  const model::ViewMap in_a = model::weight_views(a, 1, heads.a),
                       in_b = model::weight_views(b, 1, heads.b);
  Sums sums;
  for (const auto& [place_a, place_b] : places(layers)) {
    if (stop.stop_requested())
      return Error{.code = ErrorCode::cancelled, .message = "stopped while comparing heads"};
    PROV_TRY(const auto layer_a, read_heads(a, in_a, place_a, heads.a));
    PROV_TRY(const auto layer_b, read_heads(b, in_b, place_b, heads.b));
    if (!layer_a || !layer_b || layer_a->query.rows != layer_b->query.rows ||
        layer_a->value.rows != layer_b->value.rows ||
        layer_a->query.columns != layer_b->query.columns)
      continue;
    add_layer(*layer_a, *layer_b, change, sums);
  }
  if (change.layers == 0) change.not_measured = "no attention of one shape in layers that answer";
  if (change.found * 2 < change.heads) return change;
  change.value_output = sums.value_output.mean();
  change.query_key = sums.query_key.mean();
  return change;
}

}  // namespace prov::forensics
