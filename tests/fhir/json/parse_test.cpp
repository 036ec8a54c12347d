#include <gtest/gtest.h>

#include <string>

#include "fhir/json/document.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::fhir::json {
namespace {

TEST(json_parse, reads_each_kind_and_keeps_the_text_of_numbers) {
  const auto d = parse(R"({"a":null,"b":true,"c":false,"d":"x\n\u00e9","e":[-0,1E+2,0.040],"f":{},"g":[]})");
  ASSERT_TRUE(d.has_value());
  const node& root = d->root();
  ASSERT_EQ(root.members().size(), 7u);
  EXPECT_TRUE(root.find("a")->is_null());
  EXPECT_TRUE(root.find("b")->boolean());
  EXPECT_FALSE(root.find("c")->boolean());
  EXPECT_EQ(root.string("d"), "x\n\xC3\xA9");
  ASSERT_EQ(root.find("e")->items().size(), 3u);
  EXPECT_EQ(root.find("e")->items()[0].text(), "-0");
  EXPECT_EQ(root.find("e")->items()[1].text(), "1E+2");
  EXPECT_EQ(root.find("e")->items()[2].text(), "0.040");
  EXPECT_TRUE(root.find("f")->is_object());
  EXPECT_TRUE(root.find("f")->members().empty());
  EXPECT_TRUE(root.find("g")->is_array());
  EXPECT_EQ(root.find("h"), nullptr);
  EXPECT_EQ(to_text(root), "{\"a\":null,\"b\":true,\"c\":false,\"d\":\"x\\n\xC3\xA9\"," R"("e":[-0,1E+2,0.040],"f":{},"g":[]})");
}

}  // namespace
}  // namespace mainstay::fhir::json
