#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"
#include "prom/http_client.h"

// Server-sent events, read (WHATWG HTML, 9.2 "Server-sent events").
namespace promster {

struct StreamedEvent {
  std::string name;  // "message" where the server names none
  std::string data;  // its lines, joined by line feeds
};

// Puts events together of the pieces that a stream comes in. `id` and `retry` are not kept.
//
// Thread rule: one thread.
class EventAssembler {
 public:
  static constexpr std::size_t kMost = 4 << 20;  // bytes of one event

  // Hands each event to `take` that `piece` completes. False where one is larger than kMost.
  bool add(std::string_view piece, const std::function<void(StreamedEvent)>& take);

 private:
  void take_line(std::string_view line, const std::function<void(StreamedEvent)>& take);

  std::string unfinished_;  // a line
  StreamedEvent event_;
  bool has_data_ = false;
};

// Reads a stream of events until a stop is asked for (then it succeeds) or the server ends it or
// cannot be asked: "GET http://127.0.0.1:9096/api/v1/events: status 204". The deadline of the
// request is for the connection alone; a server that says nothing for 45 s, not even a comment, is
// taken to be gone. Blocks; calls `take` in the thread of the caller.
Result<void> read_event_stream(const HttpRequest& request,
                               const std::function<void(StreamedEvent)>& take,
                               const std::stop_token& stop);

}  // namespace promster
