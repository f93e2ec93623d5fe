#include "cluster/demo_control.h"

#include <charconv>

#include "base/text.h"
#include "prom/http_client.h"
#include "web/router.h"

namespace promster {
namespace {

bool read_number(std::string_view text, int& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

WebResponse text_answer(int status, const std::string& text) {
  return {.status = status, .body = text + "\n"};
}

}  // namespace

Result<ScaleLevel> parse_scale(const std::string& text, std::size_t levels) {
  const auto parts = split(trim(text), '=');
  int level = 0, nodes = 0;
  if (parts.size() != 2 || !parts[0].starts_with("level") ||
      !read_number(parts[0].substr(5), level) || !read_number(parts[1], nodes)) {
    return Error{"cannot read \"" + printable(text) + "\"; try: level1=2"};
  }
  if (level < 1 || static_cast<std::size_t>(level) > levels) {
    return Error{"there is no level" + std::to_string(level) + "; try: level1 to level" +
                 std::to_string(levels)};
  }
  if (nodes < 1 || nodes > kMostDemoNodes) {
    return Error{"a level has 1 to " + std::to_string(kMostDemoNodes) + " nodes here, not " +
                 std::to_string(nodes)};
  }
  return ScaleLevel{.level = static_cast<std::size_t>(level - 1), .nodes = nodes};
}

Result<std::unique_ptr<DemoControl>> DemoControl::start(int port, std::size_t levels,
                                                        Inbox<DemoRequest>& requests,
                                                        const Published<std::string>& report) {
  std::unique_ptr<DemoControl> control(new DemoControl(levels, requests, report));
  auto server = HttpServer::start(
      {.listen = {"127.0.0.1:" + std::to_string(port)}},
      [&self = *control](const WebRequest& request) { return self.answer(request); });
  if (!server) {
    return Error{server.error().message + "; try: promster demo stop, or another --port"};
  }
  control->server_ = std::move(*server);
  return control;
}

WebResponse DemoControl::answer(const WebRequest& request) {
  // A router of its own for each request: it is small, and needs no state between them.
  Router router;
  router.add("/", "report", {"GET"},
             [&](const WebRequest&) { return text_answer(200, *report_.get()); });
  router.add("/stop", "stop", {"POST"}, [&](const WebRequest&) {
    requests_.push(StopDemo{});
    return text_answer(202, "the demo stops");
  });
  router.add("/scale", "scale", {"POST"}, [&](const WebRequest& scale) {
    const auto wanted = parse_scale(scale.body, levels_);
    if (!wanted) return text_answer(400, wanted.error().message);
    requests_.push(*wanted);
    return text_answer(202, "level" + std::to_string(wanted->level + 1) + " goes to " +
                                std::to_string(wanted->nodes) + " nodes");
  });
  return router.handle(request);
}

Result<std::string> ask_demo(int port, const std::string& what, const std::string& body) {
  const std::string base = "http://127.0.0.1:" + std::to_string(port);
  const auto response =
      HttpClient().send({.method = "POST", .url = base + "/" + what, .body = body});
  if (!response) return Error{"no demo answers at " + base + "; try: promster demo"};
  const std::string text(trim(response->body));
  if (response->status == 202) return text;
  return Error{text};
}

}  // namespace promster
