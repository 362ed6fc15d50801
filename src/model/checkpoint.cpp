#include "model/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/checked_math.hpp"
#include "base/try.hpp"
#include "format/content.hpp"
#include "format/gguf.hpp"
#include "format/gguf_byte_order.hpp"
#include "format/pytorch.hpp"
#include "format/safetensors.hpp"
#include "model/assign_roles.hpp"
#include "model/gguf/conversion.hpp"
#include "model/infer_roles.hpp"
#include "model/packed/join_packed.hpp"
#include "model/tied_tensors.hpp"
#include "model/unnamed_mlps.hpp"
#include "model/weight_files.hpp"

namespace prov::model {
namespace {

std::string_view name_of(const Tensor& tensor) { return tensor.info.name; }

void add_tensors(Checkpoint& checkpoint, format::TensorDirectory directory) {
  for (format::TensorInfo& info : directory.tensors) {
    checkpoint.tensors.push_back({.info = std::move(info), .file = checkpoint.files.size()});
  }
}

/// Of a series the first file describes the model; each says which one it is, from 0.
Result<void> add_gguf(Checkpoint& checkpoint, std::unique_ptr<source::ByteSource>& file,
                      std::size_t number, std::size_t count) {
  PROV_TRY(format::GgufFile gguf, format::read_gguf(*file));
  const auto refused = [&](ErrorCode code, std::string message, const char* field) {
    return Error{.code = code,
                 .message = std::move(message),
                 .file = file->name(),
                 .field = field,
                 .hint = {}};
  };
  const auto written = gguf.metadata.integer("split.no");
  if (written.value_or(0) != static_cast<std::int64_t>(number)) {
    return refused(ErrorCode::malformed,
                   fmt::format("it says that it is file {} of its series, its name says {}",
                               *written + 1, number + 1),
                   "split.no");
  }
  const auto total = gguf.metadata.integer("split.count");
  if (total.value_or(1) > 1 && *total != static_cast<std::int64_t>(count)) {
    return refused(ErrorCode::not_found,
                   fmt::format("it says that it is one of {} files, {} are here", *total, count),
                   "split.count");
  }
  std::ranges::move(gguf.warnings, std::back_inserter(checkpoint.warnings));
  if (gguf.writing.big_endian)
    file = format::little_endian_view(std::move(file), gguf.directory.tensors);
  add_tensors(checkpoint, std::move(gguf.directory));
  if (!checkpoint.gguf) checkpoint.gguf = std::move(gguf.metadata);
  return {};
}

using Ties = std::vector<format::PytorchFile::Tie>;

bool is_pytorch(format::Content content) {
  return content == format::Content::zip || content == format::Content::legacy_pytorch ||
         content == format::Content::pickle;
}

Result<void> add_pytorch(Checkpoint& checkpoint, const source::ByteSource& file, Ties& ties) {
  PROV_TRY(format::PytorchFile pytorch, format::read_pytorch(file));
  std::ranges::move(pytorch.warnings, std::back_inserter(checkpoint.warnings));
  std::ranges::move(pytorch.ties, std::back_inserter(ties));
  add_tensors(checkpoint, std::move(pytorch.directory));
  return {};
}

Result<void> add_file(Checkpoint& checkpoint, std::unique_ptr<source::ByteSource> file,
                      std::size_t number, std::size_t count, Ties& ties) {
  PROV_TRY(const format::Content content, format::sniff(*file));
  const bool is_gguf = content == format::Content::gguf;
  if (number > 0 && is_gguf != checkpoint.gguf.has_value()) {
    return Error{.code = ErrorCode::malformed,
                 .message = fmt::format("a series of files of two formats: this one is {}, the "
                                        "first is not",
                                        is_gguf ? "GGUF" : "no GGUF"),
                 .file = file->name()};
  }
  if (is_gguf) {
    PROV_CHECK(add_gguf(checkpoint, file, number, count));
  } else if (is_pytorch(content)) {
    PROV_CHECK(add_pytorch(checkpoint, *file, ties));
  } else {
    PROV_TRY(format::TensorDirectory directory, format::read_safetensors(*file));
    add_tensors(checkpoint, std::move(directory));
  }
  checkpoint.files.push_back(std::move(file));
  return {};
}

Result<void> check_names_are_unique(const Checkpoint& checkpoint) {
  const auto twice = std::ranges::adjacent_find(checkpoint.tensors, {}, name_of);
  if (twice == checkpoint.tensors.end()) return {};
  const auto [first, second] = std::minmax(twice->file, std::next(twice)->file);
  return Error{
      .code = ErrorCode::duplicate,
      .message = fmt::format("a tensor that {} holds too", checkpoint.files[first]->name()),
      .file = checkpoint.files[second]->name(),
      .field = twice->info.name};
}

/// Every tensor of the index must lie in the shard that the index names; a tensor that the index
/// does not list is a warning.
Result<void> check_against_index(Checkpoint& checkpoint, const WeightFiles& found) {
  const format::ShardIndex& index = *found.index;
  for (const auto& [name, shard] : index.shard_of) {
    const Tensor* const tensor = checkpoint.find(name);
    if (tensor != nullptr && found.names[tensor->file] == shard) continue;
    const auto file = std::ranges::lower_bound(found.names, shard) - found.names.begin();
    return Error{.code = ErrorCode::not_found,
                 .message = tensor == nullptr
                                ? fmt::format("{} places a tensor here that no shard holds",
                                              found.index_name)
                                : fmt::format("{} places a tensor here that {} holds",
                                              found.index_name, found.names[tensor->file]),
                 .file = checkpoint.files[static_cast<std::size_t>(file)]->name(),
                 .field = name};
  }
  std::vector<std::vector<const Tensor*>> unlisted(checkpoint.files.size());
  for (const Tensor& tensor : checkpoint.tensors) {
    if (!index.shard_of.contains(tensor.info.name)) unlisted[tensor.file].push_back(&tensor);
  }
  for (std::size_t file = 0; file < unlisted.size(); ++file) {
    if (unlisted[file].empty()) continue;
    checkpoint.warnings.push_back(
        fmt::format("{} holds {} tensors that {} does not list, the first is {}", found.names[file],
                    unlisted[file].size(), found.index_name, unlisted[file].front()->info.name));
  }
  return {};
}

/// Roles by rule, else by the words of the names, else by shapes and weights; all but the first is
/// said.
Result<void> give_roles(Checkpoint& checkpoint) {
  assign_roles(checkpoint.tensors);
  const std::size_t inferred = infer_roles_from_words(checkpoint.tensors);
  if (inferred > 0) {
    checkpoint.warnings.push_back(fmt::format(
        "no naming rule explains the layers: the roles of {} tensors were inferred from "
        "words in their names and from their shapes",
        inferred));
  }
  PROV_TRY(const UnnamedMlps unnamed, find_unnamed_mlps(checkpoint));
  if (unnamed.found > 0) {
    checkpoint.warnings.push_back(fmt::format(
        "the names of the tensors say nothing: the matrices of {} MLPs were found by their shapes "
        "and weights{}; the other matrices of the layers have no role",
        unnamed.found, unnamed.layers_by_name ? "" : ", their order in the model is not known"));
  }
  return {};
}

}  // namespace

std::uint64_t Tensor::elements() const { return base::checked_product(info.shape).value_or(0); }

std::uint64_t Tensor::rows() const { return info.shape.empty() ? 1 : info.shape.front(); }

std::uint64_t Tensor::row_elements() const {
  if (info.shape.empty()) return 1;
  // The product of the other dimensions may overflow where the first one is 0.
  return base::checked_product(std::span(info.shape).subspan(1)).value_or(0);
}

std::string_view storage_name(const Tensor& tensor) {
  return tensor.composed != nullptr ? tensor.composed->storage()
                                    : format::dtype_name(tensor.info.dtype);
}

const Tensor* Checkpoint::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(tensors, name, {}, name_of);
  return found != tensors.end() && found->info.name == name ? &*found : nullptr;
}

