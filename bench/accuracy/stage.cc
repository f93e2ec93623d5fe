#include "bench/accuracy/stage.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "bench/accuracy/sampler.h"
#include "prom/http_client.h"

namespace promster {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr double kForEver = std::numeric_limits<double>::infinity();

Result<ScrapeLog> scrape_log_of(HttpClient& http, const std::string& address) {
  const auto answer = http.get("http://" + address + "/scrapes", seconds(5));
  if (!answer) return answer.error();
  return parse_scrape_log(answer->body);
}

}  // namespace

Result<std::unique_ptr<Stage>> Stage::start(const StageOptions& options) {
  auto dir = TempDir::make("promster-accuracy");
  if (!dir) return dir.error();
  std::unique_ptr<Stage> stage(new Stage(options, std::move(*dir)));
  if (auto begun = stage->begin(); !begun) return begun.error();
  return stage;
}

Result<void> Stage::begin() {
  auto etcd = EtcdServer::start({.dir = dir_.path()});
  if (!etcd) return etcd.error();
  etcd_.emplace(std::move(*etcd));
  auto generator =
      Generator::start({.count = options_.targets + options_.spare, .rate = options_.rate});
  if (!generator) return generator.error();
  generator_ = std::move(*generator);
  for (int i = 0; i < options_.targets; i += kStageGroup) {
    if (auto came = come(); !came) return came;
  }
  options_.levels.etcd_url = etcd_->endpoint();
  hierarchy_.emplace(HierarchyOptions{.binary = options_.binary, .dir = dir_.path()});
  for (const LevelOptions& level : demo_levels(options_.levels, options_.nodes)) {
    if (auto added = hierarchy_->add_level(level); !added) return added;
  }
  return hierarchy_->wait_until_ready(seconds(60));
}

Result<void> Stage::come() {
  const auto& all = generator_->addresses();
  if (used_ + kStageGroup > all.size()) return Error{"no spare target is left"};
  auto group = std::make_unique<Group>();
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(used_);
  group->addresses.assign(first, first + kStageGroup);
  used_ += kStageGroup;
  group->registrar = std::make_unique<TargetRegistrar>(TargetRegistrarOptions{
      .etcd = {.endpoints = {etcd_->endpoint()}},
      .prefix = kDemoTargets,
      .addresses = group->addresses,
      .report = [&told = group->registered](const Result<void>& done) { told.push(done.ok()); }});
  const auto told = group->registered.wait_until(steady_clock::now() + seconds(10));
  if (told.empty() || !told.front()) return Error{"targets are not registered"};
  for (const std::string& address : group->addresses) {
    registration_[address] = {.from = unix_seconds(), .until = kForEver};
  }
  groups_.push_back(std::move(group));
  return {};
}

void Stage::leave() {
  for (const std::string& address : groups_.front()->addresses) {
    registration_[address].until = unix_seconds();
  }
  groups_.pop_front();
}

Result<void> Stage::churn() {
  if (auto came = come(); !came) return came;
  leave();
  return {};
}

double Stage::truth(double time) const {
  const auto registered = std::ranges::count_if(registration_, [&](const auto& one) {
    return one.second.from <= time && time < one.second.until;
  });
  return options_.rate * static_cast<double>(registered);
}

Result<ScrapeVerdict> Stage::verdict(const Span& span, double interval) const {
  HttpClient http;
  ScrapeVerdict verdict;
  for (const auto& [address, registered] : registration_) {
    const Span both{.from = std::max(span.from, registered.from),
                    .until = std::min(span.until, registered.until)};
    if (both.length() <= 0) continue;
    const auto log = scrape_log_of(http, address);
    if (!log) return log.error();
    add_fate(verdict, judge_scrapes(*log, both, interval), interval);
  }
  return verdict;
}

}  // namespace promster
