#include <array>

#include "model/tokenizer/pipeline_part.hpp"

namespace prov::model {
namespace {

struct PartType {
  PipelineStage stage;
  std::string_view type;
  std::span<const PartField> fields;
};

constexpr std::array<PartField, 4> kBertNormalizer = {{{"clean_text", "true"},
                                                       {"handle_chinese_chars", "true"},
                                                       {"strip_accents", "null"},
                                                       {"lowercase", "true"}}};
constexpr std::array<PartField, 2> kStripNormalizer = {{{"strip_left", ""}, {"strip_right", ""}}};
constexpr std::array<PartField, 2> kReplace = {{{"pattern", ""}, {"content", ""}}};
constexpr std::array<PartField, 1> kPrepend = {{{"prepend", ""}}};
constexpr std::array<PartField, 1> kPrecompiled = {{{"precompiled_charsmap", ""}}};
constexpr std::array<PartField, 1> kNormalizers = {{{"normalizers", ""}}};
constexpr std::array<PartField, 1> kPreTokenizers = {{{"pretokenizers", ""}}};
constexpr std::array<PartField, 1> kProcessors = {{{"processors", ""}}};
constexpr std::array<PartField, 1> kDecoders = {{{"decoders", ""}}};
constexpr std::array<PartField, 3> kByteLevel = {
    {{"add_prefix_space", ""}, {"trim_offsets", ""}, {"use_regex", "true"}}};
constexpr std::array<PartField, 3> kMetaspace = {
    {{"replacement", ""}, {"prepend_scheme", "\"always\""}, {"split", "true"}}};
constexpr std::array<PartField, 3> kSplit = {{{"pattern", ""}, {"behavior", ""}, {"invert", ""}}};
constexpr std::array<PartField, 1> kPunctuation = {{{"behavior", "\"Isolated\""}}};
constexpr std::array<PartField, 1> kDigits = {{{"individual_digits", ""}}};
constexpr std::array<PartField, 1> kDelimiter = {{{"delimiter", ""}}};
constexpr std::array<PartField, 1> kFixedLength = {{{"length", "5"}}};
constexpr std::array<PartField, 3> kTemplate = {
    {{"single", ""}, {"pair", ""}, {"special_tokens", ""}}};
constexpr std::array<PartField, 2> kBertProcessing = {{{"sep", ""}, {"cls", ""}}};
constexpr std::array<PartField, 4> kRobertaProcessing = {
    {{"sep", ""}, {"cls", ""}, {"trim_offsets", ""}, {"add_prefix_space", ""}}};
constexpr std::array<PartField, 2> kWordPiece = {{{"prefix", ""}, {"cleanup", ""}}};
constexpr std::array<PartField, 1> kSuffix = {{{"suffix", ""}}};
constexpr std::array<PartField, 3> kCtc = {
    {{"pad_token", ""}, {"word_delimiter_token", ""}, {"cleanup", ""}}};
constexpr std::array<PartField, 3> kStripDecoder = {{{"content", ""}, {"start", ""}, {"stop", ""}}};

// Source: tokenizers 0.22.2, read back from Tokenizer.to_str() of each part.
constexpr auto kNormalizer = PipelineStage::normalizer;
constexpr auto kPreTokenizer = PipelineStage::pre_tokenizer;
constexpr auto kPostProcessor = PipelineStage::post_processor;
constexpr auto kDecoder = PipelineStage::decoder;
constexpr PartType kTypes[] = {
    {kNormalizer, "BertNormalizer", kBertNormalizer},
    {kNormalizer, "Strip", kStripNormalizer},
    {kNormalizer, "StripAccents", {}},
    {kNormalizer, "NFC", {}},
    {kNormalizer, "NFD", {}},
    {kNormalizer, "NFKC", {}},
    {kNormalizer, "NFKD", {}},
    {kNormalizer, "Sequence", kNormalizers},
    {kNormalizer, "Lowercase", {}},
    {kNormalizer, "Nmt", {}},
    {kNormalizer, "Precompiled", kPrecompiled},
    {kNormalizer, "Replace", kReplace},
    {kNormalizer, "Prepend", kPrepend},
    {kNormalizer, "ByteLevel", {}},
    {kPreTokenizer, "BertPreTokenizer", {}},
    {kPreTokenizer, "ByteLevel", kByteLevel},
    {kPreTokenizer, "CharDelimiterSplit", kDelimiter},
    {kPreTokenizer, "Metaspace", kMetaspace},
    {kPreTokenizer, "Whitespace", {}},
    {kPreTokenizer, "Sequence", kPreTokenizers},
    {kPreTokenizer, "Split", kSplit},
    {kPreTokenizer, "Punctuation", kPunctuation},
    {kPreTokenizer, "WhitespaceSplit", {}},
    {kPreTokenizer, "Digits", kDigits},
    {kPreTokenizer, "UnicodeScripts", {}},
    {kPreTokenizer, "FixedLength", kFixedLength},
    {kPostProcessor, "TemplateProcessing", kTemplate},
    {kPostProcessor, "BertProcessing", kBertProcessing},
    {kPostProcessor, "RobertaProcessing", kRobertaProcessing},
    {kPostProcessor, "ByteLevel", kByteLevel},
    {kPostProcessor, "Sequence", kProcessors},
    {kDecoder, "ByteLevel", kByteLevel},
    {kDecoder, "WordPiece", kWordPiece},
    {kDecoder, "Metaspace", kMetaspace},
    {kDecoder, "CTC", kCtc},
    {kDecoder, "BPEDecoder", kSuffix},
    {kDecoder, "ByteFallback", {}},
    {kDecoder, "Fuse", {}},
    {kDecoder, "Strip", kStripDecoder},
    {kDecoder, "Replace", kReplace},
    {kDecoder, "Sequence", kDecoders},
};

}  // namespace

std::optional<std::span<const PartField>> part_fields(PipelineStage stage, std::string_view type) {
  for (const PartType& part : kTypes) {
    if (part.stage == stage && part.type == type) return part.fields;
  }
  return std::nullopt;
}

}  // namespace prov::model
