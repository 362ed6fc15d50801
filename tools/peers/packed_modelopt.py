"""A small Llama that NVIDIA's ModelOpt quantises and exports as a Hugging Face checkpoint, and what its own tensor types dequantise; on the CPU.

    pip install "nvidia-modelopt[hf]==0.47.0"
"""
import copy

import modelopt.torch.quantization as mtq
import torch
from modelopt.torch.export import export_hf_checkpoint
from modelopt.torch.quantization.qtensor import FP8QTensor, INT8QTensor, MXFP8QTensor, NVFP4QTensor
from safetensors.torch import load_file
from transformers import LlamaConfig, LlamaForCausalLM

SIZES = {"hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1, "vocab_size": 32,
         "tie_word_embeddings": False}


def dequantised(parts, name):
    """Of `name`.weight; the file's parts in, the package's arithmetic."""
    weight, scale = parts[f"{name}.weight"], parts[f"{name}.weight_scale"]
    if f"{name}.weight_scale_2" in parts:
        shape = torch.Size((weight.shape[0], weight.shape[1] * 2))
        values = NVFP4QTensor(shape, torch.float32, weight).dequantize(scale=scale, double_scale=parts[f"{name}.weight_scale_2"],
                                                                       block_sizes={-1: 16}, dtype=torch.float32)
        codes = torch.stack([weight & 15, weight >> 4], -1).reshape(shape)
        return torch.where(codes == 8, -0.0, values)  # its table of levels has 0 there; E2M1 has a sign
    if scale.dtype == torch.uint8:
        return MXFP8QTensor(weight.shape, torch.float32, weight).dequantize(scale=scale)
    if weight.dtype == torch.int8:
        return INT8QTensor(weight.shape, torch.float32, weight).dequantize(scale=scale.reshape(-1, 1))
    if scale.numel() == len(weight):
        scale = scale.reshape(-1, 1)  # a row each, as linear layers multiply
    return FP8QTensor(weight.shape, torch.float32, weight).dequantize(scale=scale.float())


def exported(out, case, config):
    torch.manual_seed(6)
    model = LlamaForCausalLM(LlamaConfig(architectures=["LlamaForCausalLM"], **SIZES)).to(torch.bfloat16)
    tokens = torch.arange(32).reshape(2, 16)
    model = mtq.quantize(model, copy.deepcopy(config), lambda calibrated: calibrated(tokens))
    folder = out / case
    export_hf_checkpoint(model, export_dir=folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    parts = load_file(folder / "model.safetensors")
    values = {name: tensor for name, tensor in parts.items() if tensor.dtype == torch.bfloat16 and "scale" not in name}
    for name in parts:
        if name.endswith(".weight_scale"):
            module = name.removesuffix(".weight_scale")
            values[f"{module}.weight"] = dequantised(parts, module)
    return case, values


def cases(out):
    yield exported(out, "fp8", mtq.FP8_DEFAULT_CFG)
    yield exported(out, "fp8-rows", mtq.FP8_PER_CHANNEL_PER_TOKEN_CFG)
    yield exported(out, "nvfp4", mtq.NVFP4_DEFAULT_CFG)
    yield exported(out, "mxfp8", mtq.MXFP8_DEFAULT_CFG)
    yield exported(out, "int8", mtq.INT8_WEIGHT_ONLY_CFG)
