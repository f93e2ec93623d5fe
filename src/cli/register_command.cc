#include <algorithm>
#include <chrono>
#include <csignal>
#include <optional>
#include <ostream>
#include <thread>
#include <utility>

#include "agent/signals.h"
#include "base/log.h"
#include "base/process.h"
#include "cli/commands.h"
#include "cli/register_call.h"
#include "cli/service_check.h"
#include "etcd/client.h"
#include "etcd/registrar.h"

namespace promster {
namespace {

using std::chrono::steady_clock;

constexpr int kFailuresToWithdraw = 2;  // a lone one is often the network
constexpr Duration kMostOfACheck{2'000};
constexpr Duration kLookEvery{100};  // whether the program still runs
constexpr Duration kGrace{30'000};   // for the program, between SIGTERM and SIGKILL

// Wishes the target registered while its check succeeds; without a check, for good.
void wish(const RegisterCall& call, const Log& log, Inbox<RegistrationWish>& wishes,
          const std::stop_token& stop) {
  if (call.check.empty()) return wishes.push({.registered = true, .value = call.value});
  Inbox<bool> pause;  // never has an item: it is closed to end a pause
  const std::stop_callback wake(stop, [&pause] { pause.close(); });
  const Duration most = std::min(kMostOfACheck, call.check_interval);
  int failures = kFailuresToWithdraw - 1;  // before the first success it is not registered
  for (bool registered = false; !stop.stop_requested();) {
    const auto well = check_service(call.check, call.address, most);
    failures = well ? 0 : failures + 1;
    if (well && !registered) wishes.push({.registered = true, .value = call.value});
    if (failures == kFailuresToWithdraw) {
      log.warning("check fails, target not registered", {{"reason", well.error().message}});
      wishes.push({});
    }
    registered = failures < kFailuresToWithdraw;
    (void)pause.wait_until(steady_clock::now() + call.check_interval);
  }
}

void tell(const Event& event, const RegisterCall& call, const Log& log) {
  if (const auto* registered = std::get_if<Registered>(&event)) {
    if (registered->renewed) return;
    log.info("target registered", {{"key", call.key}, {"ttl", format_duration(registered->ttl)}});
  } else if (const auto* lost = std::get_if<RegistrationLost>(&event)) {
    if (lost->withdrawn) return log.info("target withdrawn", {{"key", call.key}});
    log.warning("target not registered", {{"key", call.key}, {"reason", lost->reason}});
  }
}

// Until a stop is asked for, or the program has ended, whose exit code it returns.
int wait_for_end(Inbox<Event>& events, std::optional<Process>& program, const RegisterCall& call,
                 const Log& log) {
  for (;;) {
    std::optional<SteadyTime> deadline;
    if (program) deadline = steady_clock::now() + kLookEvery;
    for (const Event& event : events.wait_until(deadline)) {
      if (std::holds_alternative<StopAsked>(event)) return kExitFine;
      tell(event, call, log);
    }
    if (!program || program->running()) continue;
    const ExitStatus ended = program->wait(Duration(0)).value_or(ExitStatus{.code = kExitFailed});
    log.info("program ended", {{"how", ended.text()}});
    return ended.code;
  }
}

// Nobody is to scrape a service that is about to end, so this comes last. A stop that is asked for
// again kills it at once.
void end_program(Process& program, Inbox<Event>& events) {
  program.signal(SIGTERM);
  const SteadyTime over = steady_clock::now() + kGrace;
  while (program.running() && steady_clock::now() < over) {
    for (const Event& event : events.wait_until(steady_clock::now() + kLookEvery)) {
      if (std::holds_alternative<StopAsked>(event)) return program.signal(SIGKILL);
    }
  }
  program.signal(SIGKILL);
}

int keep(const RegisterCall& call, std::optional<Process> program, const Log& log) {
  Inbox<Event> events;
  Inbox<RegistrationWish> wishes;
  const std::jthread signals(
      [&events](std::stop_token stop) { watch_signals(events, std::move(stop)); });
  const std::jthread checks([&](const std::stop_token& stop) { wish(call, log, wishes, stop); });
  std::jthread registrar([&](const std::stop_token& stop) {
    const auto etcd = make_etcd_client({.settings = call.etcd, .stop = stop});
    keep_registered(*etcd, {.key = call.key, .ttl = call.ttl}, wishes, events, stop);
  });
  const int code = wait_for_end(events, program, call, log);
  registrar.request_stop();
  registrar.join();
  for (const Event& event : events.wait_until(steady_clock::now())) tell(event, call, log);
  if (program && program->running()) end_program(*program, events);
  return code;
}

int register_target(const CommandCall& call) {
  const auto wanted = read_register_call(call);
  if (!wanted) {
    print_error(call.err, wanted.error().message);
    return kExitUsage;
  }
  block_signals();
  std::optional<Process> program;
  if (!wanted->program.empty()) {
    auto started = Process::start({.argv = wanted->program, .own_group = true});
    if (!started) {
      print_error(call.err, started.error().message);
      return kExitFailed;
    }
    program.emplace(std::move(*started));
  }
  const Settings& settings = call.loaded.settings;
  return keep(*wanted, std::move(program), Log(settings.log_level, settings.log_format));
}

std::vector<CommandOption> options() {
  using Kind = CommandOption::Kind;
  return {{.name = "--address",
           .kind = Kind::kText,
           .help = "the target; by default this host's address on the way to etcd, and --port",
           .value = "HOST:PORT"},
          {.name = "--port", .kind = Kind::kNumber, .fallback = "0", .help = "of that address"},
          {.name = "--service",
           .kind = Kind::kText,
           .help = "a part of the key, before the address: the label prsn",
           .value = "NAME"},
          {.name = "--value",
           .kind = Kind::kText,
           .fallback = "{}",
           .help = "what else nodes are to know: labels, metrics_path, scheme, params, ... "
                   "(docs/reference/etcd.md)",
           .value = "JSON"},
          {.name = "--ttl",
           .kind = Kind::kText,
           .fallback = "10s",
           .help = "how long etcd keeps the target once this is gone",
           .value = "DURATION"},
          {.name = "--check",
           .kind = Kind::kText,
           .help = "tcp, or a URL that answers with 200 to 299; while it fails, twice or more, the "
                   "target is withdrawn",
           .value = "tcp|URL"},
          {.name = "--check-interval",
           .kind = Kind::kText,
           .fallback = "5s",
           .help = "the time between two checks",
           .value = "DURATION"}};
}

}  // namespace

Command register_command() {
  return {.name = "register",
          .summary = "keeps a target registered, for a service that does not register itself",
          .about =
              "The key SCRAPE_ETCD_PATH/SERVICE/ADDRESS is put under a lease, kept alive, and "
              "deleted on SIGTERM or SIGINT. With a program behind -- that program is run, and the "
              "target registered as long as it lives; on SIGTERM the key is deleted first, then "
              "the program gets SIGTERM and 30 s, or until a second one kills it. Without --check "
              "a target that is down stays registered, so that its up is 0.",
          .takes_settings = true,
          .bears_bad_settings = true,
          .options = options(),
          .positionals = "[-- PROGRAM ARGUMENTS]",
          .examples = {{"promster register --port=8080 --scrape.etcd-url=http://etcd:2379 "
                        "--scrape.etcd-path=/webservers --service=shop",
                        "registers /webservers/shop/ADDRESS:8080 until it is stopped."},
                       {"promster register --port=8080 --check=http://127.0.0.1:8080/health "
                        "-- /usr/bin/shop --listen=:8080",
                        "runs the service, and registers it while it lives and is well."}},
          .exits = {{kExitFine, "stopped, and the key deleted"},
                    {kExitFailed, "failed"},
                    {kExitUsage, "wrong usage or settings"}},
          .run = register_target};
}

}  // namespace promster
