#!/usr/bin/env python3
"""Writes tests/unit/model/packed/data: small packed checkpoints, and what numpy makes of each.

A case is a folder with config.json and model.safetensors; expected.tsv has a row for each: case, tensor, shape, SHA-256 of its values as f32
with every NaN as 0x7fc00000. Codes, scales and zero points are random; packing and arithmetic are written here from the descriptions of the
formats, array-wise, and share nothing with the C++ code. Half precision is numpy's; bfloat16 is rounded to nearest even by hand.
"""
import hashlib
import json
import pathlib
import shutil
import struct

import numpy as np

OUT = pathlib.Path(__file__).parents[1] / "tests/unit/model/packed/data"
ROWS, COLUMNS = 32, 64  # out, in
MODULE = "model.layers.0.mlp.up_proj"
rng = np.random.default_rng(6)
f16, f32 = np.float16, np.float32


class Bf16:
    """Values that bfloat16 holds, kept as f32."""

    def __init__(self, values):
        self.values = bf16(values)


def bf16(values):
    bits = np.ascontiguousarray(values, f32).view(np.uint32).astype(np.uint64)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000).astype(np.uint32).view(f32)


class F8:
    """Codes of an 8-bit float."""

    def __init__(self, codes, name="F8_E4M3"):
        self.codes, self.name = codes.astype(np.uint8), name

    def values(self):
        sign = np.where(self.codes & 0x80, f32(-1), f32(1))
        bits, bias = (3, 7) if self.name == "F8_E4M3" else (2, 15)
        mantissa = (self.codes & (2**bits - 1)).astype(np.int64)
        exponent = (self.codes & 0x7F) >> bits
        value = np.where(exponent == 0, np.ldexp(mantissa.astype(f32), 1 - bias - bits),
                         np.ldexp((mantissa + 2**bits).astype(f32), exponent.astype(int) - bias - bits))
        return sign * value.astype(f32)


def e2m1(codes):
    return np.array([0, .5, 1, 1.5, 2, 3, 4, 6, -0.0, -.5, -1, -1.5, -2, -3, -4, -6], f32)[codes]


def stored(tensor):
    if isinstance(tensor, Bf16):
        return "BF16", tensor.values.shape, (tensor.values.view(np.uint32) >> 16).astype("<u2").tobytes()
    if isinstance(tensor, F8):
        return tensor.name, tensor.codes.shape, tensor.codes.tobytes()
    names = {"float32": "F32", "float16": "F16", "int32": "I32", "uint32": "U32", "uint8": "U8", "int8": "I8", "int64": "I64", "bool": "BOOL"}
    return names[str(tensor.dtype)], tensor.shape, np.ascontiguousarray(tensor).tobytes()


def write(case, config, tensors, expected):
    folder = OUT / case
    folder.mkdir(parents=True)
    header, data = {}, b""
    for name, tensor in tensors.items():
        dtype, shape, raw = stored(tensor)
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
    (folder / "config.json").write_text(json.dumps({"model_type": "llama", **config}) + "\n")
    rows = []
    for name, values in expected.items():
        bits = np.ascontiguousarray(values, f32).view(np.uint32).copy()
        bits[(bits & 0x7FFFFFFF) > 0x7F800000] = 0x7FC00000
        rows.append("\t".join([case, name, "x".join(map(str, values.shape)), hashlib.sha256(bits.tobytes()).hexdigest()]))
    return rows


def codes(bits, shape=(ROWS, COLUMNS)):
    return rng.integers(0, 2**bits, shape)


def scales(shape, dtype=f16):
    return (rng.standard_normal(shape) * .01 + .02).astype(dtype)


def bit_string(fields, bits, axis):
    """Fields along `axis`, lowest bit first, as words of 32."""
    fields = np.moveaxis(fields, axis, -1)
    loose = (fields[..., None] >> np.arange(bits) & 1).reshape(*fields.shape[:-1], -1)
    words = (loose.reshape(*loose.shape[:-1], -1, 32).astype(np.uint64) << np.arange(32, dtype=np.uint64)).sum(-1)
    return np.moveaxis(words.astype(np.uint32), -1, axis)


