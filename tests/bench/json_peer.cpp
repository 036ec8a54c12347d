#include "tests/bench/json_peer.hpp"

#include <rapidjson/document.h>

namespace mainstay::bench {

bool rapidjson_in_place(std::string text) {
  rapidjson::Document d;
  d.ParseInsitu<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text.data());
  return d.IsObject();
}

bool rapidjson_default(const std::string& text) {
  rapidjson::Document d;
  d.Parse(text.data(), text.size());
  return d.IsObject();
}

}  // namespace mainstay::bench
