// Errors are values: every operation that can fail on input returns Result<T>.
// Nothing in the library throws on bad input, prints, exits or aborts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace prov {

/// The closed set of failures. `error_code_name` gives the stable text of each.
enum class ErrorCode {
  invalid_argument,    // the caller's request makes no sense
  not_found,           // file, directory or entry does not exist
  io,                  // the operating system refused
  changed_while_read,  // the file is not the one that was opened
  truncated,           // fewer bytes than announced
  trailing_bytes,      // more bytes than announced
  too_large,           // beyond a documented limit
  malformed,           // violates the grammar of its format
  duplicate,           // a name that must be unique is not
  out_of_range,        // an offset or a number outside its bounds
  overlap,             // two tensors claim one byte
  hole,                // a byte belongs to nobody
  size_mismatch,       // shape x dtype differs from the byte length
  unsafe_path,         // a name that would leave its folder
  unsafe_code,         // a file that wants to run code where weights are expected
  not_weights,         // a pointer file, a web page: something else in place of weights
  unsupported,         // valid, but not read by this version
  cancelled,           // the caller asked to stop
};

/// Stable lower-case name, e.g. "changed_while_read".
std::string_view error_code_name(ErrorCode code);

/// What went wrong, where, and the likely cause. Empty members do not apply.
struct Error {
  ErrorCode code = ErrorCode::invalid_argument;
  std::string message;                  // one sentence, without file and offset
  std::string file;                     // path or URL as the user knows it
  std::optional<std::uint64_t> offset;  // byte position in `file`
  std::string field;                    // name of the field, tensor or key
  std::string hint;                     // likely cause, e.g. "incomplete download?"

  /// "<file>: <message> (field <field>, byte <offset>); <hint>". Control characters are escaped.
  std::string to_string() const;
};

/// A value or an Error. Method names are those of std::expected, which will replace it.
/// Reading the absent alternative is a programming error (std::bad_variant_access).
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value: `return {};`.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace prov
