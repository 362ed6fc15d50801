"""GGUF files of both byte orders, by the gguf package: its writer, and its script that turns a file around."""
import builtins
import shutil
import types

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as Type, GGUFEndian, GGUFReader, GGUFWriter, quants
from gguf.scripts import gguf_convert_endian

HIDDEN, UNITS, ROWS = 256, 32, 16
LAYER = "model.layers.0"
# name in the file, name elsewhere, rows, columns, type
MATRICES = [
    ("token_embd", "model.embed_tokens", 32, HIDDEN, Type.F16),
    ("blk.0.attn_q", f"{LAYER}.self_attn.q_proj", ROWS, HIDDEN, Type.Q8_0),
    ("blk.0.attn_k", f"{LAYER}.self_attn.k_proj", ROWS, HIDDEN, Type.Q4_0),
    ("blk.0.attn_v", f"{LAYER}.self_attn.v_proj", ROWS, HIDDEN, Type.BF16),
    ("blk.0.attn_output", f"{LAYER}.self_attn.o_proj", ROWS, 64, Type.NVFP4),
    ("blk.0.ffn_gate", f"{LAYER}.mlp.gate_proj", UNITS, HIDDEN, Type.Q4_K),
    ("blk.0.ffn_up", f"{LAYER}.mlp.up_proj", UNITS, HIDDEN, Type.Q6_K),
    ("blk.0.ffn_down", f"{LAYER}.mlp.down_proj", HIDDEN, UNITS, Type.MXFP4),
]
NORMS = [("output_norm", "model.norm"), ("blk.0.attn_norm", f"{LAYER}.input_layernorm"), ("blk.0.ffn_norm", f"{LAYER}.post_attention_layernorm")]
# Where the f16 scales of a block stand; blocks that the package cannot make are random bytes with sane scales.
SCALES = {Type.Q4_K: (0, 2), Type.Q6_K: (208,), Type.NVFP4: (), Type.MXFP4: ()}


def stored(values, kind, random):
    """Its bytes on a little-endian machine."""
    if kind not in SCALES:
        return quants.quantize(values, kind)
    elements, size = GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 120, (values.size // elements, size), np.uint8)
    for place in SCALES[kind]:
        scales = random.uniform(.001, .01, len(blocks)).astype(np.float16)
        blocks[:, place:place + 2] = scales[:, None].view(np.uint8)
    return blocks.reshape(values.shape[0], -1)


def write(file, matrices, order=GGUFEndian.LITTLE):
    random = np.random.default_rng(6)
    writer, values = GGUFWriter(file, "qwen2", endianess=order), {}
    writer.add_block_count(1)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(UNITS)
    writer.add_head_count(2)
    writer.add_token_list([f"token {i}" for i in range(32)])
    writer.add_token_scores([-i / 8 for i in range(32)])
    for name, elsewhere, rows, columns, kind in matrices:
        plain = random.normal(0, .05, (rows, columns)).astype(np.float32)
        if kind in (Type.F16, Type.F32):
            data = plain.astype(np.float16 if kind == Type.F16 else np.float32)
            writer.add_tensor(f"{name}.weight", data)
            values[f"{elsewhere}.weight"] = data.astype(np.float32)
        else:
            data = stored(plain, kind, random)
            writer.add_tensor(f"{name}.weight", data, raw_dtype=kind)
            values[f"{elsewhere}.weight"] = quants.dequantize(data, kind)
    for name, elsewhere in NORMS:
        gains = random.normal(1, .1, HIDDEN).astype(np.float32)
        writer.add_tensor(f"{name}.weight", gains)
        values[f"{elsewhere}.weight"] = gains
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return values


def turn_around(file):
    """What gguf_convert_endian.py does, with the answer to its question."""
    ask, builtins.input = builtins.input, lambda _: "YES"
    gguf_convert_endian.convert_byteorder(GGUFReader(file, "r+"), types.SimpleNamespace(order="big", dry_run=False))
    builtins.input = ask


def cases(out):
    for case in ("little-endian", "big-endian", "floats-written-big-endian"):
        (out / case).mkdir(parents=True)
    little = out / "little-endian/model.gguf"
    values = write(little, MATRICES)
    yield "little-endian", values
    shutil.copy(little, out / "big-endian/model.gguf")
    turn_around(out / "big-endian/model.gguf")
    yield "big-endian", values
    floats = [(*matrix[:4], Type.F16 if i % 2 else Type.F32) for i, matrix in enumerate(MATRICES[:4])]
    yield "floats-written-big-endian", write(out / "floats-written-big-endian/model.gguf", floats, GGUFEndian.BIG)
