// SentencePiece model files: one protobuf message (proto2), read here by hand.
//
//   ModelProto      1 pieces*  2 trainer_spec  3 normalizer_spec; further fields are skipped
//   SentencePiece   1 piece (text)  2 score (float)
//                   3 type: 1 normal 2 unknown 3 control 4 user-defined 5 unused 6 byte
//   TrainerSpec     3 model_type: 1 unigram 2 bpe 3 word 4 char  35 byte_fallback
//                   40 unk_id  41 bos_id  42 eos_id  45 unk_piece  46 bos_piece  47 eos_piece
//   NormalizerSpec  2 precompiled_charsmap  3 add_dummy_prefix
#include <fmt/format.h>

#include <bit>

#include "base/try.hpp"
#include "base/utf8.hpp"
#include "model/tokenizer/added_vocabulary.hpp"
#include "model/tokenizer/protobuf_reader.hpp"
#include "model/tokenizer/tokenizer_files.hpp"

namespace prov::model {
namespace {

enum class PieceType : std::uint64_t {
  normal = 1,
  unknown = 2,
  control = 3,
  user_defined = 4,
  unused = 5,
  byte = 6
};

struct Piece {
  std::string text;
  float score = 0;
  PieceType type = PieceType::normal;
};

struct Proto {
  std::vector<Piece> pieces;
  std::uint64_t model_type = 1;
  bool byte_fallback = false;
  std::uint64_t unk_id = 0, bos_id = 1, eos_id = 2;  // "none" is -1, a large number here
  std::string unk_piece = "<unk>", bos_piece = "<s>", eos_piece = "</s>";
  std::string_view charsmap;
  bool add_dummy_prefix = true;
};

Result<Piece> read_piece(ProtobufReader message, const std::string& file) {
  Piece piece;
  while (!message.at_end()) {
    PROV_TRY(const ProtobufField field, message.next());
    if (field.number == 1 && field.wire == 2) piece.text = field.bytes;
    if (field.number == 2 && field.wire == 5)
      piece.score = std::bit_cast<float>(static_cast<std::uint32_t>(field.value));
    if (field.number == 3 && field.wire == 0) piece.type = static_cast<PieceType>(field.value);
  }
  if (piece.text.size() > kMaxTokenBytes ||
      base::find_invalid_utf8(piece.text) != std::string::npos) {
    return Error{.code = ErrorCode::malformed,
                 .message = "a piece is not valid UTF-8 text of at most 64 KiB",
                 .file = file,
                 .offset = message.offset(),
                 .field = "pieces.piece"};
  }
  return piece;
}

Result<void> read_trainer(Proto& proto, ProtobufReader message) {
  while (!message.at_end()) {
    PROV_TRY(const ProtobufField field, message.next());
    if (field.number == 3 && field.wire == 0) proto.model_type = field.value;
    if (field.number == 35 && field.wire == 0) proto.byte_fallback = field.value != 0;
    if (field.number == 40 && field.wire == 0) proto.unk_id = field.value;
    if (field.number == 41 && field.wire == 0) proto.bos_id = field.value;
    if (field.number == 42 && field.wire == 0) proto.eos_id = field.value;
    if (field.number == 45 && field.wire == 2) proto.unk_piece = field.bytes;
    if (field.number == 46 && field.wire == 2) proto.bos_piece = field.bytes;
    if (field.number == 47 && field.wire == 2) proto.eos_piece = field.bytes;
  }
  return {};
}

Result<void> read_normalizer(Proto& proto, ProtobufReader message) {
  while (!message.at_end()) {
    PROV_TRY(const ProtobufField field, message.next());
    if (field.number == 2 && field.wire == 2) proto.charsmap = field.bytes;
    if (field.number == 3 && field.wire == 0) proto.add_dummy_prefix = field.value != 0;
  }
  return {};
}

Result<Proto> read_proto(std::string_view bytes, const std::string& file) {
  Proto proto;
  ProtobufReader message(bytes, 0, file);
  while (!message.at_end()) {
    PROV_TRY(const ProtobufField field, message.next());
    if (field.wire != 2) continue;
    if (field.number == 1) {
      if (proto.pieces.size() >= kMaxVocabulary) {
        return Error{.code = ErrorCode::too_large,
                     .message = "more pieces than any tokenizer has",
                     .file = file,
                     .offset = message.offset(),
                     .field = "pieces"};
      }
      PROV_TRY(Piece piece, read_piece(message.child(field), file));
      proto.pieces.push_back(std::move(piece));
    } else if (field.number == 2) {
      PROV_CHECK(read_trainer(proto, message.child(field)));
    } else if (field.number == 3) {
      PROV_CHECK(read_normalizer(proto, message.child(field)));
    }
  }
  if (proto.pieces.empty()) {
    return Error{.code = ErrorCode::malformed,
                 .message = "no pieces in it",
                 .file = file,
                 .field = "pieces",
                 .hint = "not a SentencePiece model?"};
  }
  return proto;
}

std::string base64(std::string_view bytes) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j)
      out += i + j > bytes.size() ? '=' : kDigits[group >> (18 - 6 * j) & 63];
  }
  return out;
}

}  // namespace

