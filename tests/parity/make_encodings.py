#!/usr/bin/env python3
"""Writes data/encodings.json: ids that the tokenizers library 0.22.2 gives for short texts under many pipelines."""
import json
import pathlib
import sys

import tokenizers

DATA = pathlib.Path(__file__).parent / "data"
SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
         r"|\s+(?!\S)|\s+")
MARK = "\u2581"
NORMALIZERS = [
    None, {"type": "NFC"}, {"type": "NFKD"}, {"type": "Lowercase"}, {"type": "StripAccents"}, {"type": "ByteLevel"},
    {"type": "Strip", "strip_left": True, "strip_right": True}, {"type": "Prepend", "prepend": MARK},
    {"type": "Replace", "pattern": {"String": " "}, "content": MARK},
    {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
    {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
    {"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}, {"type": "Lowercase"}]},
]
BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]
PRE_TOKENIZERS = [
    None, {"type": "Whitespace"}, {"type": "WhitespaceSplit"}, {"type": "BertPreTokenizer"},
    {"type": "Digits", "individual_digits": True}, {"type": "Digits", "individual_digits": False},
    {"type": "CharDelimiterSplit", "delimiter": "a"}, {"type": "FixedLength", "length": 3},
    *[{"type": "ByteLevel", "add_prefix_space": space, "trim_offsets": True, "use_regex": regex}
      for space in (True, False) for regex in (True, False)],
    *[{"type": "Metaspace", "replacement": MARK, "prepend_scheme": scheme, "split": split}
      for scheme in ("always", "first", "never") for split in (True, False)],
    *[{"type": "Punctuation", "behavior": behavior} for behavior in BEHAVIORS],
    *[{"type": "Split", "pattern": {"String": "a"}, "behavior": behavior, "invert": invert}
      for behavior in BEHAVIORS for invert in (True, False)],
    {"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": {"Regex": SPLIT}, "behavior": "Isolated", "invert": False},
        {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}]},
    {"type": "Sequence", "pretokenizers": [
        {"type": "WhitespaceSplit"},
        {"type": "Metaspace", "replacement": MARK, "prepend_scheme": "always", "split": True}]},
]
TEXTS = ["the", "of", "0", "?", "banana bread", "na\u00efve caf\u00e9", "\u4f60\u597d world", "\u0438 \u0432 \u043d\u0435",
         "\u0915\u0947 \u0939\u0948", "two  spaces ", "don't we'll", "x\ny\r\n z", "12345 678", "\ufb01 \u00bd", "a,b;c!",
         "tok<x>y", "e\u0301e", "\u2026\u2014\u201cq\u201d", "A_b c-d", "\U0001f642 ok", "\u0391\u03a3 \u0130"]
ADDED = [{"id": 0, "content": "<x>", "single_word": False, "lstrip": True, "rstrip": True, "normalized": False, "special": True},
         {"id": 0, "content": "ban", "single_word": True, "lstrip": False, "rstrip": False, "normalized": True, "special": False},
         {"id": 0, "content": "Caf", "single_word": False, "lstrip": False, "rstrip": False, "normalized": True, "special": False}]


def models():
    """One tokenizer a model type over one small vocabulary."""
    letters = sorted(set("abcdefghijklmnopqrstuvwxyz0123456789.,!?;'_-\u0120\u010a\u00c3\u00a9\u2581\u4f60\u0438"))
    words = ["th", "the", "an", "na", "ban", "\u2581t", "\u2581th", "\u2581the", "\u0120t", "\u0120th", "ca", "caf"]
    merges = [["t", "h"], ["th", "e"], ["a", "n"], ["n", "a"], ["b", "an"], ["\u2581", "t"], ["\u2581t", "h"],
              ["\u2581th", "e"], ["\u0120", "t"], ["\u0120t", "h"], ["c", "a"], ["ca", "f"]]
    pieces = ["<unk>", *letters, *words]
    vocab = {piece: id for id, piece in enumerate(pieces)}
    blank = {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
             "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
             "vocab": vocab, "merges": merges}
    yield "bpe", blank
    yield "bpe_fused", {**blank, "fuse_unk": True, "ignore_merges": True}
    byte_vocab = dict(vocab)
    for byte in range(256):
        byte_vocab[f"<0x{byte:02X}>"] = len(byte_vocab)
    yield "bpe_bytes", {**blank, "byte_fallback": True, "vocab": byte_vocab}
    scores = [[piece, -1.0 - 0.37 * id % 7 - 0.01 * id] for id, piece in enumerate(pieces)]
    yield "unigram", {"type": "Unigram", "unk_id": 0, "vocab": scores, "byte_fallback": False}
    wordpieces = ["[UNK]", *letters, *["##" + letter for letter in letters], "the", "##an", "ban", "##na"]
    yield "wordpiece", {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                        "max_input_chars_per_word": 8, "vocab": {piece: id for id, piece in enumerate(wordpieces)}}
    yield "wordlevel", {"type": "WordLevel", "vocab": vocab, "unk_token": "<unk>"}


def pipelines():
    yield from ((normalizer, PRE_TOKENIZERS[12]) for normalizer in NORMALIZERS)
    yield from ((NORMALIZERS[0], pre_tokenizer) for pre_tokenizer in PRE_TOKENIZERS)
    yield NORMALIZERS[10], PRE_TOKENIZERS[3]


def main() -> int:
    parts, cases = dict(models()), []
    for name, model in parts.items():
        for normalizer, pre_tokenizer in pipelines():
            whole = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": ADDED, "normalizer": normalizer,
                     "pre_tokenizer": pre_tokenizer, "post_processor": None, "decoder": None, "model": model}
            tokenizer = tokenizers.Tokenizer.from_str(json.dumps(whole))
            ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in TEXTS]
            cases.append(json.dumps([name, normalizer, pre_tokenizer, ids], separators=(",", ":")))
    head = json.dumps({"_comment": f"Made by make_encodings.py with tokenizers {tokenizers.__version__}. A case is: model, "
                                   "normalizer, pre_tokenizer, the ids of each text.",
                       "models": parts, "added_tokens": ADDED, "texts": TEXTS}, separators=(",", ":"))
    (DATA / "encodings.json").write_text(head[:-1] + ',\n"cases":[\n' + ",\n".join(cases) + "\n]}\n")
    print(len(cases), "cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
