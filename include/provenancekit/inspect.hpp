// What a model, or a fingerprint, is made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provenancekit/result.hpp"

namespace prov {

struct InspectedTensor {
  std::string name;
  std::string role;   // e.g. "layer 3 gate"; "unknown" if no rule explains the name
  std::string dtype;  // as in the file; empty in a fingerprint, which does not keep it
  std::vector<std::uint64_t> shape;
  std::optional<std::string> content;  // 32 hexadecimal digits, equal for equal values; only known
                                       // in a fingerprint of all weights
  std::optional<std::uint64_t> non_finite;  // NaN and infinite elements; as content
};

struct DtypeCount {
  std::string dtype;
  std::uint64_t tensors = 0, elements = 0;
};

/// What a `.fp` file holds.
struct InspectedFingerprint {
  std::string content;   // of all weights, or of the samples; empty without a sketch
  bool sampled = false;  // made of samples of the weights
  std::uint64_t words = 0, tensor_hashes = 0;
  std::uint64_t described_mlps = 0, tokens = 0, sampled_mlps = 0;
  bool tokens_by_text = true;
  std::string missing;  // why there are no responses; empty otherwise
};

struct Inspection {
  std::string reference;     // as typed
  std::string model_type;    // "" if unknown
  std::string architecture;  // first of `architectures`, "" if none
  std::string tokenizer;     // e.g. "BPE, 4096 tokens"; "" without one, or in a fingerprint
  std::uint64_t bytes = 0;   // of all tensors; 0 in a fingerprint
  std::uint64_t parameters = 0;
  std::uint64_t layers = 0;                         // distinct layers of all towers
  std::vector<DtypeCount> dtypes;                   // by dtype; empty in a fingerprint
  std::vector<InspectedTensor> tensors;             // by name
  std::vector<std::string> unexplained;             // names of tensors whose role is unknown
  std::vector<std::string> notes;                   // what is missing, one sentence each
  std::optional<InspectedFingerprint> fingerprint;  // absent: the reference is a model
};

/// A reference that ends in ".fp" is a fingerprint, any other a model, of which no weights are
/// read. Thread-safe. Errors: those of opening and of the formats.
Result<Inspection> inspect(std::string_view reference);

}  // namespace prov
