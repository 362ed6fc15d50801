#include "signals/anchor_table.hpp"

namespace prov::signals {

const std::vector<std::string_view>& punctuation_anchors() {
  static const std::vector<std::string_view> texts = {"0", "1", "2", "3", "4", "5", "6", "7",
                                                      "8", "9", ".", ",", "!", "?", ":", ";"};
  return texts;
}

const std::vector<std::string_view>& script_anchors(Script script) {
  static const std::vector<std::string_view> latin = {
      "the",  "of", "and", "to", "in",  "is",   "that", "for", "it", "was", "on", "are",
      "with", "as", "be",  "at", "ing", "tion", "er",   "al",  "ed", "es",  "re", "en"};
  static const std::vector<std::string_view> cjk = {"\u7684", "\u4e00", "\u662f", "\u4e0d",
                                                    "\u4eba", "\u6211", "\u5728", "\u6709",
                                                    "\u4e86", "\u8fd9", "\u4e2d", "\u5927"};
  static const std::vector<std::string_view> cyrillic = {
      "\u0438",       "\u0432", "\u043d\u0435", "\u043d\u0430", "\u044f", "\u0447\u0442\u043e",
      "\u043e\u043d", "\u043a"};
  static const std::vector<std::string_view> arabic = {
      "\u0645\u0646",       "\u0641\u064a",       "\u0639\u0644\u0649",
      "\u0623\u0646",       "\u0647\u0630\u0627", "\u0627\u0644\u0644\u0647",
      "\u0625\u0644\u0649", "\u0644\u0627"};
  static const std::vector<std::string_view> devanagari = {
      "\u0915\u0947", "\u0939\u0948", "\u0915\u093e", "\u0915\u0940",
      "\u092f\u0939", "\u0938\u0947", "\u0915\u094b", "\u092a\u0930"};
  static const std::vector<std::string_view> none;
  switch (script) {
    case Script::latin:
      return latin;
    case Script::cjk:
      return cjk;
    case Script::cyrillic:
      return cyrillic;
    case Script::arabic:
      return arabic;
    case Script::devanagari:
      return devanagari;
    case Script::other:
      return none;
  }
  return none;
}

}  // namespace prov::signals
