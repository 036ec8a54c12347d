// A fetch as an Asio operation: started on the caller's strand, finished by the client's thread, resumed on the strand.
#pragma once

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <memory>

#include "cds/gather/gather.hpp"

namespace mainstay::cds::gather {

/// Completes with the result on the token's executor, never inside this call. Cancellation of the token cancels the
/// fetch, which then completes with what it has. The caller runs on one thread at a time (a strand).
template <typename Token>
auto async_fetch(const fetcher& fetch, fhir::client::request request, Token&& token) {
  const auto initiate = [](auto handler, const fetcher* start, fhir::client::request wanted) {
    using handler_type = decltype(handler);
    auto executor = boost::asio::get_associated_executor(handler);
    // std::function wants something to copy; an awaitable's handler can only be moved.
    auto shared = std::make_shared<handler_type>(std::move(handler));
    auto ticket = std::make_shared<fhir::client::ticket>();
    auto slot = boost::asio::get_associated_cancellation_slot(*shared);
    if (slot.is_connected()) slot.assign([ticket](boost::asio::cancellation_type) { ticket->cancel(); });
    auto work = boost::asio::make_work_guard(executor);
    *ticket = (*start)(std::move(wanted), [shared, executor, slot, work](fhir::client::result result) mutable {
      boost::asio::post(executor, [shared, slot, work, result = std::move(result)]() mutable {
        if (slot.is_connected()) slot.clear();
        auto resume = std::move(*shared);
        shared.reset();
        std::move(resume)(std::move(result));
      });
    });
  };
  return boost::asio::async_initiate<Token, void(fhir::client::result)>(initiate, token, &fetch, std::move(request));
}

}  // namespace mainstay::cds::gather
