#!/usr/bin/env python3
"""Writes the hostile files of tests/bad/gguf and the refusal that each must get (expected.tsv: file, error code, field)."""
import struct

from make_safetensors import write

U8, U32, F32, TEXT, ARRAY = 0, 4, 6, 8, 9
Q4_0, Q4_K = 2, 12
MOST = (1 << 64) - 1


def text(value):
    value = value if isinstance(value, bytes) else value.encode()
    return struct.pack("<Q", len(value)) + value


def key(name, kind, value):
    return text(name) + struct.pack("<I", kind) + value


def u32(value):
    return struct.pack("<I", value)


def array(kind, count, values=b""):
    return struct.pack("<IQ", kind, count) + values


def tensor(name="t", dims=(4,), kind=0, offset=0, n_dims=None):
    return (text(name) + u32(len(dims) if n_dims is None else n_dims) + b"".join(struct.pack("<Q", d) for d in dims) +
            u32(kind) + struct.pack("<Q", offset))


def gguf(keys=(), tensors=(), data=b"", version=3, n_keys=None, n_tensors=None, alignment=32, padded=True):
    head = (b"GGUF" + u32(version) + struct.pack("<QQ", len(tensors) if n_tensors is None else n_tensors,
                                                 len(keys) if n_keys is None else n_keys) + b"".join(keys) + b"".join(tensors))
    return head + (bytes(-len(head) % alignment) if padded else b"") + data


