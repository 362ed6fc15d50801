#!/usr/bin/env python3
"""Writes data/kit_variants.json: what transformers builds from many small tokenizer folders.

Run it with the versions of the published kit's lock file: transformers 5.5.0, tokenizers 0.22.2, sentencepiece 0.2.1. Cases
that transformers refuses are left out. The folders are made of the files in data/ and of the settings written here.
"""
import hashlib
import json
import pathlib
import random
import shutil
import sys
import tempfile

import sentencepiece
from transformers import AutoTokenizer

DATA = pathlib.Path(__file__).parent / "data"
CLASSES = ["LlamaTokenizer", "CodeLlamaTokenizer", "GPT2Tokenizer", "CodeGenTokenizer", "GPTNeoXTokenizer",
           "Qwen2Tokenizer", "Qwen3_5Tokenizer", "GemmaTokenizer", "CohereTokenizer", "BertTokenizer",
           "DistilBertTokenizer", "RobertaTokenizer", "DebertaTokenizer", "CLIPTokenizer", "T5Tokenizer",
           "XLMRobertaTokenizer", "AlbertTokenizer", "PreTrainedTokenizerFast"]
FLAGS = {"lstrip": True, "normalized": True, "rstrip": False, "single_word": False}
CONFIGS = {
    "plain": {},
    "no_space": {"add_prefix_space": False},
    "switches": {"add_bos_token": True, "add_eos_token": True, "legacy": True, "add_prefix_space": True},
    "nulls": {"pad_token": None, "bos_token": None, "legacy": None},
    "extra": {"additional_special_tokens": ["<xx>", "xy"], "image_token": "<img>"},
    "extra_object": {"extra_special_tokens": {"foo_token": "<foo>"}},
    "decoder": {"added_tokens_decoder": {"0": {"content": "<q0>", **FLAGS, "special": False},
                                         "5000": {"content": "<q1>", **FLAGS, "special": True}},
                "bos_token": "<q1>"},
    "typed": {"bos_token": {"__type": "AddedToken", "content": "<B>", **FLAGS},
              "mask_token": {"__type": "AddedToken", "content": "<M>", **FLAGS}},
    "bert": {"do_lower_case": False, "strip_accents": True, "tokenize_chinese_chars": False},
}
SETTINGS = {name: {"tokenizer_config.json": config} for name, config in CONFIGS.items()}
SETTINGS["legacy"] = {
    "special_tokens_map.json": {"bos_token": {"content": "<bb>", **FLAGS}, "eos_token": "<ee>",
                                "additional_special_tokens": ["<s1>", "<s2>"], "vid_token": "<v>"},
    "added_tokens.json": {"<ad1>": 9000, "<ee>": 9001, "xy": 9002},
}
SOURCES = {
    "json": {"tokenizer.json": "models/tiny-a/tokenizer.json"},
    "unigram_json": {"tokenizer.json": "tokenizers/unigram.json"},
    "bpe_model": {"tokenizer.model": "tokenizers/bpe.model"},
    "unigram_model": {"tokenizer.model": "tokenizers/unigram.model"},
    "merges": {"vocab.json": "tokenizers/vocab.json", "merges.txt": "tokenizers/merges.txt"},
    "vocab_txt": {"vocab.txt": "tokenizers/vocab.txt"},
    "nothing": {},
}


def make_files():
    """The small vocabularies that the cases start from, trained on noise."""
    folder = DATA / "tokenizers"
    folder.mkdir(exist_ok=True)
    random.seed(1)
    letters = "abcdefgh\u00e9\u4e2d\u0434"
    words = ["".join(random.choice(letters) for _ in range(random.randint(1, 6))) for _ in range(500)]
    corpus = [" ".join(random.choice(words) for _ in range(10)) for _ in range(2000)]
    for kind in ("bpe", "unigram"):
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(corpus), model_prefix=str(folder / kind), vocab_size=330, model_type=kind,
            byte_fallback=True, normalization_rule_name="identity", user_defined_symbols=["<usr>"],
            control_symbols=["<ctl>"], minloglevel=2)
        (folder / f"{kind}.vocab").unlink()
    model = json.loads((DATA / "models/tiny-a/tokenizer.json").read_text())["model"]
    (folder / "vocab.json").write_text(json.dumps(model["vocab"]))
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]) + "\n")
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "##s", "a"]) + "\n")
    scores = [["<unk>", 0.0], ["\u2581", -2.5], ["a", -3.4312195777893066], ["\u2581a", -12.100000000000001],
              ["b", -1.2345678901234567], ["ab", -0.00001]]
    unigram = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "post_processor": None,
               "normalizer": {"type": "NFKC"}, "decoder": None,
               "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": True},
               "model": {"type": "Unigram", "unk_id": 0, "vocab": scores}}
    (folder / "unigram.json").write_text(json.dumps(unigram))


def cases():
    for source in SOURCES:
        for name in CLASSES:
            for setting in SETTINGS:
                yield source, name, setting


def build(source, name, setting):
    files, settings = SOURCES[source], SETTINGS[setting]
    written = {"config.json": {"model_type": "llama"}, **settings}
    written["tokenizer_config.json"] = {**settings.get("tokenizer_config.json", {}), "tokenizer_class": name}
    with tempfile.TemporaryDirectory() as folder:
        for target, origin in files.items():
            shutil.copy(DATA / origin, f"{folder}/{target}")
        for target, value in written.items():
            pathlib.Path(folder, target).write_text(json.dumps(value))
        return AutoTokenizer.from_pretrained(folder)


def main() -> int:
    make_files()
    lines = []
    for case in cases():
        try:
            tokenizer = build(*case)
            text = tokenizer.backend_tokenizer.to_str()
            ids = [tokenizer.bos_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id, tokenizer.unk_token_id,
                   tokenizer.mask_token_id]
        except Exception:
            continue
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        lines.append(json.dumps([*case, type(tokenizer).__name__, digest, ids, len(tokenizer.all_special_tokens)]))
    head = json.dumps({
        "_comment": "Made by make_kit_variants.py with transformers 5.5.0, tokenizers 0.22.2, sentencepiece 0.2.1. A case is: "
                    "source, tokenizer_class, settings, then class, first 16 digits of the hash, ids of bos eos pad unk "
                    "mask, number of special tokens.",
        "sources": SOURCES, "settings": SETTINGS}, indent=1)
    (DATA / "kit_variants.json").write_text(head[:-2] + ',\n "cases": [\n' + ",\n".join(lines) + "\n]}\n")
    print(len(lines), "cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
