#include "format/pytorch/pickle_values.hpp"

#include <bit>

namespace prov::format {

PickleId PickleValues::add(PickleKind kind, std::uint64_t payload) {
  values_.push_back({.kind = kind, .size = 0, .payload = payload});
  return static_cast<PickleId>(values_.size() - 1);
}

PickleId PickleValues::add_text(std::string_view text) {
  const PickleId id = add(PickleKind::text, texts_.size());
  values_[id].size = static_cast<std::uint32_t>(text.size());
  texts_ += text;
  return id;
}

PickleId PickleValues::add_tuple(std::span<const PickleId> items) {
  const PickleId id = add(PickleKind::tuple, tuple_items_.size());
  values_[id].size = static_cast<std::uint32_t>(items.size());
  tuple_items_.insert(tuple_items_.end(), items.begin(), items.end());
  return id;
}

PickleId PickleValues::add_global(const PickleGlobal& global) {
  globals_.push_back(&global);
  return add(PickleKind::global, globals_.size() - 1);
}

PickleId PickleValues::add_storage(TorchStorage storage) {
  storages_.push_back(std::move(storage));
  return add(PickleKind::storage, storages_.size() - 1);
}

PickleId PickleValues::add_tensor(TorchTensor tensor) {
  tensors_.push_back(std::move(tensor));
  return add(PickleKind::tensor, tensors_.size() - 1);
}

void PickleValues::append(PickleId container, PickleId item) {
  PickleValue& value = values_[container];
  if (value.payload == kNoItems) {
    value.payload = container_items_.size();
    container_items_.emplace_back();
  }
  container_items_[value.payload].push_back(item);
}

std::string_view PickleValues::text(PickleId id) const {
  return std::string_view(texts_).substr(values_[id].payload, values_[id].size);
}

std::int64_t PickleValues::integer(PickleId id) const {
  return std::bit_cast<std::int64_t>(values_[id].payload);
}

std::span<const PickleId> PickleValues::items(PickleId id) const {
  const PickleValue& value = values_[id];
  if (value.kind == PickleKind::tuple)
    return std::span(tuple_items_).subspan(value.payload, value.size);
  if (value.payload == kNoItems) return {};
  return container_items_[value.payload];
}

std::optional<std::uint64_t> PickleValues::count(PickleId id) const {
  if (kind(id) != PickleKind::integer || integer(id) < 0) return std::nullopt;
  return values_[id].payload;
}

std::optional<std::string_view> PickleValues::text_of(PickleId id) const {
  if (kind(id) != PickleKind::text) return std::nullopt;
  return text(id);
}

}  // namespace prov::format
