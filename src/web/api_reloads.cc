#include "web/api_reloads.h"

#include "web/json_object.h"

namespace promster {
namespace {

std::string reload_json(const ReloadRecord& reload) {
  return JsonObject()
      .count("id", reload.id)
      .number("time", reload.time)
      .text("result", reload.result)
      .text("who", reload.who)
      .text("words", reload.words)
      .texts("files_written", reload.files_written)
      .flag("reloaded", reload.reloaded)
      .number("took_seconds", reload.took_seconds)
      .text("diff", reload.diff)
      .str();
}

}  // namespace

std::string reloads_json(const Snapshot& snapshot) {
  const History::Reloads newest_first(snapshot.reload_log->rbegin(), snapshot.reload_log->rend());
  JsonObject data;
  data.json("reloads",
            json_array(newest_first, [](const auto& reload) { return reload_json(*reload); }));
  if (newest_first.empty()) {
    data.text("empty_because", "no configuration was given to Prometheus since this node started");
  }
  return data.str();
}

}  // namespace promster
