#include "format/pytorch/torch_objects.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/checked_math.hpp"
#include "base/try.hpp"

namespace prov::format {
namespace {

constexpr std::size_t kMostTensors = std::size_t{1} << 20;
constexpr std::size_t kMostRank = 16;
constexpr std::size_t kMostKeyBytes = 256;

Error refused(ErrorCode code, std::string message) {
  return {.code = code, .message = std::move(message)};
}

/// A tuple of non-negative integers, or torch.Size, which is one.
Result<std::vector<std::uint64_t>> counts(const PickleValues& values, PickleId id,
                                          std::string_view what) {
  const PickleKind kind = values.kind(id);
  if (kind != PickleKind::tuple && kind != PickleKind::list)
    return refused(ErrorCode::malformed, fmt::format("a tensor's {} is no tuple", what));
  const std::span<const PickleId> items = values.items(id);
  if (items.size() > kMostRank)
    return refused(ErrorCode::too_large, fmt::format("a tensor of rank {}, at most {} are read",
                                                     items.size(), kMostRank));
  std::vector<std::uint64_t> numbers;
  for (const PickleId item : items) {
    const auto number = values.count(item);
    if (!number)
      return refused(ErrorCode::malformed,
                     fmt::format("a tensor's {} holds something else than numbers from 0", what));
    numbers.push_back(*number);
  }
  return numbers;
}

/// Dimensions of one element have no stride that matters.
bool is_row_major(const std::vector<std::uint64_t>& shape,
                  const std::vector<std::uint64_t>& strides) {
  std::uint64_t expected = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    if (shape[i] == 1) continue;
    if (strides[i] != expected) return false;
    expected *= shape[i];
  }
  return true;
}

/// Position of the last element, counted from the storage's first; nullopt beyond 64 bits.
std::optional<std::uint64_t> last_element(const TorchTensor& tensor) {
  std::optional<std::uint64_t> last = tensor.offset;
  for (std::size_t i = 0; last && i < tensor.shape.size(); ++i) {
    const auto step = base::checked_multiply(tensor.shape[i] - 1, tensor.strides[i]);
    last = step ? base::checked_add(*last, *step) : std::nullopt;
  }
  return last;
}

/// Makes the strides of a row-major tensor empty.
Result<void> check_place(const TorchStorage& storage, TorchTensor& tensor, unsigned unit) {
  if (tensor.strides.size() != tensor.shape.size())
    return refused(ErrorCode::malformed, "a tensor's size and stride differ in length");
  const auto elements = base::checked_product(tensor.shape);
  if (!elements || !base::checked_multiply(*elements, std::uint64_t{unit} * 8))
    return refused(ErrorCode::out_of_range, "a tensor has more elements than 64 bits can count");
  if (*elements == 0) {
    tensor.offset = 0;
    tensor.strides.clear();
    return {};
  }
  const auto storage_bytes = base::checked_multiply(storage.visible(), storage.unit);
  const auto last = last_element(tensor);
  if (!storage_bytes || !last || *last >= *storage_bytes / unit) {
    return refused(ErrorCode::out_of_range,
                   fmt::format("a tensor reaches beyond its storage \"{}\"", storage.key));
  }
  if (is_row_major(tensor.shape, tensor.strides)) tensor.strides.clear();
  return {};
}

class Call {
 public:
  Call(PickleValues& values, const PickleGlobal& function, PickleId arguments)
      : values_(values),
        function_(function),
        arguments_(values.items(arguments).begin(), values.items(arguments).end()) {}

  Result<PickleId> result() {
    switch (function_.role) {
      case GlobalRole::dictionary:
        return dictionary();
      case GlobalRole::rebuild_tensor:
        return tensor(4);
      case GlobalRole::rebuild_tensor_typed:
        return tensor(7);
      case GlobalRole::rebuild_parameter:
        PROV_CHECK(need(1, PickleKind::tensor, 0));
        return arguments_[0];
      case GlobalRole::rebuild_subclass:
        return subclass();
      case GlobalRole::unread_tensor:
        return unread(function_.unread);
      case GlobalRole::size:
        PROV_CHECK(need(1, PickleKind::tuple, 0));
        return arguments_[0];
      case GlobalRole::plain:
        return values_.add(PickleKind::opaque);
      case GlobalRole::storage_type:
      case GlobalRole::dtype:
        break;
    }
    return refused(ErrorCode::malformed, fmt::format("{}.{} is called like a function",
                                                     function_.module, function_.name));
  }

 private:
  Result<void> need(std::size_t count, PickleKind kind, std::size_t at) const {
    if (arguments_.size() >= count && values_.kind(arguments_[at]) == kind) return {};
    return refused(ErrorCode::malformed, fmt::format("{}.{} has not the arguments it needs",
                                                     function_.module, function_.name));
  }

  /// OrderedDict(), or OrderedDict([[key, value], ...]) as Python 2 writes it.
  Result<PickleId> dictionary() {
    const PickleId made = values_.add_container(PickleKind::dictionary);
    if (arguments_.empty()) return made;
    PROV_CHECK(need(1, PickleKind::list, 0));
    for (std::size_t i = 0; i < values_.items(arguments_[0]).size(); ++i) {
      const PickleId pair = values_.items(arguments_[0])[i];
      const PickleKind kind = values_.kind(pair);
      const bool is_pair = (kind == PickleKind::tuple || kind == PickleKind::list) &&
                           values_.items(pair).size() == 2;
      if (!is_pair)
        return refused(ErrorCode::malformed, "an OrderedDict is made of something else than pairs");
      const PickleId key = values_.items(pair)[0], value = values_.items(pair)[1];
      values_.append(made, key);
      values_.append(made, value);
    }
    return made;
  }

