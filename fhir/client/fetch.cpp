#include "fhir/client/fetch.hpp"

#include <algorithm>
#include <ctime>
#include <stdexcept>

#include "fhir/client/retry_after.hpp"

namespace mainstay::fhir::client {

// The deadline counts from the call, not from when the thread takes it up.
fetch_run::fetch_run(loop& l, const options& o, request r, std::function<void(result)> done)
    : loop_(l),
      options_(o),
      request_(std::move(r)),
      done_(std::move(done)),
      begun_(steady_clock::now()),
      deadline_(begun_ + request_.deadline),
      budget_(std::make_shared<std::size_t>(o.total_bytes)) {
  queries_.reserve(request_.queries.size());
  for (auto& [key, query] : request_.queries) {
    running_query q;
    q.query = std::move(query);
    q.result.key = std::move(key);
    queries_.push_back(std::move(q));
  }
  open_ = queries_.size();
}

void fetch_run::start(std::function<void()> at_end) {
  at_end_ = std::move(at_end);
  auto base = server_url::parse(request_.base);
  if (!base) return end_all(std::string(to_text(base.error())));
  server_ = std::move(*base);
  if (!request_.token.empty() && !is_bearer_token(request_.token.reveal())) return end_all("token not usable");
  for (std::size_t i = 0; i < queries_.size(); ++i) get(i, server_->url_of(search::to_url(queries_[i].query)));
  finish_if_all_ended();
}

void fetch_run::end_all(const std::string& reason) {
  for (std::size_t i = 0; i < queries_.size(); ++i)
    if (queries_[i].open) end(i, reason);
  finish_if_all_ended();
}

void fetch_run::get(std::size_t index, std::string url) {
  running_query& q = queries_[index];
  if (steady_clock::now() >= deadline_) return end(index, "timeout");
  q.visited.insert(url);
  call c;
  c.url = url;
  c.deadline = deadline_;
  c.budget = budget_;
  auto done = [self = shared_from_this(), index, url](reply r) {
    self->on_reply(index, url, std::move(r));
    self->finish_if_all_ended();
  };
  try {
    q.under_way = loop_.start(std::make_unique<transfer>(std::move(c), request_.token, options_, std::move(done)));
  } catch (const std::runtime_error&) {  // a URL longer than libcurl takes
    end(index, "transfer failed");
  }
}

void fetch_run::on_reply(std::size_t index, const std::string& url, reply r) {
  queries_[index].under_way = nullptr;
  if (retry(index, url, r)) return;
  json::limits limit = options_.json;
  limit.bytes = options_.body_bytes;
  on_page(index, url, check_page(std::move(r), queries_[index].query, limit));
}

bool fetch_run::retry(std::size_t index, const std::string& url, const reply& r) {
  running_query& q = queries_[index];
  if ((r.status != 429 && r.status != 503) || q.retried) return false;
  const auto wait = retry_after(r.retry_after, std::time(nullptr));
  if (!wait || steady_clock::now() + *wait >= deadline_) return false;
  q.retried = true;
  loop_.at(steady_clock::now() + *wait, [weak = weak_from_this(), index, url] {
    const auto self = weak.lock();
    if (!self || !self->queries_[index].open) return;
    self->get(index, url);
    self->finish_if_all_ended();
  });
  return true;
}

void fetch_run::on_page(std::size_t index, const std::string& url, checked_page page) {
  running_query& q = queries_[index];
  if (!page.reason.empty()) return end(index, std::move(page.reason));
  if (!page.body) return end(index, {});  // a read that found nothing
  q.matches += page.matches;
  q.total = std::max(q.total, page.total.value_or(0));
  q.result.pages.push_back({url, 200, std::move(*page.body)});
  follow(index, url, page);
}

void fetch_run::follow(std::size_t index, const std::string& current, const checked_page& page) {
  running_query& q = queries_[index];
  if (page.next_unreadable) return end(index, "next link not understood");
  if (page.next.empty()) return end(index, q.matches < q.total ? "fewer entries than the total" : "");
  auto next = server_->next(current, page.next);
  if (!next) return end(index, std::string(to_text(next.error())));
  if (q.visited.contains(*next)) return end(index, "next links form a loop");
  if (q.result.pages.size() >= options_.pages) return end(index, "too many pages");
  get(index, std::move(*next));
}

void fetch_run::end(std::size_t index, std::string reason) {
  running_query& q = queries_[index];
  loop_.drop(std::exchange(q.under_way, nullptr));
  q.open = false;
  --open_;
  q.result.how = reason.empty()           ? completeness::complete
                 : q.result.pages.empty() ? completeness::failed
                                          : completeness::partial;
  q.result.reason = std::move(reason);
}

void fetch_run::finish_if_all_ended() {
  if (open_ != 0 || !done_) return;
  result r;
  r.queries.reserve(queries_.size());
  for (running_query& q : queries_) r.queries.push_back(std::move(q.result));
  r.took = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begun_);
  const auto keep = shared_from_this();  // at_end lets go of it
  if (at_end_) std::exchange(at_end_, nullptr)();
  std::exchange(done_, nullptr)(std::move(r));
}

}  // namespace mainstay::fhir::client
