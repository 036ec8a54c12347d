// The sandbox's tag and what counts as the same resource: what `sandbox` writes and removes rests on these.
#include "cds/commands/tagged.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace mainstay::cds::commands {
namespace {

fhir::json::document read(std::string text) {
  std::replace(text.begin(), text.end(), '\'', '"');
  return fhir::json::parse(text).value();
}

TEST(sandbox_tag, tells_ours_by_tag_and_source) {
  const struct {
    std::string meta;
    bool ours;
  } rows[] = {
      {"{'tag':[{'system':'urn:mainstay:sandbox','code':'example'}]}", true},
      {"{'tag':[{'code':'x'},{'system':'urn:mainstay:sandbox','code':'example','display':'d'}]}", true},
      {"{'tag':[{'system':'urn:mainstay:sandbox','code':'other'}]}", false},
      {"{'tag':[{'system':'urn:other','code':'example'}]}", false},
      {"{'tag':[{'code':'example'}]}", false},
      {"{'tag':[]}", false},
      {"{'tag':'urn:mainstay:sandbox|example'}", false},
      {"{'security':[{'system':'urn:mainstay:sandbox','code':'example'}]}", false},
      {"{'source':'urn:mainstay:sandbox','tag':[{'system':'urn:mainstay:sandbox','code':'example'}]}", true},
      {"{'source':'urn:mainstay:sandbox#request','tag':[{'system':'urn:mainstay:sandbox','code':'example'}]}", true},
      {"{'source':'#request','tag':[{'system':'urn:mainstay:sandbox','code':'example'}]}", false},
      {"{'source':'urn:other#urn:mainstay:sandbox','tag':[{'system':'urn:mainstay:sandbox','code':'example'}]}", false},
      {"{'source':'urn:mainstay:sandboxes','tag':[{'system':'urn:mainstay:sandbox','code':'example'}]}", false},
      {"{'source':'urn:mainstay:sandbox'}", false},
      {"{}", false},
      {"null", false},
  };
  for (const auto& row : rows)
    EXPECT_EQ(is_ours(read("{'resourceType':'Patient','id':'p','meta':" + row.meta + "}").root()), row.ours)
        << row.meta;
  EXPECT_FALSE(is_ours(read("{'resourceType':'Patient','id':'p'}").root()));
}

TEST(sandbox_tag, is_added_beside_what_is_there) {
  const struct {
    std::string resource, expected;
  } rows[] = {
      {"{'resourceType':'Patient','id':'p'}",
       "{'resourceType':'Patient','id':'p','meta':{'source':'urn:mainstay:sandbox','tag':[{'system':'urn:mainstay:"
       "sandbox','code':'example'}]}}"},
      {"{'meta':{'profile':['u'],'tag':[{'code':'x'}]},'id':'p'}",
       "{'id':'p','meta':{'profile':['u'],'source':'urn:mainstay:sandbox','tag':[{'code':'x'},{'system':'urn:mainstay:"
       "sandbox','code':'example'}]}}"},
      {"{'id':'p','meta':{'tag':[{'system':'urn:mainstay:sandbox','code':'example'}]}}",
       "{'id':'p','meta':{'source':'urn:mainstay:sandbox','tag':[{'system':'urn:mainstay:sandbox','code':'example'}]}"
       "}"},
  };
  for (const auto& row : rows) {
    fhir::json::writer out;
    write_tagged(out, read(row.resource).root());
    EXPECT_EQ(out.text(), fhir::json::to_text(read(row.expected).root()));
  }
}

TEST(same_but_meta, compares_all_else) {
  const std::string whole = "{'id':'p','a':{'x':1.50,'y':[1,'2',null,true]}}";
  const struct {
    std::string other;
    bool same;
  } rows[] = {
      {whole, true},
      {"{'a':{'y':[1,'2',null,true],'x':1.50},'id':'p'}", true},
      {"{'id':'p','meta':{'versionId':'7'},'a':{'x':1.50,'y':[1,'2',null,true]}}", true},
      {"{'id':'p','a':{'x':1.5,'y':[1,'2',null,true]}}", false},
      {"{'id':'p','a':{'x':'1.50','y':[1,'2',null,true]}}", false},
      {"{'id':'p','a':{'x':1.50,'y':['2',1,null,true]}}", false},
      {"{'id':'p','a':{'x':1.50,'y':[1,'2',null,true,1]}}", false},
      {"{'id':'p','a':{'x':1.50,'y':[1,'2',null]}}", false},
      {"{'id':'p','a':{'x':1.50,'y':[1,'2',null,false]}}", false},
      {"{'id':'p','a':{'x':1.50}}", false},
      {"{'id':'p','a':{'x':1.50,'z':[1,'2',null,true]}}", false},
      {"{'id':'q','a':{'x':1.50,'y':[1,'2',null,true]}}", false},
      {"{'id':'p','b':{'x':1.50,'y':[1,'2',null,true]}}", false},
      {"{'id':'p','meta':{}}", false},
      {"[]", false},
  };
  const auto first = read(whole);
  for (const auto& row : rows) {
    const auto other = read(row.other);
    EXPECT_EQ(same_but_meta(first.root(), other.root()), row.same) << row.other;
    EXPECT_EQ(same_but_meta(other.root(), first.root()), row.same) << row.other;
  }
}

}  // namespace
}  // namespace mainstay::cds::commands
