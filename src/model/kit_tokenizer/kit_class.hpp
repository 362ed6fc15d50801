#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "model/tokenizer/tokenizer.hpp"

namespace prov::model {

inline constexpr std::string_view kGenericClass = "TokenizersBackend";

/// The named special tokens in the order in which transformers looks at them.
enum class NamedToken { bos, eos, unk, sep, pad, cls, mask };
inline constexpr std::size_t kNamedTokens = 7;
inline constexpr std::array<std::string_view, kNamedTokens> kNamedTokenKeys = {
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"};

/// What decides which class AutoTokenizer takes.
struct ClassClues {
  std::string_view model_type;
  std::string_view written;         // tokenizer_class of tokenizer_config.json
  std::string_view config_written;  // tokenizer_class of config.json
  bool has_auto_map = false;        // the repository brings code of its own, which is never run
};

struct ResolvedClass {
  std::string name;
  bool has_backend = true;  // false: the kit would use a tokenizer written in Python
};

/// The class by the rules of transformers 5.5 (docs/tokenizers.md).
ResolvedClass resolve_class(const ClassClues& clues);

/// What a class does to its special tokens once it is built: nothing, replace their flags by plain
/// ones, or mark them as special.
enum class Renewal { none, plain, special };

/// Vocabulary files that a class finds beside tokenizer.json and SentencePiece models.
enum class VocabularyFiles { none, vocab_and_merges, vocab_txt };

/// What a class does to the pieces of a SentencePiece model: the four fairseq tokens in place of
/// the first three pieces and the mask token at the end; or its extra ids at the end.
enum class PieceChange { none, fairseq, extra_ids };

/// How a class rebuilds the pipeline. In the JSON texts @space@ stands for add_prefix_space,
/// @scheme@ for the Metaspace scheme,
/// @chinese@, @accents@ and @lower@ for BertNormalizer's flags, @lowercase@ and
/// @without_accents@ for steps of Albert's.
struct ClassTemplate {
  std::string_view name;
  TokenizerModel model;
  VocabularyFiles reads = VocabularyFiles::none;
  PieceChange pieces = PieceChange::none;
  std::string_view normalizer, pre_tokenizer, decoder;

  /// BPE: both affixes are texts instead of null; the prefix is always "".
  bool writes_affixes = false;
  std::string_view end_of_word = {};
  bool fuse_unk = false, byte_fallback = false;
  /// The unknown token is written into the model.
  bool model_has_unk = false;
  /// Unigram.
  std::uint32_t unk_id = 0;

  /// Texts of the named tokens, "" for none.
  std::array<std::string_view, kNamedTokens> defaults = {};
  /// The class takes a pad token even where its default is none.
  bool pad_parameter = false;
  bool add_prefix_space = false;
  std::string_view scheme_with_space = {}, scheme_without_space = {};

  /// Own post-processor in the notation of template_processing, e.g. "cls:0 A:0 sep:0"; else the
  /// file's counts, then `processor_without_file` (JSON), then the default one.
  std::string_view single = {}, pair = {};
  bool roberta_processing = false, file_processor_wins = false;
  std::string_view processor_without_file = {};
  bool always_add_bos = false;

  /// Key and text of further special tokens.
  std::span<const std::pair<std::string_view, std::string_view>> model_tokens = {};
  /// Number of <extra_id_n> tokens.
  int extra_ids = 0;
  Renewal renewal = Renewal::none;
  /// What the class has where there are no files: named tokens, or one fixed text.
  std::span<const NamedToken> empty_vocabulary = {};
  std::string_view empty_text = {};
  /// Appended to the decoder sequence if add_prefix_space.
  std::string_view extra_decoder_with_space = {};
};

/// Null for the generic class and for classes whose template is not known here. Data:
/// kit_class_table.cpp.
const ClassTemplate* find_template(std::string_view class_name);

}  // namespace prov::model
