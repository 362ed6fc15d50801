// Templates of the tokenizer classes of transformers 5.5.0 (models/*/tokenization_*.py), as facts;
// the serialised texts are checked against the kit's own (tests/parity).
#include "model/kit_tokenizer/kit_class.hpp"

#define SPIECE "\xE2\x96\x81"  // U+2581

namespace prov::model {
namespace {

using enum NamedToken;
using Defaults = std::array<std::string_view, kNamedTokens>;

constexpr std::string_view kNull = "null";
constexpr std::string_view kNfc = R"({"type":"NFC"})";
constexpr std::string_view kByteLevel =
    R"({"type":"ByteLevel","add_prefix_space":@space@,"trim_offsets":true,"use_regex":true})";
constexpr std::string_view kByteLevelDecoder =
    R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true})";
constexpr std::string_view kMetaspaceWhole = R"({"type":"Metaspace","replacement":")" SPIECE
                                             R"(","prepend_scheme":"@scheme@","split":false})";
constexpr std::string_view kMetaspaceDecoder = R"({"type":"Metaspace","replacement":")" SPIECE
                                               R"(","prepend_scheme":"@scheme@","split":true})";
constexpr std::string_view kSplitMetaspace =
    R"({"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Metaspace","replacement":")" SPIECE
    R"(","prepend_scheme":"@scheme@","split":true}]})";
constexpr std::string_view kPieceDecoder =
    R"({"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":")" SPIECE
    R"("},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}]})";
constexpr std::string_view kStripLeft = R"({"type":"Strip","content":" ","start":1,"stop":0})";
constexpr std::string_view kBertNormalizer =
    R"({"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":@chinese@,"strip_accents":@accents@,"lowercase":@lower@})";

#define QWEN_SPLIT(letters, not_symbol)                                                                                                    \
  R"({"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?)" letters \
  R"(+|\\p{N}| ?[^\\s)" not_symbol                                                                                                         \
  R"(\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"},"behavior":"Isolated","invert":false},)"                                           \
  R"({"type":"ByteLevel","add_prefix_space":@space@,"trim_offsets":true,"use_regex":false}]})"
constexpr std::string_view kQwen2Split = QWEN_SPLIT(R"(\\p{L})", R"(\\p{L})");
constexpr std::string_view kQwen35Split = QWEN_SPLIT(R"([\\p{L}\\p{M}])", R"(\\p{L}\\p{M})");
#undef QWEN_SPLIT

constexpr std::string_view kCohereSplit =
    R"({"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},)"
    R"({"type":"ByteLevel","add_prefix_space":@space@,"trim_offsets":true,"use_regex":true}]})";
constexpr std::string_view kGemmaNormalizer =
    R"({"type":"Replace","pattern":{"String":" "},"content":")" SPIECE R"("})";
constexpr std::string_view kGemmaSplit =
    R"({"type":"Split","pattern":{"String":" "},"behavior":"MergedWithPrevious","invert":false})";
constexpr std::string_view kClipNormalizer =
    R"({"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "},{"type":"Lowercase"}]})";
constexpr std::string_view kClipSplit =
    R"({"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"},"behavior":"Removed","invert":true},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}]})";
constexpr std::string_view kAlbertNormalizer =
    R"({"type":"Sequence","normalizers":[{"type":"Replace","pattern":{"String":"``"},"content":"\""},)"
    R"({"type":"Replace","pattern":{"String":"''"},"content":"\""},)"
    R"({"type":"NFKD"},{"type":"StripAccents"},{"type":"Lowercase"},)"
    R"({"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "},@without_accents@@lowercase@)"
    R"({"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}]})";

constexpr std::pair<std::string_view, std::string_view> kCodeLlamaTokens[] = {
    {"prefix_token", SPIECE "<PRE>"},
    {"middle_token", SPIECE "<MID>"},
    {"suffix_token", SPIECE "<SUF>"},
    {"eot_token", SPIECE "<EOT>"},
    {"fill_token", "<FILL_ME>"}};
constexpr NamedToken kUnkBosEos[] = {unk, bos, eos};
constexpr NamedToken kNeoxVocabulary[] = {unk, pad};
constexpr NamedToken kGemmaVocabulary[] = {pad, eos, bos, unk, mask};
constexpr NamedToken kCohereVocabulary[] = {pad, unk, cls, sep, mask, bos};
constexpr NamedToken kBertVocabulary[] = {pad, unk, cls, sep, mask};
constexpr NamedToken kClipVocabulary[] = {bos, eos, pad};
constexpr NamedToken kDebertaVocabulary[] = {unk, cls, sep, pad, mask};
constexpr NamedToken kT5Vocabulary[] = {pad, eos, unk};
constexpr NamedToken kXlmVocabulary[] = {bos, pad, eos, unk, mask};

