#!/usr/bin/env python3
"""Writes the hostile files of tests/bad/safetensors and tests/bad/shard_index, and the refusal that each must get.

Each folder has a table expected.tsv: file, error code, field (control characters escaped; "-" for none). Rows of files that
are not made here (findings of the fuzzer, files of users) are kept, so a file can be added by hand with its row.
"""
import json
import pathlib
import struct

HERE = pathlib.Path(__file__).parent


def safetensors(header, data=b""):
    header = header if isinstance(header, bytes) else header.encode()
    return struct.pack("<Q", len(header)) + header + data


def entry(dtype="U8", shape="[4]", offsets="[0,4]"):
    return f'{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}'


def one(data=b"abcd", name="x", **members):
    """A file with one tensor, `name`."""
    return safetensors(f'{{"{name}":{entry(**members)}}}', data)


def raw_entry(text, data=b"abcd"):
    return safetensors(f'{{"x":{text}}}', data)


def tensors(data, **offsets):
    """A file of U8 tensors at the given places."""
    return safetensors(
        "{" + ",".join(f'"{name}":{entry("U8", f"[{end - begin}]", f"[{begin},{end}]")}'
                       for name, (begin, end) in offsets.items()) + "}", data)


LENGTH = "header length"
SAFETENSORS = {
    # the length of the header
    "empty": (b"", "truncated", LENGTH),
    "seven_bytes": (b"\x02\0\0\0\0\0\0", "truncated", LENGTH),
    "length_only": (struct.pack("<Q", 60), "truncated", LENGTH),
    "length_0": (bytes(64), "malformed", LENGTH),
    "length_1_beyond_file": (struct.pack("<Q", 3) + b"{}", "truncated", LENGTH),
    "length_beyond_limit": (struct.pack("<Q", 100_000_001) + b"{}", "too_large", LENGTH),
    "length_at_limit_in_small_file": (struct.pack("<Q", 100_000_000) + b"{}", "truncated", LENGTH),
    "length_all_ones": (b"\xff" * 8 + b"{}", "too_large", LENGTH),
    "length_sign_bit": (struct.pack("<Q", 1 << 63) + b"{}", "too_large", LENGTH),
    "length_plus_8_wraps": (struct.pack("<Q", (1 << 64) - 8) + b"{}", "too_large", LENGTH),
    "length_of_the_formats_own_test": (b"\x3c\0\0\0\0\xff\xff\xff", "too_large", LENGTH),
    # something else in place of weights
    "git_lfs_pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 4\n",
                        "not_weights", "-"),
    "web_page": (b"\n<!DOCTYPE html>\n<html><body>404</body></html>", "not_weights", "-"),
    "web_page_xml_error": (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "not_weights", "-"),
    "text_of_a_failed_download": (b"Entry not found", "not_weights", "-"),
    "json_of_a_failed_download": (b'{"error":"Repository not found"}', "not_weights", "-"),
    "gguf": (b"GGUF\x63\0\0\0" + bytes(16), "unsupported", "-"),  # of a version to come
    "pytorch_zip": (b"PK\x03\x04\0\0\x08\x08" + bytes(30), "unsupported", "-"),
    "pytorch_legacy": (b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", "unsupported", "-"),
    "pickle": (b"\x80\x04\x95\x10\0\0\0\0\0\0\0}\x94.", "unsupported", "-"),
    "hdf5": (b"\x89HDF\r\n\x1a\n" + bytes(16), "unsupported", "-"),
    # the text of the header
    "json_not_utf8": (safetensors(b'{"\xff":1}'), "malformed", "-"),
    "json_overlong_utf8": (safetensors(b'{"\xc0\xaf":1}'), "malformed", "-"),
    "json_byte_ff": (safetensors(b"\xff"), "malformed", "-"),
    "json_byte_order_mark": (safetensors(b"\xef\xbb\xbf{}"), "malformed", "-"),
    "json_brace": (safetensors("{"), "malformed", "-"),
    "json_spaces": (safetensors("   "), "malformed", "-"),
    "json_array": (safetensors("[]"), "malformed", "-"),
    "json_string": (safetensors('"x"'), "malformed", "-"),
    "json_null": (safetensors("null"), "malformed", "-"),
    "json_two_objects": (safetensors("{}{}"), "malformed", "-"),
    "json_text_after": (safetensors("{} x"), "malformed", "-"),
    "json_padded_with_nul": (safetensors(b"{}\0\0\0\0\0\0"), "malformed", "-"),
    "json_comma_at_end": (safetensors(f'{{"x":{entry()},}}', b"abcd"), "malformed", "-"),
    "json_comment": (safetensors(f'{{/**/"x":{entry()}}}', b"abcd"), "malformed", "-"),
    "json_name_without_quotes": (safetensors(f"{{x:{entry()}}}", b"abcd"), "malformed", "-"),
    "json_name_without_end": (safetensors('{"x'), "malformed", "-"),
    "json_name_with_half_a_surrogate_pair": (one(name="\\ud800"), "malformed", "-"),
    "json_name_with_low_surrogate": (one(name="\\udc00"), "malformed", "-"),
    "json_name_with_raw_newline": (one(name="a\nb"), "malformed", "-"),
    "json_name_with_bad_escape": (one(name="\\x41"), "malformed", "-"),
    "json_deep_unknown_member": (raw_entry('{"z":' + "[" * 900 + "]" * 900 + "}"), "too_large", "x"),
    "json_deep_objects": (raw_entry('{"z":' * 900 + "0" + "}" * 900), "too_large", "x"),
    "json_unknown_member_is_no_json": (raw_entry(entry()[:-1] + ',"z":tru}'), "malformed", "x"),
    "name_of_4097_bytes": (one(name="n" * 4097), "too_large", "-"),
    # names that come twice
    "duplicate_tensor": (safetensors(f'{{"x":{entry()},"x":{entry()}}}', b"abcd"), "duplicate", "x"),
    "duplicate_tensor_of_other_place": (
        safetensors(f'{{"x":{entry()},"x":{entry(offsets="[4,8]")}}}', b"abcdefgh"), "duplicate", "x"),
    "duplicate_tensor_by_escape": (safetensors(f'{{"x":{entry()},"\\u0078":{entry()}}}', b"abcd"), "duplicate", "x"),
    "duplicate_dtype": (raw_entry('{"dtype":"U8","dtype":"I8","shape":[4],"data_offsets":[0,4]}'), "duplicate", "x"),
    "duplicate_shape": (raw_entry('{"dtype":"U8","shape":[4],"shape":[2,2],"data_offsets":[0,4]}'), "duplicate", "x"),
    "duplicate_offsets": (
        raw_entry('{"dtype":"U8","shape":[4],"data_offsets":[0,4],"data_offsets":[0,4]}'), "duplicate", "x"),
    "duplicate_key_by_escape": (
        raw_entry('{"dtype":"U8","d\\u0074ype":"U8","shape":[4],"data_offsets":[0,4]}'), "duplicate", "x"),
    "duplicate_in_unknown_member": (raw_entry(entry()[:-1] + ',"z":{"a":1,"a":2}}'), "duplicate", "x"),
    "duplicate_metadata": (safetensors('{"__metadata__":{},"__metadata__":{}}'), "duplicate", "__metadata__"),
    "duplicate_key_in_metadata": (safetensors('{"__metadata__":{"a":"1","a":"2"}}'), "duplicate", "__metadata__"),
    # __metadata__ maps strings to strings
    "metadata_number": (safetensors('{"__metadata__":{"a":1}}'), "malformed", "__metadata__"),
    "metadata_null_value": (safetensors('{"__metadata__":{"a":null}}'), "malformed", "__metadata__"),
    "metadata_nested": (safetensors('{"__metadata__":{"a":{}}}'), "malformed", "__metadata__"),
    "metadata_array": (safetensors('{"__metadata__":[]}'), "malformed", "__metadata__"),
    "metadata_string": (safetensors('{"__metadata__":"pt"}'), "malformed", "__metadata__"),
    "metadata_false": (safetensors('{"__metadata__":false}'), "malformed", "__metadata__"),
    "metadata_nul": (safetensors('{"__metadata__":nul}'), "malformed", "__metadata__"),
    "metadata_is_a_tensor": (safetensors(f'{{"__metadata__":{entry()}}}', b"abcd"), "malformed", "__metadata__"),
    # the members of a tensor
    "tensor_is_number": (raw_entry("1"), "malformed", "x"),
    "tensor_is_null": (raw_entry("null"), "malformed", "x"),
    "tensor_is_array": (raw_entry("[]"), "malformed", "x"),
    "tensor_is_empty": (raw_entry("{}"), "malformed", "x"),
    "dtype_absent": (raw_entry('{"shape":[4],"data_offsets":[0,4]}'), "malformed", "x"),
    "shape_absent": (raw_entry('{"dtype":"U8","data_offsets":[0,4]}'), "malformed", "x"),
    "offsets_absent": (raw_entry('{"dtype":"U8","shape":[4]}'), "malformed", "x"),
    "dtype_unknown": (one(dtype="Q4_0"), "unsupported", "x"),
    "dtype_lower_case": (one(dtype="u8"), "unsupported", "x"),
    "dtype_empty": (one(dtype=""), "unsupported", "x"),
    "dtype_number": (raw_entry('{"dtype":8,"shape":[4],"data_offsets":[0,4]}'), "malformed", "x"),
    "shape_number": (one(shape="4"), "malformed", "x"),
    "shape_string": (one(shape='["4"]'), "malformed", "x"),
    "shape_null": (one(shape="null"), "malformed", "x"),
    "shape_nested": (one(shape="[[4]]"), "malformed", "x"),
    "shape_negative": (one(shape="[-4]"), "malformed", "x"),
    "shape_minus_0": (one(b"", shape="[-0]", offsets="[0,0]"), "malformed", "x"),
    "shape_fraction": (one(shape="[4.0]"), "malformed", "x"),
    "shape_exponent": (one(shape="[4e0]"), "malformed", "x"),
    "shape_leading_zero": (one(shape="[04]"), "malformed", "x"),
    "shape_nan": (one(shape="[NaN]"), "malformed", "x"),
    "shape_true": (one(shape="[true]"), "malformed", "x"),
    "shape_2_to_the_64": (one(shape="[18446744073709551616]"), "malformed", "x"),
    "shape_without_comma": (one(shape="[2 2]"), "malformed", "x"),
    "shape_without_end": (one(shape="[4"), "malformed", "x"),
    "shape_of_rank_17": (one(b"a", shape="[" + ",".join("1" * 17) + "]", offsets="[0,1]"), "too_large", "x"),
    "offsets_one": (one(offsets="[4]"), "malformed", "x"),
    "offsets_three": (one(offsets="[0,4,4]"), "malformed", "x"),
    "offsets_none": (one(offsets="[]"), "malformed", "x"),
    "offsets_object": (one(offsets='{"begin":0,"end":4}'), "malformed", "x"),
    "offsets_negative": (one(offsets="[-4,0]"), "malformed", "x"),
    "offsets_fraction": (one(offsets="[0.0,4.0]"), "malformed", "x"),
    "offsets_string": (one(offsets='["0","4"]'), "malformed", "x"),
    "offsets_2_to_the_64": (one(offsets="[0,18446744073709551620]"), "malformed", "x"),
    "offsets_reversed": (one(offsets="[4,0]"), "out_of_range", "x"),
    "offsets_reversed_by_wrap": (one(offsets="[18446744073709551614,2]"), "out_of_range", "x"),
    # shape x dtype against the length
    "shape_overflow": (one(bytes(16), dtype="I32", shape="[2,18446744073709551614]", offsets="[0,16]"),
                       "out_of_range", "x"),
    "shape_overflow_of_the_formats_own_test": (
        one(bytes(16), dtype="I32", shape="[2,9223372036854775807]", offsets="[0,16]"), "out_of_range", "x"),
    "shape_overflow_to_0": (one(b"", shape="[4294967296,4294967296]", offsets="[0,0]"), "out_of_range", "x"),
    "shape_overflow_to_a_small_number": (one(shape="[4194305,4194305,211106198978564]"), "out_of_range", "x"),
    "shape_overflow_before_a_zero": (one(b"", shape="[9223372036854775808,4,0]", offsets="[0,0]"), "out_of_range", "x"),
    "bits_overflow": (one(b"", dtype="F64", shape="[2305843009213693952]", offsets="[0,0]"), "out_of_range", "x"),
    "size_too_small": (one(shape="[5]"), "size_mismatch", "x"),
    "size_too_large": (one(shape="[3]"), "size_mismatch", "x"),
    "size_of_a_scalar": (one(shape="[]"), "size_mismatch", "x"),
    "size_of_an_empty_shape": (one(shape="[0]"), "size_mismatch", "x"),
    "size_of_all_ones": (one(offsets="[0,18446744073709551615]"), "size_mismatch", "x"),
    "subbyte_f4_of_3": (one(b"ab", dtype="F4", shape="[3]", offsets="[0,2]"), "size_mismatch", "x"),
    "subbyte_f6_of_3": (one(b"abc", dtype="F6_E3M2", shape="[3]", offsets="[0,3]"), "size_mismatch", "x"),
    # who owns each byte
    "hole_at_begin": (tensors(b"abcdef", x=(2, 6)), "hole", "x"),
    "hole_between": (tensors(b"abcdef", a=(0, 2), b=(4, 6)), "hole", "b"),
    "hole_before_an_empty_tensor": (tensors(b"abcd", a=(0, 2), b=(3, 3), c=(3, 4)), "hole", "b"),
    "hole_far_away": (tensors(b"ab", a=(0, 2), b=(1 << 62, (1 << 62) + 1)), "hole", "b"),
    "overlap_same_place": (tensors(b"abcd", a=(0, 4), b=(0, 4), c=(0, 4)), "overlap", "b"),
    "overlap_partial": (tensors(b"abcdef", a=(0, 4), b=(2, 6)), "overlap", "b"),
    "overlap_inside": (tensors(b"abcdef", a=(0, 6), b=(2, 4)), "overlap", "b"),
    "overlap_of_an_empty_tensor": (tensors(b"abcd", a=(0, 4), b=(2, 2)), "overlap", "b"),
    "truncated_by_1": (one(b"abc"), "truncated", "x"),
    "truncated_without_data": (one(b""), "truncated", "x"),
    "truncated_in_the_second": (tensors(b"abcd", a=(0, 3), b=(3, 6)), "truncated", "b"),
    "truncated_by_terabytes": (one(shape="[8796093022208]", offsets="[0,8796093022208]"), "truncated", "x"),
    "truncated_by_exabytes_in_bits": (
        one(shape="[2305843009213693951]", offsets="[0,2305843009213693951]"), "truncated", "x"),
    "trailing_byte": (one(b"abcde"), "trailing_bytes", "-"),
    "trailing_zip": (one(b"abcdPK\x05\x06" + bytes(18)), "trailing_bytes", "-"),
    "trailing_without_tensors": (safetensors("{}", b"a"), "trailing_bytes", "-"),
    "trailing_after_an_empty_tensor": (tensors(b"a", x=(0, 0)), "trailing_bytes", "-"),
    # names that attack who reads the message
    "name_with_escape_sequence": (one(shape="[5]", name="\\u001b[31mred"), "size_mismatch", "\\u{1b}[31mred"),
    "name_with_nul": (one(shape="[5]", name="a\\u0000b"), "size_mismatch", "a\\u{0}b"),
    "name_with_right_to_left_override": (one(shape="[5]", name="\\u202eabc"), "size_mismatch", "\\u{202e}abc"),
    "name_like_a_path": (one(shape="[5]", name="../../etc/passwd"), "size_mismatch", "../../etc/passwd"),
}


