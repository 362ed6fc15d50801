"""FP8 as transformers' fbgemm_fp8 stores it. transformers itself quantises so on a GPU alone; here FBGEMM's own quantiser does, by its path for the
CPU, and the product is that of its kernels' definition.

    pip install torch==2.15.0 && pip install --no-deps fbgemm-gpu-genai==1.9.0
"""
import packed
import torch
from fbgemm_gpu.experimental.gemm.triton_gemm.fp8_gemm import quantize_fp8_row


def cases(out):
    codes, scales = quantize_fp8_row(packed.trained_weight().bfloat16())
    scales = scales.reshape(-1, 1)
    yield packed.write(out, "rows", {"quant_method": "fbgemm_fp8", "activation_scale_ub": 1200.0, "modules_to_not_convert": ["lm_head"]},
                       {"weight": codes, "weight_scale": scales}, codes.to(torch.float32) * scales)
