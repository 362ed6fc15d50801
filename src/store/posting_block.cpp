#include "store/posting_block.hpp"

#include <algorithm>

namespace prov::store {
namespace {

/// Bytes of `rest`: a row of at most 1002 bytes stays in its page, where pages have 4096.
constexpr std::size_t kLargestRest = 960;
constexpr std::uint64_t kBuckets = std::uint64_t{1} << 40U;

void append_number(std::vector<std::byte>& to, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7U) to.push_back(static_cast<std::byte>(number | 0x80U));
  to.push_back(static_cast<std::byte>(number));
}

void append_posting(std::vector<std::byte>& to, const Posting& before, const Posting& posting) {
  const std::uint64_t step = posting.bucket - before.bucket;
  append_number(to, step);
  append_number(
      to, static_cast<std::uint64_t>(step == 0 ? posting.model - before.model : posting.model));
}

/// False at the end, and for a number of more than 63 bits.
bool read_number(std::span<const std::byte>& from, std::uint64_t& number) {
  number = 0;
  for (unsigned shift = 0; shift < 63 && !from.empty(); shift += 7) {
    const auto byte = std::to_integer<std::uint64_t>(from[0]);
    from = from.subspan(1);
    number |= (byte & 0x7fU) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

std::size_t size_of(std::span<const Posting> postings) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 1; i < postings.size(); ++i)
    append_posting(bytes, postings[i - 1], postings[i]);
  return bytes.size();
}

}  // namespace

std::uint64_t bucket_of(std::uint64_t word) { return word * 0x9E3779B97F4A7C15U >> 24U; }

std::vector<PostingBlock> encode_postings(std::span<const Posting> postings, bool room) {
  std::size_t most = kLargestRest;
  if (room) {
    const std::size_t whole = size_of(postings);
    most = std::min(most, whole / (whole / kLargestRest + 1) + 16);
  }
  std::vector<PostingBlock> blocks;
  for (std::size_t i = 0; i < postings.size(); ++i) {
    if (!blocks.empty()) {
      std::vector<std::byte>& rest = blocks.back().rest;
      const std::size_t before = rest.size();
      append_posting(rest, postings[i - 1], postings[i]);
      if (rest.size() <= most) continue;
      rest.resize(before);
    }
    blocks.push_back({postings[i], {}});
  }
  return blocks;
}

bool decode_postings(const Posting& first, std::span<const std::byte> rest,
                     std::vector<Posting>& postings) {
  if (first.bucket >= kBuckets || first.model < 1) return false;
  postings.push_back(first);
  Posting at = first;
  while (!rest.empty()) {
    std::uint64_t step = 0, model = 0;
    if (!read_number(rest, step) || !read_number(rest, model)) return false;
    if (step >= kBuckets - at.bucket || model < 1) return false;
    const auto signed_model = static_cast<std::int64_t>(model);
    if (step == 0 && signed_model > INT64_MAX - at.model) return false;
    at = {at.bucket + step, step == 0 ? at.model + signed_model : signed_model};
    postings.push_back(at);
  }
  return true;
}

}  // namespace prov::store
