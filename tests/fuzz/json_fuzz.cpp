// Any bytes are read as JSON: what is taken is written and read again the same, and is JSON to RapidJSON's own tree too;
// what is refused has its place within the text.
#include <rapidjson/document.h>

#include <cstdint>
#include <string>

#include "fhir/json/document.hpp"
#include "fhir/json/writer.hpp"
#include "target.hpp"

using mainstay::fuzz::require;
namespace json = mainstay::fhir::json;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto d = json::parse(text);
  if (!d) {
    const json::parse_error& e = d.error();
    require(!e.message.empty() && e.offset <= size && e.pointer.size() <= 200);
    require(e.line >= 1 && e.column >= 1 && e.line <= e.offset + 1 && e.column <= e.offset + 1);
  } else {
    rapidjson::Document other;
    other.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
                rapidjson::kParseNumbersAsStringsFlag>(text.data(), text.size());
    require(!other.HasParseError());
    for (const unsigned indent : {0u, 2u}) {
      const std::string written = json::to_text(d->root(), indent);
      const auto again = json::parse(written);
      require(again.has_value() && json::to_text(again->root(), indent) == written);
    }
  }
  // Small limits are kept whatever comes.
  const auto limited = json::parse(text, {.bytes = 64, .depth = 3, .nodes = 8});
  require(!limited || (d.has_value() && size <= 64));
  return 0;
}
