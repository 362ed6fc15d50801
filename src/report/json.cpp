// JSON, byte for byte as Python's json.dumps(value, indent=2) writes it: users compare these files
// with older ones.
#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "base/utf8.hpp"
#include "numeric/float_text.hpp"
#include "report/renderers.hpp"

namespace prov::report {
namespace {

class Writer {
 public:
  std::string write(const DataValue& value) && {
    put(value, 0);
    return std::move(text_) + '\n';
  }

 private:
  // The depth is that of a Document, which our own code builds.
  void put(const DataValue& value, std::size_t depth) {
    std::visit([&](const auto& content) { put_content(content, depth); }, value.content);
  }

  void put_content(std::nullptr_t, std::size_t) { text_ += "null"; }
  void put_content(bool truth, std::size_t) { text_ += truth ? "true" : "false"; }
  void put_content(std::int64_t number, std::size_t) {
    fmt::format_to(std::back_inserter(text_), "{}", number);
  }
  void put_content(std::uint64_t number, std::size_t) {
    fmt::format_to(std::back_inserter(text_), "{}", number);
  }
  // JSON has no infinities: such a number is as good as absent.
  void put_content(double number, std::size_t) {
    text_ += std::isfinite(number) ? numeric::shortest_float_text(number) : "null";
  }
  void put_content(const std::string& string, std::size_t) { put_string(string); }

  void put_content(const DataValue::List& list, std::size_t depth) {
    put_items(list, '[', ']', depth, [&](const DataValue& item) { put(item, depth + 1); });
  }

  void put_content(const DataValue::Object& object, std::size_t depth) {
    put_items(object, '{', '}', depth, [&](const DataMember& member) {
      put_string(member.key);
      text_ += ": ";
      put(member.value, depth + 1);
    });
  }

  template <class Items, class PutItem>
  void put_items(const Items& items, char open, char close, std::size_t depth, PutItem put_item) {
    text_ += open;
    for (std::size_t i = 0; i < items.size(); ++i) {
      text_ += i == 0 ? "\n" : ",\n";
      text_.append(2 * (depth + 1), ' ');
      put_item(items[i]);
    }
    if (!items.empty()) text_.append(1, '\n').append(2 * depth, ' ');
    text_ += close;
  }

  void put_string(std::string_view string) {
    text_ += '"';
    for (std::size_t at = 0; at < string.size();) {
      const base::Utf8Character next = base::decode_utf8(string, at);
      if (next.valid) {
        put_character(next.code_point);
      } else {
        // A file name need not be UTF-8, a JSON text must be: the byte is shown as \xNN, as on a
        // terminal.
        fmt::format_to(std::back_inserter(text_), "\\\\x{:02x}",
                       static_cast<unsigned char>(string[at]));
      }
      at += next.length;
    }
    text_ += '"';
  }

  void put_character(char32_t c) {
    switch (c) {
      case U'"':
        text_ += "\\\"";
        return;
      case U'\\':
        text_ += "\\\\";
        return;
      case U'\b':
        text_ += "\\b";
        return;
      case U'\f':
        text_ += "\\f";
        return;
      case U'\n':
        text_ += "\\n";
        return;
      case U'\r':
        text_ += "\\r";
        return;
      case U'\t':
        text_ += "\\t";
        return;
      default:
        break;
    }
    if (c >= 0x20 && c < 0x7f) {
      text_ += static_cast<char>(c);
    } else if (c < 0x10000) {
      put_escape(c);
    } else {
      put_escape(0xd800 + ((c - 0x10000) >> 10));
      put_escape(0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  }

  void put_escape(char32_t unit) {
    fmt::format_to(std::back_inserter(text_), "\\u{:04x}", static_cast<unsigned>(unit));
  }

  std::string text_;
};

}  // namespace

std::string render_json(const Document& document, const ReportStyle&) {
  return Writer().write(document.data);
}

}  // namespace prov::report
