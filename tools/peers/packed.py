"""Packed weights as the true packages write them, and what the packages make of them.

A case is a folder with config.json and model.safetensors. Its values are those of the package's own dequantisation.
"""
import json
import pathlib
import tempfile
import types

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

ZOO = pathlib.Path(__file__).parents[2] / "tests/zoo"
MODULE = "model.layers.0.mlp.up_proj"
ROWS, COLUMNS = 32, 64  # out, in


def trained_weight(rows=ROWS, columns=COLUMNS):
    with safe_open(ZOO / "qwen-a/model.safetensors", "pt") as file:
        return file.get_tensor(f"{MODULE}.weight")[:rows, :columns].float().contiguous()


def linear(dtype=torch.float16, rows=ROWS, columns=COLUMNS):
    layer = torch.nn.Linear(columns, rows, bias=False)
    layer.weight = torch.nn.Parameter(trained_weight(rows, columns).to(dtype), requires_grad=False)
    return layer


def write(out, case, config, parts, weight):
    """One module; `parts` are named by the end of their names."""
    folder = out / case
    folder.mkdir(parents=True)
    save_file({f"{MODULE}.{part}": tensor.contiguous() for part, tensor in parts.items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"model_type": "llama", "quantization_config": config}) + "\n")
    return case, {f"{MODULE}.weight": weight}


def group_scales(weight, group, bits):
    """Round to nearest, with an offset: scales and zero points [groups, out] of a weight [out, in]."""
    runs = weight.float().reshape(weight.shape[0], -1, group)
    low, high = runs.amin(-1).clamp(max=0), runs.amax(-1).clamp(min=0)
    scales = ((high - low) / (2**bits - 1)).clamp(min=1e-8)
    return scales.T.contiguous(), (-low / scales).round().clamp(0, 2**bits - 1).T.contiguous()


def gptq(out, case, bits, group, version=1, act_order=False):
    from gptqmodel.nn_modules.qlinear.torch import TorchLinear
    from gptqmodel.utils.model import convert_gptq_v2_to_v1_format_module
    layer = linear()
    module = TorchLinear(bits=bits, group_size=group, sym=False, desc_act=act_order, in_features=COLUMNS, out_features=ROWS, bias=False,
                         pack_dtype=torch.int32, register_buffers=True)
    scales, zeros = group_scales(layer.weight, group, bits)
    g_idx = torch.arange(COLUMNS) // group
    if act_order:
        g_idx = g_idx[torch.randperm(COLUMNS, generator=torch.Generator().manual_seed(6))]
    module.pack(layer, scales.T, zeros.T, g_idx.int())
    module.post_init()
    weight = module.dequantize_weight().T  # of version 2, as it lies in memory
    if version == 1:
        convert_gptq_v2_to_v1_format_module(module, types.SimpleNamespace(bits=bits, pack_dtype=torch.int32))
    parts = {"qweight": module.qweight, "qzeros": module.qzeros, "scales": module.scales, "g_idx": module.g_idx}
    config = {"quant_method": "gptq", "bits": bits, "group_size": group, "desc_act": act_order, "sym": False,
              "checkpoint_format": "gptq" if version == 1 else "gptq_v2"}
    return write(out, case, config, parts, weight)


def awq(out, case, group):
    from awq.modules.linear.gemm import WQLinear_GEMM
    from awq.utils.packing_utils import dequantize_gemm
    layer = linear()
    scales, zeros = group_scales(layer.weight, group, 4)
    module = WQLinear_GEMM.from_linear(layer, 4, group, scales=scales.half(), zeros=zeros)
    weight = dequantize_gemm(module.qweight, module.qzeros, module.scales, 4, group).T
    config = {"quant_method": "awq", "bits": 4, "group_size": group, "version": "gemm", "zero_point": True}
    return write(out, case, config, {"qweight": module.qweight, "qzeros": module.qzeros, "scales": module.scales}, weight)


