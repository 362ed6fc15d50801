#!/usr/bin/env python3
"""Writes the hostile tokenizer files of tests/bad/tokenizer and the refusal that each must get (expected.tsv)."""
import json
import pathlib
import struct

FOLDER = pathlib.Path(__file__).parent / "tokenizer"


def bpe(vocab='{"a":0,"b":1,"ab":2}', merges='["a b"]', extra=""):
    return f'{{"added_tokens":[],"model":{{"type":"BPE",{extra}"vocab":{vocab},"merges":{merges}}}}}'.encode()


def unigram(vocab, unk="0"):
    return f'{{"model":{{"type":"Unigram","unk_id":{unk},"vocab":{vocab}}}}}'.encode()


def varint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, wire, payload):
    return varint(number << 3 | wire) + payload


def text(number, value):
    return field(number, 2, varint(len(value)) + value)


def piece(value=b"a", score=-1.0, kind=1):
    return text(1, text(1, value) + field(2, 5, struct.pack("<f", score)) + field(3, 0, varint(kind)))


BPE_MODEL = text(2, field(3, 0, varint(2)))
FILES = {
    "empty.json": (b"", "malformed", "-"),
    "truncated.json": (bpe()[:-9], "malformed", "-"),
    "lfs_pointer.json": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", "malformed", "-"),
    "invalid_utf8.json": (bpe('{"\xff":0}'.replace("\xff", "@")).replace(b"@", b"\xff"), "malformed", "-"),
    "lone_surrogate.json": (bpe('{"\\ud800":0}'), "malformed", "-"),
    "deep_nesting.json": (b'{"normalizer":' + b"[" * 3000 + b"]" * 3000 + b"}", "malformed", "-"),
    "no_model.json": (b"{}", "malformed", "model"),
    "array.json": (b"[]", "malformed", "model"),
    "model_null.json": (b'{"model":null}', "malformed", "model"),
    "model_unknown.json": (b'{"model":{"type":"Magic","vocab":{}}}', "unsupported", "model.type"),
    "vocab_missing.json": (b'{"model":{"type":"BPE","merges":[]}}', "malformed", "model.vocab"),
    "vocab_array.json": (bpe('["a"]'), "malformed", "model.vocab"),
    "id_negative.json": (bpe('{"a":-1}', "[]"), "out_of_range", "model.vocab.a"),
    "id_float.json": (bpe('{"a":1.5}', "[]"), "out_of_range", "model.vocab.a"),
    "id_text.json": (bpe('{"a":"0"}', "[]"), "out_of_range", "model.vocab.a"),
    "id_huge.json": (bpe('{"a":4294967295}', "[]"), "out_of_range", "model.vocab.a"),
    "id_beyond_64_bits.json": (bpe('{"a":18446744073709551616}', "[]"), "malformed", "-"),
    "duplicate_token.json": (bpe('{"a":0,"b":1,"a":2}', "[]"), "duplicate", "vocab.a"),
    "duplicate_by_escape.json": (bpe('{"a":0,"\\u0061":1}', "[]"), "duplicate", "vocab.a"),
    "long_token.json": (bpe(json.dumps({"x" * 65537: 0}), "[]"), "too_large", "vocab, id 0"),
    "merges_missing.json": (b'{"model":{"type":"BPE","vocab":{"a":0}}}', "malformed", "model.merges"),
    "merge_number.json": (bpe(merges="[7]"), "malformed", "model.merges[0]"),
    "merge_of_three.json": (bpe(merges='["a b c"]'), "malformed", "model.merges[0]"),
    "merge_triple.json": (bpe(merges='[["a","b","c"]]'), "malformed", "model.merges[0]"),
    "merge_without_space.json": (bpe(merges='["ab"]'), "malformed", "model.merges[0]"),
    "merge_of_strangers.json": (bpe(merges='["a b","a z"]'), "malformed", "merges[1]"),
    "merge_into_stranger.json": (bpe(merges='["b a"]'), "malformed", "merges[0]"),
    "merge_into_itself.json": (bpe('{"a":0,"aa":1}', '[["aa","aa"]]'), "malformed", "merges[0]"),
    "unigram_object.json": (unigram('{"a":0}'), "malformed", "model.vocab"),
    "unigram_single.json": (unigram('[["a"]]'), "malformed", "model.vocab[0]"),
    "unigram_score_text.json": (unigram('[["a","0"]]'), "malformed", "model.vocab[0]"),
    "unigram_unknown_beyond.json": (unigram('[["a",0]]', unk="1"), "malformed", "model.unk_id"),
    "added_token_number.json": (b'{"added_tokens":[7],"model":{"vocab":{"a":0}}}', "malformed", "added_tokens[0].content"),
    "added_token_without_text.json":
        (b'{"added_tokens":[{"id":0}],"model":{"vocab":{"a":0}}}', "malformed", "added_tokens[0].content"),
    "empty.model": (b"", "malformed", "pieces"),
    "no_pieces.model": (BPE_MODEL, "malformed", "pieces"),
    "text.model": (b"hello world, this is no model\n", "malformed", "-"),
    "ranks_without_number.tiktoken": (b"IQ== 0\nIg==\n", "malformed", "line 2"),
    "ranks_not_base64.tiktoken": (b"IQ== 0\n!!== 1\n", "malformed", "line 2"),
    "rank_huge.tiktoken": (b"IQ== 0\nIg== 99999999999999999999\n", "malformed", "line 2"),
    "rank_duplicate_text.tiktoken": (b"IQ== 0\nIQ== 1\n", "duplicate", "vocab.!"),
    "field_zero.model": (b"\x02\x00", "malformed", "-"),
    "field_beyond.model": (varint(1 << 40) + b"\x00", "malformed", "-"),
    "group.model": (b"\x0b\x0c", "malformed", "-"),
    "wire_seven.model": (b"\x0f", "malformed", "-"),
    "endless_varint.model": (b"\x08" + b"\x80" * 40, "malformed", "-"),
    "varint_of_65_bits.model": (b"\x08" + b"\xff" * 9 + b"\x02", "malformed", "-"),
    "cut_in_varint.model": (b"\x08\x80", "malformed", "-"),
    "cut_in_fixed.model": (text(1, field(2, 5, b"\x00\x00")), "malformed", "-"),
    "length_beyond.model": (field(1, 2, varint(100)) + b"abc", "malformed", "-"),
    "length_of_64_bits.model": (field(1, 2, varint(2**64 - 1)) + b"abc", "malformed", "-"),
    "inner_length_beyond.model": (text(1, field(1, 2, varint(9)) + b"abc"), "malformed", "-"),
    "piece_invalid_utf8.model": (piece(b"\xff"), "malformed", "pieces.piece"),
    "piece_too_long.model": (piece(b"x" * 65537), "malformed", "pieces.piece"),
    "duplicate_piece.model": (piece() + piece() + BPE_MODEL, "duplicate", "vocab.a"),
    "pieces_too_long_to_split.model": (b"".join(piece(b"x" * (20000 + i)) for i in range(3)) + BPE_MODEL, "too_large",
                                       "pieces[2]"),
}


def main():
    FOLDER.mkdir(exist_ok=True)
    for name, (content, _, _) in FILES.items():
        (FOLDER / name).write_bytes(content)
    rows = [f"{name}\t{code}\t{where}\n" for name, (_, code, where) in sorted(FILES.items())]
    (FOLDER / "expected.tsv").write_text("".join(rows))


if __name__ == "__main__":
    main()
