#include "etcd/follower.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "etcd/key_tally.h"
#include "etcd/retry_pause.h"

namespace promster {
namespace {

using Code = EtcdError::Code;

constexpr int kListingsToBelieve = 3;
constexpr Duration kStood{1000};

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

// Whether etcd may have lost its data, or have become another.
class DataLoss {
 public:
  // An answer that does not fit what is known; true says that such came often and long enough, and
  // that they agree: on the cluster, and on a revision that does not go back further.
  bool believe(const RangeResponse& answer, Duration after) {
    const bool agrees =
        times_ > 0 && answer.cluster_id == cluster_id_ && answer.revision >= revision_;
    if (!agrees) first_ = now();
    times_ = agrees ? times_ + 1 : 1;
    cluster_id_ = answer.cluster_id;
    revision_ = answer.revision;
    return times_ >= kListingsToBelieve && now() - first_ >= after;
  }
  void forget() { times_ = 0; }

 private:
  int times_ = 0;
  std::uint64_t cluster_id_ = 0;
  std::int64_t revision_ = 0;
  SteadyTime first_{};
};

class Follower {
 public:
  Follower(Etcd& etcd, const FollowOptions& options, Inbox<Event>& events, std::stop_token stop)
      : etcd_(etcd),
        options_(options),
        events_(events),
        stop_(std::move(stop)),
        random_(options.seed),
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
    return code != Code::kCompacted && code != Code::kFutureRevision && code != Code::kTooLarge &&
           code != Code::kAudit;
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
    data_loss_.forget();
    tally_.list(listed->entries);
    watched_before_ = false;
    plan_audit(options_.audit_every);
    events_.push(Listed{options_.source, Listing{listed->revision, std::move(listed->entries)},
                        listed->cluster_id});
    return {};
  }

  // All pages, at the revision of the first.
  EtcdResult<RangeResponse> read_pages() {
    RangeRequest request{.prefix = options_.prefix, .start_key = {}, .limit = page_};
    auto page = etcd_.range(request);
    if (!page) return page;
    if (auto checked = check(*page); !checked) return checked.error();
    RangeResponse all = std::move(page).value();
    while (all.more && !all.entries.empty()) {
      if (stop_.stop_requested()) return EtcdError{Code::kCanceled, "stopped"};
      request.start_key = all.entries.back().key + '\0';
      request.revision = all.revision;
      page = etcd_.range(request);
      if (!page) return page;
      if (page->cluster_id != all.cluster_id) {
        return EtcdError{Code::kFutureRevision, "pages of two clusters"};
      }
      std::move(page->entries.begin(), page->entries.end(), std::back_inserter(all.entries));
      all.more = page->more && !page->entries.empty();
    }
    return all;
  }

  EtcdResult<void> check(const RangeResponse& answer) {
    auto fits = fits_what_is_known(answer.cluster_id, answer.revision);
    if (fits || data_loss_.believe(answer, options_.believe_after)) return {};
    return fits;
  }

  EtcdResult<void> fits_what_is_known(std::uint64_t cluster_id, std::int64_t revision) const {
    if (cluster_id_ != 0 && cluster_id != cluster_id_) {
      return EtcdError{Code::kFutureRevision, "this is another cluster than was listed"};
    }
    if (revision >= revision_) return {};
    return EtcdError{Code::kFutureRevision,
                     "etcd is at revision " + std::to_string(revision) + ", but " +
                         std::to_string(revision_) +
                         " was seen: this member is behind, or its data was lost"};
  }

  EtcdError watch() {
    auto watch = etcd_.watch({.prefix = options_.prefix, .start_revision = revision_ + 1}, stop_);
    if (!watch) return watch.error();
    const SteadyTime start = now();
    for (;;) {
      auto answer = (*watch)->next_until(audit_at_);
      // A watch that is cut at once, each time, must not make a storm.
      if (now() - start >= kStood) pause_.reset();
      if (!answer) return answer.error();
      if (*answer) {
        if (auto taken = take(std::move(**answer)); !taken) return taken.error();
      }
      if (now() < audit_at_) continue;
      if (auto audited = audit(); !audited) return audited.error();
    }
  }

