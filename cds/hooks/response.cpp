#include "cds/hooks/hooks.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::cds::hooks {

namespace {
void write_source(fhir::json::writer& out, const rules::card_content& card) {
  out.key("source").begin_object().member("label", card.source_label);
  if (!card.source_url.empty()) out.member("url", card.source_url);
  // Stays the same from call to call, so that a client can count overrides by it.
  out.key("topic").begin_object().member("system", topic_system).member("code", card.topic).end_object();
  out.end_object();
}
}  // namespace

std::string response(const std::vector<rules::card_content>& cards, std::string_view hook_instance, std::string_view service_id) {
  fhir::json::writer out;
  out.begin_object().key("cards").begin_array();
  for (const auto& card : cards) {
    std::string name{hook_instance};
    name.append("/").append(service_id).append("/").append(card.topic);
    out.begin_object().member("uuid", uuid_v5(name)).member("summary", card.summary);
    // CDS Hooks 2.0.1 "Use of JSON": a member without a value is left out.
    if (!card.detail.empty()) out.member("detail", card.detail);
    out.member("indicator", card.indicator);
    write_source(out, card);
    out.end_object();
  }
  out.end_array().end_object();
  return std::move(out).text();
}

}  // namespace mainstay::cds::hooks
