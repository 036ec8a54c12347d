#include "cds/service/zone.hpp"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace mainstay::cds::service {

namespace {
using instant = std::chrono::sys_time<std::chrono::milliseconds>;

std::optional<int> parse_offset(std::string_view text) {
  if (text == "Z" || text == "UTC") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 100; };
  const int hours = digit(1) * 10 + digit(2);
  const int minutes = digit(4) * 10 + digit(5);
  // FHIR R4 dateTime: offsets up to 14:00.
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

// The C library takes any text for a zone and falls back to UTC in silence, so a name must be a file of the database.
bool is_known(std::string_view name) {
  const bool plain = !name.empty() && name.front() != '/' && name.find("..") == std::string_view::npos &&
                     std::all_of(name.begin(), name.end(), [](char c) {
                       return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
                              c == '-' || c == '+';
                     });
  if (!plain) return false;
  const char* directory = std::getenv("TZDIR");
  std::error_code ignored;
  return std::filesystem::is_regular_file(std::filesystem::path(directory ? directory : "/usr/share/zoneinfo") / name, ignored);
}
}  // namespace

zone zone::machine() {
  ::tzset();
  return zone{};
}

std::optional<zone> zone::parse(std::string_view text) {
  zone z;
  if (const auto offset = parse_offset(text)) {
    z.fixed_ = *offset;
    return z;
  }
  if (!is_known(text)) return std::nullopt;
  ::setenv("TZ", (":" + std::string(text)).c_str(), 1);
  ::tzset();
  return z;
}

int zone::offset_minutes(instant at) const {
  if (fixed_) return *fixed_;
  const auto seconds = static_cast<time_t>(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
  struct tm local {};
  if (!::localtime_r(&seconds, &local)) return 0;
  return static_cast<int>(local.tm_gmtoff / 60);
}

fhir::now zone::now_at(instant at) const {
  fhir::now n;
  n.instant = at;
  n.offset_minutes = offset_minutes(at);
  const auto local = at + std::chrono::minutes(n.offset_minutes);
  n.local_date = {static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(local).time_since_epoch().count())};
  return n;
}

fhir::now zone::now() const { return now_at(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())); }

std::string to_text(const fhir::now& n) {
  const auto local = n.instant + std::chrono::minutes(n.offset_minutes);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{local - day};
  const int offset = std::abs(n.offset_minutes);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(),
                     time.seconds().count(), time.subseconds().count(), n.offset_minutes < 0 ? '-' : '+', offset / 60, offset % 60);
}

}  // namespace mainstay::cds::service
