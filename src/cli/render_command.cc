#include <ostream>
#include <vector>

#include "agent/preview.h"
#include "base/file.h"
#include "cli/commands.h"
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

int print_differences(const std::vector<RenderedFile>& files, std::ostream& out) {
  bool differs = false;
  for (const RenderedFile& file : files) {
    const auto on_disk = read_file(file.path);
    if (on_disk && *on_disk == file.content) continue;
    differs = true;
    out << "--- " << (on_disk ? file.path : "/dev/null") << "\n+++ " << file.path << " (rendered)\n"
        << text_diff(on_disk ? *on_disk : std::string(), file.content);
  }
  return differs ? kExitFailed : kExitFine;
}

int render(const CommandCall& call) {
  print_warnings(call);
  const Settings& settings = call.loaded.settings;
  const auto plan = preview(settings);
  if (!plan) {
    print_error(call.err, plan.error().message + "; try: promster check");
    return kExitFailed;
  }
  const auto files = files_of(*plan, settings.prometheus.config_dir);
  if (call.flag("--diff")) return print_differences(files, call.out);
  print(files, call.out);
  return kExitFine;
}

}  // namespace

Command render_command() {
  return {.name = "render",
          .summary = "prints the files that would be written, and writes nothing",
          .takes_settings = true,
          .options = {{.name = "--diff",
                       .help = "compare with the files on disk; exits 1 where they differ"}},
          .run = render};
}

}  // namespace promster
