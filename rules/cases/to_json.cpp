#include "fhir/json/writer.hpp"
#include "rules/cases/read.hpp"

namespace mainstay::rules::case_files {

namespace {

using kind = yaml_node::kind;

void write(const yaml_node& n, fhir::json::writer& out) {
  switch (n.type) {
    case kind::null:
      out.null();
      return;
    case kind::list:
      out.begin_array();
      for (const auto& i : n.items) write(i, out);
      out.end_array();
      return;
    case kind::map:
      out.begin_object();
      for (const auto& m : n.members) {
        out.key(m.key.text);
        write(m.value, out);
      }
      out.end_object();
      return;
    case kind::scalar:
      break;
  }
  if (!n.quoted && (n.text == "true" || n.text == "false"))
    out.boolean(n.text == "true");
  else if (!n.quoted && fhir::decimal::parse(n.text))
    out.raw_number(n.text);
  else
    out.string(n.text);
}

}  // namespace

std::string to_json(const yaml_node& n) {
  fhir::json::writer out;
  write(n, out);
  return std::move(out).text();
}

}  // namespace mainstay::rules::case_files