def gptq(case, bits, group, version=1, order=None, zeros=True, precision="f16", **claim):
    groups = COLUMNS // group
    q, z = codes(bits, (COLUMNS, ROWS)), codes(bits, (groups, ROWS))
    if not zeros:
        z[:] = 2 ** (bits - 1)
    g = np.arange(COLUMNS) // group if order is None else order
    s = scales((groups, ROWS), f32)
    tensors = {f"{MODULE}.qweight": bit_string(q, bits, 0).view(np.int32)}
    if zeros:
        tensors[f"{MODULE}.qzeros"] = bit_string((z - (version == 1)) % 2**bits, bits, 1).view(np.int32)
    s = s.astype(f16) if precision == "f16" else bf16(s)
    tensors[f"{MODULE}.scales"] = s if precision == "f16" else Bf16(s)
    if order is not None:
        tensors[f"{MODULE}.g_idx"] = order.astype(np.int32)
    steps = (q - z[g])
    weight = s[g] * steps.astype(f16) if precision == "f16" else bf16(s[g] * steps.astype(f32))
    config = {"quant_method": "gptq", "bits": bits, "group_size": group if groups > 1 else -1, "sym": not zeros,
              "checkpoint_format": "gptq" if version == 1 else "gptq_v2", **claim}
    return write(case, {"quantization_config": config}, tensors, {f"{MODULE}.weight": weight.T})


def awq(case, group):
    groups = COLUMNS // group
    q, z, s = codes(4, (COLUMNS, ROWS)), codes(4, (groups, ROWS)), scales((groups, ROWS))

    def pack(fields):
        ordered = fields.reshape(fields.shape[0], -1, 8)[:, :, [0, 2, 4, 6, 1, 3, 5, 7]]
        return (ordered.astype(np.uint64) << np.arange(0, 32, 4, dtype=np.uint64)).sum(-1).astype(np.uint32).view(np.int32)

    g = np.arange(COLUMNS) // group
    config = {"quant_method": "awq", "bits": 4, "group_size": group, "version": "gemm", "zero_point": True}
    tensors = {f"{MODULE}.qweight": pack(q), f"{MODULE}.qzeros": pack(z), f"{MODULE}.scales": s}
    return write(case, {"quantization_config": config}, tensors, {f"{MODULE}.weight": ((q - z[g]).astype(f16) * s[g]).T})


def bnb_int8(case):
    q = rng.integers(-127, 128, (ROWS, COLUMNS)).astype(np.int8)
    scb = (rng.random(ROWS) + .1).astype(f32)
    tensors = {f"{MODULE}.weight": q, f"{MODULE}.SCB": scb, f"{MODULE}.weight_format": np.array(0, np.uint8)}
    weight = q.astype(f32) * scb[:, None] * f32(7.874015718698502e-3)
    return write(case, {"quantization_config": {"quant_method": "bitsandbytes", "load_in_8bit": True}}, tensors, {f"{MODULE}.weight": weight})


NF4 = np.array([-1, -.6961928009986877, -.5250730514526367, -.39491748809814453, -.28444138169288635, -.18477343022823334, -.09105003625154495, 0,
                .07958029955625534, .16093020141124725, .24611230194568634, .33791524171829224, .44070982933044434, .5626170039176941,
                .7229568362236023, 1], f32)
FP4 = (np.array([0, .0625, 8, 12, 4, 6, 2, 3, -0.0, -.0625, -8, -12, -4, -6, -2, -3], np.float64) / 12).astype(f32)


