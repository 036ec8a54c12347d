// A text is read as a search or a read: what is accepted prints as a URL that reads as the same query, and as a
// template.
#include <cstdint>

#include "fhir/search/query.hpp"
#include "target.hpp"

using namespace mainstay::fhir;
using mainstay::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = mainstay::fuzz::text_of(data, size);
  if (const auto parsed = parse_reference(text)) require(is_id(parsed->id) && is_type_name(parsed->type));
  const auto q = search::parse_url(text);
  if (!q) {
    require(!q.error().message.empty());
    return 0;
  }
  const std::string url = search::to_url(*q);
  for (const char c : url) require(c > ' ' && c < 0x7f);
  const auto again = search::parse_url(url);
  require(again.has_value() && *again == *q);
  require(!search::to_template(*q).empty());
  return 0;
}