  Result<PickleId> tensor(std::size_t arguments) {
    PROV_CHECK(need(arguments, PickleKind::storage, 0));
    const TorchStorage& storage = values_.storage(arguments_[0]);
    TorchTensor made{.dtype = storage.dtype,
                     .unread = {},
                     .storage = storage_index(),
                     .shape = {},
                     .strides = {}};
    unsigned unit = storage.unit;
    if (function_.role == GlobalRole::rebuild_tensor_typed) {
      PROV_CHECK(need(arguments, PickleKind::global, 6));
      const PickleGlobal& dtype = values_.global(arguments_[6]);
      if (dtype.role != GlobalRole::dtype)
        return refused(ErrorCode::malformed,
                       fmt::format("{}.{} is no dtype", dtype.module, dtype.name));
      made.dtype = dtype.dtype;
      if (!made.dtype) return unread(dtype.name);
      unit = storage_unit(*made.dtype).bytes;
    } else if (!made.dtype && storage.type_name == "UntypedStorage") {
      made.dtype = Dtype::u8;
    } else if (!made.dtype) {
      return unread(storage.type_name);
    }
    const auto offset = values_.count(arguments_[1]);
    if (!offset) return refused(ErrorCode::malformed, "a tensor's offset is no number from 0");
    made.offset = *offset;
    PROV_TRY(made.shape, counts(values_, arguments_[2], "size"));
    PROV_TRY(made.strides, counts(values_, arguments_[3], "stride"));
    PROV_CHECK(check_place(storage, made, unit));
    return add(std::move(made));
  }

  /// Tensors with attributes are rebuilt by the function that the first argument names.
  Result<PickleId> subclass() {
    PROV_CHECK(need(3, PickleKind::global, 0));
    PROV_CHECK(need(3, PickleKind::tuple, 2));
    const PickleGlobal& inner = values_.global(arguments_[0]);
    if (inner.role == GlobalRole::rebuild_subclass)
      return refused(ErrorCode::malformed, "a tensor of a class of a class");
    return Call(values_, inner, arguments_[2]).result();
  }

  Result<PickleId> unread(std::string_view what) {
    return add({.dtype = {}, .unread = what, .shape = {}, .strides = {}});
  }

  Result<PickleId> add(TorchTensor made) {
    if (values_.tensors().size() == kMostTensors)
      return refused(ErrorCode::too_large, fmt::format("more than {} tensors", kMostTensors));
    return values_.add_tensor(std::move(made));
  }

  std::uint32_t storage_index() const {
    return static_cast<std::uint32_t>(values_[arguments_[0]].payload);
  }

  PickleValues& values_;
  const PickleGlobal& function_;
  const std::vector<PickleId> arguments_;
};

Result<void> read_view(const PickleValues& values, PickleId id, TorchStorage& storage) {
  if (values.kind(id) == PickleKind::none) return {};
  const auto malformed = [] {
    return refused(ErrorCode::malformed, "a part of a storage is no tuple of key, offset and size");
  };
  if (values.kind(id) != PickleKind::tuple || values.items(id).size() != 3) return malformed();
  const auto offset = values.count(values.items(id)[1]);
  const auto elements = values.count(values.items(id)[2]);
  if (!offset || !elements) return malformed();
  const auto end = base::checked_add(*offset, *elements);
  if (!end || *end > storage.elements)
    return refused(ErrorCode::out_of_range,
                   fmt::format("a part reaches beyond its storage \"{}\"", storage.key));
  storage.view_offset = *offset;
  storage.view_elements = *elements;
  return {};
}

}  // namespace

Result<PickleId> call_global(PickleValues& values, const PickleGlobal& function,
                             PickleId arguments) {
  return Call(values, function, arguments).result();
}

Result<PickleId> persistent_storage(PickleValues& values, PickleId id) {
  const auto malformed = [] {
    return refused(ErrorCode::malformed,
                   "a persistent id is not (\"storage\", type, key, location, elements)");
  };
  if (values.kind(id) != PickleKind::tuple) return malformed();
  const std::span<const PickleId> items = values.items(id);
  if (items.size() != 5 && items.size() != 6) return malformed();
  const auto key = values.text_of(items[2]);
  const auto elements = values.count(items[4]);
  if (values.text_of(items[0]) != "storage" || values.kind(items[1]) != PickleKind::global ||
      values.global(items[1]).role != GlobalRole::storage_type || !key || !elements)
    return malformed();
  if (key->empty() || key->size() > kMostKeyBytes)
    return refused(ErrorCode::malformed, fmt::format("a storage's key of {} bytes", key->size()));
  if (values.storages().size() == kMostTensors)
    return refused(ErrorCode::too_large, fmt::format("more than {} storages", kMostTensors));
  const PickleGlobal& type = values.global(items[1]);
  TorchStorage storage{.key = std::string(*key),
                       .dtype = type.dtype,
                       .type_name = type.name,
                       .unit = type.unit,
                       .elements = *elements,
                       .view_offset = 0,
                       .view_elements = {}};
  if (items.size() == 6) PROV_CHECK(read_view(values, items[5], storage));
  return values.add_storage(std::move(storage));
}

}  // namespace prov::format