def bnb_4bit(case, kind, nested, dtype, shape=(ROWS, COLUMNS), block=64):
    q = rng.integers(0, 16, shape)
    flat = q.reshape(-1)
    packed = (flat[0::2] << 4 | flat[1::2]).astype(np.uint8)[:, None]
    levels = NF4 if kind == "nf4" else FP4
    blocks = -(-flat.size // block)
    absmax = (rng.random(blocks) + .1).astype(f32)
    state = {"quant_type": kind, "blocksize": block, "dtype": dtype, "shape": list(shape)}
    tensors = {f"{MODULE}.weight": packed, f"{MODULE}.weight.quant_map": levels}
    if nested:
        table, coarse = np.sort(rng.standard_normal(256)).astype(f32), rng.integers(0, 256, blocks).astype(np.uint8)
        maxima = (rng.random(-(-blocks // 16)) * .1).astype(f32)
        state |= {"nested_blocksize": 16, "nested_dtype": "float32", "nested_offset": .4625}
        absmax = table[coarse] * maxima[np.arange(blocks) // 16] + f32(.4625)
        tensors |= {f"{MODULE}.weight.absmax": coarse, f"{MODULE}.weight.nested_absmax": maxima, f"{MODULE}.weight.nested_quant_map": table}
    else:
        tensors[f"{MODULE}.weight.absmax"] = absmax
    text = json.dumps(state).encode()
    tensors[f"{MODULE}.weight.quant_state.bitsandbytes__{kind}"] = np.frombuffer(text, np.uint8)
    weight = levels[flat] * absmax[np.arange(flat.size) // block]
    weight = {"float16": lambda w: w.astype(f16), "bfloat16": bf16, "float32": lambda w: w}[dtype](weight)
    return write(case, {"quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True}}, tensors,
                 {f"{MODULE}.weight": weight.reshape(shape)})


def finite_f8(shape, name="F8_E4M3"):
    q = rng.integers(0, 256, shape)
    return F8(np.where((q & 0x7F) > (0x7E if name == "F8_E4M3" else 0x7B), 0, q), name)


def float8(case, part, s, config, name="F8_E4M3", block=(1, 16)):
    q = finite_f8((ROWS, COLUMNS), name)
    plain = s.values if isinstance(s, Bf16) else s
    spread = plain
    if plain.ndim == 2 and plain.shape[1] > 1:
        spread = np.repeat(np.repeat(plain, block[0], 0)[:ROWS], block[1], 1)[:, :COLUMNS]
    weight = q.values() * spread
    weight = bf16(weight) if isinstance(s, Bf16) else weight
    return write(case, {"quantization_config": config}, {f"{MODULE}.weight": q, f"{MODULE}.{part}": s}, {f"{MODULE}.weight": weight})


def compressed(fmt, bits=None, **weights):
    group = {"targets": ["Linear"], "weights": {"num_bits": bits, **weights}}
    return {"quant_method": "compressed-tensors", "format": fmt, "config_groups": {"group_0": group}}


def pack_fields(fields, bits, axis):
    """As many whole fields as fit into 32 bits, the rest of a word unused."""
    fields, per = np.moveaxis(fields, axis, -1), 32 // bits
    fields = np.concatenate([fields, np.zeros((*fields.shape[:-1], -fields.shape[-1] % per), fields.dtype)], -1)
    words = (fields.reshape(*fields.shape[:-1], -1, per).astype(np.uint64) << (np.arange(per, dtype=np.uint64) * np.uint64(bits))).sum(-1)
    return np.moveaxis(words.astype(np.uint32).view(np.int32), -1, axis)


def ct_pack(case, bits, group, asymmetric=False, order=None, precision="bf16"):
    q, groups, half = codes(bits), COLUMNS // group, 2 ** (bits - 1)
    s = scales((ROWS, groups), f32)
    s = bf16(s) if precision == "bf16" else s
    tensors = {f"{MODULE}.weight_packed": pack_fields(q, bits, 1), f"{MODULE}.weight_scale": Bf16(s) if precision == "bf16" else s,
               f"{MODULE}.weight_shape": np.array([ROWS, COLUMNS], np.int64)}
    z = np.zeros((ROWS, groups), int)
    if asymmetric:
        z = codes(bits, (ROWS, groups)) - half
        tensors[f"{MODULE}.weight_zero_point"] = pack_fields(z + half, bits, 0)
    g = np.arange(COLUMNS) // group
    if order is not None:
        g = order
        tensors[f"{MODULE}.weight_g_idx"] = order.astype(np.int32)
    weight = (q - half - z[:, g]).astype(f32) * s[:, g]
    weight = bf16(weight) if precision == "bf16" else weight
    return write(case, {"quantization_config": compressed("pack-quantized", bits, group_size=group)}, tensors, {f"{MODULE}.weight": weight})


def ct_bytes(case, asymmetric):
    q = rng.integers(-128, 128, (ROWS, COLUMNS)).astype(np.int8)
    s = bf16(scales((ROWS, 1), f32))
    tensors = {f"{MODULE}.weight": q, f"{MODULE}.weight_scale": Bf16(s)}
    z = np.zeros((ROWS, 1), np.int8)
    if asymmetric:
        z = rng.integers(-128, 128, (ROWS, 1)).astype(np.int8)
        tensors[f"{MODULE}.weight_zero_point"] = z
    weight = bf16((q.astype(f32) - z.astype(f32)) * s)
    return write(case, {"quantization_config": compressed("int-quantized", 8, strategy="channel")}, tensors, {f"{MODULE}.weight": weight})


def halves(q):
    return (q[..., 0::2] | q[..., 1::2] << 4).astype(np.uint8)


def float4(case, kind):
    q, group = codes(4), 32 if kind == "mxfp4" else 16
    levels = e2m1(q).reshape(ROWS, -1, group)
    if kind == "mxfp4":
        s = rng.integers(100, 140, (ROWS, COLUMNS // group)).astype(np.uint8)
        s[0, 0], s[1, 1], s[2, 0] = 255, 0, 254
        factor = np.where(s == 255, np.nan, np.ldexp(f32(1), s.astype(int) - 127)).astype(f32)
        tensors, config = {"weight_packed": halves(q), "weight_scale": s}, compressed("mxfp4-pack-quantized", 4)
    else:
        s, other = F8(rng.integers(1, 0x7F, (ROWS, COLUMNS // group))), np.array([rng.random() * 100 + 1], f32)
        factor = s.values() / other if kind == "nvfp4" else s.values() * other
        if kind == "nvfp4":
            tensors, config = {"weight_packed": halves(q), "weight_scale": s, "weight_global_scale": other}, compressed("nvfp4-pack-quantized", 4)
        else:
            tensors, config = {"weight": halves(q), "weight_scale": s, "weight_scale_2": other}, {"quant_method": "modelopt", "quant_algo": "NVFP4"}
    weight = (levels * factor[:, :, None]).reshape(ROWS, COLUMNS)
    weight = bf16(weight) if kind == "nvfp4" else weight
    return write(case, {"quantization_config": config}, {f"{MODULE}.{k}": v for k, v in tensors.items()}, {f"{MODULE}.weight": weight})


def experts(case):
    name, count, groups = "model.layers.0.mlp.experts.gate_up_proj", 3, 2
    q = codes(4, (count, ROWS, groups, 32))
    s = rng.integers(110, 130, (count, ROWS, groups)).astype(np.uint8)
    weight = (e2m1(q) * np.ldexp(f32(1), s.astype(int) - 127)[..., None]).reshape(count, ROWS, groups * 32).swapaxes(1, 2)
    return write(case, {"quantization_config": {"quant_method": "mxfp4"}}, {f"{name}_blocks": halves(q), f"{name}_scales": s}, {name: weight})


def hqq(case, bits, axis, group=16):
    groups = ROWS * COLUMNS // group
    shape = (groups, group) if axis == 1 else (group, groups)
    q, per = codes(bits, shape), 10 if bits == 3 else 8 // bits
    padded = np.concatenate([q, np.zeros((-q.shape[0] % per, q.shape[1]), q.dtype)])
    runs = padded.reshape(per, -1, q.shape[1])
    shifts = [27 - 3 * i if bits == 3 else 8 - bits * (i + 1) for i in range(per)]
    packed = sum(run << shift for run, shift in zip(runs, shifts)).astype(np.int32 if bits == 3 else np.uint8)
    s, z = scales((groups, 1) if axis == 1 else (1, groups)), (rng.random((groups, 1) if axis == 1 else (1, groups)) * 2**bits).astype(f16)
    facts = {"nbits": bits, "group_size": group, "axis": axis}
    tensors = {f"{MODULE}.W_q": packed, f"{MODULE}.scale": s, f"{MODULE}.zero": z, f"{MODULE}.shape": np.array([ROWS, COLUMNS], np.int64),
               f"{MODULE}.packing": np.frombuffer(f"{bits}bit_u8".encode(), np.uint8), f"{MODULE}.view_as_float": np.array(False)}
    tensors |= {f"{MODULE}.{k}": np.array(v, np.int64) for k, v in facts.items()}
    weight = ((q.astype(f16) - z) * s).reshape(ROWS, COLUMNS)
    return write(case, {"quantization_config": {"quant_method": "hqq"}}, tensors, {f"{MODULE}.weight": weight})


def mlx(case, bits, group, mode="affine"):
    q, groups = codes(bits), COLUMNS // group
    g = np.arange(COLUMNS) // group
    tensors, facts = {f"{MODULE}.weight": bit_string(q, bits, 1)}, {"group_size": group, "bits": bits}
    if mode == "affine":
        s, b = scales((ROWS, groups)), (rng.standard_normal((ROWS, groups)) * .1).astype(f16)
        tensors |= {f"{MODULE}.scales": s, f"{MODULE}.biases": b}
        weight = q.astype(f16) * s[:, g] + b[:, g]
    else:
        s = rng.integers(1, 127, (ROWS, groups)).astype(np.uint8)
        factor = F8(s).values() if mode == "nvfp4" else np.ldexp(f32(1), s.astype(int) - 127)
        tensors[f"{MODULE}.scales"], facts["mode"] = s, mode
        if mode == "mxfp8":
            q = np.where(q & 0x7F == 0x7F, 0, q)
            tensors[f"{MODULE}.weight"] = bit_string(q, bits, 1)
        weight = (F8(q).values() if mode == "mxfp8" else e2m1(q)) * factor[:, g]
    return write(case, {"quantization": facts, "quantization_config": facts}, tensors, {f"{MODULE}.weight": weight})


def main():
    np.seterr(over="ignore")
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    order = rng.permutation(np.arange(COLUMNS) // 16)
    fp8 = {"quant_method": "fp8", "weight_block_size": [16, 24]}
    rows = []
    for bits in (2, 3, 4, 8):
        rows += gptq(f"gptq-{bits}", bits, 16)
    rows += gptq("gptq-v2", 4, 16, version=2) + gptq("gptq-act-order", 4, 16, order=order, desc_act=True)
    rows += gptq("gptq-3-act-order", 3, 16, order=order, desc_act=True) + gptq("gptq-one-group", 4, COLUMNS)
    rows += gptq("gptq-sym", 4, 32, zeros=False) + gptq("gptq-bf16", 4, 16, precision="bf16")
    rows += awq("awq", 16) + awq("awq-two-groups", 32)
    rows += bnb_int8("bnb-int8") + bnb_4bit("bnb-nf4", "nf4", False, "float16") + bnb_4bit("bnb-nf4-nested", "nf4", True, "bfloat16")
    rows += bnb_4bit("bnb-fp4", "fp4", False, "float32") + bnb_4bit("bnb-nf4-uneven", "nf4", False, "float32", shape=(6, 40))
    rows += float8("fp8-block", "weight_scale_inv", scales((2, 3), f32), fp8, block=(16, 24))
    rows += float8("fp8-tensor", "weight_scale", scales((1,), f32), compressed("float-quantized", 8))
    rows += float8("fp8-channel", "weight_scale", Bf16(scales((ROWS, 1), f32)), compressed("float-quantized", 8))
    rows += float8("fp8-e5m2", "weight_scale", scales((ROWS, 1), f32), {"quant_method": "fbgemm_fp8"}, "F8_E5M2")
    rows += float8("fp8-group", "weight_scale", Bf16(scales((ROWS, 4), f32)), compressed("float-quantized", 8))
    for bits in (3, 4, 8):
        rows += ct_pack(f"ct-pack-{bits}", bits, 16)
    rows += ct_pack("ct-pack-zeros", 4, 16, asymmetric=True) + ct_pack("ct-pack-act-order", 4, 16, asymmetric=True, order=order)
    rows += ct_pack("ct-pack-f32", 4, COLUMNS, precision="f32") + ct_pack("ct-pack-3-zeros", 3, 32, asymmetric=True)
    rows += ct_bytes("ct-int", False) + ct_bytes("ct-int-zeros", True)
    rows += float4("ct-nvfp4", "nvfp4") + float4("ct-mxfp4", "mxfp4") + float4("modelopt-nvfp4", "modelopt") + experts("mxfp4-experts")
    for bits in (1, 2, 3, 4, 8):
        rows += hqq(f"hqq-{bits}", bits, 1)
    rows += hqq("hqq-axis-0", 4, 0) + hqq("hqq-3-axis-0", 3, 0)
    for bits in (2, 3, 4, 5, 6, 8):
        rows += mlx(f"mlx-{bits}", bits, 32)
    rows += mlx("mlx-mxfp4", 4, 32, "mxfp4") + mlx("mlx-nvfp4", 4, 16, "nvfp4") + mlx("mlx-mxfp8", 8, 32, "mxfp8")
    (OUT / "expected.tsv").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