std::uint64_t Checkpoint::bytes() const {
  std::uint64_t sum = 0;
  for (const Tensor& tensor : tensors) sum += tensor.info.bytes;
  return sum;
}

Result<void> Checkpoint::verify_unchanged() const {
  for (const auto& file : files) PROV_CHECK(file->verify_unchanged());
  return {};
}

Result<Checkpoint> open_checkpoint(const source::Snapshot& snapshot) {
  PROV_TRY(const WeightFiles found, find_weight_files(snapshot));
  Checkpoint checkpoint;
  checkpoint.warnings = found.warnings;
  Ties ties;
  for (std::size_t i = 0; i < found.names.size(); ++i) {
    PROV_TRY(auto file, snapshot.open(found.names[i]));
    PROV_CHECK(add_file(checkpoint, std::move(file), i, found.names.size(), ties));
  }
  if (checkpoint.gguf) undo_gguf_conversion(checkpoint);
  std::ranges::sort(checkpoint.tensors, {}, name_of);
  PROV_CHECK(check_names_are_unique(checkpoint));
  if (found.index) PROV_CHECK(check_against_index(checkpoint, found));
  if (!checkpoint.gguf) {
    PROV_CHECK(join_packed_weights(checkpoint, snapshot));
    std::ranges::sort(checkpoint.tensors, {}, name_of);
    PROV_CHECK(check_names_are_unique(checkpoint));
  }
  PROV_CHECK(give_roles(checkpoint));
  drop_second_names(checkpoint, ties);
  return checkpoint;
}

}  // namespace prov::model