def hqq(out, case, bits, axis, dtype=torch.float16):
    from hqq.core.quantize import BaseQuantizeConfig, HQQLinear
    config = BaseQuantizeConfig(nbits=bits, group_size=16, axis=axis)
    module = HQQLinear(linear(dtype), config, compute_dtype=dtype, device="cpu")
    parts = {name: value.data for name, value in module.state_dict().items() if isinstance(value, torch.Tensor)}
    return write(out, case, {"quant_method": "hqq", "quant_config": config}, parts, module.dequantize())


def compressed(out, case, form, dtype=torch.bfloat16, rows=ROWS, **weights):
    from compressed_tensors.compressors import BaseCompressor
    from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme
    from compressed_tensors.quantization.utils import calculate_qparams, generate_gparam
    args = QuantizationArgs(**weights)
    scheme = QuantizationScheme(targets=["Linear"], weights=args, format=form)
    weight = trained_weight(rows).to(dtype)
    state = {"weight": weight}
    group, runs = args.group_size, weight
    if args.strategy in ("group", "tensor_group"):
        runs = weight.reshape(rows, -1, group)
    if args.strategy == "block":
        height, width = args.block_structure
        runs = weight.reshape(rows // height, height, -1, width).transpose(1, 2).flatten(2)
    low, high = (runs.min(), runs.max()) if args.strategy == "tensor" else (runs.amin(-1), runs.amax(-1))
    if args.strategy == "channel":
        low, high = low[:, None], high[:, None]
    if args.strategy == "tensor_group":
        state["weight_global_scale"] = generate_gparam(weight.min(), weight.max())
    scale, zero = calculate_qparams(low, high, args, global_scale=state.get("weight_global_scale"))
    if args.strategy == "tensor":
        scale, zero = scale.reshape(1), zero.reshape(1)
    state |= {"weight_scale": scale, "weight_zero_point": zero}
    compressor = BaseCompressor.get_value_from_registry(form)
    packed = compressor.compress(state, scheme)
    plain = compressor.decompress(packed, scheme)["weight"]
    config = {"quant_method": "compressed-tensors", "format": form, "version": "0.20.0",
              "config_groups": {"group_0": json.loads(scheme.model_dump_json(exclude_none=True))}}
    return write(out, case, config, packed, plain)


def fine_grained_fp8(out, case, block, scale_format="float"):
    from transformers import FineGrainedFP8Config
    from transformers.integrations.finegrained_fp8 import Fp8Dequantize, Fp8Quantize
    config = FineGrainedFP8Config(weight_block_size=block, scale_fmt=scale_format)
    quantiser = types.SimpleNamespace(quantization_config=config)
    parts = Fp8Quantize(quantiser).convert({"weight": trained_weight().bfloat16()})
    weight = Fp8Dequantize(quantiser).convert(dict(parts))["weight"]
    return write(out, case, json.loads(config.to_json_string(use_diff=False)), parts, weight)


def mxfp4_experts(out, case):
    """Codes of any values: what quantises to them needs a GPU."""
    from transformers.integrations.mxfp4 import convert_moe_packed_tensors
    random = torch.Generator().manual_seed(6)
    name, experts, groups = "model.layers.0.mlp.experts.gate_up_proj", 2, 2
    blocks = torch.randint(0, 256, (experts, ROWS, groups, 16), generator=random).to(torch.uint8)
    scales = torch.randint(110, 130, (experts, ROWS, groups), generator=random).to(torch.uint8)
    folder = out / case
    folder.mkdir(parents=True)
    save_file({f"{name}_blocks": blocks, f"{name}_scales": scales}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"model_type": "gpt_oss", "quantization_config": {"quant_method": "mxfp4"}}) + "\n")
    return case, {name: convert_moe_packed_tensors(blocks, scales)}


