"""What every set of goldens has: expected.tsv, a row for each tensor: case, tensor, shape, SHA-256 of its values as f32, every NaN as 0x7fc00000."""
import hashlib

import numpy as np


def digest(tensor):
    values = tensor if isinstance(tensor, np.ndarray) else tensor.float().contiguous().numpy()
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32).copy()
    bits[(bits & 0x7FFFFFFF) > 0x7F800000] = 0x7FC00000
    return hashlib.sha256(bits.tobytes()).hexdigest()


def write_expected(out, cases):
    rows = []
    for case, values in cases:
        for name, tensor in sorted(values.items()):
            rows.append("\t".join([case, name, "x".join(map(str, tensor.shape)), digest(tensor)]))
    (out / "expected.tsv").write_text("\n".join(rows) + "\n")
