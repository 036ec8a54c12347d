// A structural check of hook responses, written from CDS Hooks 2.0.1 "CDS Service Response" alone.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/json/document.hpp"

namespace mainstay::cds::test {

using fhir::json::node;

class response_check {
 public:
  static std::vector<std::string> findings(const node& response) {
    response_check check;
    check.response(response);
    return check.found_;
  }

 private:
  void say(const std::string& where, const std::string& what) { found_.push_back(where + ": " + what); }

  std::string_view text(const node& in, const char* name, const std::string& where, bool required) {
    const node* value = in.find(fhir::json::key(name));
    if (!value) {
      if (required) say(where, std::string("no ") + name);
      return {};
    }
    if (!value->is_string() || value->text().empty()) say(where, std::string(name) + " is no text");
    return value->text();
  }

  void one_of(std::string_view value, const std::string& where, std::initializer_list<std::string_view> allowed) {
    if (!value.empty() && std::find(allowed.begin(), allowed.end(), value) == allowed.end()) say(where, "`" + std::string(value) + "` is not allowed");
  }

  void absolute(std::string_view url, const std::string& where) {
    if (!url.empty() && !url.starts_with("https://") && !url.starts_with("http://")) say(where, "url is not absolute");
  }

  void coding(const node& in, const std::string& where, bool display) {
    text(in, "code", where, true);
    text(in, "system", where, true);
    text(in, "display", where, display);
  }

  void uuid(const node& in, const std::string& where) {
    const auto value = text(in, "uuid", where, false);
    if (value.empty()) return;
    bool good = value.size() == 36;
    for (std::size_t i = 0; good && i < 36; ++i)
      good = i == 8 || i == 13 || i == 18 || i == 23 ? value[i] == '-' : std::string_view("0123456789abcdef").find(value[i]) != std::string_view::npos;
    if (!good) say(where, "uuid is no bare lower-case UUID");
    if (!uuids_.insert(std::string(value)).second) say(where, "uuid is there twice");
  }

  // "Use of JSON": no null, no empty string, array or object, save for the array of cards.
  void no_empty(const node& value, const std::string& where) {
    if (value.is_null()) say(where, "is null");
    if (value.is_string() && value.text().empty()) say(where, "is empty");
    if (value.is_array() && value.items().empty() && where != "cards") say(where, "is empty");
    if (value.is_object() && value.members().empty()) say(where, "is empty");
    for (const auto& m : value.members()) no_empty(m.value, where.empty() ? std::string(m.name()) : where + "." + std::string(m.name()));
    std::size_t i = 0;
    for (const auto& item : value.items()) no_empty(item, where + "[" + std::to_string(i++) + "]");
  }

  void source(const node& card, const std::string& where) {
    const node* source = card.find("source");
    if (!source || !source->is_object()) return say(where, "no source");
    text(*source, "label", where + ".source", true);
    absolute(text(*source, "url", where + ".source", false), where + ".source");
    absolute(text(*source, "icon", where + ".source", false), where + ".source");
    if (const node* topic = source->find("topic")) coding(*topic, where + ".source.topic", false);
  }

  void action(const node& action, const std::string& where) {
    const auto type = text(action, "type", where, true);
    one_of(type, where + ".type", {"create", "update", "delete"});
    text(action, "description", where, true);
    const node* resource = action.find("resource");
    if ((type == "create" || type == "update") && (!resource || resource->string("resourceType").empty())) say(where, "no resource");
    if (type == "create" && resource && resource->string("id").empty()) say(where, "resource without id");
  }

  void suggestions(const node& card, const std::string& where) {
    const auto behavior = text(card, "selectionBehavior", where, false);
    one_of(behavior, where + ".selectionBehavior", {"at-most-one", "any"});
    const node* suggestions = card.find("suggestions");
    if (!suggestions) return;
    if (behavior.empty()) say(where, "suggestions without selectionBehavior");
    std::size_t recommended = 0;
    for (const auto& s : suggestions->items()) {
      text(s, "label", where + ".suggestions", true);
      uuid(s, where + ".suggestions");
      const node* flag = s.find("isRecommended");
      recommended += flag && flag->boolean();
      if (const node* actions = s.find("actions"))
        for (const auto& a : actions->items()) action(a, where + ".suggestions.actions");
    }
    if (recommended > 1 && behavior != "any") say(where, "several recommended");
  }

  void links(const node& card, const std::string& where) {
    const node* links = card.find("links");
    if (!links) return;
    for (const auto& l : links->items()) {
      text(l, "label", where + ".links", true);
      absolute(text(l, "url", where + ".links", true), where + ".links");
      const auto type = text(l, "type", where + ".links", true);
      one_of(type, where + ".links.type", {"absolute", "smart"});
      if (l.find("appContext") && type != "smart") say(where + ".links", "appContext without smart");
    }
  }

  void card(const node& card, const std::string& where) {
    uuid(card, where);
    const auto summary = text(card, "summary", where, true);
    const auto characters = std::count_if(summary.begin(), summary.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
    if (characters >= 140) say(where, "summary of 140 characters or more");
    text(card, "detail", where, false);
    one_of(text(card, "indicator", where, true), where + ".indicator", {"info", "warning", "critical"});
    source(card, where);
    suggestions(card, where);
    links(card, where);
    if (const node* reasons = card.find("overrideReasons"))
      for (const auto& r : reasons->items()) coding(r, where + ".overrideReasons", true);
  }

  void response(const node& response) {
    const node* cards = response.find("cards");
    if (!cards || !cards->is_array()) return say("", "no array of cards");
    no_empty(response, "");
    std::size_t i = 0;
    for (const auto& c : cards->items()) card(c, "cards[" + std::to_string(i++) + "]");
    if (const node* actions = response.find("systemActions"))
      for (const auto& a : actions->items()) action(a, "systemActions");
  }

  std::vector<std::string> found_;
  std::set<std::string> uuids_;
};

}  // namespace mainstay::cds::test
