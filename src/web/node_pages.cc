#include "web/node_pages.h"

#include <chrono>
#include <string>
#include <utility>

#include "base/text.h"
#include "web/exposition.h"
#include "web/metrics.h"
#include "web/process_stats.h"

namespace promster {
namespace {

// Nothing of a node's state is worth keeping: the next answer may differ.
WebResponse fresh(int status, std::string content_type, std::string body) {
  return {.status = status,
          .content_type = std::move(content_type),
          .body = std::move(body),
          .headers = {{"Cache-Control", "no-store"}}};
}

WebResponse text(int status, std::string body) {
  return fresh(status, "text/plain; charset=utf-8", std::move(body));
}

WebResponse ready_answer(const Snapshot& snapshot) {
  std::string body = snapshot.ready() ? "promster is ready.\n" : "promster is not ready.\n";
  for (const std::string& line : snapshot.missing)
    body += "missing: " + printable(line, 1000) + "\n";
  for (const std::string& line : snapshot.degraded) {
    body += "degraded: " + printable(line, 1000) + "\n";
  }
  return text(snapshot.ready() ? 200 : 503, std::move(body));
}

WebHandler lifecycle_handler(bool enabled, std::function<void()> act, std::string done) {
  return [enabled, act = std::move(act), done = std::move(done)](const WebRequest&) {
    if (!enabled) return text(403, "Not enabled; try: --web.enable-lifecycle\n");
    act();
    return text(200, done);
  };
}

}  // namespace

void add_node_pages(Router& router, const Published<Snapshot>& snapshot,
                    LifecycleOptions lifecycle) {
  router.add("/-/healthy", "healthy", {"GET"},
             [](const WebRequest&) { return text(200, "promster is healthy.\n"); });
  router.add("/-/ready", "ready", {"GET"},
             [&snapshot](const WebRequest&) { return ready_answer(*snapshot.get()); });
  router.add("/metrics", "metrics", {"GET"}, [&snapshot, &router](const WebRequest&) {
    return fresh(200, kExpositionContentType,
                 render_metrics(*snapshot.get(), read_process_stats(), router.counts(),
                                std::chrono::steady_clock::now()));
  });
  router.add("/-/reload", "reload", {"POST"},
             lifecycle_handler(lifecycle.enabled, std::move(lifecycle.reload),
                               "Will render and reload.\n"));
  router.add("/-/quit", "quit", {"POST"},
             lifecycle_handler(lifecycle.enabled, std::move(lifecycle.quit), "Will stop.\n"));
}

}  // namespace promster
