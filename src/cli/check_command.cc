#include <unistd.h>

#include <ostream>

#include "agent/advertise.h"
#include "agent/web_config_file.h"
#include "base/process.h"
#include "cli/commands.h"
#include "cli/config_dir_fault.h"
#include "cli/findings.h"
#include "cli/promtool_mend.h"
#include "cluster/temp_dir.h"
#include "core/keyspace.h"
#include "core/render.h"
#include "core/validate.h"
#include "etcd/client.h"
#include "prom/prometheus_api.h"
#include "prom/prometheus_pid.h"
#include "prom/promtool.h"
#include "prom/read_access.h"
#include "web/page_words.h"
#include "web/tls_context.h"

namespace promster {
namespace {

// In a directory of its own, so that nothing is written where the agent writes.
Result<PromtoolVerdict> ask_promtool(const ApplyConfig& config) {
  const auto dir = TempDir::make("promster-check");
  if (!dir) return dir.error();
  Promtool promtool({.config_dir = dir->path()});
  auto verdict = promtool.check(config);
  if (!verdict || verdict->kind != PromtoolVerdict::Kind::kRefuses) return verdict;
  verdict->words = promtool.words_on_base(config).value_or(verdict->words);
  return verdict;
}

// "configuration, 1 recording rule and 2 alerts".
std::string what_promtool_accepts(const Settings& settings) {
  const std::string rules = counted(settings.rules.size(), "recording rule");
  if (settings.alerts.empty()) return "configuration and " + rules;
  return "configuration, " + rules + " and " + counted(settings.alerts.size(), "alert");
}

void check_configuration(const Settings& settings, Findings& findings) {
  const ApplyConfig config = render_config(settings, settings.prometheus.base);
  const auto valid = validate_config(config);
  if (!valid) return findings.fail("configuration: " + valid.error().message);
  const auto verdict = ask_promtool(config);
  if (!verdict) return findings.fail("promtool: " + verdict.error().message);
  switch (verdict->kind) {
    case PromtoolVerdict::Kind::kAgrees:
      return findings.fine(what_promtool_accepts(settings) + ", says promtool");
    case PromtoolVerdict::Kind::kRefuses:
      return findings.fail("promtool refuses the configuration; " + verdict->words +
                           "; try: " + promtool_mend(verdict->words, settings));
    case PromtoolVerdict::Kind::kUnavailable:
      return findings.warn("rules not checked; " + verdict->words + "; try: install promtool");
  }
}

void check_etcd(const EtcdSettings& etcd, const std::string& prefix, const std::string& role,
                Findings& findings) {
  std::string endpoints;
  for (const std::string& one : etcd.endpoints) endpoints += (endpoints.empty() ? "" : ",") + one;
  const auto answer = make_etcd_client({.settings = etcd})->range({.prefix = prefix, .limit = 1});
  if (!answer) {
    return findings.fail("etcd of the " + role + " at " + endpoints + ": " +
                         answer.error().message + "; try: is it running, and reachable from here?");
  }
  if (answer->entries.empty()) {
    return findings.warn("no " + role + " below " + prefix + " at revision " +
                         std::to_string(answer->revision) + " of " + endpoints);
  }
  findings.fine("etcd at " + endpoints + " has " + role + " below " + prefix);
}

void check_registry(const Settings& settings, Findings& findings) {
  const RegistrySettings& registry = settings.registry;
  if (!registry.enabled()) {
    return findings.fine("no registry, so this node would scrape all targets");
  }
  const auto answer = make_etcd_client({.settings = registry.etcd})
                          ->range({.prefix = member_prefix(registry.base, registry.service),
                                   .limit = 1,
                                   .keys_only = true});
  if (!answer) {
    findings.fail("etcd of the registry: " + answer.error().message +
                  "; try: is it running, and reachable from here?");
  } else {
    findings.fine("etcd of the registry answers, revision " + std::to_string(answer->revision));
  }
  const auto name = find_node_name(settings);
  if (!name) return findings.fail(name.error().message);
  findings.fine("this node is " + *name + " to the others");
}

void check_prometheus(const PrometheusSettings& prometheus, Findings& findings) {
  if (prometheus.start) {
    const auto program = find_program(prometheus.binary);
    if (program) return findings.fine("Prometheus would be started from " + *program);
    return findings.fail(prometheus.binary +
                         " cannot be started; there is no such program; try: "
                         "install it, or --prometheus.binary=FILE");
  }
  const auto ready = PrometheusApi({.url = prometheus.url}).ready();
  if (ready) return findings.fine("Prometheus at " + prometheus.url + " is ready");
  findings.fail("Prometheus at " + prometheus.url + ": " + ready.error().message +
                "; try: start it, --prometheus.url, or --prometheus.start");
}

// What promster writes is as private as the site's own file.
void check_base_is_readable(const PrometheusSettings& prometheus, Findings& findings) {
  const std::string& file = prometheus.base.file;
  if (!prometheus.base.given() || prometheus.start) return;
  const auto process = find_prometheus({.url = prometheus.url,
                                        .pid_file = prometheus.config_dir + "/prometheus.pid",
                                        .program = prometheus.binary});
  if (!process || !surely_cannot_read(*process, file)) return;
  findings.warn("Prometheus runs as another user and may not read " + file +
                ", nor a prometheus.yml as private as that; try: chgrp prometheus " + file +
                "; chmod 640 " + file);
}

void check_config_dir(const LoadedSettings& loaded, const std::string& dir, Findings& findings) {
  const std::string fault = config_dir_fault(dir);
  if (!fault.empty()) return findings.fail(fault);
  if (loaded.config_dir_writable) return findings.fine("files would be written to " + dir);
  findings.fail(dir + " cannot be written; try: its owner and mode, or --prometheus.config-dir");
}

// The agent's own server: its passwords and certificates.
void check_web(const WebSettings& web, Findings& findings) {
  if (web.config_file.empty()) return;
  const auto loaded = load_web_config(web.config_file);
  if (!loaded) return findings.fail(loaded.error().message);
  for (const std::string& warning : loaded->warnings) findings.warn(warning);
  const TlsServerConfig& tls = loaded->config.tls;
  if (tls.enabled()) {
    const auto usable = TlsContext::make(tls);
    if (!usable)
      return findings.fail("web config: " + web.config_file + ": " + usable.error().message);
  }
  findings.fine(web.config_file + " has " + (tls.enabled() ? "TLS" : "no TLS") + " and " +
                counted(loaded->config.users.size(), "user") + " for the agent's own server");
}

int check(const CommandCall& call) {
  const Settings& settings = call.loaded.settings;
  Findings findings(call, call.text("--output") == "json");
  for (const std::string& error : call.loaded.errors) findings.fail(error);
  for (const std::string& warning : call.loaded.warnings) findings.warn(warning);
  if (!call.loaded.errors.empty()) return findings.finish(kExitUsage);
  findings.fine("settings");
  check_configuration(settings, findings);
  check_config_dir(call.loaded, settings.prometheus.config_dir, findings);
  check_etcd(settings.scrape.etcd, settings.scrape.etcd_path, "targets", findings);
  check_registry(settings, findings);
  check_prometheus(settings.prometheus, findings);
  check_base_is_readable(settings.prometheus, findings);
  check_web(settings.web, findings);
  return findings.finish();
}

}  // namespace

Command check_command() {
  return {.name = "check",
          .summary = "says what would be wrong, and how to mend it",
          .about =
              "It holds the settings against each other, has promtool check the configuration "
              "and the rules and alerts, asks etcd and Prometheus whether they can be reached, and "
              "reads the files of the agent's own server. It changes nothing.",
          .takes_settings = true,
          .bears_bad_settings = true,
          .options = {output_option()},
          .examples = {{"promster check", "checks what the environment says, before a start."},
                       {"promster check -o json --config.file=/etc/promster/promster.yml",
                        "checks a file of settings, for a program."}},
          .exits = {{kExitFine, "all is well"},
                    {kExitFailed, "the agent would not work"},
                    {kExitUsage, "wrong usage or settings"},
                    {kExitOnlyFindings, "only warnings"}},
          .run = check};
}

}  // namespace promster
