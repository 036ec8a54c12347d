#include "cds/commands/ask.hpp"

#include <future>

namespace mainstay::cds::commands {

fhir::client::result ask(fhir::client::client& client, fhir::client::request request) {
  const auto done = std::make_shared<std::promise<fhir::client::result>>();
  client.fetch(std::move(request), [done](fhir::client::result r) { done->set_value(std::move(r)); });
  return done->get_future().get();
}

}  // namespace mainstay::cds::commands