// Work is quadratic in the length of a piece, so it has a budget some 30 times what the largest
// real vocabulary needs.
Result<void> generate_merges(Tokenizer& tokenizer, const std::string& file) {
  std::uint64_t budget = std::uint64_t{1} << 30;
  const VocabularyIndex index = index_vocabulary(tokenizer);
  for (const auto& [text, id] : tokenizer.vocabulary) {
    const std::string_view whole = text;
    const std::uint64_t cost = std::uint64_t{whole.size()} * whole.size();
    if (cost > budget || tokenizer.merges.size() > kMaxMerges) {
      return Error{.code = ErrorCode::too_large,
                   .message = "the pieces are longer than those of any real tokenizer",
                   .file = file,
                   .field = fmt::format("pieces[{}]", id)};
    }
    budget -= cost;
    for (std::size_t at = 1; at < whole.size(); ++at) {
      const bool inside_character = (static_cast<unsigned char>(whole[at]) & 0xC0) == 0x80;
      if (!inside_character && index.contains(whole.substr(0, at)) &&
          index.contains(whole.substr(at))) {
        tokenizer.merges.emplace_back(whole.substr(0, at), whole.substr(at));
      }
    }
  }
  return {};
}

Result<Tokenizer> parse_sentencepiece(std::string_view bytes, const std::string& file) {
  PROV_TRY(const Proto proto, read_proto(bytes, file));
  Tokenizer tokenizer;
  tokenizer.format = TokenizerFormat::sentencepiece;
  tokenizer.files = {file};
  tokenizer.model = proto.model_type == 1 ? TokenizerModel::unigram : TokenizerModel::bpe;
  tokenizer.byte_fallback = proto.byte_fallback;
  for (const Piece& piece : proto.pieces) {
    const auto id = static_cast<std::uint32_t>(tokenizer.vocabulary.size());
    tokenizer.vocabulary.emplace_back(piece.text, id);
    if (piece.type == PieceType::control || piece.type == PieceType::user_defined) {
      tokenizer.added_tokens.push_back({.id = id,
                                        .content = piece.text,
                                        .normalized = false,
                                        .special = piece.type == PieceType::control});
    }
    tokenizer.written_scores.push_back(static_cast<double>(piece.score));
  }
  const auto exists = [&](std::uint64_t id) { return id < tokenizer.vocabulary.size(); };
  if (exists(proto.bos_id)) tokenizer.bos_piece = proto.bos_piece;
  if (exists(proto.eos_id)) tokenizer.eos_piece = proto.eos_piece;
  if (exists(proto.unk_id)) tokenizer.unk_piece = proto.unk_piece;
  if (tokenizer.model == TokenizerModel::unigram) {
    tokenizer.scores = tokenizer.written_scores;
    if (exists(proto.unk_id)) tokenizer.unk_id = static_cast<std::uint32_t>(proto.unk_id);
  } else {
    tokenizer.has_unk_token = true;
    tokenizer.unk_token = proto.unk_piece;
    tokenizer.fuse_unk = true;
    PROV_CHECK(settle_vocabulary(tokenizer, file));
    PROV_CHECK(generate_merges(tokenizer, file));
  }
  // The pipeline of the library's own converter; SentencePiece itself has none.
  const std::string replace =
      "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"\xE2\x96\x81\"}";
  const std::string prepend =
      proto.add_dummy_prefix ? "{\"type\":\"Prepend\",\"prepend\":\"\xE2\x96\x81\"}," : "";
  const std::string precompiled = proto.charsmap.empty()
                                      ? ""
                                      : "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"" +
                                            base64(proto.charsmap) + "\"},";
  tokenizer.normalizer =
      "{\"type\":\"Sequence\",\"normalizers\":[" + precompiled + prepend + replace + "]}";
  return tokenizer;
}

}  // namespace prov::model
