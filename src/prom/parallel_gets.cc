#include "prom/parallel_gets.h"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace promster {

struct ParallelGets::Multi {
  CURLM* curl = curl_multi_init();
  Multi() {
    if (curl == nullptr) std::abort();  // out of memory
  }
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;
  ~Multi() { curl_multi_cleanup(curl); }
};

struct ParallelGets::Transfer {
  Transfer(CURLM* among, std::string name, std::size_t most_bytes)
      : multi(among), id(std::move(name)), most(most_bytes) {
    if (curl == nullptr) std::abort();
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() {
    curl_multi_remove_handle(multi, curl);
    curl_easy_cleanup(curl);
  }

  CURLM* multi;
  CURL* curl = curl_easy_init();
  std::string id;
  std::size_t most;
  std::size_t received = 0;
};

namespace {

// Called by C code; what comes is counted and forgotten.
template <class Transfer>
std::size_t count_bytes(char*, std::size_t, std::size_t size, void* into) noexcept {
  auto& transfer = *static_cast<Transfer*>(into);
  transfer.received += size;
  return transfer.received > transfer.most ? 0 : size;
}

void set_options(CURL* curl, const std::string& url, Duration deadline) {
  const long most_ms = std::max<long>(1, static_cast<long>(deadline.count()));
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);  // each speaks of now
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);  // a slow look-up of a name holds nobody up
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "promster");
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, most_ms);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, most_ms);
}

// libcurl's own words hold milliseconds, which differ from try to try; these do not.
std::string words(CURL* curl, CURLcode code) {
  std::string text = curl_easy_strerror(code);
  long number = 0;
  curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &number);
  if (code == CURLE_COULDNT_CONNECT && number != 0) {
    text += " (" + std::generic_category().message(static_cast<int>(number)) + ")";
  }
  return text;
}

}  // namespace

ParallelGets::ParallelGets(Options options)
    : options_(options), multi_(std::make_unique<Multi>()) {}

ParallelGets::~ParallelGets() = default;

void ParallelGets::start(const std::string& id, const std::string& url) {
  auto transfer = std::make_unique<Transfer>(multi_->curl, id, options_.most);
  set_options(transfer->curl, url, options_.deadline);
  curl_easy_setopt(transfer->curl, CURLOPT_PRIVATE, transfer.get());
  curl_easy_setopt(transfer->curl, CURLOPT_WRITEFUNCTION, &count_bytes<Transfer>);
  curl_easy_setopt(transfer->curl, CURLOPT_WRITEDATA, transfer.get());
  curl_multi_add_handle(multi_->curl, transfer->curl);
  transfers_[id] = std::move(transfer);
}

void ParallelGets::drop(const std::string& id) {
  transfers_.erase(id);
}

std::vector<ParallelGets::Ended> ParallelGets::advance() {
  int running = 0;
  curl_multi_perform(multi_->curl, &running);
  std::vector<Ended> ended;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_->curl, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const curl = message->easy_handle;
    Transfer* transfer = nullptr;
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_PRIVATE, &transfer);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    ended.push_back({.id = transfer->id,
                     .status = static_cast<int>(status),
                     .error = status != 0 ? std::string() : words(curl, message->data.result)});
  }
  for (const Ended& one : ended) transfers_.erase(one.id);
  return ended;
}

std::vector<ParallelGets::Ended> ParallelGets::wait_until(SteadyTime deadline) {
  if (std::vector<Ended> ended = advance(); !ended.empty()) return ended;
  const auto left = std::chrono::ceil<Duration>(deadline - std::chrono::steady_clock::now());
  if (left <= Duration::zero()) return {};
  curl_multi_poll(multi_->curl, nullptr, 0, static_cast<int>(left.count()), nullptr);
  return advance();
}

void ParallelGets::wake() {
  curl_multi_wakeup(multi_->curl);
}

}  // namespace promster
