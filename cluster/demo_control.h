#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/inbox.h"
#include "base/published.h"
#include "base/result.h"
#include "web/http_server.h"

namespace promster {

// What a running demo can be asked to do.
struct ScaleLevel {
  std::size_t level = 0;  // from 0
  int nodes = 1;
  bool operator==(const ScaleLevel&) const = default;
};
struct StopDemo {
  bool operator==(const StopDemo&) const = default;
};
using DemoRequest = std::variant<ScaleLevel, StopDemo>;

// The most nodes a level of the demo may have: each is a Prometheus on this machine.
inline constexpr int kMostDemoNodes = 30;

// Reads "level1=2". REQUIRES of a success: the level is below `levels`, the nodes from 1 to
// kMostDemoNodes.
Result<ScaleLevel> parse_scale(const std::string& text, std::size_t levels);

// The address at which a demo listens for what other terminals ask of it, on loopback:
//   GET /         what it last reported, as text
//   POST /scale   the body is "level1=2"
//   POST /stop
//
// Thread rule: made and destroyed by one thread, which also reads the inbox; requests are pushed by
// the server's thread.
class DemoControl {
 public:
  // REQUIRES: `requests` and `report` outlive it.
  static Result<std::unique_ptr<DemoControl>> start(int port, std::size_t levels,
                                                    Inbox<DemoRequest>& requests,
                                                    const Published<std::string>& report);

 private:
  DemoControl(std::size_t levels, Inbox<DemoRequest>& requests,
              const Published<std::string>& report)
      : levels_(levels), requests_(requests), report_(report) {}
  WebResponse answer(const WebRequest& request);

  const std::size_t levels_;
  Inbox<DemoRequest>& requests_;
  const Published<std::string>& report_;
  std::unique_ptr<HttpServer> server_;  // the last member: it ends before what it uses
};

// Asks the demo that listens on `port`, from another process: "stop", or "scale" with a body.
// Returns its answer; says how to start one where there is none.
Result<std::string> ask_demo(int port, const std::string& what, const std::string& body);

}  // namespace promster
