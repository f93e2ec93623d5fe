#include "etcd/follower.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "etcd/retry_pause.h"

namespace promster {
namespace {

using Code = EtcdError::Code;

constexpr int kListingsToBelieve = 3;
constexpr Duration kStood{1000};

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

// Whether etcd's revision may have gone back.
class GoneBack {
 public:
  // `revision` is lower than what is known; true says that it was told often and long enough.
  bool believe(std::int64_t revision, Duration after) {
    if (times_ == 0 || revision < lowest_) first_ = now();
    times_ = revision < lowest_ ? 1 : times_ + 1;
    lowest_ = revision;
    return times_ >= kListingsToBelieve && now() - first_ >= after;
  }
  void forget() { times_ = 0; }

 private:
  int times_ = 0;
  std::int64_t lowest_ = 0;
  SteadyTime first_{};
};

class Follower {
 public:
  Follower(Etcd& etcd, const FollowOptions& options, Inbox<Event>& events, std::stop_token stop)
      : etcd_(etcd),
        options_(options),
        events_(events),
        stop_(std::move(stop)),
        pause_(options.ttl, options.seed),
        page_(options.page) {}

  void run() {
    while (!stop_.stop_requested()) {
      const EtcdError ended = follow_once();
      if (stop_.stop_requested()) return;
      events_.push(SourceLost{options_.source, etcd_code_name(ended.code), ended.message});
      pause_for(pause_.after(ended), stop_);
    }
  }

 private:
  // Lists where that is needed, and watches until something breaks.
  EtcdError follow_once() {
    if (!listed_) {
      if (auto listed = list(); !listed) return listed.error();
    }
    const EtcdError ended = watch();
    listed_ = listed_ && goes_on_after(ended.code);
    return ended;
  }

  // Whether a new watch may continue where the old one ended. A message that was too large would be
  // so again.
  static bool goes_on_after(Code code) {
    return code != Code::kCompacted && code != Code::kFutureRevision && code != Code::kTooLarge;
  }

  EtcdResult<void> list() {
    auto listed = read_pages();
    while (!listed && listed.error().code == Code::kTooLarge && page_ > 1) {
      page_ = std::max<std::int64_t>(1, page_ / 4);
      listed = read_pages();
    }
    if (!listed) return listed.error();
    revision_ = listed->revision;
    cluster_id_ = listed->cluster_id;
    listed_ = true;
    gone_back_.forget();
    events_.push(Listed{options_.source, Listing{listed->revision, std::move(listed->entries)},
                        listed->cluster_id});
    return {};
  }

  // All pages, at the revision of the first.
  EtcdResult<RangeResponse> read_pages() {
    RangeRequest request{.prefix = options_.prefix, .start_key = {}, .limit = page_};
    auto page = etcd_.range(request);
    if (!page) return page;
    if (auto told = check_revision(page->revision); !told) return told.error();
    RangeResponse all = std::move(page).value();
    while (all.more && !all.entries.empty()) {
      if (stop_.stop_requested()) return EtcdError{Code::kCanceled, "stopped"};
      request.start_key = all.entries.back().key + '\0';
      request.revision = all.revision;
      page = etcd_.range(request);
      if (!page) return page;
      std::move(page->entries.begin(), page->entries.end(), std::back_inserter(all.entries));
      all.more = page->more && !page->entries.empty();
    }
    return all;
  }

  EtcdResult<void> check_revision(std::int64_t told) {
    if (told >= revision_ || gone_back_.believe(told, options_.believe_after)) return {};
    return lower_revision(told);
  }

  EtcdError lower_revision(std::int64_t told) const {
    return EtcdError{Code::kFutureRevision,
                     "etcd is at revision " + std::to_string(told) + ", but " +
                         std::to_string(revision_) +
                         " was seen: this member is behind, or its data was lost"};
  }

  EtcdError watch() {
    auto watch = etcd_.watch({.prefix = options_.prefix, .start_revision = revision_ + 1}, stop_);
    if (!watch) return watch.error();
    const SteadyTime start = now();
    for (;;) {
      auto answer = (*watch)->next();
      // A watch that is cut at once, each time, must not make a storm.
      if (now() - start >= kStood) pause_.reset();
      if (!answer) return answer.error();
      if (auto taken = take(std::move(answer).value()); !taken) return taken.error();
    }
  }

  EtcdResult<void> take(WatchResponse answer) {
    if (answer.created) return take_created(answer);
    if (!answer.changes.empty()) return take_changes(std::move(answer.changes));
    revision_ = std::max(revision_, answer.revision);
    return {};
  }

  EtcdResult<void> take_created(const WatchResponse& created) {
    if (created.revision < revision_) return lower_revision(created.revision);
    if (created.cluster_id != cluster_id_) {
      return EtcdError{Code::kFutureRevision, "this is another cluster than was listed"};
    }
    events_.push(SourceWatched{options_.source, created.revision});
    return {};
  }

  // What was told before is dropped. Only the changes say how far the watch has come: while it
  // catches up, the answer's own revision is ahead of them.
  EtcdResult<void> take_changes(std::vector<KeyChange> changes) {
    const auto known = [this](const KeyChange& change) { return change.mod_revision <= revision_; };
    if (!std::ranges::is_sorted(changes, std::less<>(), &KeyChange::mod_revision)) {
      listed_ = false;
      return EtcdError{Code::kOther, "watch: changes out of order"};
    }
    std::erase_if(changes, known);
    if (changes.empty()) return {};
    revision_ = changes.back().mod_revision;
    pause_.reset();
    events_.push(Changed{options_.source, revision_, std::move(changes)});
    return {};
  }

  Etcd& etcd_;
  const FollowOptions& options_;
  Inbox<Event>& events_;
  std::stop_token stop_;
  RetryPause pause_;
  std::int64_t page_;
  bool listed_ = false;
  std::int64_t revision_ = 0;  // everything up to it was told
  std::uint64_t cluster_id_ = 0;
  GoneBack gone_back_;
};

}  // namespace

void follow_prefix(Etcd& etcd, const FollowOptions& options, Inbox<Event>& events,
                   std::stop_token stop) {
  Follower(etcd, options, events, std::move(stop)).run();
}

}  // namespace promster
