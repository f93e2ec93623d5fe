#include "web/node_pages.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "web/exposition.h"
#include "web/html.h"
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

std::string html_list(const std::string& title, const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string html = "<h2>" + title + "</h2>\n<ul>\n";
  for (const std::string& line : lines) html += "<li>" + html_text(line) + "</li>\n";
  return html + "</ul>\n";
}

std::string html_row(const std::string& name, const std::string& value) {
  return "<tr><th scope=\"row\">" + name + "</th><td>" + html_text(value) + "</td></tr>\n";
}

std::string facts(const Snapshot& snapshot) {
  const std::string prometheus =
      snapshot.prometheus_up ? "up " + snapshot.prometheus_version : snapshot.prometheus_reason;
  return "<table>\n" + html_row("Node", snapshot.node) + html_row("Service", snapshot.service) +
         html_row("Nodes", std::to_string(snapshot.members.size())) +
         html_row("Targets", std::to_string(snapshot.targets_discovered)) +
         html_row("Targets of this node", std::to_string(snapshot.targets_assigned)) +
         html_row("Prometheus", prometheus) + "</table>\n";
}

// The links are relative, so that they hold behind a prefix.
std::string page(const Snapshot& snapshot) {
  const std::string title = html_text("promster " + snapshot.service + " " + snapshot.node);
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
         title + "</title>\n</head>\n<body>\n<h1>" + title + "</h1>\n<p>" +
         (snapshot.ready() ? "Ready." : "Not ready.") + "</p>\n" +
         html_list("Missing", snapshot.missing) + html_list("Degraded", snapshot.degraded) +
         facts(snapshot) +
         "<p><a href=\"metrics\">Metrics</a> <a href=\"-/ready\">Readiness</a> "
         "<a href=\"-/healthy\">Health</a></p>\n</body>\n</html>\n";
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
  router.add("/", "page", {"GET"}, [&snapshot](const WebRequest&) {
    return fresh(200, "text/html; charset=utf-8", page(*snapshot.get()));
  });
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
