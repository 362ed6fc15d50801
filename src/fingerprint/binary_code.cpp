#include "fingerprint/binary_code.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "base/parallel_for.hpp"
#include "base/try.hpp"
#include "fingerprint/sign_projection.hpp"
#include "forensics/sampling.hpp"
#include "forensics/token_pairs.hpp"
#include "model/row_reader.hpp"
#include "model/weight_view.hpp"
#include "numeric/matrix.hpp"

namespace prov::fingerprint {
namespace {

using model::RoleKind;
using numeric::Matrix;

constexpr std::array kKinds = {
    RoleKind::query, RoleKind::key, RoleKind::value, RoleKind::attention_output,
    RoleKind::gate,  RoleKind::up,  RoleKind::down,  RoleKind::token_embedding};
constexpr std::size_t kGroups = kKinds.size() * kDepths;
constexpr std::size_t kGroupWords = kCodeWords / kGroups;
constexpr std::size_t kDepthWords = kCodeWords / kDepths;
constexpr forensics::AxisSample kOutputs{64, 16};
constexpr forensics::AxisSample kInputs{256, 32};
constexpr std::uint64_t kFirstEmbeddingRow = 256;  // of the first of ranges that double in length
constexpr std::uint64_t kPositionalSeed = 0x706F736974696F6EU;
constexpr std::uint64_t kHiddenSeed = 0x68696464656E2020U;

/// Row lengths and what all rows share tell of training in general, not of one model.
void prepare(Matrix& block) {
  numeric::normalise_rows(block);
  numeric::centre_columns(block);
}

using Layer = std::pair<model::Tower, int>;

std::vector<Layer> layers_of(const model::ViewMap& views) {
  std::vector<Layer> layers;
  for (const auto& [address, view] : views) {
    if (layers.empty() || layers.back() != Layer(address.tower, address.layer))
      layers.emplace_back(address.tower, address.layer);
  }
  return layers;
}

/// The dense matrix of that kind, else that of the first expert; a fused qkv that cannot be taken
/// apart stands for the query.
const model::WeightView* find_view(const model::ViewMap& views, Layer layer, RoleKind kind) {
  for (const int expert : {model::kNoIndex, 0}) {
    const auto found = views.find({layer.first, layer.second, expert, kind});
    if (found != views.end()) return &found->second;
  }
  return kind == RoleKind::query ? find_view(views, layer, RoleKind::qkv) : nullptr;
}

Result<Matrix> read_layer_block(const model::Checkpoint& checkpoint, const model::ViewMap& views,
                                const std::vector<Layer>& layers, RoleKind kind,
                                std::size_t depth) {
  if (layers.empty()) return Matrix();
  const model::WeightView* view =
      find_view(views, layers[layer_at_depth(depth, layers.size())], kind);
  if (view == nullptr) return Matrix();
  return model::read_block(checkpoint, *view, forensics::sampled_positions(view->outputs, kOutputs),
                           forensics::sampled_positions(view->inputs, kInputs));
}

/// Rows at fixed ids: a vocabulary that was extended still has them.
Result<Matrix> read_embedding_block(const model::Checkpoint& checkpoint, std::size_t depth) {
  const model::Tensor* embedding = forensics::find_token_embedding(checkpoint);
  const std::uint64_t begin = kFirstEmbeddingRow << depth;
  if (embedding == nullptr || embedding->rows() < 2 * begin) return Matrix();
  const auto columns = forensics::sampled_positions(embedding->row_elements(), kInputs);
  const auto rows = forensics::sampled_positions(begin, kOutputs);
  Matrix block(rows.size(), columns.size());
  model::RowReader reader(checkpoint, *embedding);
  std::vector<float> row(embedding->row_elements());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    PROV_CHECK(reader.read_rows(begin + rows[i], 1, row));
    for (std::size_t j = 0; j < columns.size(); ++j) block.row(i)[j] = row[columns[j]];
  }
  numeric::clear_non_finite(block.values);
  return block;
}

}  // namespace

std::size_t layer_at_depth(std::size_t depth, std::size_t layers) {
  return (2 * depth + 1) * layers / (2 * kDepths);
}

Result<BinaryCode> read_positional_code(const model::Checkpoint& checkpoint,
                                        std::uint64_t identity) {
  const model::ViewMap views = model::weight_views(checkpoint, 1);
  const std::vector<Layer> layers = layers_of(views);
  BinaryCode code{};
  std::array<std::optional<Error>, kGroups> errors;
  const auto read_group = [&](std::size_t group) -> Result<void> {
    const RoleKind kind = kKinds[group / kDepths];
    const std::size_t depth = group % kDepths;
    Matrix block;
    if (kind == RoleKind::token_embedding) {
      PROV_TRY(block, read_embedding_block(checkpoint, depth));
    } else {
      PROV_TRY(block, read_layer_block(checkpoint, views, layers, kind, depth));
    }
    prepare(block);
    const auto bits = std::span(code).subspan(group * kGroupWords, kGroupWords);
    if (!project_signs(block.values, kPositionalSeed + group, bits))
      fill_at_random(kPositionalSeed + group, identity, bits);
    return {};
  };
  base::parallel_for(kGroups, base::worker_count(), [&](std::size_t group) {
    if (auto status = read_group(group); !status) errors[group] = std::move(status).error();
  });
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  return code;
}

BinaryCode hidden_axis_code(const std::vector<forensics::CentredGram>& grams,
                            std::uint64_t identity) {
  BinaryCode code{};
  for (std::size_t depth = 0; depth < kDepths; ++depth) {
    const auto bits = std::span(code).subspan(depth * kDepthWords, kDepthWords);
    const bool known =
        !grams.empty() &&
        project_signs(grams[layer_at_depth(depth, grams.size())].values, kHiddenSeed + depth, bits);
    if (!known) fill_at_random(kHiddenSeed + depth, identity, bits);
  }
  return code;
}

}  // namespace prov::fingerprint
