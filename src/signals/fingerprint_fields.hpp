// The fields of a stored fingerprint in their order, once for writing and reading: `io(name,
// value)` writes a value, or reads it and reports an error under its name.
#pragma once

#include <type_traits>

#include "base/try.hpp"
#include "signals/fingerprint.hpp"

namespace prov::signals {

template <class Io, class Record>
Result<void> each_field(Io& io, Record& r) {
  using T = std::remove_const_t<Record>;
  if constexpr (std::is_same_v<T, EasRecord>) {
    PROV_CHECK(io("eas.missing", r.missing));
    PROV_CHECK(io("eas.anchors", r.anchors));
    PROV_CHECK(io("eas.cosines", r.cosines));
  } else if constexpr (std::is_same_v<T, NlfRecord>) {
    PROV_CHECK(io("nlf.missing", r.missing));
    PROV_CHECK(io("nlf.mode", r.mode));
    PROV_CHECK(io("nlf.tensors", r.tensors));
    PROV_CHECK(io("nlf.values", r.values));
  } else if constexpr (std::is_same_v<T, LepRecord>) {
    PROV_CHECK(io("lep.missing", r.missing));
    PROV_CHECK(io("lep.profile", r.profile));
  } else if constexpr (std::is_same_v<T, EndRecord>) {
    PROV_CHECK(io("end.missing", r.missing));
    PROV_CHECK(io("end.histogram", r.histogram));
  } else if constexpr (std::is_same_v<T, WvcRecord>) {
    PROV_CHECK(io("wvc.missing", r.missing));
    PROV_CHECK(io("wvc.subsample", r.subsample));
    PROV_CHECK(io("wvc.layers", r.layers));
  } else if constexpr (std::is_same_v<T, TensorRecord>) {
    PROV_CHECK(io("tensor.name", r.name));
    PROV_CHECK(io("tensor.shape", r.shape));
    PROV_CHECK(io("tensor.content", r.content.high));
    PROV_CHECK(io("tensor.content", r.content.low));
    PROV_CHECK(io("tensor.non_finite", r.non_finite));
  } else if constexpr (std::is_same_v<T, MfiRecord>) {
    PROV_CHECK(io("mfi.model_type", r.model_type));
    PROV_CHECK(io("mfi.architectures", r.architectures));
    PROV_CHECK(io("mfi.hidden_size", r.hidden_size));
    PROV_CHECK(io("mfi.num_hidden_layers", r.num_hidden_layers));
    PROV_CHECK(io("mfi.num_attention_heads", r.num_attention_heads));
    PROV_CHECK(io("mfi.num_key_value_heads", r.num_key_value_heads));
    PROV_CHECK(io("mfi.intermediate_size", r.intermediate_size));
    PROV_CHECK(io("mfi.vocab_size", r.vocab_size));
    PROV_CHECK(io("mfi.max_position_embeddings", r.max_position_embeddings));
    PROV_CHECK(io("mfi.hidden_act", r.hidden_act));
    PROV_CHECK(io("mfi.rope_theta", r.rope_theta));
    PROV_CHECK(io("mfi.rope_scaling", r.rope_scaling));
    PROV_CHECK(io("mfi.tie_word_embeddings", r.tie_word_embeddings));
    PROV_CHECK(io("mfi.bos_token_id", r.bos_token_id));
    PROV_CHECK(io("mfi.eos_token_id", r.eos_token_id));
    PROV_CHECK(io("mfi.gqa_ratio", r.gqa_ratio));
    PROV_CHECK(io("mfi.attention_style", r.attention_style));
    PROV_CHECK(io("mfi.norm_type", r.norm_type));
    PROV_CHECK(io("mfi.attention_bias", r.attention_bias));
    PROV_CHECK(io("mfi.qk_norm", r.qk_norm));
    PROV_CHECK(io("mfi.pos_encoding", r.pos_encoding));
    PROV_CHECK(io("mfi.head_dim", r.head_dim));
    PROV_CHECK(io("mfi.tokenizer_hash", r.tokenizer_hash));
    PROV_CHECK(io("mfi.token_id_signature", r.token_id_signature));
    PROV_CHECK(io("mfi.arch_hash", r.arch_hash));
    PROV_CHECK(io("mfi.family_hash", r.family_hash));
  } else if constexpr (std::is_same_v<T, TokenizerFeatures>) {
    PROV_CHECK(io("tfv.vocab_size", r.vocab_size));
    PROV_CHECK(io("tfv.tokenizer_class", r.tokenizer_class));
    PROV_CHECK(io("tfv.bos_token_id", r.bos_token_id));
    PROV_CHECK(io("tfv.eos_token_id", r.eos_token_id));
    PROV_CHECK(io("tfv.pad_token_id", r.pad_token_id));
    PROV_CHECK(io("tfv.unk_token_id", r.unk_token_id));
    PROV_CHECK(io("tfv.mask_token_id", r.mask_token_id));
    PROV_CHECK(io("tfv.num_added_tokens", r.num_added_tokens));
    PROV_CHECK(io("tfv.num_special_tokens", r.num_special_tokens));
    PROV_CHECK(io("tfv.num_merges", r.num_merges));
    PROV_CHECK(io("tfv.first_merges", r.first_merges));
    PROV_CHECK(io("tfv.merge_rule_hash", r.merge_rule_hash));
    PROV_CHECK(io("tfv.all_merges_hash", r.all_merges_hash));
    PROV_CHECK(io("tfv.single_character_share", r.single_character_share));
    PROV_CHECK(io("tfv.average_length", r.average_length));
    PROV_CHECK(io("tfv.longest", r.longest));
    PROV_CHECK(io("tfv.space_prefix_share", r.space_prefix_share));
    PROV_CHECK(io("tfv.byte_share", r.byte_share));
    PROV_CHECK(io("tfv.scripts", r.scripts));
  } else {
    static_assert(std::is_same_v<T, Fingerprint>);
    PROV_CHECK(io("mfi", r.mfi));
    PROV_CHECK(io("tfv", r.tfv));
    PROV_CHECK(io("eas", r.weights.eas));
    PROV_CHECK(io("nlf", r.weights.nlf));
    PROV_CHECK(io("lep", r.weights.lep));
    PROV_CHECK(io("end", r.weights.end));
    PROV_CHECK(io("wvc", r.weights.wvc));
    PROV_CHECK(io("tensors", r.weights.tensors));
  }
  return {};
}

}  // namespace prov::signals
