#include <filesystem>
#include <ostream>
#include <thread>
#include <utility>

#include "agent/signals.h"
#include "cli/commands.h"
#include "cluster/demo.h"

namespace promster {
namespace {

constexpr std::int64_t kMostTargets =
    90;  // each has a port between those of the nodes and the next hundred

// The option as a number, where it is from 1 to `most`; else the error goes to `wrong`.
int in_range(const CommandCall& call, const std::string& name, std::int64_t most,
             std::string& wrong) {
  const std::int64_t number = call.number(name);
  if (number < 1 || number > most) {
    wrong = name + "; " + std::to_string(number) + " is not from 1 to " + std::to_string(most) +
            "; try: promster demo --help";
  }
  return static_cast<int>(number);
}

int start(const CommandCall& call, DemoOptions options) {
  std::string wrong;
  options.targets = in_range(call, "--targets", kMostTargets, wrong);
  options.levels = {in_range(call, "--level1", kMostDemoNodes, wrong),
                    in_range(call, "--level2", kMostDemoNodes, wrong),
                    in_range(call, "--level3", kMostDemoNodes, wrong)};
  if (!wrong.empty()) {
    print_error(call.err, wrong);
    return kExitUsage;
  }
  options.binary = std::filesystem::read_symlink("/proc/self/exe").string();
  options.program = call.program;
  options.exit_after_check = call.flag("--exit-after-check");
  block_signals();
  Inbox<DemoRequest> requests;
  const auto stop = [&requests](int) { requests.push(StopDemo{}); };
  const std::jthread signals([&](std::stop_token asked) { watch_signals(stop, std::move(asked)); });
  return run_demo(options, requests, call.out, call.err);
}

int ask(const CommandCall& call, int port) {
  const std::string body = call.positionals.size() > 1 ? call.positionals[1] : "";
  const auto answer = ask_demo(port, call.positionals.front(), body);
  if (!answer) {
    print_error(call.err, answer.error().message);
    return kExitFailed;
  }
  call.out << *answer << "\n";
  return kExitFine;
}

int demo(const CommandCall& call) {
  std::string wrong;
  const int port = in_range(call, "--port", 60'000, wrong);
  const auto& words = call.positionals;
  const bool known = words.empty() || (words.size() == 1 && words[0] == "stop") ||
                     (words.size() == 2 && words[0] == "scale");
  if (!known) wrong = "cannot do that; try: promster demo scale level1=2, or: promster demo stop";
  if (!wrong.empty()) {
    print_error(call.err, wrong);
    return kExitUsage;
  }
  return words.empty() ? start(call, {.binary = "", .port = port}) : ask(call, port);
}

}  // namespace

Command demo_command() {
  using Kind = CommandOption::Kind;
  const auto number = [](const char* name, const char* fallback, const char* help) {
    return CommandOption{.name = name, .kind = Kind::kNumber, .fallback = fallback, .help = help};
  };
  return {
      .name = "demo",
      .summary = "three levels on this machine, with a known total; also scales and stops them",
      .about =
          "It needs etcd and prometheus in the path, listens on loopback only, keeps everything "
          "in a temporary folder and stops all of it on Ctrl-C.",
      .options = {number("--targets", "20", "targets to scrape"),
                  number("--level1", "5", "nodes that scrape them"),
                  number("--level2", "2", "nodes that federate level 1"),
                  number("--level3", "1", "nodes that federate level 2"),
                  number("--port", "19000", "of the demo itself; the parts take ports above it"),
                  {.name = "--exit-after-check",
                   .kind = Kind::kFlag,
                   .help = "check, scale level 1, check again, and end: 0 where all was right"}},
      .positionals = "[scale levelN=M | stop]",
      .words = {"scale", "stop"},
      .examples = {{"promster demo", "starts it, and says what to look at and to try."},
                   {"promster demo scale level1=2",
                    "lets level 1 of a running demo have two nodes."}},
      .exits = {{kExitFine, "stopped, or all was right"},
                {kExitFailed, "a part failed, or the total at the top stayed wrong"},
                {kExitUsage, "wrong usage"}},
      .run = demo};
}

}  // namespace promster