def bitsandbytes(out, case, **options):
    """A whole model, quantised and saved by transformers. Rows are no shorter than a block of 64: there the AVX-512 kernel of 0.50 is wrong."""
    import bitsandbytes.functional as functional
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig, LlamaConfig, LlamaForCausalLM
    torch.manual_seed(6)
    config = LlamaConfig(hidden_size=64, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=1,
                         vocab_size=32, tie_word_embeddings=False)
    with tempfile.TemporaryDirectory() as plain:
        LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(plain)
        model = AutoModelForCausalLM.from_pretrained(plain, quantization_config=BitsAndBytesConfig(**options), device_map="cpu",
                                                     dtype=torch.bfloat16)
    folder = out / case
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink()
    values = {name: tensor for name, tensor in load_file(folder / "model.safetensors").items() if tensor.dtype == torch.bfloat16}
    for name, module in model.named_modules():
        kind = type(module).__name__
        if kind == "Linear4bit":
            values[f"{name}.weight"] = functional.dequantize_4bit(module.weight.data, module.weight.quant_state)
        elif kind == "Linear8bitLt":
            values[f"{name}.weight"] = functional.int8_vectorwise_dequant(module.weight.data, module.weight.SCB)
    return case, values


def cases(out):
    for bits in (2, 3, 4, 8):
        yield gptq(out, f"gptq-{bits}", bits, 16)
    yield gptq(out, "gptq-v2", 4, 16, version=2)
    yield gptq(out, "gptq-3-v2", 3, 16, version=2)
    yield gptq(out, "gptq-act-order", 4, 16, act_order=True)
    yield awq(out, "awq", 16)
    yield awq(out, "awq-32", 32)
    for bits in (1, 2, 3, 4, 8):
        yield hqq(out, f"hqq-{bits}", bits, 1)
    yield hqq(out, "hqq-axis-0", 4, 0)
    yield hqq(out, "hqq-bf16", 4, 1, torch.bfloat16)
    for bits in range(1, 9):
        yield compressed(out, f"ct-pack-{bits}", "pack-quantized", num_bits=bits, strategy="group", group_size=16)
    yield compressed(out, "ct-pack-zeros", "pack-quantized", num_bits=4, strategy="group", group_size=16, symmetric=False)
    yield compressed(out, "ct-pack-3-zeros", "pack-quantized", num_bits=3, strategy="group", group_size=16, symmetric=False)
    yield compressed(out, "ct-pack-5-zeros-rows", "pack-quantized", num_bits=5, strategy="channel", symmetric=False)
    yield compressed(out, "ct-int", "int-quantized", num_bits=8, strategy="channel")
    yield compressed(out, "ct-int-zeros", "int-quantized", num_bits=8, strategy="channel", symmetric=False)
    float8 = {"num_bits": 8, "type": "float"}
    yield compressed(out, "ct-fp8-tensor", "float-quantized", strategy="tensor", **float8)
    yield compressed(out, "ct-fp8-channel", "float-quantized", strategy="channel", **float8)
    yield compressed(out, "ct-fp8-group", "float-quantized", strategy="group", group_size=16, **float8)
    yield compressed(out, "ct-fp8-block", "float-quantized", strategy="block", block_structure=[16, 16], **float8)
    yield compressed(out, "ct-mxfp8", "mxfp8-quantized", strategy="group", group_size=32, scale_dtype=torch.uint8, **float8)
    float4 = {"num_bits": 4, "type": "float"}
    yield compressed(out, "ct-nvfp4", "nvfp4-pack-quantized", strategy="tensor_group", group_size=16, scale_dtype=torch.float8_e4m3fn, **float4)
    yield compressed(out, "ct-mxfp4", "mxfp4-pack-quantized", strategy="group", group_size=32, scale_dtype=torch.uint8, **float4)
    yield fine_grained_fp8(out, "fp8-blocks", [16, 16])
    yield fine_grained_fp8(out, "fp8-blocks-powers", [16, 32], "ue8m0")
    yield mxfp4_experts(out, "mxfp4-experts")
    yield bitsandbytes(out, "bnb-int8", load_in_8bit=True)
    for kind in ("nf4", "fp4"):
        yield bitsandbytes(out, f"bnb-{kind}", load_in_4bit=True, bnb_4bit_quant_type=kind)
    yield bitsandbytes(out, "bnb-nf4-nested", load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True)
