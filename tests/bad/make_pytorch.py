#!/usr/bin/env python3
"""Writes the hostile files of tests/bad/pytorch and the refusal that each must get (expected.tsv: file, error code, field)."""
import struct
import zlib

from make_safetensors import write

MOST = (1 << 64) - 1
ONES = 0xFFFFFFFF


def le(value, width):
    return value.to_bytes(width, "little")


# Opcodes.
def text(value):
    value = value if isinstance(value, bytes) else value.encode()
    return b"X" + le(len(value), 4) + value


def integer(value):
    return b"\x8a\x08" + struct.pack("<q", value)


def name_of(module, name):
    return f"c{module}\n{name}\n".encode()


def tuple_of(*items):
    return b"(" + b"".join(items) + b"t"


def numbers(*values):
    return tuple_of(*map(integer, values))


def storage(key="0", kind="FloatStorage", elements=4, more=b"", module="torch"):
    return tuple_of(text("storage"), name_of(module, kind), text(key), text("cpu"), integer(elements), more) + b"Q"


REBUILD = name_of("torch._utils", "_rebuild_tensor_v2")


def tensor(place=None, offset=0, size=(4,), stride=(1,), function=REBUILD, more=b"", key="0", elements=4):
    place = storage(key, elements=elements) if place is None else place
    return function + tuple_of(place, integer(offset), numbers(*size), numbers(*stride), b"\x89", b"}", more) + b"R"


def state(**members):
    return b"}" + b"".join(text(key) + value + b"s" for key, value in members.items())


def pickle(opcodes):
    return b"\x80\x02" + opcodes + b"."


DATA = bytes(16)  # four f32


class Zip:
    """An archive whose every number can be wrong."""

    def __init__(self, members, **wrong):
        self.members, self.wrong = members, wrong

    def bytes(self):
        w, out, central = self.wrong, b"", b""
        out += w.get("before", b"")
        for i, (name, data, *own) in enumerate(self.members):
            own = own[0] if own else {}
            name = name if isinstance(name, bytes) else name.encode()
            crc, header = own.get("crc", zlib.crc32(data)), len(out)
            sums = le(crc, 4) + le(own.get("stored", len(data)), 4) + le(own.get("size", len(data)), 4)
            flags, method = own.get("flags", 0), own.get("method", 0)
            local = own.get("local_name", name)
            out += (b"PK\3\4" + bytes(2) + le(own.get("local_flags", flags), 2) + le(own.get("local_method", method), 2) +
                    bytes(4) + own.get("local_sums", sums) + le(len(local), 2) + le(0, 2) + local + data + own.get("after", b""))
            extra = own.get("extra", b"")
            central += (b"PK\1\2" + bytes(4) + le(flags, 2) + le(method, 2) + bytes(4) + sums + le(len(name), 2) +
                        le(len(extra), 2) + bytes(2) + le(own.get("disk", 0), 2) + bytes(6) +
                        le(own.get("header", header), 4) + name + extra)
        begin, count = len(out), w.get("count", len(self.members))
        out += central + w.get("after_central", b"")
        out += (b"PK\5\6" + le(w.get("disks", 0), 4) + le(w.get("count_here", count), 2) + le(count, 2) +
                le(w.get("central_bytes", len(central)), 4) + le(w.get("central", begin), 4) +
                le(len(w.get("comment", b"")), 2) + w.get("comment", b""))
        return out + w.get("after", b"")


def zipped(object_, *more, crc=None, folder="archive", data=True, **wrong):
    own = {} if crc is None else {"crc": crc}
    members = [(f"{folder}/data.pkl", object_, own)]
    members += [(f"{folder}/data/0", DATA)] if data else []
    return Zip(members + list(more), **wrong).bytes()


GOOD = pickle(state(a=tensor()))
STORED = ("archive/data/0", DATA)


def member(**own):
    """A good file whose storage has a wrong entry."""
    return Zip([("archive/data.pkl", GOOD), ("archive/data/0", DATA, own)]).bytes()


def with_tensor(*arguments, **named):
    return zipped(pickle(state(a=tensor(*arguments, **named))))


def opcodes(code):
    """In place of the object."""
    return zipped(pickle(code))