def index(weight_map, **other):
    return json.dumps({**other, "weight_map": weight_map}).encode()


SHARD_INDEX = {
    "empty": (b"", "malformed", "-"),
    "not_json": (b"weight_map", "malformed", "-"),
    "array": (b"[]", "malformed", "-"),
    "truncated": (b'{"weight_map":{"a":"one.safetensors"', "malformed", "-"),
    "text_after": (index({"a": "one.safetensors"}) + b" x", "malformed", "-"),
    "not_utf8": (b'{"weight_map":{"\xff":"one.safetensors"}}', "malformed", "-"),
    "git_lfs_pointer": (b"version https://git-lfs.github.com/spec/v1\n", "not_weights", "-"),
    "web_page": (b"<html><body>404</body></html>", "not_weights", "-"),
    "no_weight_map": (b'{"metadata":{"total_size":4}}', "malformed", "weight_map"),
    "weight_map_empty": (index({}), "malformed", "weight_map"),
    "weight_map_array": (index(["one.safetensors"]), "malformed", "weight_map"),
    "weight_map_null": (index(None), "malformed", "weight_map"),
    "name_of_4097_bytes": (index({"n" * 4097: "one.safetensors"}), "too_large", "weight_map"),
    "weight_map_twice": (
        b'{"weight_map":{"a":"one.safetensors"},"weight_map":{"a":"two.safetensors"}}', "duplicate", "weight_map"),
    "tensor_twice": (b'{"weight_map":{"a":"one.safetensors","a":"two.safetensors"}}', "duplicate", "a"),
    "tensor_twice_by_escape": (
        b'{"weight_map":{"a":"one.safetensors","\\u0061":"two.safetensors"}}', "duplicate", "a"),
    "shard_number": (index({"a": 1}), "malformed", "a"),
    "shard_null": (index({"a": None}), "malformed", "a"),
    "shard_nested": (index({"a": {"file": "one.safetensors"}}), "malformed", "a"),
    "shard_empty": (index({"a": ""}), "unsafe_path", "a"),
    "shard_dot": (index({"a": "."}), "unsafe_path", "a"),
    "shard_parent": (index({"a": ".."}), "unsafe_path", "a"),
    "shard_in_parent": (index({"a": "../one.safetensors"}), "unsafe_path", "a"),
    "shard_in_folder": (index({"a": "folder/one.safetensors"}), "unsafe_path", "a"),
    "shard_absolute": (index({"a": "/etc/passwd"}), "unsafe_path", "a"),
    "shard_absolute_by_escape": (b'{"weight_map":{"a":"\\u002fetc\\u002fpasswd"}}', "unsafe_path", "a"),
    "shard_backslash": (index({"a": "..\\one.safetensors"}), "unsafe_path", "a"),
    "shard_drive": (index({"a": "C:one.safetensors"}), "unsafe_path", "a"),
    "shard_nul": (index({"a": "one.safetensors\0.txt"}), "unsafe_path", "a"),
    "shard_half_a_surrogate_pair": (b'{"weight_map":{"a":"\\ud800"}}', "malformed", "a"),
    "metadata_deep": (b'{"metadata":' + b"[" * 900 + b"]" * 900 + b',"weight_map":{}}', "too_large", "metadata"),
    "metadata_is_no_json": (b'{"metadata":{"total_size":0x10},"weight_map":{"a":"x"}}', "malformed", "total_size"),
}


def write(folder, suffix, cases):
    folder = HERE / folder
    folder.mkdir(exist_ok=True)
    table = folder / "expected.tsv"
    made = {name + suffix: (content, code, field) for name, (content, code, field) in cases.items()}
    rows = [f"{name}\t{code}\t{field}" for name, (_, code, field) in made.items()]
    if table.exists():
        rows += [row for row in table.read_text().splitlines() if row.split("\t")[0] not in made]
    for name, (content, _, _) in made.items():
        (folder / name).write_bytes(content)
    table.write_text("".join(row + "\n" for row in sorted(rows)))


if __name__ == "__main__":
    write("safetensors", ".safetensors", SAFETENSORS)
    write("shard_index", ".safetensors.index.json", SHARD_INDEX)
