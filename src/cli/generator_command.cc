#include <ostream>
#include <thread>
#include <utility>

#include "agent/signals.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cluster/generator.h"
#include "cluster/target_registrar.h"

namespace promster {
namespace {

constexpr std::int64_t kMostTargets = 10'000;
constexpr std::int64_t kMostPort = 65'535;

// What is wrong with the call, if anything.
std::string fault(const CommandCall& call) {
  const ScrapeSettings& scrape = call.loaded.settings.scrape;
  if (call.number("--count") < 1 || call.number("--count") > kMostTargets) {
    return "--count; it is not from 1 to " + std::to_string(kMostTargets) + "; try: --count=20";
  }
  if (call.number("--first-port") > kMostPort) return "--first-port; it is no port; try: 20000";
  if (call.number("--ttl") < 1) return "--ttl; it is less than a second; try: --ttl=10";
  if (scrape.etcd.endpoints.empty()) {
    return "no etcd to register at; try: SCRAPE_ETCD_URL=http://127.0.0.1:2379";
  }
  if (scrape.etcd_path.empty()) {
    return "no etcd path to register below; try: SCRAPE_ETCD_PATH=/webservers/generator";
  }
  return "";
}

void report(const Log& log, const Result<void>& registered) {
  if (registered) {
    log.info("targets registered");
  } else {
    log.warning("targets not registered", {{"reason", registered.error().message}});
  }
}

void wait_for_stop() {
  Inbox<Event> events;
  const std::jthread signals(
      [&events](std::stop_token stop) { watch_signals(events, std::move(stop)); });
  for (;;) {
    for (const Event& event : events.wait_until(std::nullopt)) {
      if (std::holds_alternative<StopAsked>(event)) return;
    }
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
  const auto generator =
      Generator::start({.count = static_cast<int>(call.number("--count")),
                        .host = call.text("--host"),
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
       .prefix = settings.scrape.etcd_path,
       .addresses = (*generator)->addresses(),
       .ttl = std::chrono::seconds(call.number("--ttl")),
       .report = [&log](const Result<void>& registered) { report(log, registered); }});
  wait_for_stop();
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
                   .fallback = "127.0.0.1",
                   .help = "the address to listen on, and to be scraped by"},
                  {.name = "--first-port",
                   .kind = Kind::kNumber,
                   .fallback = "0",
                   .help = "they take free ports from here on; 0: any"},
                  {.name = "--ttl",
                   .kind = Kind::kNumber,
                   .fallback = "10",
                   .help = "seconds after which etcd forgets them once they are gone"}},
      .examples = {{"promster generator --count=20 --scrape.etcd-url=http://127.0.0.1:2379 "
                    "--scrape.etcd-path=/webservers/generator",
                    "serves 20 targets that count 1,000 requests a second in all."}},
      .exits = {{kExitFine, "stopped, and the targets taken back"},
                {kExitFailed, "failed"},
                {kExitUsage, "wrong usage or settings"}},
      .run = generate};
}

}  // namespace promster
