#include "store/shared_pieces.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/sha256.hpp"
#include "store/record.hpp"

namespace prov::store {
namespace {

constexpr std::size_t kPieceSize = 5;              // bytes of an entry of `pieces`
constexpr std::size_t kShortestPiece = 64;         // bytes: shorter ones are not worth an entry
constexpr std::size_t kLargestHolder = 64 * 1024;  // bytes of a part that is looked through

struct Piece {
  std::size_t offset = 0, size = 0;
  unsigned source = 0;  // 0: words, 1: code
};

void find_piece(std::span<const std::byte> whole, std::span<const std::byte> piece, unsigned source,
                std::vector<Piece>& found) {
  if (piece.size() < kShortestPiece || whole.size() > kLargestHolder) return;
  const std::size_t at = base::as_text(whole).find(base::as_text(piece));
  if (at == std::string_view::npos) return;
  const bool overlaps = std::ranges::any_of(found, [&](const Piece& other) {
    return at < other.offset + other.size && other.offset < at + piece.size();
  });
  if (!overlaps) found.push_back({at, piece.size(), source});
}

void append(std::vector<std::byte>& to, std::span<const std::byte> bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

}  // namespace

StoredPart take_out(std::string_view name, std::span<const std::byte> whole,
                    std::span<const std::byte> words, std::span<const std::byte> code) {
  std::vector<Piece> found;
  if (name != kWordsPart) {
    if (name != kCodePart) find_piece(whole, words, 0, found);
    find_piece(whole, code, 1, found);
  }
  std::ranges::sort(found, {}, &Piece::offset);
  StoredPart stored;
  std::size_t at = 0;
  for (const Piece& piece : found) {
    append(stored.bytes, whole.subspan(at, piece.offset - at));
    stored.pieces.push_back(static_cast<std::byte>(piece.source));
    for (unsigned shift = 0; shift < 32; shift += 8)
      stored.pieces.push_back(static_cast<std::byte>(piece.offset >> shift & 0xffU));
    at = piece.offset + piece.size;
  }
  append(stored.bytes, whole.subspan(at));
  return stored;
}

std::optional<std::vector<std::byte>> put_back(std::span<const std::byte> bytes,
                                               std::span<const std::byte> pieces,
                                               std::span<const std::byte> words,
                                               std::span<const std::byte> code) {
  if (pieces.size() % kPieceSize != 0 || pieces.size() / kPieceSize > 2) return std::nullopt;
  std::vector<std::byte> whole;
  for (; !pieces.empty(); pieces = pieces.subspan(kPieceSize)) {
    const auto source = std::to_integer<unsigned>(pieces[0]);
    std::size_t offset = 0;
    for (std::size_t i = 0; i < 4; ++i)
      offset |= std::to_integer<std::size_t>(pieces[1 + i]) << (8 * i);
    if (source > 1 || offset < whole.size() || offset - whole.size() > bytes.size())
      return std::nullopt;
    const std::size_t before = offset - whole.size();
    append(whole, bytes.first(before));
    bytes = bytes.subspan(before);
    append(whole, source == 0 ? words : code);
  }
  append(whole, bytes);
  return whole;
}

}  // namespace prov::store
