#include "web/api.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "web/api_answer.h"
#include "web/api_document.h"
#include "web/api_explain.h"
#include "web/api_files.h"
#include "web/api_history.h"
#include "web/api_levels.h"
#include "web/api_nodes.h"
#include "web/api_reloads.h"
#include "web/api_simulate.h"
#include "web/api_status.h"
#include "web/api_targets.h"

namespace promster {
namespace {

using ViewPtr = std::shared_ptr<const NodeView>;

// Makes the JSON of the newest snapshot.
using Render = std::function<std::string(const Snapshot&, const NodeView&)>;

// What is quick to render.
WebHandler rendered(const ViewPtr& view, Render data) {
  return [view, data = std::move(data)](const WebRequest&) {
    return api_success(data(*view->snapshot.get(), *view));
  };
}

// What may be megabytes, which take their time to be put into words and to be compressed.
WebHandler rendered_later(const ViewPtr& view, Render data) {
  return [view, data = std::move(data)](const WebRequest&) {
    return answer_later([view, data] { return api_success(data(*view->snapshot.get(), *view)); });
  };
}

std::string status_data(const Snapshot& snapshot, const NodeView&) {
  return status_json(snapshot, status_clock(snapshot, std::chrono::steady_clock::now()));
}

WebResponse history_later(const ViewPtr& view, const WebRequest& request) {
  constexpr std::size_t kMost = History::kMostChanges;
  const auto limit = count_parameter(request, "limit", 100, kMost);
  if (!limit) return api_error(ApiFault::kBadData, limit.error().message);
  const auto offset = count_parameter(request, "offset", 0, 1'000'000'000);
  if (!offset) return api_error(ApiFault::kBadData, offset.error().message);
  return answer_later([view, from = *offset, most = *limit] {
    return api_success(history_json(*view->snapshot.get(), from, most));
  });
}

// As Prometheus's <http_sd_config> reads it, without our envelope.
WebResponse sd_answer(const Snapshot& snapshot) {
  const std::string* file = targets_file(snapshot);
  if (file == nullptr) {
    return api_error(ApiFault::kUnavailable,
                     "sd; the target file was not written yet; try: /-/ready says why");
  }
  return {.content_type = "application/json",
          .body = *file,
          .headers = {{"Cache-Control", "no-store"}}};
}

WebResponse document_answer(const WebRequest&) {
  return {.content_type = "application/yaml", .body = std::string(api_document())};
}

void add_rendered(Router& router, const ViewPtr& view) {
  router.add("/api/v1/status", "api_status", {"GET"}, rendered(view, status_data));
  router.add("/api/v1/nodes", "api_nodes", {"GET"}, rendered(view, nodes_json));
  router.add("/api/v1/reloads", "api_reloads", {"GET"},
             rendered_later(view, [](const Snapshot& snapshot, const NodeView&) {
               return reloads_json(snapshot);
             }));
  router.add("/api/v1/files", "api_files", {"GET"},
             rendered_later(view, [](const Snapshot& snapshot, const NodeView& shown) {
               return files_json(snapshot, shown.rules, shown.alerts);
             }));
  router.add("/api/v1/settings", "api_settings", {"GET"},
             rendered(view, [](const Snapshot&, const NodeView& shown) {
               return settings_json(shown.settings);
             }));
}

WebResponse targets_later(const ViewPtr& view, const WebRequest& request) {
  auto question = read_targets_question(request);
  if (!question) return api_error(ApiFault::kBadData, question.error().message);
  const bool asks = asks_owners(*question);
  auto work = [view, question = std::move(*question)] {
    return targets_answer(*view->snapshot.get(), *view, question);
  };
  return asks ? ask_others(std::move(work)) : answer_later(std::move(work));
}

WebResponse simulate_later(const ViewPtr& view, const WebRequest& request) {
  auto question = read_simulation_question(parameter(request, "add"), parameter(request, "remove"));
  if (!question) return api_error(ApiFault::kBadData, question.error().message);
  return answer_later([view, question = std::move(*question)] {
    return simulate_answer(*view->snapshot.get(), question);
  });
}

// What takes its time.
void add_questions(Router& router, const ViewPtr& view) {
  router.add("/api/v1/targets", "api_targets", {"GET"},
             [view](const WebRequest& request) { return targets_later(view, request); });
  router.add("/api/v1/simulate", "api_simulate", {"GET"},
             [view](const WebRequest& request) { return simulate_later(view, request); });
  router.add("/api/v1/explain", "api_explain", {"GET"}, [view](const WebRequest& request) {
    return ask_others([view, target = parameter(request, "target")] {
      return explain_answer(*view->snapshot.get(), *view, target);
    });
  });
  router.add("/api/v1/levels", "api_levels", {"GET"}, [view](const WebRequest&) {
    return ask_others([view] { return levels_answer(*view->snapshot.get(), *view); });
  });
}

}  // namespace

void add_api(Router& router, const NodeView& shown) {
  const auto view = std::make_shared<const NodeView>(shown);
  add_rendered(router, view);
  add_questions(router, view);
  router.add("/api/v1/history", "api_history", {"GET"},
             [view](const WebRequest& request) { return history_later(view, request); });
  router.add("/api/v1/sd", "api_sd", {"GET"}, [view](const WebRequest&) {
    return answer_later([view] { return sd_answer(*view->snapshot.get()); });
  });
  router.add("/api/v1/openapi.yaml", "api_openapi", {"GET"}, document_answer);
  router.add("/api/v1/events", "api_events", {"GET"}, [](const WebRequest&) {
    WebResponse stream;
    stream.events = true;
    return stream;
  });
}

}  // namespace promster
