#include <ostream>
#include <vector>

#include "agent/first_config.h"
#include "agent/preview.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/patience.h"
#include "core/json_text.h"
#include "core/render.h"
#include "core/text_diff.h"

namespace promster {
namespace {

struct RenderedFile {
  std::string path;
  std::string content;
};

std::vector<RenderedFile> files_of(const Plan& plan, const std::string& config_dir) {
  const std::string dir = config_dir + "/";
  return {{dir + std::string(kPrometheusFile), plan.config->prometheus_yml},
          {dir + std::string(kRulesFile), plan.config->rules_yml},
          {dir + std::string(kTargetsFile), plan.targets->targets_json}};
}

void print(const std::vector<RenderedFile>& files, std::ostream& out) {
  for (const RenderedFile& file : files) {
    out << "# " << file.path << "\n" << file.content;
    if (!file.content.ends_with('\n')) out << "\n";
  }
}

void print_json(const std::vector<RenderedFile>& files, std::ostream& out) {
  const char* separator = "[\n";
  for (const RenderedFile& file : files) {
    out << separator << "  {\"path\": " << json_quote(file.path)
        << ", \"content\": " << json_quote(file.content) << "}";
    separator = ",\n";
  }
  out << "\n]\n";
}

// One file as it is on disk, and as it would be.
struct Difference {
  std::string path;
  bool on_disk = false;
  std::string diff;
};

std::vector<Difference> compare(const std::vector<RenderedFile>& files) {
  std::vector<Difference> all;
  for (const RenderedFile& file : files) {
    const auto on_disk = read_file(file.path);
    if (on_disk && *on_disk == file.content) continue;
    all.push_back({.path = file.path,
                   .on_disk = static_cast<bool>(on_disk),
                   .diff = text_diff(on_disk ? *on_disk : std::string(), file.content)});
  }
  return all;
}

void print_json(const std::vector<Difference>& all, std::ostream& out) {
  out << "[";
  const char* separator = "\n";
  for (const Difference& one : all) {
    out << separator << "  {\"path\": " << json_quote(one.path)
        << ", \"on_disk\": " << (one.on_disk ? "true" : "false")
        << ", \"diff\": " << json_quote(one.diff) << "}";
    separator = ",\n";
  }
  out << "\n]\n";
}

void print(const std::vector<Difference>& all, std::ostream& out) {
  for (const Difference& one : all) {
    out << "--- " << (one.on_disk ? one.path : "/dev/null") << "\n+++ " << one.path
        << " (rendered)\n"
        << one.diff;
  }
}

template <class Printable>
void print_as_asked(const Printable& printable, const CommandCall& call) {
  if (call.text("--output") == "json") {
    print_json(printable, call.out);
  } else {
    print(printable, call.out);
  }
}

Result<Plan> plan_of(const CommandCall& call) {
  const Patience patience(call.err, etcds_of(call.loaded.settings));
  return preview(call.loaded.settings);
}

int write_first(const CommandCall& call) {
  const auto first = write_first_config(call.loaded.settings);
  if (!first) {
    const std::string& why = first.error().message;
    const bool mended = why.find("; try: ") != std::string::npos;
    print_error(call.err, mended ? why : why + "; try: promster check");
    return kExitFailed;
  }
  if (!first->refusal.empty()) {
    print_error(call.err, "the configuration is refused, and " + first->instead + "; " +
                              first->refusal + "; try: promster check");
  }
  if (first->left_alone) {
    print_error(call.err, "another promster is at work in " +
                              call.loaded.settings.prometheus.config_dir +
                              ", and keeps the files there; nothing is written");
  }
  for (const std::string& file : first->written) {
    call.out << call.loaded.settings.prometheus.config_dir << "/" << file << "\n";
  }
  return kExitFine;
}

int render(const CommandCall& call) {
  print_warnings(call);
  if (call.flag("--write") && call.flag("--diff")) {
    print_error(call.err, "--write and --diff; one of them is meant; try: --diff, then --write");
    return kExitUsage;
  }
  if (call.flag("--write")) return write_first(call);
  const Settings& settings = call.loaded.settings;
  const auto plan = plan_of(call);
  if (!plan) {
    print_error(call.err, plan.error().message + "; try: promster check");
    return kExitFailed;
  }
  const auto files = files_of(*plan, settings.prometheus.config_dir);
  if (!call.flag("--diff")) {
    print_as_asked(files, call);
    return kExitFine;
  }
  const std::vector<Difference> differences = compare(files);
  print_as_asked(differences, call);
  return differences.empty() ? kExitFine : kExitFailed;
}

}  // namespace

Command render_command() {
  return {
      .name = "render",
      .summary = "prints the files that would be written; writes them only if asked to",
      .takes_settings = true,
      .options = {{.name = "--diff",
                   .help = "compare with the files on disk; exits 1 where they differ"},
                  {.name = "--write",
                   .help = "write what Prometheus needs to start before the agent: "
                           "prometheus.yml, rules.yml, and no targets where there are none; "
                           "prints what it wrote, and asks no etcd; what promtool refuses is not "
                           "written: what is there stays, or one without rules is written; "
                           "where an agent is at work, which keeps its files itself, nothing is "
                           "written: it exits 0 where the files are there, else 1"},
                  output_option()},
      .examples = {{"promster render", "prints the files that this node would write."},
                   {"promster render --diff", "says what the next start would change on the disk."},
                   {"promster render --write",
                    "lets Prometheus start before promster does, as in a pod."}},
      .exits = {{kExitFine, "printed, or written; with --diff: nothing differs"},
                {kExitFailed, "failed; with --diff: something differs"},
                {kExitUsage, "wrong usage or settings"}},
      .run = render};
}

}  // namespace promster
