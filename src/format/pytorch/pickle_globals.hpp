// The names that a pickle may ask for. None is ever imported or called: those that make tensors
// are understood, the others stand for plain data that is passed over.
#pragma once

#include <optional>
#include <string_view>

#include "format/dtype.hpp"

namespace prov::format {

enum class GlobalRole {
  dictionary,            // collections.OrderedDict
  rebuild_tensor,        // storage, offset, size, stride, ...
  rebuild_tensor_typed,  // the same with the dtype as seventh argument
  rebuild_parameter,     // a tensor, ...
  rebuild_subclass,      // a function, a class, the function's arguments, ...
  unread_tensor,         // a tensor that is none of a dense array
  storage_type,
  dtype,
  size,   // torch.Size: a tuple
  plain,  // makes data that no weights are in
};

struct PickleGlobal {
  std::string_view module, name;
  GlobalRole role = GlobalRole::plain;
  std::optional<Dtype> dtype;  // of storage_type and dtype; absent: not read
  unsigned unit = 1;           // bytes of an element of storage_type
  std::string_view unread;     // of unread_tensor: what it is, e.g. "a sparse tensor"
};

/// Nothing for a name that is not allowed.
const PickleGlobal* find_pickle_global(std::string_view module, std::string_view name);

}  // namespace prov::format
