#include <chrono>
#include <optional>
#include <ostream>
#include <thread>
#include <utility>

#include "agent/advertise.h"
#include "agent/signals.h"
#include "base/backoff.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cluster/generator.h"
#include "cluster/target_registrar.h"

namespace promster {
namespace {

using std::chrono::steady_clock;

constexpr Backoff::Options kLookAgain{.first = Duration(500), .most = Duration(5'000)};
constexpr std::int64_t kMostTargets = 10'000;
constexpr std::int64_t kMostPort = 65'535;

// Where nodes look for targets; else where REGISTRY_* says, as generators of the original's example
// are told it.
std::string prefix_of(const Settings& settings) {
  if (!settings.scrape.etcd_path.empty() || settings.registry.service.empty()) {
    return settings.scrape.etcd_path;
  }
  return settings.registry.base + "/" + settings.registry.service;
}

// What is wrong with the call, if anything.
std::string fault(const CommandCall& call) {
  const Settings& settings = call.loaded.settings;
  if (call.number("--count") < 1 || call.number("--count") > kMostTargets) {
    return "--count; it is not from 1 to " + std::to_string(kMostTargets) + "; try: --count=20";
  }
  if (call.number("--first-port") > kMostPort) return "--first-port; it is no port; try: 20000";
  if (settings.scrape.etcd.endpoints.empty()) {
    return "no etcd to register at; try: SCRAPE_ETCD_URL=http://127.0.0.1:2379";
  }
  if (prefix_of(settings).empty()) {
    return "no etcd path to register below; try: SCRAPE_ETCD_PATH=/webservers/generator";
  }
  return "";
}

// Hears SIGTERM and SIGINT.
class StopSignal {
 public:
  // Whether one came by then.
  bool came_by(std::optional<SteadyTime> deadline) {
    do {
      for (const Event& event : events_.wait_until(deadline)) {
        if (std::holds_alternative<StopAsked>(event)) return true;
      }
    } while (!deadline || steady_clock::now() < *deadline);
    return false;
  }

 private:
  Inbox<Event> events_;
  const std::jthread signals_{
      [this](std::stop_token stop) { watch_signals(events_, std::move(stop)); }};
};

// The address to listen on: --host, or what this machine has towards etcd, which may start after
// us; empty where a stop was asked for first. Each reason to wait is told once.
std::string wait_for_host(const CommandCall& call, const Log& log, StopSignal& stop) {
  if (!call.text("--host").empty()) return call.text("--host");
  const std::string port = ":1";  // any: only the host is looked for
  Backoff pause(kLookAgain);
  std::string told;
  for (;;) {
    const auto found = find_advertise_address(call.loaded.settings.scrape.etcd.endpoints,
                                              "http://127.0.0.1" + port);
    if (found) return found->substr(0, found->size() - port.size());
    const std::string& message = found.error().message;
    const std::string why = message.substr(0, message.find("; try:"));
    if (why != told) log.warning("no address yet", {{"reason", why}});
    told = why;
    if (stop.came_by(steady_clock::now() + pause.next())) return "";
  }
}

Duration ttl_of(const CommandCall& call) {
  if (call.number("--ttl") == 0) return call.loaded.settings.registry.ttl;
  return std::chrono::seconds(call.number("--ttl"));
}

void report(const Log& log, const Result<void>& registered) {
  if (registered) {
    log.info("targets registered");
  } else {
    log.warning("targets not registered", {{"reason", registered.error().message}});
  }
}

int generate(const CommandCall& call) {
  if (const std::string wrong = fault(call); !wrong.empty()) {
    print_error(call.err, wrong);
    return kExitUsage;
  }
  block_signals();
  const Settings& settings = call.loaded.settings;
  const Log log(settings.log_level, settings.log_format);
  StopSignal stop;
  const std::string host = wait_for_host(call, log, stop);
  if (host.empty()) return kExitFine;
  const auto generator =
      Generator::start({.count = static_cast<int>(call.number("--count")),
                        .host = host,
                        .first_port = static_cast<int>(call.number("--first-port")),
                        .rate = static_cast<double>(call.number("--rate"))});
  if (!generator) {
    print_error(call.err, generator.error().message);
    return kExitFailed;
  }
  for (const std::string& address : (*generator)->addresses()) {
    call.out << "http://" << address << "/metrics\n";
  }
  call.out << "total: " << (*generator)->total_rate() << " requests/s" << std::endl;
  const TargetRegistrar registrar(
      {.etcd = settings.scrape.etcd,
       .prefix = prefix_of(settings),
       .addresses = (*generator)->addresses(),
       .ttl = ttl_of(call),
       .report = [&log](const Result<void>& registered) { report(log, registered); }});
  (void)stop.came_by(std::nullopt);
  return kExitFine;
}

}  // namespace

// It registers where the nodes look for targets, so it needs only what says where that is.
Command generator_command() {
  using Kind = CommandOption::Kind;
  return {
      .name = "generator",
      .summary = "instrumented targets that register themselves, with a known total",
      .takes_settings = true,
      .bears_bad_settings = true,
      .options = {{.name = "--count", .kind = Kind::kNumber, .fallback = "1", .help = "targets"},
                  {.name = "--rate",
                   .kind = Kind::kNumber,
                   .fallback = "50",
                   .help = "requests per second that each of them counts"},
                  {.name = "--host",
                   .kind = Kind::kText,
                   .help = "the address to listen on, and to be scraped by; by default this "
                           "machine's own on the way to etcd"},
                  {.name = "--first-port",
                   .kind = Kind::kNumber,
                   .fallback = "0",
                   .help = "they take free ports from here on; 0: any"},
                  {.name = "--ttl",
                   .kind = Kind::kNumber,
                   .fallback = "0",
                   .help = "seconds after which etcd forgets them once they are gone; 0: "
                           "--registry.ttl"}},
      .examples = {{"promster generator --count=20 --scrape.etcd-url=http://127.0.0.1:2379 "
                    "--scrape.etcd-path=/webservers/generator",
                    "serves 20 targets that count 1,000 requests a second in all."}},
      .exits = {{kExitFine, "stopped, and their keys deleted"},
                {kExitFailed, "failed"},
                {kExitUsage, "wrong usage or settings"}},
      .run = generate};
}

}  // namespace promster
