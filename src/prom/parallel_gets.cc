#include "prom/parallel_gets.h"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "prom/curl_options.h"

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
  Transfer(CURLM* among, std::string name, const Options& options)
      : multi(among), id(std::move(name)), most(options.most), keep(options.keep) {
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
  bool keep;
  std::size_t received = 0;
  std::string body;
};

namespace {

// Called by C code; what comes is counted, and kept where somebody wants it.
template <class Transfer>
std::size_t take_bytes(char* bytes, std::size_t, std::size_t size, void* into) noexcept {
  auto& transfer = *static_cast<Transfer*>(into);
  transfer.received += size;
  if (transfer.received > transfer.most) return 0;
  if (transfer.keep) transfer.body.append(bytes, size);
  return size;
}

void set_options(CURL* curl, const std::string& url, Duration deadline) {
  const long most_ms = std::max<long>(1, static_cast<long>(deadline.count()));
  set_common_options(curl, url, "http", most_ms);
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);  // each speaks of now
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);    // a slow look-up of a name holds nobody up
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, most_ms);
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

// How a transfer ended.
template <class Transfer>
ParallelGets::Ended end_of(Transfer& transfer, CURLcode code) {
  long status = 0;
  curl_easy_getinfo(transfer.curl, CURLINFO_RESPONSE_CODE, &status);
  ParallelGets::Ended ended{.id = transfer.id, .status = static_cast<int>(status)};
  if (status == 0) ended.error = words(transfer.curl, code);
  if (!transfer.keep) return ended;
  ended.body = std::move(transfer.body);
  if (transfer.received > transfer.most) {
    ended.cut = "more than " + std::to_string(transfer.most) + " bytes";
  } else if (code != CURLE_OK) {
    ended.cut = words(transfer.curl, code);
  }
  return ended;
}

}  // namespace

ParallelGets::ParallelGets(Options options)
    : options_(options), multi_(std::make_unique<Multi>()) {}

ParallelGets::~ParallelGets() = default;

void ParallelGets::start(const std::string& id, const std::string& url, const std::string& form) {
  auto transfer = std::make_unique<Transfer>(multi_->curl, id, options_);
  set_options(transfer->curl, url, options_.deadline);
  if (!form.empty()) curl_easy_setopt(transfer->curl, CURLOPT_COPYPOSTFIELDS, form.c_str());
  curl_easy_setopt(transfer->curl, CURLOPT_PRIVATE, transfer.get());
  curl_easy_setopt(transfer->curl, CURLOPT_WRITEFUNCTION, &take_bytes<Transfer>);
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
    curl_easy_getinfo(curl, CURLINFO_PRIVATE, &transfer);
    ended.push_back(end_of(*transfer, message->data.result));
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
