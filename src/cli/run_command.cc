#include <unistd.h>

#include <filesystem>
#include <ostream>

#include "agent/agent.h"
#include "agent/supervisor_options.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/config_dir_fault.h"

namespace promster {
namespace {

// This program's file; a name that works even where the file was replaced or removed meanwhile.
std::string own_program() {
  const std::string link = "/proc/self/exe";
  std::error_code failure;
  const std::string path = std::filesystem::read_symlink(link, failure).string();
  return !failure && ::access(path.c_str(), X_OK) == 0 ? path : link;
}

int run_both(const CommandCall& call, const Log& log) {
  const Settings& settings = call.loaded.settings;
  if (!find_program(settings.prometheus.binary)) {
    print_error(call.err, settings.prometheus.binary +
                              " cannot be started; there is no such program; try: install it, or "
                              "--prometheus.binary=FILE");
    return kExitUsage;
  }
  SupervisorOptions options = supervisor_options(settings, own_program(), call.arguments);
  options.manager = NotifySocket::from_environment();
  options.watchdog = watchdog_from_environment(::getpid());
  return supervise(options, log);
}

std::vector<ShownSetting> shown_settings(const LoadedSettings& loaded) {
  std::vector<ShownSetting> shown;
  for (const Provenance& one : loaded.provenance)
    shown.push_back({one.name, one.value, one.source});
  return shown;
}

int run_node(const CommandCall& call) {
  const Settings& settings = call.loaded.settings;
  const std::string fault = config_dir_fault(settings.prometheus.config_dir);
  if (!fault.empty()) {
    print_error(call.err, fault);
    return kExitUsage;
  }
  const Log log(settings.log_level, settings.log_format);
  const bool supervised = call.environment.contains(kSupervisedVariable);
  if (!supervised) {
    for (const std::string& warning : call.loaded.warnings) log.warning(warning);
  }
  return settings.prometheus.start && !supervised
             ? run_both(call, log)
             : run_agent(settings, shown_settings(call.loaded), log);
}

}  // namespace

Command run_command() {
  return {.name = "run",
          .summary = "the agent; with --prometheus.start a Prometheus too",
          .about =
              "SIGTERM and SIGINT drain: the others take over the targets of this node, then it "
              "stops; a second one stops it at once. SIGHUP writes the files again and "
              "reloads Prometheus. SIGUSR1, which `promster confirm` sends, confirms that "
              "targets which vanished in great numbers are gone for good. SIGUSR2, which "
              "`promster drain` sends, drains, and the node then waits to be stopped.",
          .takes_settings = true,
          .examples = {{"promster run --scrape.etcd-url=http://etcd:2379 "
                        "--scrape.etcd-path=/webservers/generator "
                        "--registry.etcd-url=http://etcd:2379 --registry.service=prom-level1",
                        "shares the targets below a prefix with the other nodes of prom-level1."},
                       {"promster --config.file=/etc/promster/promster.yml --prometheus.start",
                        "takes its settings from a file, and starts Prometheus, too."}},
          .exits = {{kExitFine, "stopped, in good order"},
                    {kExitFailed, "failed"},
                    {kExitUsage, "wrong usage or settings"}},
          .run = run_node};
}

}  // namespace promster