constexpr Defaults kGpt2Tokens = {"<|endoftext|>", "<|endoftext|>", "<|endoftext|>"};
constexpr Defaults kBertTokens = {"", "", "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"};
constexpr Defaults kRobertaTokens = {"<s>", "</s>", "<unk>", "</s>", "<pad>", "<s>", "<mask>"};

constexpr auto kBpe = TokenizerModel::bpe;
constexpr auto kUnigram = TokenizerModel::unigram;
constexpr auto kWordPiece = TokenizerModel::wordpiece;

constexpr ClassTemplate kTemplates[] = {
    {.name = "LlamaTokenizer",
     .model = kBpe,
     .normalizer = kNull,
     .pre_tokenizer = kMetaspaceWhole,
     .decoder = kPieceDecoder,
     .fuse_unk = true,
     .byte_fallback = true,
     .defaults = {"<s>", "</s>", "<unk>"},
     .add_prefix_space = true,
     .scheme_with_space = "first",
     .scheme_without_space = "never",
     .empty_vocabulary = kUnkBosEos,
     .extra_decoder_with_space = kStripLeft},
    {.name = "CodeLlamaTokenizer",
     .model = kBpe,
     .normalizer = kNull,
     .pre_tokenizer = kMetaspaceWhole,
     .decoder = kPieceDecoder,
     .fuse_unk = true,
     .byte_fallback = true,
     .model_has_unk = true,
     .defaults = {"<s>", "</s>", "<unk>"},
     .add_prefix_space = true,
     .scheme_with_space = "first",
     .scheme_without_space = "never",
     .always_add_bos = true,
     .model_tokens = kCodeLlamaTokens,
     .empty_vocabulary = kUnkBosEos,
     .extra_decoder_with_space = kStripLeft},
    {.name = "GPT2Tokenizer",
     .model = kBpe,
     .reads = VocabularyFiles::vocab_and_merges,
     .normalizer = kNull,
     .pre_tokenizer = kByteLevel,
     .decoder = kByteLevelDecoder,
     .writes_affixes = true,
     .defaults = kGpt2Tokens,
     .pad_parameter = true},
    {.name = "CodeGenTokenizer",
     .model = kBpe,
     .reads = VocabularyFiles::vocab_and_merges,
     .normalizer = kNull,
     .pre_tokenizer = kByteLevel,
     .decoder = kByteLevelDecoder,
     .writes_affixes = true,
     .defaults = kGpt2Tokens,
     .pad_parameter = true,
     .processor_without_file =
         R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true})"},
    {.name = "GPTNeoXTokenizer",
     .model = kBpe,
     .reads = VocabularyFiles::vocab_and_merges,
     .normalizer = kNfc,
     .pre_tokenizer = kByteLevel,
     .decoder = kByteLevelDecoder,
     .writes_affixes = true,
     .defaults = {"<|endoftext|>", "<|endoftext|>", "<|endoftext|>", "", "<|padding|>"},
     .empty_vocabulary = kNeoxVocabulary},
    {.name = "Qwen2Tokenizer",
     .model = kBpe,
     .reads = VocabularyFiles::vocab_and_merges,
     .normalizer = kNfc,
     .pre_tokenizer = kQwen2Split,
     .decoder = kByteLevelDecoder,
     .writes_affixes = true,
     .defaults = {"", "<|endoftext|>", "<|endoftext|>", "", "<|endoftext|>"},
     .renewal = Renewal::plain,
     .empty_text = "<|endoftext|>"},
    {.name = "Qwen3_5Tokenizer",
     .model = kBpe,
     .normalizer = kNfc,
     .pre_tokenizer = kQwen35Split,
     .decoder = kByteLevelDecoder,
     .writes_affixes = true,
     .defaults = {"", "<|endoftext|>", "<|endoftext|>", "", "<|endoftext|>"},
     .empty_text = "<|endoftext|>"},
    {.name = "GemmaTokenizer",
     .model = kBpe,
     .normalizer = kGemmaNormalizer,
     .pre_tokenizer = kGemmaSplit,
     .decoder = kPieceDecoder,
     .fuse_unk = true,
     .byte_fallback = true,
     .model_has_unk = true,
     .defaults = {"<bos>", "<eos>", "<unk>", "", "<pad>", "", "<mask>"},
     .empty_vocabulary = kGemmaVocabulary},
    {.name = "CohereTokenizer",
     .model = kBpe,
     .reads = VocabularyFiles::vocab_and_merges,
     .normalizer = kNfc,
     .pre_tokenizer = kCohereSplit,
     .decoder = kByteLevelDecoder,
     .writes_affixes = true,
     .defaults = {"<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>", "<UNK>", "<SEP>", "<PAD>", "<CLS>",
                  "<MASK_TOKEN>"},
     .renewal = Renewal::special,
     .empty_vocabulary = kCohereVocabulary},
    {.name = "BertTokenizer",
     .model = kWordPiece,
     .reads = VocabularyFiles::vocab_txt,
     .normalizer = kBertNormalizer,
     .pre_tokenizer = R"({"type":"BertPreTokenizer"})",
     .decoder = R"({"type":"WordPiece","prefix":"##","cleanup":true})",
     .model_has_unk = true,
     .defaults = kBertTokens,
     .single = "cls:0 A:0 sep:0",
     .pair = "cls:0 A:0 sep:0 B:1 sep:1",
     .empty_vocabulary = kBertVocabulary},
    {.name = "DistilBertTokenizer",
     .model = kWordPiece,
     .reads = VocabularyFiles::vocab_txt,
     .normalizer = kBertNormalizer,
     .pre_tokenizer = R"({"type":"BertPreTokenizer"})",
     .decoder = R"({"type":"WordPiece","prefix":"##","cleanup":true})",
     .model_has_unk = true,
     .defaults = kBertTokens,
     .single = "cls:0 A:0 sep:0",
     .pair = "cls:0 A:0 sep:0 B:1 sep:1",
     .empty_vocabulary = kBertVocabulary},
    {.name = "RobertaTokenizer",
     .model = kBpe,
     .reads = VocabularyFiles::vocab_and_merges,
     .normalizer = kNull,
     .pre_tokenizer = kByteLevel,
     .decoder = kByteLevelDecoder,
     .writes_affixes = true,
     .defaults = kRobertaTokens,
     .roberta_processing = true,
     .empty_vocabulary = kBertVocabulary},
    {.name = "DebertaTokenizer",
     .model = kBpe,
     .reads = VocabularyFiles::vocab_and_merges,
     .normalizer = kNull,
     .pre_tokenizer = kByteLevel,
     .decoder = kByteLevelDecoder,
     .writes_affixes = true,
     .defaults = {"[CLS]", "[SEP]", "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"},
     .single = "cls:0 A:0 sep:0",
     .pair = "cls:0 A:0 sep:0 sep:0 B:0 sep:0",
     .empty_vocabulary = kDebertaVocabulary},
    {.name = "CLIPTokenizer",
     .model = kBpe,
     .reads = VocabularyFiles::vocab_and_merges,
     .normalizer = kClipNormalizer,
     .pre_tokenizer = kClipSplit,
     .decoder = kByteLevelDecoder,
     .writes_affixes = true,
     .end_of_word = "</w>",
     .model_has_unk = true,
     .defaults = {"<|startoftext|>", "<|endoftext|>", "<|endoftext|>", "", "<|endoftext|>"},
     .roberta_processing = true,
     .empty_vocabulary = kClipVocabulary},
    {.name = "T5Tokenizer",
     .model = kUnigram,
     .pieces = PieceChange::extra_ids,
     .normalizer = kNull,
     .pre_tokenizer = kSplitMetaspace,
     .decoder = kMetaspaceDecoder,
     .unk_id = 2,
     .defaults = {"", "</s>", "<unk>", "", "<pad>"},
     .add_prefix_space = true,
     .scheme_with_space = "always",
     .scheme_without_space = "always",
     .single = "A:0 eos=</s>:0",
     .pair = "A:0 eos=</s>:0 B:0 eos=</s>:0",
     .extra_ids = 100,
     .empty_vocabulary = kT5Vocabulary},
    {.name = "XLMRobertaTokenizer",
     .model = kUnigram,
     .pieces = PieceChange::fairseq,
     .normalizer = kNull,
     .pre_tokenizer = kSplitMetaspace,
     .decoder = kMetaspaceDecoder,
     .unk_id = 3,
     .defaults = kRobertaTokens,
     .add_prefix_space = true,
     .scheme_with_space = "always",
     .scheme_without_space = "never",
     .single = "bos:0 A:0 eos:0",
     .pair = "bos:0 A:0 eos:0 eos:0 B:0 eos:0",
     .empty_vocabulary = kXlmVocabulary},
    {.name = "AlbertTokenizer",
     .model = kUnigram,
     .normalizer = kAlbertNormalizer,
     .pre_tokenizer = kSplitMetaspace,
     .decoder = kMetaspaceDecoder,
     .unk_id = 1,
     .defaults = {"[CLS]", "[SEP]", "<unk>", "[SEP]", "<pad>", "[CLS]", "[MASK]"},
     .add_prefix_space = true,
     .scheme_with_space = "always",
     .scheme_without_space = "never",
     .single = "cls:0 A:0 sep:0",
     .pair = "cls:0 A:0 sep:0 B:1 sep:1",
     .file_processor_wins = true,
     .empty_vocabulary = kBertVocabulary},
};

}  // namespace

const ClassTemplate* find_template(std::string_view class_name) {
  for (const ClassTemplate& row : kTemplates) {
    if (row.name == class_name) return &row;
  }
  return nullptr;
}

}  // namespace prov::model
