// Numbers as text, independent of the locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace prov::report {

/// `digits` decimals, correctly rounded (ties of the binary value to even); "N/A" if absent.
std::string fixed(std::optional<double> number, int digits);

/// `digits` significant digits, in exponent form where that is shorter; "N/A" if absent.
std::string significant(std::optional<double> number, int digits);

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number);

/// A number of bytes with a binary unit: "512 B", "1.5 KiB", "2.2 GiB".
std::string byte_size(std::uint64_t bytes);

}  // namespace prov::report
