#include "forensics/tensor_pairs.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace prov::forensics {
namespace {

using model::RoleKind;

bool is_buffer(const model::Tensor& tensor) {
  return tensor.role.kind == RoleKind::rotary_frequencies ||
         tensor.role.kind == RoleKind::attention_mask_buffer;
}

/// Role without layout (a transposed copy still answers the same tensor), and the name where the
/// role says too little.
using Key = std::pair<model::Role, std::string>;

Key key_of(const model::Tensor& tensor) {
  model::Role role = tensor.role;
  role.layout = model::Layout::plain;
  const bool role_is_address =
      role.kind != RoleKind::unknown && role.parameter != model::Parameter::other;
  return {role, role_is_address ? std::string() : tensor.info.name};
}

std::map<Key, const model::Tensor*> by_key(const model::Checkpoint& checkpoint) {
  std::map<Key, const model::Tensor*> tensors;
  for (const model::Tensor& tensor : checkpoint.tensors) {
    if (is_buffer(tensor)) continue;
    const auto [place, inserted] = tensors.emplace(key_of(tensor), &tensor);
    if (!inserted) tensors.emplace(Key{tensor.role, tensor.info.name}, &tensor);
  }
  return tensors;
}

const base::ContentHash* find_hash(const ContentHashes& hashes, const model::Tensor& tensor) {
  const auto found = hashes.find(tensor.info.name);
  return found == hashes.end() ? nullptr : &found->second;
}

/// Pairs what is left over, of one shape and content, where one of the two names is not understood:
/// a renamed copy.
void pair_renamed(TensorPairing& pairing, const ContentHashes& hashes_a,
                  const ContentHashes& hashes_b) {
  std::multimap<std::pair<std::uint64_t, std::uint64_t>, const model::Tensor*> by_content;
  for (const model::Tensor* b : pairing.only_b) {
    if (const base::ContentHash* hash = find_hash(hashes_b, *b))
      by_content.emplace(std::pair(hash->high, hash->low), b);
  }
  std::set<const model::Tensor*> paired;
  for (const model::Tensor* a : pairing.only_a) {
    const base::ContentHash* hash = find_hash(hashes_a, *a);
    if (hash == nullptr) continue;
    const auto found = by_content.find({hash->high, hash->low});
    if (found == by_content.end() || found->second->info.shape != a->info.shape) continue;
    const model::Tensor* b = found->second;
    if (a->role.kind != RoleKind::unknown && b->role.kind != RoleKind::unknown) continue;
    pairing.pairs.push_back({a, b, true, true, false});
    paired.insert({a, b});
    by_content.erase(found);
  }
  const auto is_paired = [&](const model::Tensor* tensor) { return paired.contains(tensor); };
  std::erase_if(pairing.only_a, is_paired);
  std::erase_if(pairing.only_b, is_paired);
}

}  // namespace

std::size_t TensorPairing::same_shape() const {
  return static_cast<std::size_t>(std::ranges::count_if(pairs, &TensorPair::same_shape));
}

bool TensorPairing::complete() const {
  return !pairs.empty() && only_a.empty() && only_b.empty() &&
         std::ranges::all_of(pairs, &TensorPair::same_shape);
}

bool TensorPairing::equal_hashes() const {
  return complete() && std::ranges::all_of(pairs, &TensorPair::equal_hash);
}

TensorPairing pair_tensors(const model::Checkpoint& a, const ContentHashes& hashes_a,
                           const model::Checkpoint& b, const ContentHashes& hashes_b) {
  TensorPairing pairing;
  auto in_b = by_key(b);
  for (const auto& [key, tensor] : by_key(a)) {
    const auto partner = in_b.find(key);
    if (partner == in_b.end()) {
      pairing.only_a.push_back(tensor);
      continue;
    }
    TensorPair pair{tensor, partner->second, false, false, false};
    in_b.erase(partner);
    pair.same_shape =
        pair.a->info.shape == pair.b->info.shape && pair.a->role.layout == pair.b->role.layout;
    const base::ContentHash* hash_a = find_hash(hashes_a, *pair.a);
    const base::ContentHash* hash_b = find_hash(hashes_b, *pair.b);
    if (hash_a != nullptr && hash_b != nullptr) {
      pair.equal_hash = pair.same_shape && *hash_a == *hash_b;
      pair.unequal_hash = !pair.equal_hash;
    }
    pairing.pairs.push_back(pair);
  }
  for (const auto& [key, tensor] : in_b) pairing.only_b.push_back(tensor);
  pair_renamed(pairing, hashes_a, hashes_b);
  std::ranges::sort(pairing.pairs, {},
                    [](const TensorPair& pair) -> const std::string& { return pair.a->info.name; });
  return pairing;
}

}  // namespace prov::forensics