ALIGNMENT = "general.alignment"
FOUR = bytes(16)  # four F32
GGUF = {
    # not a GGUF
    "empty": (b"", "malformed", "magic"),
    "magic_cut": (b"GGU", "not_weights", "-"),
    "lower_case": (b"gguf" + bytes(40), "malformed", "magic"),
    "git_lfs_pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 4\n",
                        "not_weights", "-"),
    "web_page": (b"<!DOCTYPE html><html></html>", "not_weights", "-"),
    "pytorch_zip": (b"PK\x03\x04" + bytes(60), "unsupported", "-"),
    # version and counts
    "version_cut": (b"GGUF\3\0", "truncated", "version"),
    "version_0": (gguf(version=0), "unsupported", "version"),
    "version_4": (gguf(version=4), "unsupported", "version"),
    "version_4_big_endian": (b"GGUF\0\0\0\4" + bytes(16), "unsupported", "version"),
    "big_endian_q4_1": (b"GGUF" + struct.pack(">IQQQ1sIQIQ", 3, 1, 0, 1, b"t", 1, 32, 3, 0) + bytes(64), "unsupported", "t"),
    "version_all_ones": (gguf(version=0xFFFFFFFF), "unsupported", "version"),
    "counts_cut": (b"GGUF\3\0\0\0" + bytes(7), "truncated", "tensor count"),
    "tensors_all_ones": (gguf(n_tensors=MOST), "truncated", "tensor count"),
    "tensors_sign_bit": (gguf(n_tensors=1 << 63), "truncated", "tensor count"),
    "tensors_more_than_fit": (gguf(n_tensors=1000), "truncated", "tensor count"),
    "keys_all_ones": (gguf(n_keys=MOST), "truncated", "value count"),
    "keys_more_than_fit": (gguf(n_keys=100), "truncated", "value count"),
    "keys_one_too_many": (gguf([key("a", U8, b"\1")], n_keys=2, data=bytes(64)), "malformed", "key 1"),
    # texts
    "key_length_all_ones": (gguf([struct.pack("<Q", MOST) + bytes(20)]), "truncated", "key 0"),
    "key_length_beyond_file": (gguf([struct.pack("<Q", 200) + bytes(20)]), "truncated", "key 0"),
    "key_length_1_gib": (gguf([struct.pack("<Q", 1 << 30) + bytes(20)]), "truncated", "key 0"),
    "key_of_65536_bytes": (gguf([key("k" * 65536, U8, b"\1")]), "too_large", "key 0"),
    "key_empty": (gguf([key("", U8, b"\1")]), "malformed", "key 0"),
    "key_not_utf8": (gguf([key(b"\xff\xfe", U8, b"\1")]), "malformed", "key 0"),
    "key_twice": (gguf([key("a", U8, b"\1"), key("a", U8, b"\1")]), "duplicate", "a"),
    "key_twice_of_other_type": (gguf([key("a", U8, b"\1"), key("a", TEXT, text("x"))]), "duplicate", "a"),
    "key_with_escape_twice": (gguf([key("\x1b[2J", U8, b"\1")] * 2), "duplicate", r"\u{1b}[2J"),
    "text_length_wraps": (gguf([key("a", TEXT, struct.pack("<Q", MOST - 7))]), "truncated", "a"),
    # values
    "type_13": (gguf([key("a", 13, bytes(8))]), "unsupported", "a"),
    "type_all_ones": (gguf([key("a", 0xFFFFFFFF, bytes(8))]), "unsupported", "a"),
    "value_cut": (gguf([key("a", U32, b"\1")], padded=False), "truncated", "a"),
    "array_nested": (gguf([key("a", ARRAY, array(ARRAY, 1, array(U8, 1, b"\1")))]), "unsupported", "a"),
    "array_type_unknown": (gguf([key("a", ARRAY, array(99, 1, b"\1"))]), "unsupported", "a"),
    "array_count_all_ones": (gguf([key("a", ARRAY, array(U8, MOST))]), "truncated", "a"),
    "array_count_times_width_wraps": (gguf([key("a", ARRAY, array(U32, 1 << 62))]), "truncated", "a"),
    "array_of_texts_bomb": (gguf([key("a", ARRAY, array(TEXT, 1 << 32))], data=bytes(4096)), "truncated", "a"),
    "array_of_texts_last_beyond_file": (gguf([key("a", ARRAY, array(TEXT, 2, text("x") + struct.pack("<Q", 999)))]),
                                        "truncated", "a"),
    # alignment
    "alignment_0": (gguf([key(ALIGNMENT, U32, u32(0))]), "malformed", ALIGNMENT),
    "alignment_3": (gguf([key(ALIGNMENT, U32, u32(3))]), "malformed", ALIGNMENT),
    "alignment_2_to_the_30": (gguf([key(ALIGNMENT, U32, u32(1 << 30))]), "too_large", ALIGNMENT),
    "alignment_text": (gguf([key(ALIGNMENT, TEXT, text("32"))]), "malformed", ALIGNMENT),
    "alignment_float": (gguf([key(ALIGNMENT, F32, struct.pack("<f", 32))]), "malformed", ALIGNMENT),
    "alignment_negative": (gguf([key(ALIGNMENT, 5, struct.pack("<i", -32))]), "malformed", ALIGNMENT),
    "alignment_array": (gguf([key(ALIGNMENT, ARRAY, array(U32, 1, u32(32)))]), "malformed", ALIGNMENT),
    # tensors
    "name_empty": (gguf(tensors=[tensor("")], data=FOUR), "malformed", "tensor 0"),
    "name_not_utf8": (gguf(tensors=[tensor(b"\xc0\xaf")], data=FOUR), "malformed", "tensor 0"),
    "name_of_4097_bytes": (gguf(tensors=[tensor("n" * 4097)], data=FOUR), "too_large", "tensor 0"),
    "name_twice": (gguf(tensors=[tensor(), tensor(offset=32)], data=bytes(64)), "duplicate", "t"),
    "dims_5": (gguf(tensors=[tensor(dims=(1,) * 5)], data=FOUR), "too_large", "t"),
    "dims_all_ones": (gguf(tensors=[tensor(n_dims=0xFFFFFFFF)], data=FOUR), "too_large", "t"),
    "dims_cut": (gguf(tensors=[text("t") + u32(4)], n_tensors=1, data=bytes(8), padded=False), "truncated", "t"),
    "dimension_negative": (gguf(tensors=[tensor(dims=(MOST,))], data=FOUR), "out_of_range", "t"),
    "dimensions_wrap_to_0": (gguf(tensors=[tensor(dims=(1 << 32, 1 << 32))], data=FOUR), "out_of_range", "t"),
    "dimensions_wrap_to_a_small_number": (gguf(tensors=[tensor(dims=((1 << 42) + 1, 1 << 22))], data=FOUR), "out_of_range", "t"),
    "dimensions_wrap_before_a_zero": (gguf(tensors=[tensor(dims=(1 << 40, 1 << 40, 0))], data=FOUR), "out_of_range", "t"),
    "bytes_wrap": (gguf(tensors=[tensor(dims=(1 << 62,))], data=FOUR), "out_of_range", "t"),
    "type_removed": (gguf(tensors=[tensor(kind=4)], data=FOUR), "unsupported", "t"),
    "type_of_a_fork": (gguf(tensors=[tensor(kind=137)], data=FOUR), "unsupported", "t"),
    "type_unknown": (gguf(tensors=[tensor(kind=0x7FFFFFFF)], data=FOUR), "unsupported", "t"),
    "row_no_whole_blocks": (gguf(tensors=[tensor(dims=(33,), kind=Q4_0)], data=bytes(64)), "size_mismatch", "t"),
    "rows_whole_blocks_together_only": (gguf(tensors=[tensor(dims=(128, 2), kind=Q4_K)], data=bytes(160)),
                                        "size_mismatch", "t"),
    "block_without_dimensions": (gguf(tensors=[tensor(dims=(), kind=Q4_0)], data=bytes(64)), "size_mismatch", "t"),
    # who owns each byte
    "data_cut": (gguf(tensors=[tensor()], data=FOUR[:15]), "truncated", "t"),
    "data_absent": (gguf(tensors=[tensor()], padded=False), "truncated", "t"),
    "empty_tensor_beyond_file": (gguf(tensors=[tensor(dims=(256, 0))], padded=False), "truncated", "t"),
    "offset_all_ones": (gguf(tensors=[tensor(offset=MOST)], data=FOUR), "truncated", "t"),
    "offset_plus_bytes_wraps": (gguf(tensors=[tensor(offset=MOST - 15)], data=FOUR), "truncated", "t"),
    "offset_plus_header_wraps": (gguf(tensors=[tensor(offset=MOST - 63)], data=FOUR), "truncated", "t"),
    "overlap": (gguf(tensors=[tensor("a"), tensor("b", offset=8)], data=bytes(64)), "overlap", "b"),
    "overlap_same_place": (gguf(tensors=[tensor("a"), tensor("b")], data=bytes(64)), "overlap", "b"),
    "hole_at_begin": (gguf(tensors=[tensor(offset=32)], data=bytes(64)), "hole", "t"),
    "hole_between": (gguf(tensors=[tensor("a"), tensor("b", offset=64)], data=bytes(96)), "hole", "b"),
}


if __name__ == "__main__":
    write("gguf", ".gguf", GGUF)
