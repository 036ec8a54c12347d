// Which FHIR servers may be asked: the guard against being sent to somebody else's server with a token.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mainstay::cds::gather {

/// A FHIR server that may be asked. Compared as parsed origin and path: scheme, host in lower case, port (443 and 80
/// normalised), path segments; no userinfo, query or fragment.
struct permitted_server {
  std::string base;
  bool needs_token = false;
};

/// The permitted server that `url` names, or nullptr. Fetch from its `base`, never from `url`.
const permitted_server* find_permitted(const std::vector<permitted_server>& servers, std::string_view url);

/// A base URL in the form that is compared: "https://hosp.org:443/fhir/r4". None for anything but a plain http or https
/// URL: userinfo, query, fragment, dot segments, empty segments and percent-encoding are refused.
std::optional<std::string> normalize_base(std::string_view url);

/// "URL" or "URL,token" of `--permit`; none where the URL cannot be a base.
std::optional<permitted_server> parse_permitted(std::string_view text);

}  // namespace mainstay::cds::gather
