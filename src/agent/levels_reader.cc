#include "agent/levels_reader.h"

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/inbox.h"
#include "base/published.h"
#include "core/address.h"
#include "core/keyspace.h"
#include "core/target_limits.h"
#include "etcd/client.h"
#include "prom/parallel_gets.h"

namespace promster {
namespace {

using std::chrono::steady_clock;

constexpr std::int64_t kPage = 1000;
constexpr Duration kTurn{1000};

std::string base_prefix(const RegistrySettings& registry) {
  return member_prefix(registry.base, "");
}

Result<Listing> list_base(Etcd& etcd, const LevelsReaderOptions& options) {
  RangeRequest request{.prefix = base_prefix(options.registry), .limit = kPage};
  Listing listing;
  for (bool more = true; more;) {
    auto page = etcd.range(request);
    if (!page) return Error{page.error().message};
    if (listing.revision == 0) listing.revision = page->revision;
    request.revision = listing.revision;
    more = page->more && !page->entries.empty();
    if (more) request.start_key = page->entries.back().key + '\0';
    for (KeyValue& entry : page->entries) listing.entries.push_back(std::move(entry));
    if (listing.entries.size() > options.most_members) {
      return Error{"more than " + std::to_string(options.most_members) +
                   " keys; try: a base of its own (--registry.etcd-base)"};
    }
  }
  return listing;
}

// Prefixes are raw, as in the agent: "/t" counts what is below "/tests", too.
void count_targets(Etcd& etcd, std::size_t most, Levels& levels) {
  for (TargetPrefix& source : levels.sources) {
    if (most-- == 0) return;
    const auto counted = etcd.range({.prefix = source.prefix, .limit = 1, .keys_only = true});
    if (!counted) return;
    source.targets = static_cast<std::size_t>(counted->count);
  }
}

Result<Levels> ask_etcd(const LevelsReaderOptions& options, const std::stop_token& stop) {
  const auto registry = make_etcd_client({.settings = options.registry.etcd, .stop = stop});
  const auto listing = list_base(*registry, options);
  const std::string prefix = base_prefix(options.registry);
  if (!listing) return listing.error().within("list " + prefix);
  Levels levels = find_levels(options.registry.base, *listing);
  const auto scrape = make_etcd_client({.settings = options.scrape, .stop = stop});
  count_targets(*scrape, options.most_counts, levels);
  return levels;
}

// A thread of its own, since the calls have longer deadlines.
Result<Levels> ask_etcd_within(const LevelsReaderOptions& options) {
  Inbox<Result<Levels>> answers;
  const std::jthread asker(
      [&](const std::stop_token& stop) { answers.push(ask_etcd(options, stop)); });
  auto answer = answers.wait_until(steady_clock::now() + options.etcd_time);
  if (!answer.empty()) return std::move(answer.front());
  return Error{"list " + base_prefix(options.registry) + ": no answer within " +
               format_duration(options.etcd_time) + "; try: promster check"};
}

// Where to ask a node whether its page lives; only on the host of its Prometheus, since the URL is
// whatever somebody wrote into etcd.
std::optional<std::string> page_url(const Member& member) {
  constexpr std::string_view kScheme = "http://";
  if (!member.web.starts_with(kScheme)) return std::nullopt;
  const std::string rest = member.web.substr(kScheme.size());
  const auto page = parse_address(rest.substr(0, rest.find('/')));
  const auto own = parse_address(member.name);
  if (!page || !own || page->host != own->host) return std::nullopt;
  if (rest.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "-._~/:[]") != std::string::npos) {
    return std::nullopt;
  }
  return member.web + (rest.ends_with('/') ? "-/healthy" : "/-/healthy");
}

void start_probes(const Levels& levels, std::size_t most, ParallelGets& gets) {
  const TargetLimits limits;
  std::set<std::string> asked;
  for (const Level& level : levels.levels) {
    for (const Member& member : level.members) {
      if (!parse_address(member.name) || denied_target(member.name, limits)) continue;
      if (asked.size() == most) return;
      if (!asked.insert(member.name).second) continue;
      gets.start(member.name, "http://" + member.name + "/-/ready");
      if (const auto page = page_url(member)) gets.start(member.name + " page", *page);
    }
  }
}

std::set<std::string> find_silent(const Levels& levels, const LevelsReaderOptions& options) {
  ParallelGets gets({.deadline = options.probe_time});
  start_probes(levels, options.most_probes, gets);
  std::set<std::string> silent;
  while (!gets.idle()) {
    for (const auto& ended : gets.wait_until(steady_clock::now() + kTurn)) {
      if (ended.status == 0) silent.insert(ended.id.substr(0, ended.id.find(' ')));
    }
  }
  return silent;
}

struct Remembered {
  SteadyTime when{};
  std::optional<Result<LevelsSeen>> seen;
};

}  // namespace

Result<LevelsSeen> read_levels(const LevelsReaderOptions& options) {
  auto levels = ask_etcd_within(options);
  if (!levels) return levels.error();
  auto silent = find_silent(*levels, options);
  return LevelsSeen{.levels = std::move(*levels), .silent = std::move(silent)};
}

ReadLevels levels_reader(LevelsReaderOptions options) {
  const auto last = std::make_shared<Published<Remembered>>();
  return [options = std::move(options), last]() -> Result<LevelsSeen> {
    const auto before = last->get();
    if (before->seen && steady_clock::now() - before->when < options.keep) return *before->seen;
    auto seen = read_levels(options);
    last->set({.when = steady_clock::now(), .seen = seen});
    return seen;
  };
}

}  // namespace promster
