// The stream of events, as a reader of a real server gets it.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/inbox.h"
#include "prom/event_stream.h"
#include "web/api_history.h"
#include "web/api_server_for_test.h"
#include "web/api_status.h"

namespace promster {
namespace {

// A reader on a thread of its own.
class Reader {
 public:
  explicit Reader(const std::string& base)
      : thread_([this, base](const std::stop_token& stop) {
          const auto ended = read_event_stream(
              {.url = base + "/api/v1/events", .headers = {}, .body = {}},
              [this](StreamedEvent event) { events_.push(std::move(event)); }, stop);
          ended_.push(ended ? "" : ended.error().message);
        }) {}

  // The next events, recorded; empty after ten seconds.
  std::vector<StreamedEvent> next() {
    auto events = events_.wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(10));
    for (const StreamedEvent& event : events) AnswerRecord::event(event.name, event.data);
    return events;
  }
  // Why the stream ended; waits for that.
  std::string ended() {
    const auto ends =
        ended_.wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(10));
    return ends.empty() ? "it goes on" : ends.front();
  }

 private:
  Inbox<StreamedEvent> events_;
  Inbox<std::string> ended_;
  std::jthread thread_;
};

TEST(ApiEvents, AReaderGetsWhatIsPublished) {
  ApiServer api(good_day(3, 9));
  const Snapshot snapshot = good_day(3, 9);
  api.server().publish("status", status_json(snapshot, {.time = 7}));
  Reader reader(api.base());
  auto events = reader.next();
  ASSERT_EQ(events.size(), 1u) << "the newest of before";
  EXPECT_EQ(events[0].name, "status");
  EXPECT_EQ(events[0].data, status_json(snapshot, {.time = 7}));
  api.server().publish("change", change_json(example_change(), "10.0.0.1:9090"));
  events = reader.next();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].name, "change");
  AnswerRecord::answer("/api/v1/events",
                       {.status = 200, .headers = {{"content-type", "text/event-stream"}}});
}

TEST(ApiEvents, SixteenReadAtOnceAndNoMore) {
  ApiServer api(good_day(3, 9));
  api.server().publish("status", status_json(good_day(3, 9), {}));
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < 16; ++i) {
    readers.push_back(std::make_unique<Reader>(api.base()));
    ASSERT_FALSE(readers.back()->next().empty()) << i;
  }
  EXPECT_EQ(api.get("events").status, 204);
}

}  // namespace
}  // namespace promster
