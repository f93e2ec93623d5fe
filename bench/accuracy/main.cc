// How wrong the total at the top of a hierarchy is, and for how long, while the hierarchy changes;
// and how often a target was scraped by none or by two. --help says how to run it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "agent/signals.h"
#include "base/file.h"
#include "base/process.h"
#include "bench/accuracy/options.h"

namespace promster {
namespace {

Result<void> write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file.fail()) return Error{"write " + path};
  std::cerr << "wrote " << path << "\n";
  return {};
}

// Those variables of the environment that this promster knows: what it does not know yet it cannot
// switch off.
Result<Environment> known_to(const std::string& binary, Environment environment) {
  const auto help = run_program({binary, "--help"}, Duration(10'000));
  if (!help) return help.error();
  std::erase_if(environment, [&](const auto& variable) {
    if (help->text.find(variable.first) != std::string::npos) return false;
    std::cerr << binary << " has no " << variable.first << "\n";
    return true;
  });
  return environment;
}

Result<EventRun> run_mode(const AccuracyOptions& options, const AccuracyMode& mode,
                          Inbox<Event>& stop) {
  CampaignOptions campaign = options.campaign;
  const auto environment = known_to(campaign.binary, mode.environment);
  if (!environment) return environment.error();
  campaign.environment = *environment;
  std::cerr << "mode " << mode.name << ": " << mode.what << "\n";
  auto reports = run_campaign(campaign, stop, std::cerr);
  if (!reports) return reports.error().within(mode.name);
  const double interval = std::chrono::duration<double>(campaign.interval).count();
  std::cout << "\n" << mode.what << ":\n\n" << render_event_table(*reports, interval) << std::flush;
  const std::string path = options.out + "/accuracy-" + mode.name;
  if (auto written = write_file(path + ".csv", render_event_csv(*reports)); !written) {
    return written.error();
  }
  EventRun run{.name = mode.what, .reports = std::move(*reports)};
  if (auto written = write_file(path + ".svg", render_svg(event_chart({run}))); !written) {
    return written.error();
  }
  return run;
}

Result<EventRun> read_run(const std::string& argument) {
  const std::size_t equals = argument.find('=');
  const std::string name = argument.substr(0, equals), path = argument.substr(equals + 1);
  const auto text = read_file(path);
  if (!text) return text.error();
  auto reports = parse_event_csv(*text);
  if (!reports) return reports.error().within(path);
  const auto mode = std::ranges::find(accuracy_modes(), name, &AccuracyMode::name);
  return EventRun{.name = mode == accuracy_modes().end() ? name : mode->what,
                  .reports = std::move(*reports)};
}

Result<void> measure(const AccuracyOptions& options, Inbox<Event>& stop) {
  std::error_code failed;
  std::filesystem::create_directories(options.out, failed);
  if (failed) return Error{"make directory " + options.out + ": " + failed.message()};
  std::vector<EventRun> runs;
  for (const std::string& csv : options.csvs) {
    auto run = read_run(csv);
    if (!run) return run.error();
    runs.push_back(std::move(*run));
  }
  for (const AccuracyMode& mode :
       options.csvs.empty() ? options.modes : std::vector<AccuracyMode>{}) {
    auto run = run_mode(options, mode, stop);
    if (!run) return run.error();
    runs.push_back(std::move(*run));
  }
  if (runs.size() == 1 && options.csvs.empty()) return {};
  return write_file(options.out + "/accuracy-compare.svg", render_svg(event_chart(runs)));
}

int run(const std::vector<std::string>& arguments) {
  if (std::ranges::find(arguments, "--help") != arguments.end()) {
    std::cout << accuracy_usage();
    return 0;
  }
  auto options = parse_accuracy_options(arguments);
  if (!options) {
    std::cerr << "bench_accuracy: " << options.error().message << "\n";
    return 2;
  }
  if (options->campaign.binary.empty()) options->campaign.binary = PROMSTER_BINARY;
  block_signals();
  Inbox<Event> stop;
  const std::jthread signals(
      [&stop](std::stop_token ended) { watch_signals(stop, std::move(ended)); });
  const auto measured = measure(*options, stop);
  if (measured) return 0;
  std::cerr << "bench_accuracy: " << measured.error().message << "\n";
  return 1;
}

}  // namespace
}  // namespace promster

int main(int argc, char** argv) {
  return promster::run(std::vector<std::string>(argv + 1, argv + argc));
}
