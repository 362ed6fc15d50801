// Parts of one record hold the same bytes: the words and the code of a model are pieces of its
// sketch, too. They are stored once, and the others say where they belong.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace prov::store {

/// What a row of the table `part` keeps.
struct StoredPart {
  std::vector<std::byte> bytes;   // without the pieces
  std::vector<std::byte> pieces;  // 5 bytes each: 0 for the words or 1 for the code, and where it
                                  // begins in the whole part, least significant byte first;
                                  // ascending. Empty where `bytes` is the part.
};

/// Takes what `words` (the part of that name) and `code` hold out of the part `whole`. The words
/// themselves stay as they are.
StoredPart take_out(std::string_view name, std::span<const std::byte> whole,
                    std::span<const std::byte> words, std::span<const std::byte> code);

/// Inverse of take_out; nothing where `pieces` does not fit. That the result is the part is for its
/// digest to say.
std::optional<std::vector<std::byte>> put_back(std::span<const std::byte> bytes,
                                               std::span<const std::byte> pieces,
                                               std::span<const std::byte> words,
                                               std::span<const std::byte> code);

}  // namespace prov::store
