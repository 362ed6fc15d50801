#include "format/ggml_type.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace prov::format {
namespace {

struct Numbered {
  std::uint32_t number;
  Dtype dtype;
};

constexpr Numbered kRead[] = {
    {0, Dtype::f32},      {1, Dtype::f16},     {2, Dtype::q4_0},     {3, Dtype::q4_1},
    {6, Dtype::q5_0},     {7, Dtype::q5_1},    {8, Dtype::q8_0},     {9, Dtype::q8_1},
    {10, Dtype::q2_k},    {11, Dtype::q3_k},   {12, Dtype::q4_k},    {13, Dtype::q5_k},
    {14, Dtype::q6_k},    {15, Dtype::q8_k},   {16, Dtype::iq2_xxs}, {17, Dtype::iq2_xs},
    {18, Dtype::iq3_xxs}, {19, Dtype::iq1_s},  {20, Dtype::iq4_nl},  {21, Dtype::iq3_s},
    {22, Dtype::iq2_s},   {23, Dtype::iq4_xs}, {24, Dtype::i8},      {25, Dtype::i16},
    {26, Dtype::i32},     {27, Dtype::i64},    {28, Dtype::f64},     {29, Dtype::iq1_m},
    {30, Dtype::bf16},    {34, Dtype::tq1_0},  {35, Dtype::tq2_0},   {39, Dtype::mxfp4},
    {40, Dtype::nvfp4},
};

struct Unread {
  std::uint32_t number;
  std::string_view why;
};

constexpr Unread kUnread[] = {
    {4, "Q4_2, removed from ggml"},
    {5, "Q4_3, removed from ggml"},
    {31, "Q4_0_4_4, removed from ggml"},
    {32, "Q4_0_4_8, removed from ggml"},
    {33, "Q4_0_8_8, removed from ggml"},
    {36, "IQ4_NL_4_4, removed from ggml"},
    {37, "IQ4_NL_4_8, removed from ggml"},
    {38, "IQ4_NL_8_8, removed from ggml"},
    {41, "Q1_0"},
    {42, "Q2_0"},
};

constexpr std::uint32_t kFirstOfFork = 97;

}  // namespace

std::optional<Dtype> dtype_of_ggml(std::uint32_t number) {
  const auto* found = std::ranges::find(kRead, number, &Numbered::number);
  if (found == std::end(kRead)) return std::nullopt;
  return found->dtype;
}

std::string describe_unread_ggml(std::uint32_t number) {
  const auto* found = std::ranges::find(kUnread, number, &Unread::number);
  if (found != std::end(kUnread)) return fmt::format("type {} ({})", number, found->why);
  if (number >= kFirstOfFork && number < 1024)
    return fmt::format("type {} (of the fork ik_llama.cpp)", number);
  return fmt::format("unknown type {}", number);
}

}  // namespace prov::format
