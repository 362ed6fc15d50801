// What a pickle builds: plain data, and tensors as places in storages. Values name each other by
// number, so a list may hold itself and nothing is ever freed by recursion.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "format/dtype.hpp"

namespace prov::format {

struct PickleGlobal;

enum class PickleKind : std::uint8_t {
  none,
  truth,
  integer,
  text,
  tuple,
  list,
  dictionary,
  global,  // a name of the allow list
  storage,
  tensor,
  opaque,  // plain data that nothing here looks into: a float, bytes, a set, a numpy scalar
};

using PickleId = std::uint32_t;

struct PickleValue {
  PickleKind kind = PickleKind::none;
  std::uint32_t size = 0;     // of a text (bytes) and a tuple (items)
  std::uint64_t payload = 0;  // an integer's bits; a place in one of the tables of PickleValues
};

/// A run of numbers that tensors look into.
struct TorchStorage {
  std::string key;             // as the container names it
  std::optional<Dtype> dtype;  // absent: bytes, or a type that is not read
  std::string_view type_name;  // e.g. "FloatStorage"
  unsigned unit = 1;           // bytes of an element
  std::uint64_t elements = 0;
  // A legacy storage may be a part of another one, `key`; in elements.
  std::uint64_t view_offset = 0;
  std::optional<std::uint64_t> view_elements;

  std::uint64_t visible() const { return view_elements.value_or(elements); }
};

/// Checked against its storage: every element lies inside.
struct TorchTensor {
  std::optional<Dtype> dtype;
  std::string_view unread;    // why dtype is absent, e.g. "a sparse tensor"
  std::uint32_t storage = 0;  // index into PickleValues::storages
  std::uint64_t offset = 0;   // elements of dtype
  std::vector<std::uint64_t> shape;
  std::vector<std::uint64_t> strides;  // elements; empty: row-major without gaps
};

/// Owns the values of one file. A value costs 16 bytes, an item of a list or a tuple 4.
class PickleValues {
 public:
  PickleId add(PickleKind kind, std::uint64_t payload = 0);
  PickleId add_text(std::string_view text);
  PickleId add_tuple(std::span<const PickleId> items);
  /// An empty list or dictionary.
  PickleId add_container(PickleKind kind) { return add(kind, kNoItems); }
  PickleId add_global(const PickleGlobal& global);
  PickleId add_storage(TorchStorage storage);
  PickleId add_tensor(TorchTensor tensor);
  /// Adds to a list, or a key or a value to a dictionary.
  void append(PickleId container, PickleId item);

  const PickleValue& operator[](PickleId id) const { return values_[id]; }
  PickleKind kind(PickleId id) const { return values_[id].kind; }
  std::size_t size() const { return values_.size(); }

  // Each needs a value of its kind.
  std::string_view text(PickleId id) const;
  std::int64_t integer(PickleId id) const;
  bool truth(PickleId id) const { return values_[id].payload != 0; }
  /// Of a tuple or list; of a dictionary key, value, key, value, ...
  std::span<const PickleId> items(PickleId id) const;
  const PickleGlobal& global(PickleId id) const { return *globals_[values_[id].payload]; }
  const TorchStorage& storage(PickleId id) const { return storages_[values_[id].payload]; }
  const TorchTensor& tensor(PickleId id) const { return tensors_[values_[id].payload]; }

  /// A non-negative integer; nullopt for anything else.
  std::optional<std::uint64_t> count(PickleId id) const;
  /// A text; nullopt for anything else.
  std::optional<std::string_view> text_of(PickleId id) const;

  std::span<const TorchStorage> storages() const { return storages_; }
  std::span<const TorchTensor> tensors() const { return tensors_; }

 private:
  static constexpr std::uint64_t kNoItems = std::numeric_limits<std::uint64_t>::max();

  std::vector<PickleValue> values_;
  std::string texts_;
  std::vector<PickleId> tuple_items_;
  std::vector<std::vector<PickleId>> container_items_;
  std::vector<const PickleGlobal*> globals_;
  std::vector<TorchStorage> storages_;
  std::vector<TorchTensor> tensors_;
};

}  // namespace prov::format
