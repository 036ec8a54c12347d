// The hospital's time zone: makes the `now` of a request from an instant. The one place that asks a clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "fhir/types/date.hpp"

namespace mainstay::cds::service {

/// A fixed offset, or a zone of the C library's. Threads: after it is made, any.
class zone {
 public:
  /// The machine's zone (TZ, else /etc/localtime).
  static zone machine();
  /// "+01:00", "-03:30", "Z", "UTC", or an IANA name ("Europe/Berlin"), which sets TZ of this process: call it before
  /// threads start. None where the name is not known to the C library.
  static std::optional<zone> parse(std::string_view text);

  /// Minutes east of UTC at an instant.
  int offset_minutes(std::chrono::sys_time<std::chrono::milliseconds> at) const;
  fhir::now now_at(std::chrono::sys_time<std::chrono::milliseconds> at) const;
  /// By the system's clock.
  fhir::now now() const;

 private:
  std::optional<int> fixed_;
};

/// "2026-03-01T10:00:00.000+01:00": what fhir::parse_now reads back.
std::string to_text(const fhir::now& n);

}  // namespace mainstay::cds::service
