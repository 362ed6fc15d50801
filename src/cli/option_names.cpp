#include "cli/option_names.hpp"

#include <fmt/format.h>

#include "base/try.hpp"

namespace prov::cli {
namespace {

Error usage_error(std::string message) {
  return {.code = ErrorCode::invalid_argument, .message = std::move(message)};
}

std::string display_name(const OptionName& option) {
  return option.short_name.empty() ? option.long_name : option.short_name + '/' + option.long_name;
}

// The option that `name` means; null where it means none.
Result<const OptionName*> find_option(std::string_view name, std::span<const OptionName> options) {
  for (const OptionName& option : options) {
    if (name == option.long_name || name == option.short_name) return &option;
  }
  if (!name.starts_with("--")) return nullptr;
  for (const bool of_kit : {true, false}) {
    std::vector<const OptionName*> matches;
    for (const OptionName& option : options) {
      if (option.of_kit == of_kit && option.long_name.starts_with(name)) matches.push_back(&option);
    }
    if (matches.size() == 1) return matches.front();
    if (matches.size() > 1) {
      std::vector<std::string_view> names;
      names.reserve(matches.size());
      for (const OptionName* match : matches) names.push_back(match->long_name);
      return usage_error(
          fmt::format("ambiguous option: {} could match {}", name, fmt::join(names, ", ")));
    }
  }
  return nullptr;
}

bool looks_like_option(std::string_view argument) {
  return argument.size() > 1 && argument.front() == '-';
}

/// argparse takes "-3" and "-.5" as values, since no option is called so.
bool is_negative_number(std::string_view argument) {
  if (!looks_like_option(argument)) return false;
  const auto are_digits = [](std::string_view text) {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
  };
  const std::string_view digits = argument.substr(1);
  const std::size_t point = digits.find('.');
  if (point == std::string_view::npos) return are_digits(digits);
  return are_digits(digits.substr(0, point)) && point + 1 < digits.size() &&
         are_digits(digits.substr(point + 1));
}

}  // namespace

Result<std::vector<std::string>> write_out_option_names(std::span<const std::string> arguments,
                                                        std::span<const OptionName> options) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      result.insert(result.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i),
                    arguments.end());
      break;
    }
    const bool is_long = argument.starts_with("--");
    const std::size_t equals = is_long ? argument.find('=') : std::string::npos;
    PROV_TRY(const OptionName* option, looks_like_option(argument)
                                           ? find_option(argument.substr(0, equals), options)
                                           : nullptr);
    if (option == nullptr) {
      result.push_back(argument);
      continue;
    }
    if (equals != std::string::npos) {
      const std::string value = argument.substr(equals + 1);
      if (!option->takes_value) {
        return usage_error(fmt::format("argument {}: ignored explicit argument '{}'",
                                       display_name(*option), value));
      }
      result.push_back(option->long_name + '=' + value);
      continue;
    }
    result.push_back(is_long ? option->long_name : argument);
    if (!option->takes_value) continue;
    if (i + 1 < arguments.size() && is_long && is_negative_number(arguments[i + 1])) {
      result.back() += '=' + arguments[++i];
      continue;
    }
    if (i + 1 == arguments.size() || looks_like_option(arguments[i + 1])) {
      return usage_error(fmt::format("argument {}: expected one argument", display_name(*option)));
    }
    result.push_back(arguments[++i]);
  }
  return result;
}

}  // namespace prov::cli