MAGIC = pickle(b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19")
LEGACY_TENSOR = tensor(storage(more=b"N"))


def legacy(object_=pickle(state(a=LEGACY_TENSOR)), protocol=1001, system=b"}" + text("little_endian") + b"\x88s",
           keys=b"](" + text("0") + b"e", data=le(4, 8) + DATA):
    return MAGIC + pickle(integer(protocol)) + pickle(system) + object_ + pickle(keys) + data


WIDE = b"PK\6\6" + le(44, 8) + bytes(12)
PYTORCH = {
    # not a PyTorch file
    "empty": (b"", "malformed", "magic"),
    "text": (b"Entry not found", "not_weights", "-"),
    "git_lfs_pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 4\n", "not_weights", "-"),
    "tar": (bytes(257) + b"ustar" + bytes(250), "unsupported", "-"),
    "preview_magic": (b"PYTORCH1" + bytes(64), "malformed", "magic"),
    "bare_pickle": (GOOD, "unsupported", "-"),
    "bare_pickle_of_os_system": (b"\x80\x04\x8c\x02os\x8c\x06system\x93.", "unsafe_code", "os.system"),
    # the archive
    "end_absent": (zipped(GOOD)[:-22], "truncated", "end record"),
    "end_cut": (zipped(GOOD)[:-1], "truncated", "end record"),
    "zip_magic_only": (b"PK\3\4", "truncated", "end record"),
    "comment": (zipped(GOOD, comment=b"PK"), "trailing_bytes", "end record"),
    "bytes_behind": (zipped(GOOD, after=b"\0"), "trailing_bytes", "end record"),
    "second_archive_behind": (zipped(GOOD) + zipped(GOOD), "malformed", "end record"),
    "several_disks": (zipped(GOOD, disks=1), "unsupported", "end record"),
    "two_counts": (zipped(GOOD, count_here=1), "malformed", "end record"),
    "count_too_small": (zipped(GOOD, count=1), "trailing_bytes", "central directory"),
    "count_too_large": (zipped(GOOD, count=3), "malformed", "member 2"),
    "central_beyond_file": (zipped(GOOD, central=ONES - 1), "malformed", "end record"),
    "central_too_long": (zipped(GOOD, central_bytes=ONES - 1), "malformed", "end record"),
    "central_hole": (zipped(GOOD, after_central=b"\0"), "malformed", "end record"),
    "zip64_disagrees": (zipped(GOOD, after_central=WIDE + le(9, 8) * 2 + le(0, 8) + le(0, 8) + b"PK\6\7" + bytes(4) +
                               le(len(zipped(GOOD)) - 22, 8) + le(1, 4)), "malformed", "end record"),
    "zip64_elsewhere": (zipped(GOOD, after_central=WIDE + bytes(32) + b"PK\6\7" + bytes(4) + le(MOST, 8) + le(1, 4)),
                        "malformed", "end record"),
    "bytes_before": (b"PK\3\4" + zipped(GOOD), "malformed", "end record"),
    "bytes_before_counted": (zipped(GOOD, before=b"PK\3\4"), "hole", "archive/data.pkl"),
    "compressed": (member(method=8), "unsupported", "archive/data/0"),
    "encrypted": (member(flags=1), "unsupported", "archive/data/0"),
    "strongly_encrypted": (member(flags=1 << 6), "unsupported", "archive/data/0"),
    "patched": (member(flags=1 << 5), "unsupported", "archive/data/0"),
    "masked_headers": (member(flags=1 << 13), "unsupported", "archive/data/0"),
    "on_another_disk": (member(disk=1), "unsupported", "archive/data/0"),
    "headers_differ_in_name": (member(local_name=b"archive/data/1"), "malformed", "archive/data/0"),
    "headers_differ_in_flags": (member(local_flags=1), "malformed", "archive/data/0"),
    "headers_differ_in_method": (member(local_method=8), "malformed", "archive/data/0"),
    "headers_differ_in_size": (member(local_sums=le(0, 4) + le(99, 8)), "malformed", "archive/data/0"),
    "headers_differ_in_crc": (member(local_sums=le(1, 4) + le(16, 4) * 2), "malformed", "archive/data/0"),
    "sizes_differ": (member(stored=15), "malformed", "archive/data/0"),
    "size_beyond_file": (member(size=ONES - 1, stored=ONES - 1), "truncated", "archive/data/0"),
    "size_all_ones_without_zip64": (member(size=ONES, stored=ONES), "malformed", "archive/data/0"),
    "size_of_zip64_wraps": (member(size=ONES, stored=ONES, extra=le(1, 2) + le(16, 2) + le(MOST, 8) * 2), "malformed",
                            "archive/data/0"),
    "header_beyond_file": (member(header=ONES - 1), "truncated", "archive/data/0"),
    "header_of_another_member": (member(header=0), "malformed", "archive/data/0"),
    "extra_cut": (member(extra=le(1, 2) + le(99, 2)), "malformed", "archive/data/0"),
    "overlap": (Zip([("archive/data.pkl", GOOD, {"size": len(GOOD) + 1, "stored": len(GOOD) + 1}), STORED]).bytes(), "overlap",
                "archive/data.pkl"),
    "hole": (Zip([("archive/data.pkl", GOOD, {"after": b"\0"}), STORED]).bytes(), "hole", "archive/data/0"),
    "hole_of_a_descriptors_size": (Zip([("archive/data.pkl", GOOD, {"after": bytes(16), "flags": 8}), STORED]).bytes(), "hole",
                                   "archive/data/0"),
    "member_twice": (zipped(GOOD, STORED), "duplicate", "archive/data/0"),
    "name_parent": (zipped(GOOD, ("archive/../../etc/evil", b"x")), "unsafe_path", "archive/../../etc/evil"),
    "name_absolute": (zipped(GOOD, ("/etc/evil", b"x")), "unsafe_path", "/etc/evil"),
    "name_backslash": (zipped(GOOD, ("archive\\x", b"x")), "unsafe_path", r"archive\x"),
    "name_drive": (zipped(GOOD, ("C:x", b"x")), "unsafe_path", "C:x"),
    "name_nul": (zipped(GOOD, ("archive/x\0", b"x")), "unsafe_path", r"archive/x\u{0}"),
    "name_empty": (zipped(GOOD, ("", b"x")), "malformed", "-"),
    "name_not_utf8": (zipped(GOOD, (b"archive/\xff", b"x")), "malformed", r"archive/\xff"),
    "name_of_4097_bytes": (zipped(GOOD, ("archive/" + "n" * 4089, b"x")), "too_large", "member 2"),
    # what is in the archive
    "no_pickle": (Zip([("archive/version", b"3")]).bytes(), "not_weights", "-"),
    "pickle_in_no_folder": (Zip([("data.pkl", GOOD), ("data/0", DATA)]).bytes(), "malformed", "data.pkl"),
    "pickle_too_deep": (zipped(GOOD, folder="a/b"), "malformed", "a/b/data.pkl"),
    "second_pickle": (zipped(GOOD, ("archive/x/data.pkl", GOOD)), "malformed", "archive/x/data.pkl"),
    "second_pickle_wants_code": (zipped(GOOD, ("archive/x.pkl", pickle(name_of("os", "system")))), "unsafe_code", "os.system"),
    "second_folder": (zipped(GOOD, ("other/data/0", DATA)), "malformed", "other/data/0"),
    "torch_script": (zipped(GOOD, ("archive/constants.pkl", pickle(b")"))), "unsupported", "archive/constants.pkl"),
    "torch_script_code": (zipped(GOOD, ("archive/code/a.py", b"import os")), "unsupported", "archive/code/a.py"),
    "big_endian": (zipped(GOOD, ("archive/byteorder", b"big")), "unsupported", "archive/byteorder"),
    "byte_order_unknown": (zipped(GOOD, ("archive/byteorder", b"littler")), "malformed", "archive/byteorder"),
    "wrong_crc": (zipped(GOOD, crc=1), "malformed", "archive/data.pkl"),
    "wrong_crc_hides_code": (zipped(pickle(name_of("os", "system")), crc=1), "unsafe_code", "os.system"),
    "storage_absent": (zipped(GOOD, data=False), "not_found", "storage 0"),
    "storage_too_short": (with_tensor(elements=5), "size_mismatch", "storage 0"),
    "storage_too_long": (with_tensor(elements=3, size=(3,)), "size_mismatch", "storage 0"),
    "storage_of_another_type": (zipped(pickle(state(a=tensor(storage(kind="DoubleStorage"))))), "size_mismatch", "storage 0"),
    "storage_size_wraps": (with_tensor(elements=1 << 62), "out_of_range", "archive/data.pkl"),
    # code
    "os_system": (opcodes(state(a=tensor(), x=name_of("posix", "system") + tuple_of(text("id")) + b"R")), "unsafe_code",
                  "posix.system"),
    "eval_by_stack": (opcodes(text("builtins") + text("eval") + b"\x93"), "unsafe_code", "builtins.eval"),
    "getattr": (opcodes(name_of("builtins", "getattr")), "unsafe_code", "builtins.getattr"),
    "instance": (opcodes(b"(ios\nsystem\n"), "unsafe_code", "os.system"),
    "extension": (opcodes(b"\x84\1\0\0\0"), "unsafe_code", "extension.1"),
    "part_of_an_allowed_module": (opcodes(name_of("torch._utils", "_rebuild_tensor_v2.__globals__")), "unsafe_code",
                                  "torch._utils._rebuild_tensor_v2.__globals__"),
    "allowed_name_of_another_module": (opcodes(name_of("os", "OrderedDict")), "unsafe_code", "os.OrderedDict"),
    "name_with_escape": (opcodes(name_of("\x1b[2J", "x")), "unsafe_code", r"\u{1b}[2J.x"),
    "name_of_code_without_end": (opcodes(b"cos"), "truncated", "archive/data.pkl"),
    "name_of_code_of_4097_bytes": (opcodes(name_of("m" * 4097, "x")), "too_large", "archive/data.pkl"),
    "name_of_code_is_a_number": (opcodes(b"K\1K\2\x93"), "malformed", "archive/data.pkl"),
    # the machine
    "stop_absent": (zipped(b"\x80\x02}"), "truncated", "archive/data.pkl"),
    "bytes_behind_stop": (zipped(GOOD + b"."), "trailing_bytes", "archive/data.pkl"),
    "stack_empty_at_stop": (zipped(pickle(b"")), "malformed", "archive/data.pkl"),
    "two_values_at_stop": (opcodes(b"NN"), "malformed", "archive/data.pkl"),
    "mark_at_stop": (opcodes(b"N("), "malformed", "archive/data.pkl"),
    "protocol_1": (zipped(b"\x80\x01}."), "unsupported", "archive/data.pkl"),
    "protocol_6": (zipped(b"\x80\x06}."), "unsupported", "archive/data.pkl"),
    "opcode_of_protocol_0": (opcodes(b"I1\n"), "unsupported", "archive/data.pkl"),
    "opcode_unknown": (opcodes(b"\xff"), "unsupported", "archive/data.pkl"),
    "next_buffer": (opcodes(b"\x97"), "unsupported", "archive/data.pkl"),
    "mark_underflow": (opcodes(b"t"), "malformed", "archive/data.pkl"),
    "tuple_underflow": (opcodes(b"N\x86"), "malformed", "archive/data.pkl"),
    "tuple_through_a_mark": (opcodes(b"N(\x85"), "malformed", "archive/data.pkl"),
    "append_underflow": (opcodes(b"Na"), "malformed", "archive/data.pkl"),
    "pop_underflow": (opcodes(b"0"), "malformed", "archive/data.pkl"),
    "memo_absent": (opcodes(b"h\1"), "malformed", "archive/data.pkl"),
    "memo_absent_far": (opcodes(b"j" + le(ONES, 4)), "malformed", "archive/data.pkl"),
    "memo_of_gigabytes": (opcodes(b"Nr" + le(ONES, 4)), "malformed", "archive/data.pkl"),
    "set_item_on_a_number": (opcodes(b"K\1NNs"), "malformed", "archive/data.pkl"),
    "set_items_on_a_list": (opcodes(b"](NNu"), "malformed", "archive/data.pkl"),
    "set_items_odd": (opcodes(b"}(Nu"), "malformed", "archive/data.pkl"),
    "append_to_a_dictionary": (opcodes(b"}Na"), "malformed", "archive/data.pkl"),
    "append_to_a_tensor": (opcodes(tensor() + b"Na"), "malformed", "archive/data.pkl"),
    "text_of_4_gib": (opcodes(b"X" + le(ONES, 4)), "truncated", "archive/data.pkl"),
    "text_of_2_to_the_64": (opcodes(b"\x8d" + le(MOST, 8)), "truncated", "archive/data.pkl"),
    "bytes_of_2_to_the_64": (opcodes(b"\x8e" + le(MOST, 8)), "truncated", "archive/data.pkl"),
    "long_of_2_gib": (opcodes(b"\x8b" + le(0x7FFFFFFF, 4)), "truncated", "archive/data.pkl"),
    "frame_cut": (opcodes(b"\x95\1"), "truncated", "archive/data.pkl"),
    "call_of_a_number": (opcodes(b"K\1)R"), "malformed", "archive/data.pkl"),
    "call_of_a_dtype": (opcodes(name_of("torch", "float32") + b")R"), "malformed", "archive/data.pkl"),
    "call_of_a_storage_type": (opcodes(name_of("torch", "FloatStorage") + b")R"), "malformed", "archive/data.pkl"),
    "call_without_tuple": (opcodes(name_of("collections", "OrderedDict") + b"]R"), "malformed", "archive/data.pkl"),
    "build_on_a_number": (opcodes(b"K\1}b"), "malformed", "archive/data.pkl"),
    "pairs_that_are_none": (opcodes(name_of("collections", "OrderedDict") + b"](K\1e\x85R"), "malformed", "archive/data.pkl"),
    # storages and tensors
    "persistent_id_text": (opcodes(text("x") + b"Q"), "malformed", "archive/data.pkl"),
    "persistent_id_short": (opcodes(tuple_of(text("storage")) + b"Q"), "malformed", "archive/data.pkl"),
    "persistent_id_of_another_kind": (opcodes(tuple_of(text("module"), name_of("torch", "FloatStorage"), text("0"), text("cpu"),
                                                       integer(4)) + b"Q"), "malformed", "archive/data.pkl"),
    "persistent_id_negative": (opcodes(storage(elements=-1)), "malformed", "archive/data.pkl"),
    "storage_type_is_a_function": (opcodes(storage(module="collections", kind="OrderedDict")), "malformed", "archive/data.pkl"),
    "storage_key_empty": (opcodes(storage("")), "malformed", "archive/data.pkl"),
    "tensor_without_arguments": (opcodes(REBUILD + b")R"), "malformed", "archive/data.pkl"),
    "tensor_of_no_storage": (with_tensor(place=b"N"), "malformed", "archive/data.pkl"),
    "tensor_too_long": (with_tensor(size=(5,)), "out_of_range", "archive/data.pkl"),
    "tensor_beyond_by_offset": (with_tensor(offset=1), "out_of_range", "archive/data.pkl"),
    "tensor_beyond_by_stride": (with_tensor(stride=(2,)), "out_of_range", "archive/data.pkl"),
    "tensor_offset_negative": (with_tensor(offset=-1), "malformed", "archive/data.pkl"),
    "tensor_size_negative": (with_tensor(size=(-4,)), "malformed", "archive/data.pkl"),
    "tensor_stride_negative": (with_tensor(offset=3, stride=(-1,)), "malformed", "archive/data.pkl"),
    "tensor_size_wraps": (with_tensor(size=(1 << 62, 1 << 62), stride=(0, 0)), "out_of_range", "archive/data.pkl"),
    "tensor_bytes_wrap": (with_tensor(size=(1 << 62,), stride=(0,)), "out_of_range", "archive/data.pkl"),
    "tensor_size_wraps_before_a_zero": (with_tensor(size=(1 << 62, 1 << 62, 0), stride=(0, 0, 0)), "out_of_range",
                                        "archive/data.pkl"),
    "tensor_stride_wraps": (with_tensor(size=(3, 2), stride=((1 << 63) - 1, 1)), "out_of_range", "archive/data.pkl"),
    "tensor_offset_wraps": (with_tensor(size=(2,), offset=(1 << 63) - 1, stride=((1 << 63) - 1,)), "out_of_range",
                            "archive/data.pkl"),
    "tensor_ranks_differ": (with_tensor(size=(2, 2)), "malformed", "archive/data.pkl"),
    "tensor_of_rank_17": (with_tensor(size=(1,) * 17, stride=(1,) * 17), "too_large", "archive/data.pkl"),
    "tensor_repeated_a_million_times": (with_tensor(size=(1 << 20,), stride=(0,)), "too_large", "a"),
    "tensor_of_a_dtype_that_is_none": (with_tensor(function=name_of("torch._utils", "_rebuild_tensor_v3"),
                                                   more=name_of("collections", "OrderedDict")), "malformed", "archive/data.pkl"),
    "tensor_sparse": (opcodes(state(a=name_of("torch._utils", "_rebuild_sparse_tensor") + b")R")), "unsupported", "a"),
    "tensor_of_complex_doubles": (zipped(pickle(state(a=tensor(storage(kind="ComplexDoubleStorage", elements=1), size=(1,))))),
                                  "unsupported", "a"),
    "tensor_twice": (opcodes(b"}" + text("a") + tensor() + b"s" + text("a") + tensor() + b"s"), "duplicate", "a"),
    "tensor_name_not_utf8": (opcodes(b"}" + text(b"\xc0\xaf") + tensor() + b"s"), "malformed", r"\xc0\xaf"),
    "dictionary_in_itself": (opcodes(b"}q\1" + text("a") + tensor() + b"s" + text("b") + b"h\1s"), "malformed", "b."),
    "no_tensors": (opcodes(b"}"), "not_weights", "-"),
    "a_list": (opcodes(b"]" + tensor() + b"a"), "not_weights", "-"),
    # legacy
    "legacy_magic_only": (MAGIC, "truncated", "protocol"),
    "legacy_protocol_1002": (legacy(protocol=1002), "unsupported", "protocol"),
    "legacy_big_endian": (legacy(system=b"}" + text("little_endian") + b"\x89s"), "unsupported", "system"),
    "legacy_byte_order_absent": (legacy(system=b"}"), "malformed", "system"),
    "legacy_system_is_a_list": (legacy(system=b"]"), "malformed", "system"),
    "legacy_keys_are_a_text": (legacy(keys=text("0")), "malformed", "keys"),
    "legacy_key_of_no_storage": (legacy(keys=b"](" + text("1") + b"e"), "malformed", "keys"),
    "legacy_key_absent": (legacy(keys=b"]", data=b""), "not_found", "storage 0"),
    "legacy_key_twice": (legacy(keys=b"](" + text("0") + text("0") + b"e", data=(le(4, 8) + DATA) * 2), "duplicate", "keys"),
    "legacy_storage_cut": (legacy(data=le(4, 8) + DATA[:15]), "truncated", "storage 0"),
    "legacy_storage_absent": (legacy(data=b"\4"), "truncated", "storage 0"),
    "legacy_storage_of_another_size": (legacy(data=le(3, 8) + DATA), "size_mismatch", "storage 0"),
    "legacy_storage_of_2_to_the_62": (legacy(object_=pickle(state(a=tensor(storage(elements=1 << 62, more=b"N")))),
                                             data=le(1 << 62, 8) + DATA), "out_of_range", "object"),
    "legacy_storage_of_2_to_the_40": (legacy(object_=pickle(state(a=tensor(storage(elements=1 << 40, more=b"N")))),
                                             data=le(1 << 40, 8) + DATA), "truncated", "storage 0"),
    "legacy_bytes_behind": (legacy(data=le(4, 8) + DATA + b"\0"), "trailing_bytes", "keys"),
    "legacy_os_system": (legacy(object_=pickle(name_of("os", "system"))), "unsafe_code", "os.system"),
    "legacy_os_system_in_keys": (legacy(keys=name_of("os", "system")), "unsafe_code", "os.system"),
    "legacy_part_beyond_storage": (legacy(object_=pickle(state(a=tensor(storage(more=tuple_of(text("p"), integer(2),
                                                                                            integer(3))))))),
                                   "out_of_range", "object"),
    "legacy_tensor_beyond_part": (legacy(object_=pickle(state(a=tensor(storage(more=tuple_of(text("p"), integer(2),
                                                                                           integer(2))), size=(3,))))),
                                  "out_of_range", "object"),
    "legacy_part_is_a_number": (legacy(object_=pickle(state(a=tensor(storage(more=b"K\1"))))), "malformed", "object"),
}


if __name__ == "__main__":
    write("pytorch", ".pt", PYTORCH)
