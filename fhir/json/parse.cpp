// parse(): RapidJSON's recursive reader over the document's own copy of the text, with the checks it leaves out.
// The copy lets an error be placed by line and column, although reading in place overwrites what was read.

// With RapidJSON's scan of sixteen bytes at a time where there is one; see forbid_controls(). A namespace of our own keeps
// this reader apart from that of a program that includes RapidJSON with other settings.
#ifdef __SSE2__
#define RAPIDJSON_SSE2
#endif
#define RAPIDJSON_NAMESPACE mainstay_rapidjson
#define RAPIDJSON_NAMESPACE_BEGIN namespace mainstay_rapidjson {
#define RAPIDJSON_NAMESPACE_END }
#include <rapidjson/error/error.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "fhir/json/builder.hpp"
#include "fhir/json/state.hpp"
#include "fhir/json/unicode.hpp"

namespace mainstay::fhir::json {
namespace {

namespace rapidjson = ::mainstay_rapidjson;

// Encoding is checked before, in one pass over the whole text, so that the reader need not.
constexpr unsigned reader_flags = rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag;

// Blocks of sixteen bytes are read up to the end of the last one.
constexpr std::size_t padding = 16;
constexpr std::size_t npos = std::string_view::npos;

std::string describe(parse_errc code, const limits& limit) {
  switch (code) {
    case parse_errc::too_large:
      return "the text is longer than " + std::to_string(limit.bytes) + " bytes; send less at once";
    case parse_errc::too_deep:
      return "more than " + std::to_string(limit.depth) + " arrays and objects are nested; flatten the text";
    case parse_errc::too_many_nodes:
      return "the text holds more than " + std::to_string(limit.nodes) + " values; send less at once";
    case parse_errc::trailing_text:
      return "there is text after the JSON value; send exactly one value";
    case parse_errc::invalid_utf8:
      return "the text is not UTF-8; encode it as UTF-8";
    case parse_errc::lone_surrogate:
      return "a `\\u` escape is half of a surrogate pair; write both halves";
    case parse_errc::duplicate_key:
      return "an object has the same name twice; keep one";
    case parse_errc::number_out_of_range:
      return "a number is outside the range of a double; write one below 1.8e308";
    case parse_errc::byte_order_mark:
      return "the text begins with a byte order mark; send UTF-8 without it";
    case parse_errc::syntax:
      break;
  }
  return "the text is not JSON";
}

std::string describe_syntax(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty:
      return "the text is empty; send one JSON value";
    case rapidjson::kParseErrorObjectMissName:
      return "a member's name is missing; write it in double quotes, and no comma after the last member";
    case rapidjson::kParseErrorObjectMissColon:
      return "a colon is missing after a member's name";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
      return "a comma or `}` is missing after a member";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
      return "a comma or `]` is missing after an item";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
      return "a `\\u` escape needs four hexadecimal digits";
    case rapidjson::kParseErrorStringEscapeInvalid:
      return "a string holds an unknown escape or a bare control character; escape it as JSON does";
    case rapidjson::kParseErrorStringMissQuotationMark:
      return "a string is not closed; add the double quote";
    case rapidjson::kParseErrorNumberMissFraction:
      return "a number needs digits after its point";
    case rapidjson::kParseErrorNumberMissExponent:
      return "a number needs digits in its exponent";
    default:
      return "a JSON value is missing here or misspelt";
  }
}

parse_error make_error(std::string_view text, parse_errc code, std::size_t offset, std::string message,
                       std::string pointer = {}) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const std::size_t newline = before.rfind('\n');
  parse_error e{code, std::move(message), std::move(pointer), offset};
  e.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  e.column = newline == npos ? offset + 1 : offset - newline;
  return e;
}

parse_errc code_of(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return parse_errc::trailing_text;
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return parse_errc::lone_surrogate;
    case rapidjson::kParseErrorStringInvalidEncoding:
      return parse_errc::invalid_utf8;
    case rapidjson::kParseErrorNumberTooBig:
      return parse_errc::number_out_of_range;
    default:
      return parse_errc::syntax;
  }
}

/// `copy` is what the tree was read from, `text` the same as it was before.
parse_error explain(std::string_view text, const char* copy, const rapidjson::ParseResult& result, const builder& tree,
                    const limits& limit) {
  parse_errc code = code_of(result.Code());
  std::size_t offset = result.Offset();
  if (result.Code() == rapidjson::kParseErrorTermination) {
    const builder::refusal_t& why = tree.refusal();
    code = why.code;
    offset = why.at != nullptr ? static_cast<std::size_t>(why.at - copy) : offset - why.back;
  }
  // After an item only a comma or bracket can be missing; else an item was about to begin.
  const bool in_item = result.Code() != rapidjson::kParseErrorArrayMissCommaOrSquareBracket;
  return make_error(text, code, offset,
                    code == parse_errc::syntax ? describe_syntax(result.Code()) : describe(code, limit),
                    tree.pointer(in_item));
}

/// The scan of version 1.1.0 takes U+001A to U+001F in strings. They stand nowhere in JSON, nor does U+0019, which it
/// does not take: with that in their place a text is refused where it must be.
void forbid_controls(char* text, std::size_t size) {
  constexpr unsigned char first = 0x1A, count = 6, refused = 0x19;
  const auto taken = [](char c) { return static_cast<unsigned char>(static_cast<unsigned char>(c) - first) < count; };
  // The first pass has no branch, for nearly no text has one.
  unsigned any = 0;
  for (std::size_t i = 0; i < size; ++i) any |= taken(text[i]) ? 1u : 0u;
  if (any != 0) std::replace_if(text, text + size, taken, static_cast<char>(refused));
}

}  // namespace

boost::system::result<document, parse_error> parse(std::string text, const limits& limit) {
  constexpr std::size_t longest = std::numeric_limits<std::uint32_t>::max() - 1;  // sizes in the tree are 32 bits
  const auto refuse = [&](parse_errc code, std::size_t offset) {
    return make_error(text, code, offset, describe(code, limit));
  };
  const auto refuse_within = [&](parse_errc code, std::size_t offset) {
    parse_error e = refuse(code, offset);
    // The text before it breaks off at the same place.
    if (auto before = parse(text.substr(0, offset), limit); !before) e.pointer = std::move(before.error().pointer);
    return e;
  };
  if (text.size() > std::min(limit.bytes, longest)) return refuse(parse_errc::too_large, limit.bytes);
  if (text.starts_with("\xEF\xBB\xBF") || text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return refuse(parse_errc::byte_order_mark, 0);
  if (const std::size_t at = find_invalid_utf8(text); at != npos) return refuse_within(parse_errc::invalid_utf8, at);
  if (const std::size_t at = find_lone_surrogate(text); at != npos) return refuse_within(parse_errc::lone_surrogate, at);

  auto state = std::make_unique<document::state>(2 * text.size() + 1024);
  state->text_size = text.size();
  char* copy = static_cast<char*>(state->memory.allocate(text.size() + padding));
  std::memcpy(copy, text.data(), text.size());
  std::memset(copy + text.size(), 0, padding);
  forbid_controls(copy, text.size());

  builder tree(state->memory, limit);
  rapidjson::InsituStringStream stream(copy);
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<reader_flags>(stream, tree);
  if (result.IsError()) return explain(text, copy, result, tree, limit);
  // RapidJSON takes a NUL for the end.
  if (stream.Tell() != text.size()) return refuse(parse_errc::trailing_text, stream.Tell());
  state->root = tree.root();
  return document(std::move(state));
}

}  // namespace mainstay::fhir::json
