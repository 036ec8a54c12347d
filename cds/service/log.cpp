#include "cds/service/log.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <random>

#include "cds/service/zone.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::cds::service {

namespace {
spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> made = [] {
    auto l = std::make_shared<spdlog::logger>("mainstay", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    l->set_pattern("%v");
    l->flush_on(spdlog::level::trace);
    return l;
  }();
  return *made;
}

fhir::json::writer begin_line(std::string_view level, std::string_view event) {
  const auto utc = fhir::now{std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()), {}, 0};
  fhir::json::writer out;
  out.begin_object().member("time", to_text(utc)).member("level", level).member("event", event);
  return out;
}

spdlog::level::level_enum level_of(std::string_view name) {
  return spdlog::level::from_str(std::string(name == "warn" ? "warning" : name));
}
}  // namespace

bool set_log_level(std::string_view name) {
  static constexpr std::array<std::string_view, 6> names{"trace", "debug", "info", "warn", "error", "off"};
  for (const auto known : names) {
    if (known != name) continue;
    logger().set_level(level_of(name));
    return true;
  }
  return false;
}

bool logs_calls() {
  return logger().should_log(spdlog::level::info);
}

void log_call(const call_log& c) {
  const std::string_view level = c.status >= 500 || c.faults != 0 ? "error" : "info";
  if (!logger().should_log(level_of(level))) return;  // the line is not made for nobody
  auto out = begin_line(level, "call");
  if (!c.service.empty()) out.member("service", c.service);
  out.key("status").number(c.status);
  if (!c.error.empty()) out.member("error", c.error);
  if (!c.hook_instance.empty()) out.member("hook_instance", hash_of(c.hook_instance));
  out.member("pack", c.pack).key("cards").number(static_cast<long long>(c.cards));
  if (c.faults != 0) out.key("faults").number(c.faults);
  out.key("verdicts").begin_object();
  for (const auto& [verdict, count] : c.verdicts) out.key(verdict).number(count);
  out.end_object().key("completeness").begin_object();
  for (const auto& [key, how] : c.completeness) out.member(key, how);
  out.end_object().key("microseconds").begin_object();
  out.key("parse").number(c.parse.count()).key("gather").number(c.gather.count()).key("waited").number(c.waited.count());
  out.key("assess").number(c.assess.count()).key("total").number(c.total.count());
  out.end_object().end_object();
  logger().log(level_of(level), out.text());
}

void log_event(std::string_view level, std::string_view event, const std::vector<std::pair<std::string_view, std::string>>& members) {
  auto out = begin_line(level, event);
  for (const auto& [name, text] : members) out.member(name, text);
  out.end_object();
  logger().log(level_of(level), out.text());
}

std::string hash_of(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) return "unhashed";
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

std::string random_id() {
  std::random_device source;
  return fmt::format("{:08x}{:08x}", source(), source());
}

}  // namespace mainstay::cds::service
