#include "store/posting_block.hpp"

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

/// The pairs of a block, one after the other.
class Reader {
 public:
  Reader(const Posting& first, std::span<const std::byte> rest)
      : posting_(first),
        rest_(rest),
        sound_(first.bucket < kBuckets && first.model >= 1),
        at_end_(!sound_) {}

  bool at_end() const { return at_end_; }
  bool is_sound() const { return sound_; }  // as far as it was read
  const Posting& posting() const { return posting_; }

  void next() {
    at_end_ = at_ == rest_.size();
    if (at_end_) return;
    std::uint64_t step = 0, model = 0;
    sound_ = read(step) && read(model) && step < kBuckets - posting_.bucket && model >= 1;
    const std::int64_t before = step == 0 ? posting_.model : 0;
    sound_ = sound_ && model <= static_cast<std::uint64_t>(INT64_MAX - before);
    at_end_ = !sound_;
    if (sound_) posting_ = {posting_.bucket + step, before + static_cast<std::int64_t>(model)};
  }

 private:
  /// False at the end, and for a number of more than 63 bits.
  bool read(std::uint64_t& number) {
    for (unsigned shift = 0; shift < 63 && at_ < rest_.size(); shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(rest_[at_++]);
      number |= (byte & 0x7fU) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  Posting posting_;
  std::span<const std::byte> rest_;
  std::size_t at_ = 0;
  bool sound_, at_end_;
};

}  // namespace

std::uint64_t bucket_of(std::uint64_t word) { return word * 0x9E3779B97F4A7C15U >> 24U; }

std::vector<PostingBlock> encode_postings(std::span<const Posting> postings) {
  std::vector<PostingBlock> blocks;
  for (std::size_t i = 0; i < postings.size(); ++i) {
    if (!blocks.empty()) {
      std::vector<std::byte>& rest = blocks.back().rest;
      const std::size_t before = rest.size();
      append_posting(rest, postings[i - 1], postings[i]);
      if (rest.size() <= kLargestRest) continue;
      rest.resize(before);
    }
    blocks.push_back({postings[i], {}});
  }
  return blocks;
}

bool decode_postings(const Posting& first, std::span<const std::byte> rest,
                     std::vector<Posting>& postings) {
  Reader reader(first, rest);
  for (; !reader.at_end(); reader.next()) postings.push_back(reader.posting());
  return reader.is_sound();
}

bool read_models(const Posting& first, std::span<const std::byte> rest, std::uint64_t bucket,
                 std::vector<std::int64_t>& models) {
  Reader reader(first, rest);
  for (; !reader.at_end() && reader.posting().bucket <= bucket; reader.next()) {
    if (reader.posting().bucket == bucket) models.push_back(reader.posting().model);
  }
  return reader.is_sound();
}

}  // namespace prov::store
