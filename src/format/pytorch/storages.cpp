#include "format/pytorch/storages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/checked_math.hpp"
#include "base/printable.hpp"
#include "base/try.hpp"
#include "format/pytorch/state_dict.hpp"

namespace prov::format {
namespace {

/// Tensors may share their elements, and a view may repeat them; this bounds the work that a small
/// file can ask for.
constexpr std::uint64_t kMostRepeats = 64;

class Placement {
 public:
  Placement(const source::ByteSource& source, const PickleValues& values,
            const StoragePlaces& places)
      : source_(source), values_(values), places_(places) {}

  Result<PytorchFile> run(PickleId top) {
    for (const TorchStorage& storage : values_.storages()) PROV_CHECK(check_storage(storage));
    auto weights = find_state_dict(values_, top);
    if (!weights) return in_file(std::move(weights).error());
    file_.warnings = std::move(weights->warnings);
    for (StateDict::Entry& entry : weights->entries) PROV_CHECK(add(std::move(entry)));
    find_ties();
    return std::move(file_);
  }

 private:
  Result<void> check_storage(const TorchStorage& storage) const {
    const auto refused = [&](ErrorCode code, std::string message) {
      return in_file({.code = code,
                      .message = std::move(message),
                      .field = fmt::format("storage {}", storage.key)});
    };
    const auto found = places_.find(storage.key);
    if (found == places_.end())
      return refused(ErrorCode::not_found, "the file does not hold a storage of its pickle");
    const auto bytes = base::checked_multiply(storage.elements, storage.unit);
    if (bytes == found->second.bytes) return {};
    return refused(
        ErrorCode::size_mismatch,
        fmt::format("a storage of {} bytes, its pickle says {} {} of {} bytes", found->second.bytes,
                    storage.elements,
                    storage.type_name == "UntypedStorage" ? "elements" : storage.type_name,
                    storage.unit));
  }

  Result<void> add(StateDict::Entry entry) {
    const TorchTensor& tensor = values_.tensor(entry.tensor);
    const auto refused = [&](ErrorCode code, std::string message) {
      return in_file({.code = code, .message = std::move(message), .field = entry.name});
    };
    if (!tensor.dtype)
      return refused(ErrorCode::unsupported,
                     fmt::format("{} is not read", base::printable(tensor.unread)));
    const TorchStorage& storage = values_.storages()[tensor.storage];
    const StoragePlace& place = places_.find(storage.key)->second;
    // None of these overflows: the tensor was checked against its storage, that against the file.
    const std::uint64_t unit = storage_unit(*tensor.dtype).bytes;
    TensorInfo info{
        .name = std::move(entry.name),
        .dtype = *tensor.dtype,
        .shape = tensor.shape,
        .strides = tensor.strides,
        .offset = place.offset + storage.view_offset * storage.unit + tensor.offset * unit,
        .bytes = *base::checked_product(tensor.shape) * unit};
    const auto sum = base::checked_add(bytes_, info.bytes);
    if (!sum || *sum / kMostRepeats > source_.size()) {
      entry.name = info.name;
      return refused(ErrorCode::too_large,
                     fmt::format("a file of {} bytes whose tensors have more than {} times as many",
                                 source_.size(), kMostRepeats));
    }
    bytes_ = *sum;
    file_.directory.tensors.push_back(std::move(info));
    return {};
  }

  void find_ties() {
    const std::vector<TensorInfo>& tensors = file_.directory.tensors;
    const auto place = [&](std::size_t i) {
      const TensorInfo& tensor = tensors[i];
      return std::tie(tensor.offset, tensor.bytes, tensor.dtype, tensor.shape, tensor.strides);
    };
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (tensors[i].bytes > 0) order.push_back(i);
    }
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
      return std::tuple_cat(place(a), std::tie(a)) < std::tuple_cat(place(b), std::tie(b));
    });
    for (std::size_t i = 1, first = 0; i < order.size(); ++i) {
      if (place(order[i]) != place(order[first])) {
        first = i;
        continue;
      }
      file_.ties.push_back({tensors[order[i]].name, tensors[order[first]].name});
    }
  }

  Error in_file(Error error) const {
    error.file = source_.name();
    return error;
  }

  const source::ByteSource& source_;
  const PickleValues& values_;
  const StoragePlaces& places_;
  PytorchFile file_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

Result<PytorchFile> place_tensors(const source::ByteSource& source, const PickleValues& values,
                                  PickleId top, const StoragePlaces& places) {
  return Placement(source, values, places).run(top);
}

}  // namespace prov::format
