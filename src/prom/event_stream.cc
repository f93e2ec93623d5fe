#include "prom/event_stream.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "prom/curl_options.h"

namespace promster {
namespace {

constexpr long kMostSilence = 45;  // seconds; servers write a comment each 15
constexpr int kTurn = 1000;        // ms

struct FreeEasy {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Reading {
  CURL* curl = nullptr;
  const std::function<void(StreamedEvent)>* take = nullptr;
  EventAssembler events{};
};

// Called by C code, which no exception may cross: noexcept ends the process where memory does.
std::size_t take_piece(char* data, std::size_t, std::size_t size, void* into) noexcept {
  auto& reading = *static_cast<Reading*>(into);
  long status = 0;
  curl_easy_getinfo(reading.curl, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return size;  // words about an error
  return reading.events.add({data, size}, *reading.take) ? size : 0;
}

void set_options(CURL* curl, const HttpRequest& request, Reading& reading) {
  const long deadline = std::max<long>(1, static_cast<long>(request.deadline.count()));
  set_common_options(curl, request.url, "http,https", deadline);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kMostSilence);
  if (!request.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, request.ca_file.c_str());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take_piece);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reading);
}

// Runs the transfer to its end; nothing where a stop came first.
std::optional<CURLcode> run(CURLM* multi, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    int running = 0, left = 0;
    curl_multi_perform(multi, &running);
    if (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      return message->data.result;
    }
    curl_multi_poll(multi, nullptr, 0, kTurn, nullptr);
  }
  return std::nullopt;
}

std::string words(CURL* curl, CURLcode code) {
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (status != 0 && status != 200) return "status " + std::to_string(status);
  return code == CURLE_OK ? "the stream ended" : curl_easy_strerror(code);
}

}  // namespace

bool EventAssembler::add(std::string_view piece, const std::function<void(StreamedEvent)>& take) {
  for (std::size_t end = 0; (end = piece.find('\n')) != std::string_view::npos;) {
    unfinished_ += piece.substr(0, end);
    piece.remove_prefix(end + 1);
    if (unfinished_.ends_with('\r')) unfinished_.pop_back();
    take_line(std::exchange(unfinished_, {}), take);
  }
  unfinished_ += piece;
  return unfinished_.size() + event_.data.size() <= kMost;
}

void EventAssembler::take_line(std::string_view line,
                               const std::function<void(StreamedEvent)>& take) {
  if (line.empty()) {
    if (event_.name.empty()) event_.name = "message";
    if (std::exchange(has_data_, false)) take(std::move(event_));
    event_ = {};
    return;
  }
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view field = line.substr(0, colon);
  std::string_view value = line.substr(std::min(colon + 1, line.size()));
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") event_.name = value;
  if (field != "data") return;
  if (std::exchange(has_data_, true)) event_.data += '\n';
  event_.data += value;
}

Result<void> read_event_stream(const HttpRequest& request,
                               const std::function<void(StreamedEvent)>& take,
                               const std::stop_token& stop) {
  const std::unique_ptr<CURLM, FreeMulti> multi(curl_multi_init());
  const std::unique_ptr<CURL, FreeEasy> curl(curl_easy_init());
  const std::unique_ptr<curl_slist, FreeList> headers(
      curl_slist_append(nullptr, "Accept: text/event-stream"));
  if (!multi || !curl || !headers) return Error{"libcurl does not start"};
  Reading reading{.curl = curl.get(), .take = &take};
  set_options(curl.get(), request, reading);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_multi_add_handle(multi.get(), curl.get());
  std::optional<CURLcode> ended;
  {
    const std::stop_callback wake(stop, [&multi] { curl_multi_wakeup(multi.get()); });
    ended = run(multi.get(), stop);
  }
  const std::string why = ended ? words(curl.get(), *ended) : "";
  curl_multi_remove_handle(multi.get(), curl.get());
  if (!ended) return {};
  return Error{"GET " + without_password(request.url) + ": " + why};
}

}  // namespace promster
