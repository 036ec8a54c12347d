#include <algorithm>
#include <array>

#include "cds/demo/demo.hpp"
#include "fhir/json/writer.hpp"

namespace mainstay::cds::demo {
namespace {

// The issue types (R4 "IssueType") that this server and its store use.
constexpr std::array<std::string_view, 13> issue_types{
    "deleted",   "exception", "invalid", "not-found",  "not-supported", "processing", "security",
    "structure", "throttled", "timeout", "too-costly", "too-long",      "transient"};

std::string_view issue_type_of(unsigned status) {
  switch (status) {
    case 404:
      return "not-found";
    case 405:
    case 412:
    case 415:
    case 417:
    case 505:
      return "not-supported";
    case 408:
      return "timeout";
    case 410:
      return "deleted";
    case 413:
    case 431:
      return "too-long";
    case 422:
      return "processing";
    case 429:
      return "throttled";
    case 503:
      return "transient";
    default:
      return status >= 500 ? "exception" : "invalid";
  }
}

}  // namespace

std::string operation_outcome(unsigned status, std::string_view code, std::string_view message) {
  bool is_issue_type = std::find(issue_types.begin(), issue_types.end(), code) != issue_types.end();
  fhir::json::writer out;
  out.begin_object().member("resourceType", "OperationOutcome").key("issue").begin_array().begin_object();
  out.member("severity", status >= 500 ? "fatal" : "error");
  out.member("code", is_issue_type ? code : issue_type_of(status));
  if (!is_issue_type && !code.empty())
    out.key("details")
        .begin_object()
        .key("coding")
        .begin_array()
        .begin_object()
        .member("code", code)
        .end_object()
        .end_array()
        .end_object();
  out.member("diagnostics", message);
  out.end_object().end_array().end_object();
  return std::move(out).text();
}

}  // namespace mainstay::cds::demo
