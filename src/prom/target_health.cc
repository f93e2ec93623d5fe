#include "prom/target_health.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/text.h"
#include "core/address.h"
#include "prom/parallel_gets.h"
#include "prom/percent_encoded.h"

namespace promster {
namespace {

using nlohmann::json;

constexpr std::size_t kMostWords = 1000;
constexpr std::string_view kWordsOf = "words of ";  // no owner's name starts so: it has spaces

// RE2's special characters, escaped, and that escaped again for a string of PromQL.
std::string quoted_regex(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (std::string_view("\\.+*?()|[]{}^$\"").find(c) != std::string_view::npos) quoted += "\\\\";
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted;
}

std::string selector(const HealthQuestion& question) {
  std::string instances;
  for (const std::string& address : question.addresses) {
    instances += (instances.empty() ? "" : "|") + quoted_regex(address);
  }
  return "{job=~\"/.+\"" + (instances.empty() ? "" : ",instance=~\"" + instances + "\"") + "}";
}

// A vector under a name of its own, so that several fit into one answer.
std::string named(const std::string& vector, const std::string& name) {
  return "label_replace(" + vector + ",\"what\",\"" + name + "\",\"\",\"\")";
}

void take_sample(const json& sample, std::map<std::string, TargetHealth>& health) {
  const json& metric = sample.at("metric");
  TargetHealth& one = health[metric.at("instance").get<std::string>()];
  const double value = std::strtod(sample.at("value").at(1).get<std::string>().c_str(), nullptr);
  const std::string what = metric.value("what", "up");
  if (what == "at") one.last_scrape = value;
  if (what == "took") one.took_seconds = value;
  if (what == "up") one.state = value == 1 ? TargetHealth::State::kUp : TargetHealth::State::kDown;
}

// Why an owner did not say anything of use; empty: it did.
std::string failure_of(const ParallelGets::Ended& ended) {
  if (ended.status == 0) return ended.error;
  if (ended.status != 200) return "HTTP " + std::to_string(ended.status);
  return ended.cut;
}

// What each of so many answers may have: owners are who etcd says they are, and their answers are
// held in memory until all are there.
std::size_t most_of_each(const TargetHealthOptions& options, std::size_t owners) {
  const std::size_t asked = std::clamp<std::size_t>(owners, 1, options.most_owners);
  return std::min(options.most_body, options.most_bodies / asked);
}

// One round of questions.
class HealthRound {
 public:
  HealthRound(const TargetHealthOptions& options, const std::vector<HealthQuestion>& questions)
      : questions_(questions),
        gets_({.deadline = options.deadline,
               .most = most_of_each(options, questions.size()),
               .keep = true}) {
    std::size_t asked = 0;
    for (const HealthQuestion& question : questions_) {
      if (const std::string why = objection(question.owner, options.limits); !why.empty()) {
        answer_.failed[question.owner] = why;
      } else if (asked++ < options.most_owners) {
        start(question);
      } else {
        answer_.failed[question.owner] =
            "not asked: more than " + std::to_string(options.most_owners) + " at once";
      }
    }
  }

  HealthAnswer run() {
    while (!gets_.idle()) {
      for (const auto& ended : gets_.wait_until(std::chrono::steady_clock::now() + kTurn)) {
        take(ended);
      }
    }
    for (const auto& [owner, words] : words_) add_words(owner, words);
    return std::move(answer_);
  }

 private:
  static constexpr Duration kTurn{1000};

  static std::string objection(const std::string& owner, const TargetLimits& limits) {
    if (!parse_address(owner)) return "its name is no address";
    return denied_target(owner, limits).value_or("");
  }

  void start(const HealthQuestion& question) {
    const std::string base = "http://" + question.owner;
    gets_.start(question.owner, base + "/api/v1/query",
                "query=" + percent_encoded(health_query(question)));
    if (question.words && question.addresses.size() == 1) {
      gets_.start(std::string(kWordsOf) + question.owner, base + "/api/v1/targets?state=active");
    }
  }

  void take(const ParallelGets::Ended& ended) {
    if (ended.id.starts_with(kWordsOf)) {
      if (failure_of(ended).empty()) words_[ended.id.substr(kWordsOf.size())] = ended.body;
      return;
    }
    std::string failure = failure_of(ended);
    if (failure.empty()) {
      if (auto health = read_health(ended.body)) {
        answer_.by_owner[ended.id] = std::move(*health);
        return;
      }
      failure = "its answer is no Prometheus's";
    }
    answer_.failed[ended.id] = failure;
  }

  void add_words(const std::string& owner, const std::string& answer) {
    const auto said = answer_.by_owner.find(owner);
    if (said == answer_.by_owner.end()) return;
    for (auto& [address, health] : said->second) {
      if (health.state == TargetHealth::State::kDown) {
        health.error = read_last_error(answer, address);
      }
    }
  }

  const std::vector<HealthQuestion>& questions_;
  ParallelGets gets_;
  HealthAnswer answer_;
  std::map<std::string, std::string> words_;  // by owner: the answer that has them
};

}  // namespace

HealthAnswer ask_target_health(const TargetHealthOptions& options,
                               const std::vector<HealthQuestion>& questions) {
  return HealthRound(options, questions).run();
}

std::string health_query(const HealthQuestion& question) {
  const std::string wanted = selector(question);
  const std::string up = "min by(instance)(up" + wanted + ")";
  if (question.only_down) return up + " == 0";
  if (question.addresses.empty()) return up;
  return named(up, "up") + " or " + named("min by(instance)(timestamp(up" + wanted + "))", "at") +
         " or " + named("max by(instance)(scrape_duration_seconds" + wanted + ")", "took");
}

std::optional<std::map<std::string, TargetHealth>> read_health(std::string_view answer) {
  try {
    const json parsed = json::parse(answer);
    std::map<std::string, TargetHealth> health;
    for (const json& sample : parsed.at("data").at("result")) take_sample(sample, health);
    return health;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

std::string read_last_error(std::string_view answer, std::string_view address) {
  constexpr int kTarget = 3;  // {"data": {"activeTargets": [{
  std::string words;
  const auto look = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth != kTarget || event != json::parse_event_t::object_end) return true;
    const bool ours =
        parsed.value("scrapePool", "").starts_with('/') &&
        parsed.value("discoveredLabels", json::object()).value("__address__", "") == address;
    if (ours && words.empty()) words = parsed.value("lastError", "");
    return false;  // of many targets no tree is built
  };
  try {
    const json rest = json::parse(answer, look);
  } catch (const json::exception&) {
    return "";
  }
  return printable(words, kMostWords);
}

}  // namespace promster
