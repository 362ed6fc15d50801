#include "model/decoder_of.hpp"

#include "numeric/blocks/ggml_blocks.hpp"

namespace prov::model {

numeric::Decoder* decoder_of(format::Dtype dtype) {
  using format::Dtype;
  switch (dtype) {
    case Dtype::boolean:
      return numeric::decode_boolean;
    case Dtype::f4:
      return numeric::decode_f4;
    case Dtype::f6_e2m3:
      return numeric::decode_f6_e2m3;
    case Dtype::f6_e3m2:
      return numeric::decode_f6_e3m2;
    case Dtype::u8:
      return numeric::decode_u8;
    case Dtype::i8:
      return numeric::decode_i8;
    case Dtype::f8_e5m2:
      return numeric::decode_f8_e5m2;
    case Dtype::f8_e4m3:
      return numeric::decode_f8_e4m3;
    case Dtype::f8_e8m0:
      return numeric::decode_f8_e8m0;
    case Dtype::f8_e4m3fnuz:
      return numeric::decode_f8_e4m3fnuz;
    case Dtype::f8_e5m2fnuz:
      return numeric::decode_f8_e5m2fnuz;
    case Dtype::i16:
      return numeric::decode_i16;
    case Dtype::u16:
      return numeric::decode_u16;
    case Dtype::f16:
      return numeric::decode_f16;
    case Dtype::bf16:
      return numeric::decode_bf16;
    case Dtype::i32:
      return numeric::decode_i32;
    case Dtype::u32:
      return numeric::decode_u32;
    case Dtype::f32:
      return numeric::decode_f32;
    case Dtype::c64:
      return nullptr;
    case Dtype::f64:
      return numeric::decode_f64;
    case Dtype::i64:
      return numeric::decode_i64;
    case Dtype::u64:
      return numeric::decode_u64;
    case Dtype::q4_0:
      return numeric::decode_q4_0;
    case Dtype::q4_1:
      return numeric::decode_q4_1;
    case Dtype::q5_0:
      return numeric::decode_q5_0;
    case Dtype::q5_1:
      return numeric::decode_q5_1;
    case Dtype::q8_0:
      return numeric::decode_q8_0;
    case Dtype::q8_1:
      return numeric::decode_q8_1;
    case Dtype::q2_k:
      return numeric::decode_q2_k;
    case Dtype::q3_k:
      return numeric::decode_q3_k;
    case Dtype::q4_k:
      return numeric::decode_q4_k;
    case Dtype::q5_k:
      return numeric::decode_q5_k;
    case Dtype::q6_k:
      return numeric::decode_q6_k;
    case Dtype::q8_k:
      return numeric::decode_q8_k;
    case Dtype::iq1_s:
      return numeric::decode_iq1_s;
    case Dtype::iq1_m:
      return numeric::decode_iq1_m;
    case Dtype::iq2_xxs:
      return numeric::decode_iq2_xxs;
    case Dtype::iq2_xs:
      return numeric::decode_iq2_xs;
    case Dtype::iq2_s:
      return numeric::decode_iq2_s;
    case Dtype::iq3_xxs:
      return numeric::decode_iq3_xxs;
    case Dtype::iq3_s:
      return numeric::decode_iq3_s;
    case Dtype::iq4_nl:
      return numeric::decode_iq4_nl;
    case Dtype::iq4_xs:
      return numeric::decode_iq4_xs;
    case Dtype::tq1_0:
      return numeric::decode_tq1_0;
    case Dtype::tq2_0:
      return numeric::decode_tq2_0;
    case Dtype::mxfp4:
      return numeric::decode_mxfp4;
    case Dtype::nvfp4:
      return numeric::decode_nvfp4;
  }
  return nullptr;
}

}  // namespace prov::model