  EtcdResult<void> take(WatchResponse answer) {
    if (answer.created) return take_created(answer);
    if (!answer.changes.empty()) return take_changes(std::move(answer.changes));
    revision_ = std::max(revision_, answer.revision);
    return {};
  }

  EtcdResult<void> take_created(const WatchResponse& created) {
    if (auto fits = fits_what_is_known(created.cluster_id, created.revision); !fits) return fits;
    if (watched_before_) {
      if (auto same = check_history(); !same) return same;
    }
    watched_before_ = true;
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
    tally_.change(changes);
    pause_.reset();
    events_.push(Changed{options_.source, revision_, std::move(changes)});
    return {};
  }

  void plan_audit(Duration after) {
    suspected_at_.reset();
    std::uniform_real_distribution<double> about(0.8, 1.2);
    audit_at_ = now() + std::chrono::duration_cast<Duration>(after * about(random_));
  }

  // Compares what was told with what there is. An error says that they differ for good, or that we
  // may not look any more; an etcd that does not answer says nothing.
  EtcdResult<void> audit() {
    const bool again = suspected_at_.has_value();
    const bool told_since = again && *suspected_at_ != revision_;
    // Where there is always something on its way, the second look is at what was told up to now:
    // what was lost before that is missing there, too.
    const auto answer = newest_key(told_since ? revision_ : 0);
    if (!answer && ends_the_watch(answer.error().code)) return answer.error();
    const auto difference = answer ? difference_to(*answer) : std::nullopt;
    if (difference && again) return *difference;
    plan_audit(difference ? options_.audit_again : options_.audit_every);
    if (difference) suspected_at_ = revision_;
    return {};
  }

  // Between this watch and the last, data may have been lost and put again, up to a higher revision
  // than before: then what is there at our revision is not what we were told.
  EtcdResult<void> check_history() {
    const auto answer = newest_key(revision_);
    if (!answer && ends_the_watch(answer.error().code)) return answer.error();
    if (!answer) {
      plan_audit(options_.audit_again);
      return {};
    }
    if (auto difference = difference_to(*answer)) return *difference;
    return {};
  }

  EtcdResult<RangeResponse> newest_key(std::int64_t revision) {
    return etcd_.range({.prefix = options_.prefix,
                        .start_key = {},
                        .limit = 1,
                        .revision = revision,
                        .keys_only = true,
                        .newest_first = true});
  }

  // A watch may outlive the permission to it.
  static bool ends_the_watch(Code code) {
    return code == Code::kPermissionDenied || code == Code::kAuth || code == Code::kFutureRevision;
  }

  std::optional<EtcdError> difference_to(const RangeResponse& answer) const {
    if (auto fits = fits_what_is_known(answer.cluster_id, answer.revision); !fits) {
      return fits.error();
    }
    const KeyValue* newest = answer.entries.empty() ? nullptr : &answer.entries.front();
    if (tally_.agrees(answer.count, newest)) return std::nullopt;
    return EtcdError{Code::kAudit,
                     "audit: etcd has " + std::to_string(answer.count) + " keys, the newest of " +
                         std::to_string(newest == nullptr ? 0 : newest->mod_revision) +
                         "; the watch told of " + std::to_string(tally_.sum().count) + ", " +
                         std::to_string(tally_.sum().newest)};
  }

  Etcd& etcd_;
  const FollowOptions& options_;
  Inbox<Event>& events_;
  std::stop_token stop_;
  std::mt19937_64 random_;
  RetryPause pause_;
  std::int64_t page_;
  bool listed_ = false;
  std::int64_t revision_ = 0;  // everything up to it was told
  std::uint64_t cluster_id_ = 0;
  DataLoss data_loss_;
  KeyTally tally_;
  bool watched_before_ = false;  // since the last listing
  SteadyTime audit_at_{};
  std::optional<std::int64_t> suspected_at_;  // revision_ when the last audit differed
};

}  // namespace

void follow_prefix(Etcd& etcd, const FollowOptions& options, Inbox<Event>& events,
                   std::stop_token stop) {
  Follower(etcd, options, events, std::move(stop)).run();
}

}  // namespace promster
