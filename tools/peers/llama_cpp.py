"""GGUF files that llama.cpp's converter makes of small models: <case>/source as transformers writes it, <case>/model.gguf.

LLAMA_CPP names a checkout of llama.cpp; the source archive of llama-cpp-python holds one, too.
"""
import os
import pathlib
import shutil
import sys

import torch
from transformers import DeepseekV3Config, DeepseekV3ForCausalLM, GPT2Config, GPT2LMHeadModel


def converted(out, case, model):
    sys.path.insert(0, os.environ["LLAMA_CPP"])
    from conversion import get_model_class
    from conversion.base import gguf
    torch.manual_seed(6)
    for parameter in model.parameters():
        parameter.data += torch.randn(parameter.shape) * .05
    source = out / case / "source"
    model.save_pretrained(source)
    (source / "generation_config.json").unlink(missing_ok=True)
    converter = get_model_class(type(model).__name__)
    converter.set_vocab = lambda self: None  # weights alone
    with torch.inference_mode():
        converter(pathlib.Path(source), gguf.LlamaFileType.ALL_F32, pathlib.Path(out / case / "model.gguf"), model_name=case).write()


def make(out):
    shutil.rmtree(out, ignore_errors=True)
    sizes = {"vocab_size": 24, "tie_word_embeddings": False}
    converted(out, "deepseek", DeepseekV3ForCausalLM(DeepseekV3Config(
        hidden_size=16, intermediate_size=24, moe_intermediate_size=8, num_hidden_layers=2, num_attention_heads=3, num_key_value_heads=3,
        n_routed_experts=4, n_shared_experts=1, num_experts_per_tok=2, n_group=1, topk_group=1, first_k_dense_replace=1, q_lora_rank=12,
        kv_lora_rank=8, qk_nope_head_dim=6, qk_rope_head_dim=4, v_head_dim=5, **sizes)))
    converted(out, "gpt2", GPT2LMHeadModel(GPT2Config(n_embd=16, n_layer=2, n_head=2, n_positions=32, n_ctx=32, vocab_size=24)))
