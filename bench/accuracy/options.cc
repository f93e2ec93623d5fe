#include "bench/accuracy/options.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>

#include "base/text.h"
#include "bench/accuracy/stage.h"

namespace promster {
namespace {

template <class T>
Result<T> named(const std::vector<T>& all, std::string_view name, const std::string& what) {
  const auto found = std::ranges::find(all, name, &T::name);
  if (found != all.end()) return *found;
  std::string names;
  for (const T& one : all) names += (names.empty() ? "" : ", ") + one.name;
  return Error{"no " + what + " " + std::string(name) + "; there are " + names};
}

Result<void> set_events(AccuracyOptions& options, const std::string& value) {
  options.campaign.events.clear();
  if (value == "all") {
    for (const AccuracyEvent& event : accuracy_events()) {
      if (event.targets == 0) options.campaign.events.push_back(event.name);
    }
    return {};
  }
  for (const std::string_view name : split(value, ',')) {
    const auto event = named(accuracy_events(), name, "event");
    if (!event) return event.error();
    options.campaign.events.push_back(event->name);
    if (event->targets == 0) continue;
    if (value != event->name) return Error{event->name + " happens alone"};
    options.campaign.targets = event->targets;
    options.campaign.interval = event->interval;
  }
  return {};
}

Result<void> set_duration(Duration& duration, const std::string& value) {
  const auto read = parse_duration(value);
  if (!read) return read.error();
  if (*read < Duration(1000)) return Error{"less than 1s"};
  duration = *read;
  return {};
}

Result<void> set_targets(AccuracyOptions& options, const std::string& value) {
  int count = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), count);
  if (read.ec != std::errc() || read.ptr != value.data() + value.size()) return Error{"no number"};
  if (count < kStageGroup || count > 1000 || count % kStageGroup != 0) {
    return Error{"not a multiple of " + std::to_string(kStageGroup) + " up to 1000"};
  }
  options.campaign.targets = count;
  return {};
}

Result<void> set_mode(AccuracyOptions& options, const std::string& value) {
  const auto mode = named(accuracy_modes(), value, "mode");
  if (!mode) return mode.error();
  options.modes = {*mode};
  return {};
}

Result<void> set_option(AccuracyOptions& options, const std::string& name,
                        const std::string& value) {
  CampaignOptions& campaign = options.campaign;
  if (name == "--event") return set_events(options, value);
  if (name == "--targets") return set_targets(options, value);
  if (name == "--interval") return set_duration(campaign.interval, value);
  if (name == "--ttl") return set_duration(campaign.ttl, value);
  if (name == "--window") return set_duration(campaign.window, value);
  if (name == "--mode") return set_mode(options, value);
  if (name == "--out") return options.out = value, Result<void>();
  if (name == "--binary") return campaign.binary = value, Result<void>();
  return Error{"no such option"};
}

}  // namespace

const std::vector<AccuracyMode>& accuracy_modes() {
  static const std::vector<AccuracyMode> kModes{
      {.name = "normal", .what = "guard and hand-over", .environment = {}},
      {.name = "noguard",
       .what = "without the guard",
       .environment = {{"RECORD_RULE_GUARD", "false"}}},
      {.name = "nohandover",
       .what = "without hand-over",
       .environment = {{"PROMSTER_SHARD_HANDOVER", "0"}}}};
  return kModes;
}

std::string accuracy_usage() {
  std::string text =
      "bench_accuracy [options]         measure how wrong the total is after each event\n"
      "bench_accuracy --compare [options]                 all three modes, and one chart\n"
      "bench_accuracy --compare [--out=DIR] MODE=CSV...   one chart of what was measured\n"
      "  --event=NAME,NAME   or all, the default\n";
  for (const AccuracyEvent& event : accuracy_events()) {
    text += "      " + event.name + std::string(12 - event.name.size(), ' ') + event.what + "\n";
  }
  return text +
         "  --mode=MODE         normal (the default), noguard, nohandover\n"
         "  --targets=20        registered at any time\n"
         "  --interval=5s       of scrapes and of evaluations\n"
         "  --ttl=5s            of the nodes in etcd\n"
         "  --window=90s        for how long each event is watched\n"
         "  --out=accuracy-out  where CSV and SVG go\n"
         "  --binary=PATH       of promster\n";
}

Result<AccuracyOptions> parse_accuracy_options(const std::vector<std::string>& arguments) {
  AccuracyOptions options;
  options.modes = {accuracy_modes().front()};
  (void)set_events(options, "all");
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    if (argument == "--compare") {
      options.modes = accuracy_modes();
    } else if (!argument.starts_with("--") && equals != std::string::npos) {
      options.csvs.push_back(argument);
    } else if (equals == std::string::npos) {
      return Error{argument + ": try --help"};
    } else {
      const auto set = set_option(options, argument.substr(0, equals), argument.substr(equals + 1));
      if (!set) return set.error().within(argument);
    }
  }
  return options;
}

}  // namespace promster
