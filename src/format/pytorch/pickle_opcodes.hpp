// Opcodes of pickle protocols 2 to 5, and those of older ones that ask for code.
#pragma once

#include <cstdint>

namespace prov::format::opcode {

inline constexpr std::uint8_t kProtocol = 0x80;
inline constexpr std::uint8_t kFrame = 0x95;
inline constexpr std::uint8_t kStop = '.';

inline constexpr std::uint8_t kNone = 'N';
inline constexpr std::uint8_t kTrue = 0x88;
inline constexpr std::uint8_t kFalse = 0x89;
inline constexpr std::uint8_t kInteger = 'J';        // i32
inline constexpr std::uint8_t kInteger1 = 'K';       // u8
inline constexpr std::uint8_t kInteger2 = 'M';       // u16
inline constexpr std::uint8_t kLong1 = 0x8A;         // u8 length, two's complement
inline constexpr std::uint8_t kLong4 = 0x8B;         // i32 length
inline constexpr std::uint8_t kReal = 'G';           // f64, big-endian
inline constexpr std::uint8_t kText = 'X';           // u32 length
inline constexpr std::uint8_t kShortText = 0x8C;     // u8
inline constexpr std::uint8_t kText8 = 0x8D;         // u64
inline constexpr std::uint8_t kByteText = 'T';       // u32; Python 2's str
inline constexpr std::uint8_t kShortByteText = 'U';  // u8
inline constexpr std::uint8_t kBytes = 'B';          // u32
inline constexpr std::uint8_t kShortBytes = 'C';     // u8
inline constexpr std::uint8_t kBytes8 = 0x8E;        // u64
inline constexpr std::uint8_t kByteArray8 = 0x96;    // u64

inline constexpr std::uint8_t kEmptyTuple = ')';
inline constexpr std::uint8_t kTuple = 't';
inline constexpr std::uint8_t kTuple1 = 0x85;
inline constexpr std::uint8_t kTuple2 = 0x86;
inline constexpr std::uint8_t kTuple3 = 0x87;
inline constexpr std::uint8_t kEmptyList = ']';
inline constexpr std::uint8_t kAppend = 'a';
inline constexpr std::uint8_t kAppends = 'e';
inline constexpr std::uint8_t kEmptyDictionary = '}';
inline constexpr std::uint8_t kSetItem = 's';
inline constexpr std::uint8_t kSetItems = 'u';
inline constexpr std::uint8_t kEmptySet = 0x8F;
inline constexpr std::uint8_t kAddItems = 0x90;
inline constexpr std::uint8_t kFrozenSet = 0x91;

inline constexpr std::uint8_t kMark = '(';
inline constexpr std::uint8_t kPop = '0';
inline constexpr std::uint8_t kPopMark = '1';
inline constexpr std::uint8_t kDuplicate = '2';
inline constexpr std::uint8_t kPut = 'q';      // u8
inline constexpr std::uint8_t kLongPut = 'r';  // u32
inline constexpr std::uint8_t kGet = 'h';      // u8
inline constexpr std::uint8_t kLongGet = 'j';  // u32
inline constexpr std::uint8_t kMemoize = 0x94;

inline constexpr std::uint8_t kGlobal = 'c';  // two lines
inline constexpr std::uint8_t kStackGlobal = 0x93;
inline constexpr std::uint8_t kInstance = 'i';     // two lines; protocol 0
inline constexpr std::uint8_t kExtension1 = 0x82;  // u8: a registered name by number
inline constexpr std::uint8_t kExtension2 = 0x83;  // u16
inline constexpr std::uint8_t kExtension4 = 0x84;  // i32
inline constexpr std::uint8_t kReduce = 'R';
inline constexpr std::uint8_t kNewObject = 0x81;
inline constexpr std::uint8_t kNewObjectNamed = 0x92;
inline constexpr std::uint8_t kBuild = 'b';
inline constexpr std::uint8_t kPersistentId = 'Q';

}  // namespace prov::format::opcode
