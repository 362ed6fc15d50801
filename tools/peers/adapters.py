"""Adapters that peft writes, and what its merge_and_unload leaves: a base, a folder an adapter, <adapter>/merged/model.safetensors."""
import shutil

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

SIZES = {"vocab_size": 24}


def make_base(out, name, model):
    model.save_pretrained(out / name)
    (out / name / "generation_config.json").unlink(missing_ok=True)


def tensors(model):
    """By name; of tied ones the first."""
    seen = {}
    for name, tensor in model.state_dict().items():
        seen.setdefault(tensor.data_ptr(), (name, tensor))
    return {name: tensor.detach().clone() for name, tensor in seen.values()}


def adapter(out, case, base, safe=True, **options):
    torch.manual_seed(6)
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(out / base, dtype=torch.float32),
                           LoraConfig(**{"r": 2, "lora_alpha": 6, "task_type": "CAUSAL_LM", **options}))
    for parameter in model.parameters():
        if parameter.requires_grad:  # as if trained
            parameter.data += torch.randn(parameter.shape) * .1
    folder = out / case
    model.peft_config["default"].base_model_name_or_path = f"org/{base}"
    model.save_pretrained(folder, safe_serialization=safe)
    (folder / "README.md").unlink(missing_ok=True)
    (folder / "merged").mkdir()
    whole = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(out / base, dtype=torch.float32), folder)
    save_file(tensors(whole.merge_and_unload()), folder / "merged/model.safetensors")
    return f"{case}\t{base}"


def cases(out):
    torch.manual_seed(6)
    llama = {"hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1, **SIZES}
    make_base(out, "llama", LlamaForCausalLM(LlamaConfig(**llama, tie_word_embeddings=False)))
    make_base(out, "llama-tied", LlamaForCausalLM(LlamaConfig(**llama, tie_word_embeddings=True)))
    make_base(out, "gpt2", GPT2LMHeadModel(GPT2Config(n_embd=8, n_layer=2, n_head=2, n_positions=16, **SIZES)))
    queries = {"target_modules": ["q_proj", "v_proj"]}
    yield adapter(out, "lora", "llama", **queries)
    yield adapter(out, "lora-bin", "llama", safe=False, **queries)
    yield adapter(out, "all-linear", "llama", target_modules="all-linear", r=3, lora_alpha=4)
    yield adapter(out, "rank-stabilised", "llama", use_rslora=True, r=4, **queries)
    yield adapter(out, "dora", "llama", use_dora=True, target_modules="all-linear")
    yield adapter(out, "modules-to-save", "llama", modules_to_save=["lm_head", "embed_tokens"], **queries)
    yield adapter(out, "modules-to-save-tied", "llama-tied", modules_to_save=["lm_head"], **queries)
    yield adapter(out, "embeddings", "llama", target_modules=["embed_tokens", "down_proj"])
    yield adapter(out, "patterns", "llama", rank_pattern={"v_proj": 4}, alpha_pattern={"layers.1.self_attn.q_proj": 9}, **queries)
    yield adapter(out, "some-layers", "llama", layers_to_transform=[1], **queries)
    yield adapter(out, "transposed", "gpt2", target_modules=["c_attn", "c_fc"], fan_in_fan_out=True)
    yield adapter(out, "biases", "gpt2", target_modules=["c_attn"], fan_in_fan_out=True, bias="lora_only")


def make(out):
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / "adapters.tsv").write_text("\n".join(cases(out)) + "\n")
