#!/usr/bin/env python3
"""Writes the hostile files of tests/bad/fingerprint, the refusal that each must get, and a sound one for the fuzz corpus."""
import hashlib
import json
import pathlib
import struct

HERE = pathlib.Path(__file__).parent
FORMAT = {"format": "provenancekit.fingerprint", "version": "1"}
SKETCH = {"sketch.weights": [1, 2], "sketch.words": [3, 5, 9], "sketch.tensor_hashes": [4],
          "sketch.positional": list(range(128)), "sketch.hidden_axis": list(range(128))}


def fingerprint(metadata, tensors, dtype="U64", pad=True, code="Q", digest=None):
    header, data = {"__metadata__": metadata}, b""
    for name, numbers in tensors.items():
        begin = len(data)
        data += struct.pack(f"<{len(numbers)}{code}", *numbers)
        header[name] = {"dtype": dtype, "shape": [len(numbers)], "data_offsets": [begin, len(data)]}
    metadata["sha256"] = digest or hashlib.sha256(data).hexdigest()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8 if pad else 8)
    return struct.pack("<Q", len(text)) + text + data


def sketch(metadata=None, drop=None, **changes):
    tensors = SKETCH | {f"sketch.{name}": numbers for name, numbers in changes.items()}
    tensors.pop(drop, None)
    return fingerprint(dict(metadata or FORMAT | {"parts": "sketch"}), tensors)


NO_STANDARD = FORMAT | {"parts": "standard", "tokens": "text", "missing": "why"}
FILES = {
    "no_format.fp": (fingerprint({"parts": ""}, {}), "malformed", "__metadata__.format"),
    "other_format.fp": (sketch({"format": "pt", "version": "1", "parts": "sketch"}), "malformed", "__metadata__.format"),
    "no_version.fp": (sketch({"format": FORMAT["format"], "parts": "sketch"}), "unsupported", "__metadata__.version"),
    "later_version.fp": (sketch(FORMAT | {"version": "3", "parts": "sketch"}), "unsupported", "__metadata__.version"),
    "not_sampled.fp": (sketch(FORMAT | {"version": "2", "parts": "sketch"}), "malformed", "header"),
    "unknown_part.fp": (sketch(FORMAT | {"parts": "sketch more"}), "malformed", "header"),
    "part_not_named.fp": (sketch(FORMAT | {"parts": ""}), "malformed", "header"),
    "tensor_missing.fp": (sketch(drop="sketch.words"), "malformed", "sketch.words"),
    "tensor_too_many.fp": (sketch(more=[1]), "malformed", "header"),
    "words_descend.fp": (sketch(words=[5, 3]), "malformed", "sketch"),
    "words_repeat.fp": (sketch(words=[5, 5]), "malformed", "sketch"),
    "words_too_many.fp": (sketch(words=list(range(513))), "malformed", "sketch"),
    "hashes_too_many.fp": (sketch(tensor_hashes=list(range(65))), "malformed", "sketch"),
    "code_too_short.fp": (sketch(positional=[1]), "malformed", "sketch"),
    "weights_too_long.fp": (sketch(weights=[1, 2, 3]), "malformed", "sketch"),
    "other_dtype.fp": (fingerprint(FORMAT | {"parts": "sketch"}, SKETCH, "I64", code="q"), "malformed", "sketch.weights"),
    "padded.fp": (fingerprint(FORMAT | {"parts": "sketch"}, SKETCH, pad=False), "malformed", "header"),
    "standard_missing.fp": (fingerprint(dict(NO_STANDARD), {}), "malformed", "standard.tokens"),
    "damaged.fp": (fingerprint(FORMAT | {"parts": "sketch"}, SKETCH, digest="0" * 64), "malformed", "__metadata__.sha256"),
    "cut.fp": (sketch()[:-8], "truncated", "sketch.hidden_axis"),
    "not_safetensors.fp": (b"PROVFP\0\1", "too_large", "header length"),
}


def main():
    folder = HERE / "fingerprint"
    folder.mkdir(exist_ok=True)
    for name, (data, _, _) in FILES.items():
        (folder / name).write_bytes(data)
    rows = [f"{name}\t{code}\t{field}\n" for name, (_, code, field) in sorted(FILES.items())]
    (folder / "expected.tsv").write_text("".join(rows))
    corpus = HERE.parent.parent / "fuzz/corpus/fuzz_fingerprint"
    corpus.mkdir(parents=True, exist_ok=True)
    (corpus / "sketch").write_bytes(sketch())
    (corpus / "sampled").write_bytes(sketch(FORMAT | {"version": "2", "parts": "sketch", "weights": "sampled"}))


if __name__ == "__main__":
    main()
