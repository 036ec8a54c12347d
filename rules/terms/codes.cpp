#include "rules/terms/codes.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "rules/pack/suggest.hpp"

namespace mainstay::rules {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> built_in{{
    {"snomed", "http://snomed.info/sct"},
    {"loinc", "http://loinc.org"},
    {"icd10cm", "http://hl7.org/fhir/sid/icd-10-cm"},
    {"icd10pcs", "http://hl7.org/fhir/sid/icd-10-pcs"},
    {"cpt", "http://www.ama-assn.org/go/cpt"},
    {"hcpcs", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"},
}};

std::string tick(std::string_view s) {
  return "`" + std::string(s) + "`";
}

expanded_codes refused(std::string code, std::string message, std::string help) {
  expanded_codes out;
  out.problems.push_back({std::move(code), std::move(message), std::move(help)});
  return out;
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool all_digits(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), is_digit);
}

}  // namespace

bool snomed_check_digit(std::string_view code) {
  static constexpr std::array<std::array<unsigned char, 10>, 10> multiply{{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
                                                                           {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
                                                                           {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
                                                                           {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
                                                                           {4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
                                                                           {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
                                                                           {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
                                                                           {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
                                                                           {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
                                                                           {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}}};
  static constexpr std::array<std::array<unsigned char, 10>, 8> permute{{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
                                                                         {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
                                                                         {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
                                                                         {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
                                                                         {9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
                                                                         {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
                                                                         {2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
                                                                         {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}}};
  if (!all_digits(code) || code.size() < 6 || code.size() > 18) return false;
  std::size_t check = 0;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const auto d = static_cast<std::size_t>(code[code.size() - 1 - i] - '0');
    check = multiply[check][permute[i % 8][d]];
  }
  return check == 0;
}

bool loinc_check_digit(std::string_view code) {
  const std::size_t dash = code.find('-');
  if (dash == std::string_view::npos || dash + 2 != code.size() || !all_digits(code.substr(0, dash)) ||
      !is_digit(code.back()))
    return false;
  int sum = 0;
  bool doubled = true;
  for (std::size_t i = dash; i-- > 0; doubled = !doubled) {
    const int d = code[i] - '0';
    sum += doubled ? (d * 2) / 10 + (d * 2) % 10 : d;
  }
  return (10 - sum % 10) % 10 == code.back() - '0';
}

expanded_codes expand_codes(std::string_view text, std::size_t limit) {
  const std::size_t hash = text.rfind('#');
  if (hash == std::string_view::npos || hash == 0 || hash + 1 == text.size()) {
    return refused("code", tick(text) + " is not a code", "write `system#code`, as `snomed#58390007`");
  }
  const std::string_view system = text.substr(0, hash), pattern = text.substr(hash + 1);
  const auto known = std::find_if(built_in.begin(), built_in.end(), [&](const auto& b) { return b.first == system; });
  std::string uri;
  if (known != built_in.end()) {
    uri = std::string(fhir::canonical_system(known->second));
  } else if (system.find(':') != std::string_view::npos) {
    uri = std::string(fhir::canonical_system(system));
  } else {
    std::vector<std::string> names;
    for (const auto& b : built_in) names.emplace_back(b.first);
    return refused("system", "no code system " + tick(system),
                   did_you_mean(system, names, "write `snomed`, `loinc`, `icd10cm`, `icd10pcs`, `cpt`, `hcpcs` or a URI"));
  }

  std::vector<std::string> codes{""};
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    std::string_view choice = pattern.substr(i, 1);
    if (c == '[') {
      const std::size_t close = pattern.find(']', i);
      choice = close == std::string_view::npos ? std::string_view() : pattern.substr(i + 1, close - i - 1);
      if (choice.empty() || choice.find_first_of("[-^") != std::string_view::npos) {
        return refused("pattern", tick(pattern) + " is not a pattern",
                       "`[234]` is one character of these; ranges and nesting are not understood");
      }
      i = close;
    } else if (c == ']' || c == '{' || c == '}' || c == '*' || c == '?' || c == ' ' || c == '|' ||
               static_cast<unsigned char>(c) < 0x20) {
      return refused("pattern", tick(pattern) + " is not a code", "a pattern has only `[..]`, one character of these");
    }
    if (codes.size() * choice.size() > limit)
      return refused("too-many-codes", tick(pattern) + " makes more than " + std::to_string(limit) + " codes",
                     "write fewer brackets");
    std::vector<std::string> longer;
    for (const std::string& start : codes) {
      for (const char x : choice) longer.push_back(start + x);
    }
    codes = std::move(longer);
  }
  for (const std::string& code : codes) {
    // LOINC's answers (LA...) and parts (LP...) are told apart by their letters and are left alone.
    if (system == "snomed" && !snomed_check_digit(code))
      return refused("check-digit", tick(code) + " is not a SNOMED CT identifier: its check digit is wrong",
                     "look the code up again");
    if (system == "loinc" && is_digit(code[0]) && !loinc_check_digit(code))
      return refused("check-digit", tick(code) + " is not a LOINC number: its check digit is wrong",
                     "look the code up again");
  }
  expanded_codes out;
  for (std::string& code : codes) out.codes.push_back({uri, std::move(code)});
  return out;
}

}  // namespace mainstay::rules
