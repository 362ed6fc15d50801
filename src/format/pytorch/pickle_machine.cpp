#include "format/pytorch/pickle_machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/try.hpp"
#include "format/pytorch/pickle_globals.hpp"
#include "format/pytorch/pickle_opcodes.hpp"
#include "format/pytorch/pickle_stack.hpp"
#include "format/pytorch/torch_objects.hpp"

namespace prov::format {
namespace {

constexpr std::uint64_t kMostSteps = 10'000'000;
constexpr std::uint64_t kMostTextBytes = std::uint64_t{1} << 20;
constexpr std::size_t kMostNameBytes = 4096;

class PickleMachine {
 public:
  PickleMachine(PickleCursor& cursor, PickleValues& values)
      : cursor_(cursor),
        values_(values),
        begin_(cursor.position()),
        none_(values.add(PickleKind::none)),
        true_(values.add(PickleKind::truth, 1)),
        false_(values.add(PickleKind::truth, 0)),
        opaque_(values.add(PickleKind::opaque)) {}

  Result<PickleId> run() {
    for (std::uint64_t steps = 0; steps < kMostSteps; ++steps) {
      const std::uint64_t at = cursor_.position();
      PROV_TRY(const std::uint8_t code, cursor_.u8());
      if (code == opcode::kStop) return at_opcode(stack_.last(), at);
      PROV_CHECK(at_opcode(step(code), at));
    }
    return cursor_.error(ErrorCode::too_large,
                         fmt::format("a pickle of more than {} opcodes", kMostSteps),
                         cursor_.position());
  }

 private:
  /// Gives an error its place, where it has none yet.
  template <class T>
  Result<T> at_opcode(Result<T> done, std::uint64_t at) const {
    if (done || !done.error().file.empty()) return done;
    Error error = std::move(done).error();
    Error placed = cursor_.error(error.code, std::move(error.message), at);
    if (!error.field.empty()) placed.field = std::move(error.field);
    if (!error.hint.empty()) placed.hint = std::move(error.hint);
    return placed;
  }

  Result<void> step(std::uint8_t code) {
    switch (code) {
      case opcode::kProtocol:
        return protocol();
      case opcode::kFrame:
        return cursor_.skip(8);
      case opcode::kMark:
        stack_.mark();
        return {};
      case opcode::kPop:
        return stack_.drop();
      case opcode::kPopMark:
        PROV_CHECK(stack_.pop_marked());
        return {};
      case opcode::kDuplicate:
        return duplicate();
      case opcode::kPut:
        return put(1);
      case opcode::kLongPut:
        return put(4);
      case opcode::kMemoize:
        return stack_.memoize();
      case opcode::kGet:
        return get(1);
      case opcode::kLongGet:
        return get(4);
      default:
        break;
    }
    return is_call(code) ? call(code) : data(code);
  }

  static bool is_call(std::uint8_t code) {
    constexpr std::uint8_t kCalls[] = {
        opcode::kGlobal,     opcode::kStackGlobal,    opcode::kInstance,    opcode::kExtension1,
        opcode::kExtension2, opcode::kExtension4,     opcode::kReduce,      opcode::kNewObject,
        opcode::kBuild,      opcode::kNewObjectNamed, opcode::kPersistentId};
    return std::ranges::find(kCalls, code) != std::end(kCalls);
  }

  Result<void> data(std::uint8_t code) {
    switch (code) {
      case opcode::kNone:
        return push(none_);
      case opcode::kTrue:
        return push(true_);
      case opcode::kFalse:
        return push(false_);
      case opcode::kInteger1:
        return integer(1);
      case opcode::kInteger2:
        return integer(2);
      case opcode::kInteger:
        return integer(4);
      case opcode::kLong1:
        return long_integer(1);
      case opcode::kLong4:
        return long_integer(4);
      case opcode::kReal:
        PROV_CHECK(cursor_.skip(8));
        return push(opaque_);
      case opcode::kShortText:
      case opcode::kShortByteText:
        return text(1);
      case opcode::kText:
      case opcode::kByteText:
        return text(4);
      case opcode::kText8:
        return text(8);
      case opcode::kShortBytes:
        return bytes(1);
      case opcode::kBytes:
        return bytes(4);
      case opcode::kBytes8:
      case opcode::kByteArray8:
        return bytes(8);
      default:
        return container(code);
    }
  }

