#include "web/api_targets.h"

#include <optional>

#include "base/text.h"
#include "core/json_text.h"
#include "web/api_answer.h"
#include "web/json_object.h"

namespace promster {
namespace {

constexpr std::size_t kMostRows = 1000;
constexpr std::size_t kMostOffset = 1'000'000'000;

std::string_view health_word(TargetHealth::State state) {
  if (state == TargetHealth::State::kUp) return "up";
  return state == TargetHealth::State::kDown ? "down" : "unknown";
}

std::string held_json(const HeldTarget& held) {
  return JsonObject()
      .number("since", held.since)
      .number("until", held.until)
      .integer("down_scrapes", held.down_scrapes)
      .str();
}

std::string row_json(const TargetRow& row) {
  JsonObject json;
  json.text("address", row.address)
      .text("key", row.key)
      .json("labels", labels_json(row.labels))
      .texts("owners", row.owners)
      .text("state", state_word(row.state));
  if (!row.reason.empty()) json.text("reason", row.reason);
  if (row.held) json.json("held", held_json(*row.held));
  return json.json("health", health_json(row.health)).str();
}

std::string failure_json(const std::pair<const std::string, std::string>& failure) {
  return JsonObject().text("owner", failure.first).text("reason", failure.second).str();
}

std::string page_json(const TargetsPage& page) {
  JsonObject data;
  data.integer("revision", page.revision)
      .count("total", page.total)
      .count("offset", page.offset)
      .count("limit", page.limit)
      .json("targets", json_array(page.rows, row_json));
  if (!page.empty_because.empty()) data.text("empty_because", page.empty_because);
  return data.number("search_seconds", page.search_seconds)
      .json("not_asked", json_array(page.not_asked, failure_json))
      .str();
}

}  // namespace

Result<TargetsQuestion> read_targets_question(const WebRequest& request) {
  TargetsQuestion question;
  question.query.words = parameter(request, "q");
  if (question.query.words.size() > TargetsQuestion::kMostWords) {
    return Error{"q; it is longer than " + std::to_string(TargetsQuestion::kMostWords) +
                 " bytes; try: a part of an address"};
  }
  question.query.owner = parameter(request, "owner");
  const auto filter = target_filter(parameter(request, "state"));
  if (!filter) {
    return Error{"state; \"" + printable(parameter(request, "state"), 100) +
                 "\" is none; try: up, down, unknown, moving, held or rejected"};
  }
  question.filter = *filter;
  const auto limit = count_parameter(request, "limit", question.query.limit, kMostRows);
  if (!limit) return limit.error();
  const auto offset = count_parameter(request, "offset", 0, kMostOffset);
  if (!offset) return offset.error();
  const auto health = flag_parameter(request, "health");
  if (!health) return health.error();
  question.query.limit = *limit;
  question.query.offset = *offset;
  question.health = *health;
  return question;
}

WebResponse targets_answer(const Snapshot& snapshot, const NodeView& view,
                           const TargetsQuestion& question) {
  if (const std::string why = not_known_yet(snapshot); !why.empty()) {
    return api_error(ApiFault::kUnavailable, why);
  }
  return api_success(page_json(find_targets(snapshot, view, question)));
}

std::string not_known_yet(const Snapshot& snapshot) {
  const auto waits = [](const SourceSnapshot& source) { return source.enabled && !source.synced; };
  const bool members = waits(snapshot.members_source);
  if (!members && !waits(snapshot.targets_source)) return "";
  const std::string& reason =
      members ? snapshot.members_source.reason : snapshot.targets_source.reason;
  return std::string(members ? "the nodes" : "the targets") + " were not listed yet; " +
         (reason.empty() ? "etcd was not reached" : reason) + "; try: promster check";
}

std::string health_json(const std::optional<TargetHealth>& health) {
  if (!health) return "null";
  const auto known = [](double value) { return value > 0 ? std::optional(value) : std::nullopt; };
  const bool scraped = health->last_scrape > 0;
  return JsonObject()
      .text("state", health_word(health->state))
      .number("last_scrape", known(health->last_scrape))
      .number("scrape_seconds", scraped ? std::optional(health->took_seconds) : std::nullopt)
      .text("error", health->error)
      .str();
}

std::string labels_json(const Labels& labels) {
  JsonObject json;
  for (const auto& [name, value] : labels.pairs()) json.text(name, value);
  return json.str();
}

}  // namespace promster
