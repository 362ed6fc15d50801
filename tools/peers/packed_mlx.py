"""A small Llama that mlx-lm quantises and saves, and what MLX dequantises; on the CPU (pip install "mlx[cpu]==0.32.4" mlx-lm==0.32.2)."""
import shutil
import tempfile

import mlx.core as mx
import numpy as np
from mlx.utils import tree_map
from mlx_lm.models import llama
from mlx_lm.utils import quantize_model, save_config, save_model

CONFIG = {"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 1, "intermediate_size": 64, "num_attention_heads": 2,
          "num_key_value_heads": 1, "rms_norm_eps": 1e-6, "vocab_size": 32, "tie_word_embeddings": False, "rope_theta": 10000.0}


def as_f32(array):
    return np.array(array.astype(mx.float32))


def quantised(out, case, dtype=mx.bfloat16, mode="affine", **options):
    mx.random.seed(6)
    model = llama.Model(llama.ModelArgs.from_dict(CONFIG))
    model.update(tree_map(lambda weight: mx.random.normal(weight.shape).astype(dtype), model.parameters()))
    model, config = quantize_model(model, CONFIG, options.get("group_size"), options.get("bits"), mode,
                                   quant_predicate=options.get("quant_predicate"))
    folder = out / case
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as saved:
        save_model(saved, model)
        shutil.copy(f"{saved}/model.safetensors", folder)
    save_config(config, folder / "config.json")
    values = {}
    for name, module in model.named_modules():
        weight = module.get("weight") if isinstance(module, dict) else None
        if not isinstance(weight, mx.array):
            continue
        if "scales" in module:
            weight = mx.dequantize(weight, module.scales, module.get("biases"), module.group_size, module.bits, module.mode, dtype=dtype)
        values[f"{name}.weight"] = as_f32(weight)
    return case, values


def mixed(path, _):
    """As mlx-lm's own recipes: some modules with more bits, or none."""
    return {"group_size": 32, "bits": 8, "mode": "affine"} if "v_proj" in path else "q_proj" not in path


def cases(out):
    mx.set_default_device(mx.cpu)
    for bits in (2, 3, 4, 5, 6, 8):
        yield quantised(out, f"affine-{bits}", group_size=32, bits=bits)
    yield quantised(out, "affine-f16", mx.float16, group_size=64, bits=4)
    yield quantised(out, "affine-f32", mx.float32, group_size=64, bits=4)
    yield quantised(out, "mixed", group_size=64, bits=4, quant_predicate=mixed)
    for mode in ("mxfp4", "mxfp8", "nvfp4"):
        yield quantised(out, mode, mode=mode)