  Result<void> container(std::uint8_t code) {
    switch (code) {
      case opcode::kEmptyTuple:
        return push(values_.add_tuple({}));
      case opcode::kTuple:
        return push_tuple(stack_.pop_marked());
      case opcode::kTuple1:
      case opcode::kTuple2:
      case opcode::kTuple3:
        return push_tuple(stack_.pop_many(static_cast<std::size_t>(code - opcode::kTuple1) + 1));
      case opcode::kEmptyList:
        return push(values_.add_container(PickleKind::list));
      case opcode::kEmptyDictionary:
        return push(values_.add_container(PickleKind::dictionary));
      case opcode::kEmptySet:
        return push(opaque_);
      case opcode::kAppend:
        return add_items(PickleKind::list, stack_.pop_many(1));
      case opcode::kSetItem:
        return add_items(PickleKind::dictionary, stack_.pop_many(2));
      case opcode::kAppends:
        return add_items(PickleKind::list, stack_.pop_marked());
      case opcode::kSetItems:
        return add_items(PickleKind::dictionary, stack_.pop_marked());
      case opcode::kAddItems:
        return add_items(PickleKind::opaque, stack_.pop_marked());
      case opcode::kFrozenSet:
        PROV_CHECK(stack_.pop_marked());
        return push(opaque_);
      default:
        return error(ErrorCode::unsupported,
                     fmt::format("the opcode 0x{:02x}, which no weights need", code));
    }
  }

  Result<void> call(std::uint8_t code) {
    switch (code) {
      case opcode::kGlobal:
        return global();
      case opcode::kStackGlobal:
        return stack_global();
      case opcode::kInstance:
        return instance();
      case opcode::kExtension1:
        return extension(1);
      case opcode::kExtension2:
        return extension(2);
      case opcode::kExtension4:
        return extension(4);
      case opcode::kReduce:
      case opcode::kNewObject:
        return reduce();
      case opcode::kNewObjectNamed:
        PROV_CHECK(stack_.pop());  // the arguments with names
        return reduce();
      case opcode::kBuild:
        return build();
      default:
        return persistent_id();
    }
  }

  Result<void> push(PickleId id) {
    stack_.push(id);
    return {};
  }

  Result<void> put(unsigned width) {
    PROV_TRY(const std::uint64_t at, cursor_.number(width));
    // Picklers number their values in turn, and each value is at least a byte.
    return stack_.put(at, cursor_.position() - begin_);
  }

  Result<void> get(unsigned width) {
    PROV_TRY(const std::uint64_t at, cursor_.number(width));
    return stack_.get(at);
  }

  // Plain data.

  Result<void> protocol() {
    PROV_TRY(const std::uint8_t version, cursor_.u8());
    if (version >= 2 && version <= 5) return {};
    return error(ErrorCode::unsupported, fmt::format("pickle protocol {}", version));
  }

  Result<void> integer(unsigned width) {
    PROV_TRY(std::uint64_t value, cursor_.number(width));
    if (width == 4) {
      const auto number = std::bit_cast<std::int32_t>(static_cast<std::uint32_t>(value));
      value = std::bit_cast<std::uint64_t>(std::int64_t{number});
    }
    return push(values_.add(PickleKind::integer, value));
  }

  /// Numbers of more than 64 bits are passed over.
  Result<void> long_integer(unsigned width) {
    PROV_TRY(const std::uint64_t length, cursor_.number(width));
    if (length > 8) {
      PROV_CHECK(cursor_.skip(length));
      return push(opaque_);
    }
    PROV_TRY(std::uint64_t value, cursor_.number(static_cast<unsigned>(length)));
    const bool negative = length > 0 && (value >> (8 * length - 1) & 1) != 0;
    if (negative && length < 8) value |= ~std::uint64_t{0} << (8 * length);
    return push(values_.add(PickleKind::integer, value));
  }

  /// Long texts are nobody's name and passed over.
  Result<void> text(unsigned width) {
    PROV_TRY(const std::uint64_t length, cursor_.number(width));
    if (length > kMostTextBytes) {
      PROV_CHECK(cursor_.skip(length));
      return push(opaque_);
    }
    std::string content;
    PROV_CHECK(cursor_.text(length, content));
    return push(values_.add_text(content));
  }

  Result<void> bytes(unsigned width) {
    PROV_TRY(const std::uint64_t length, cursor_.number(width));
    PROV_CHECK(cursor_.skip(length));
    return push(opaque_);
  }

