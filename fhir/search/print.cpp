#include <boost/throw_exception.hpp>
#include <stdexcept>

#include "fhir/search/parameters.hpp"
#include "fhir/search/query.hpp"

namespace mainstay::fhir::search {
namespace {

constexpr std::string_view patient_token = "{{context.patientId}}";

// RFC 3986, 2.3: everything but the unreserved characters, and `raw` as the caller allows.
void append_encoded(std::string& out, std::string_view text, std::string_view raw) {
  static constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '.' || c == '_' || c == '~';
    if (unreserved || raw.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
}

// R4 3.1.1.4.7: the characters that part values stand for themselves behind a backslash.
std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == ',' || c == '|' || c == '$' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string to_text(const token& t) {
  return t.system ? escaped(*t.system) + '|' + escaped(t.code) : escaped(t.code);
}

std::string to_text(const date_bound& b) {
  static constexpr std::string_view names[] = {"", "ne", "lt", "gt", "le", "ge"};  // eq is what no prefix means
  return std::string(names[static_cast<std::size_t>(b.prefix)]) + b.value.to_string();
}

// "date" is our name for whatever the type calls it.
std::string sort_name(const type_parameters* row, std::string_view key) {
  const std::string_view minus = key.starts_with('-') ? "-" : "";
  if (key.substr(minus.size()) != "date" || row == nullptr || row->date_name.empty()) return std::string(key);
  return std::string(minus) + std::string(row->date_name);
}

class printer {
 public:
  printer(const query& q, std::string_view raw) : out_(q.type), raw_(raw) {}

  /// One parameter; the commas between alternatives stay commas.
  void parameter(std::string_view name, const std::vector<std::string>& values) {
    if (values.empty()) return;
    begin(name);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i != 0) out_ += ',';
      append_encoded(out_, values[i], raw_);
    }
  }
  void parameter_as_is(std::string_view name, std::string_view value) {
    begin(name);
    out_ += value;
  }
  void tokens(std::string_view name, const std::vector<std::vector<token>>& repetitions) {
    for (const auto& alternatives : repetitions) {
      std::vector<std::string> values;
      for (const token& t : alternatives) values.push_back(to_text(t));
      parameter(name, values);
    }
  }
  std::string take() { return std::move(out_); }

 private:
  void begin(std::string_view name) {
    out_ += first_ ? '?' : '&';
    first_ = false;
    out_ += name;
    out_ += '=';
  }
  std::string out_;
  std::string_view raw_;
  bool first_ = true;
};

std::string print(const query& q, bool as_template) {
  printer out(q, as_template ? "|:/" : "");
  const type_parameters* row = parameters_of(q.type);
  out.parameter("_id", q.ids);
  if (as_template && patient_element(q.type) != nullptr)
    out.parameter_as_is("patient", patient_token);
  else
    out.parameter("patient", q.patients);
  out.parameter("subject", q.subjects);
  out.tokens(row == nullptr || row->code_name.empty() ? "code" : row->code_name, q.codes);
  out.tokens("status", q.statuses);
  out.tokens("_tag", q.tags);
  if (!as_template)
    for (const date_bound& bound : q.dates)
      out.parameter(row == nullptr || row->date_name.empty() ? "date" : row->date_name, {to_text(bound)});
  std::vector<std::string> sort;
  for (const std::string& key : q.sort) sort.push_back(sort_name(row, key));
  out.parameter("_sort", sort);
  if (q.count) out.parameter_as_is("_count", std::to_string(*q.count));
  if (q.offset != 0) out.parameter_as_is("_offset", std::to_string(q.offset));
  return out.take();
}

}  // namespace

bool operator==(const date_bound& a, const date_bound& b) {
  return a.prefix == b.prefix && a.value.to_string() == b.value.to_string();
}

std::string to_url(const query& q) {
  if (!q.read_id) return print(q, false);
  std::string out = q.type + '/';
  append_encoded(out, *q.read_id, "");
  return out;
}

std::string to_template(const query& q) {
  if (q.type == "Patient") return "Patient/" + std::string(patient_token);
  if (q.read_id) return to_url(q);
  return print(q, true);
}

[[noreturn]] void throw_exception_from_error(const query_error& e, const boost::source_location& where) {
  boost::throw_exception(std::logic_error("value() of a failed search::parse_url: " + e.message), where);
}

}  // namespace mainstay::fhir::search
