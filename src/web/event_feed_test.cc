#include "web/event_feed.h"

#include <gtest/gtest.h>

#include <thread>

#include "web/filled_snapshot.h"

namespace promster {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const SteadyTime kStart = SteadyTime{} + std::chrono::hours(1);

std::vector<std::string> names(const std::vector<WebEvent>& events) {
  std::vector<std::string> result;
  for (const WebEvent& event : events) result.push_back(event.name);
  return result;
}

using Names = std::vector<std::string>;

std::shared_ptr<const ClusterChange> change(std::uint64_t id, bool settled = false) {
  ClusterChange made{.id = id, .targets_moved = 4};
  if (settled) made.settled_seconds = 1.1;
  return std::make_shared<const ClusterChange>(made);
}

void set_changes(Snapshot& snapshot, History::Changes changes) {
  snapshot.changes = std::make_shared<const History::Changes>(std::move(changes));
}

TEST(EventFeed, AStatusIsSentWhereMoreThanTheTimeHasChanged) {
  EventFeed feed;
  Snapshot snapshot = filled_snapshot(kStart);
  EXPECT_EQ(names(feed.look(snapshot, kStart)), Names{"status"});
  snapshot.time += 1;
  snapshot.lease_confirmed += seconds(1);
  EXPECT_EQ(names(feed.look(snapshot, kStart + seconds(1))), Names{});
  snapshot.draining = true;
  const auto events = feed.look(snapshot, kStart + seconds(2));
  ASSERT_EQ(names(events), Names{"status"});
  EXPECT_NE(events[0].data.find("\"draining\":true"), std::string::npos) << events[0].data;
  EXPECT_EQ(events[0].data.find('\n'), std::string::npos);
}

TEST(EventFeed, AStatusIsSentEveryFiveSecondsAsASignOfLife) {
  EventFeed feed;
  const Snapshot snapshot = filled_snapshot(kStart);
  feed.look(snapshot, kStart);
  EXPECT_EQ(feed.heartbeat(), kStart + seconds(5));
  EXPECT_EQ(names(feed.look(snapshot, kStart + milliseconds(4999))), Names{});
  EXPECT_EQ(names(feed.look(snapshot, kStart + seconds(5))), Names{"status"});
  EXPECT_EQ(feed.heartbeat(), kStart + seconds(10));
}

TEST(EventFeed, ItIsLookedAtFourTimesASecond) {
  EventFeed feed;
  EXPECT_LT(feed.due(), kStart);
  feed.look(filled_snapshot(kStart), kStart);
  EXPECT_EQ(feed.due(), kStart + milliseconds(250));
}

TEST(EventFeed, ChangesThatAreNewOrCompletedAreTold) {
  EventFeed feed;
  Snapshot snapshot = filled_snapshot(kStart);
  const auto first = change(1), second = change(2);
  set_changes(snapshot, {first});
  EXPECT_EQ(names(feed.look(snapshot, kStart)), Names{"status"}) << "what was there is no news";
  set_changes(snapshot, {first, second});
  auto events = feed.look(snapshot, kStart + seconds(1));
  ASSERT_EQ(names(events), Names{"change"});
  EXPECT_NE(events[0].data.find("\"id\":2"), std::string::npos);
  EXPECT_NE(events[0].data.find("\"settled_seconds\":null"), std::string::npos);
  set_changes(snapshot, {first, change(2, true)});
  events = feed.look(snapshot, kStart + seconds(2));
  ASSERT_EQ(names(events), Names{"change"});
  EXPECT_NE(events[0].data.find("\"settled_seconds\":1.1"), std::string::npos);
  EXPECT_NE(events[0].data.find("4 targets moved"), std::string::npos);
  EXPECT_EQ(names(feed.look(snapshot, kStart + seconds(3))), Names{});
}

// A feed on a thread of its own.
class LiveFeed {
 public:
  LiveFeed()
      : thread_([this](const std::stop_token& stop) {
          feed_events(
              snapshot_, shown_, [this](WebEvent event) { events_.push(std::move(event)); }, stop,
              std::chrono::hours(1));
        }) {}
  ~LiveFeed() {
    thread_.request_stop();
    thread_.join();
  }

  void show(const std::string& service) {
    Snapshot snapshot = filled_snapshot(kStart);
    snapshot.service = service;
    snapshot_.set(std::move(snapshot));
    shown_.push({});
  }
  // Waits for a status that has these words; how many statuses came until then.
  int statuses_until(const std::string& words) {
    int count = 0;
    const auto most = std::chrono::steady_clock::now() + seconds(20);
    while (std::chrono::steady_clock::now() < most) {
      for (const WebEvent& event : events_.wait_until(most)) {
        ++count;
        if (event.data.find(words) != std::string::npos) return count;
      }
    }
    return -1;
  }

 private:
  Published<Snapshot> snapshot_;
  Inbox<SnapshotShown> shown_;
  Inbox<WebEvent> events_;
  std::jthread thread_;
};

TEST(EventFeed, OfAFlurryTheLastSnapshotIsTold) {
  LiveFeed feed;
  feed.show("first!");
  ASSERT_GE(feed.statuses_until("first!"), 1);
  for (int i = 0; i < 50; ++i) feed.show("s" + std::to_string(i) + "!");
  const int count = feed.statuses_until("s49!");
  EXPECT_GE(count, 1);
  EXPECT_LE(count, 10) << "statuses of a flurry";
}

}  // namespace
}  // namespace promster