  Result<void> duplicate() {
    PROV_TRY(const PickleId top, stack_.top());
    return push(top);
  }

  Result<void> push_tuple(Result<std::vector<PickleId>> items) {
    if (!items) return std::move(items).error();
    return push(values_.add_tuple(*items));
  }

  /// To a list, a dictionary or a set. What is opaque takes anything and keeps nothing.
  Result<void> add_items(PickleKind kind, Result<std::vector<PickleId>> items) {
    if (!items) return std::move(items).error();
    PROV_TRY(const PickleId target, stack_.top());
    if (values_.kind(target) == PickleKind::opaque) return {};
    if (values_.kind(target) != kind)
      return error(ErrorCode::malformed, "items are added to a value that takes none");
    if (kind == PickleKind::dictionary && items->size() % 2 != 0)
      return error(ErrorCode::malformed, "a key without a value");
    for (const PickleId item : *items) values_.append(target, item);
    return {};
  }

  // Names and calls.

  static Error unsafe(std::string_view module, std::string_view name) {
    Error finding =
        error(ErrorCode::unsafe_code, fmt::format("the file wants to run {}.{}", module, name));
    finding.field = fmt::format("{}.{}", module, name);
    finding.hint = "no weights need it, and nothing was run; Python would run it on loading";
    return finding;
  }

  Result<void> push_global(std::string_view module, std::string_view name) {
    const PickleGlobal* const found = find_pickle_global(module, name);
    if (found == nullptr) return unsafe(module, name);
    return push(values_.add_global(*found));
  }

  Result<void> global() {
    PROV_TRY(const std::string module, cursor_.line(kMostNameBytes));
    PROV_TRY(const std::string name, cursor_.line(kMostNameBytes));
    return push_global(module, name);
  }

  Result<void> stack_global() {
    PROV_TRY(const PickleId name, stack_.pop());
    PROV_TRY(const PickleId module, stack_.pop());
    const auto name_text = values_.text_of(name), module_text = values_.text_of(module);
    if (!name_text || !module_text || name_text->size() > kMostNameBytes ||
        module_text->size() > kMostNameBytes)
      return error(ErrorCode::malformed, "a name of code that is no text");
    return push_global(*module_text, *name_text);
  }

  Result<void> instance() {
    PROV_TRY(const std::string module, cursor_.line(kMostNameBytes));
    PROV_TRY(const std::string name, cursor_.line(kMostNameBytes));
    return unsafe(module, name);
  }

  Result<void> extension(unsigned width) {
    PROV_TRY(const std::uint64_t number, cursor_.number(width));
    return unsafe("extension", std::to_string(number));
  }

  Result<void> reduce() {
    PROV_TRY(const PickleId arguments, stack_.pop());
    PROV_TRY(const PickleId function, stack_.pop());
    if (values_.kind(function) != PickleKind::global)
      return error(ErrorCode::malformed, "a call of a value that is no name");
    if (values_.kind(arguments) != PickleKind::tuple)
      return error(ErrorCode::malformed, "a call whose arguments are no tuple");
    return push_made(call_global(values_, values_.global(function), arguments));
  }

  /// Attributes of an object: none belongs to the weights.
  Result<void> build() {
    PROV_CHECK(stack_.pop());
    PROV_TRY(const PickleId object, stack_.top());
    const PickleKind kind = values_.kind(object);
    if (kind == PickleKind::opaque || kind == PickleKind::dictionary || kind == PickleKind::tensor)
      return {};
    return error(ErrorCode::malformed, "attributes are given to a value that has none");
  }

  Result<void> persistent_id() {
    PROV_TRY(const PickleId id, stack_.pop());
    return push_made(persistent_storage(values_, id));
  }

  Result<void> push_made(Result<PickleId> made) {
    if (!made) return std::move(made).error();
    return push(*made);
  }

  /// Without its place: run() knows it.
  static Error error(ErrorCode code, std::string message) {
    return {.code = code, .message = std::move(message)};
  }

  PickleCursor& cursor_;
  PickleValues& values_;
  const std::uint64_t begin_;
  const PickleId none_, true_, false_, opaque_;
  PickleStack stack_;
};

}  // namespace

Result<PickleId> run_pickle(PickleCursor& cursor, PickleValues& values) {
  return PickleMachine(cursor, values).run();
}

}  // namespace prov::format
