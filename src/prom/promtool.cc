#include "prom/promtool.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/process.h"
#include "base/text.h"
#include "prom/files.h"

namespace promster {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSideDirectory = ".promster-check";
constexpr std::string_view kNoTargets = R"([{"targets":[],"labels":{}}])";

// What is ours in config_dir; everything else there is the site's.
bool is_ours(const std::string& name) {
  constexpr std::array<std::string_view, 4> kOurs{"prometheus.yml", "rules.yml", "sd",
                                                  kSideDirectory};
  return std::ranges::find(kOurs, name) != kOurs.end();
}

Result<void> link_site_files(const std::string& from, const std::string& to) {
  std::error_code error;
  for (fs::directory_iterator entry(from, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (is_ours(name)) continue;
    fs::create_symlink(fs::path("..") / name, fs::path(to) / name, error);
    if (error) break;
  }
  if (error) return Error{"link " + from + ": " + error.message()};
  return {};
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// promtool's output as one line, without the headings and successes that surround the reason.
std::string one_line(const std::string& output) {
  std::string words;
  for (std::string_view line : split(output, '\n')) {
    line = trim(line);
    if (line.empty() || line.starts_with("SUCCESS") || line.starts_with("Checking ")) continue;
    if (line.starts_with("FAILED:")) line = trim(line.substr(7));
    if (!words.empty() && !line.empty()) words += ' ';
    words += line;
  }
  return printable(words, 1000);
}

}  // namespace

Promtool::Promtool(PromtoolOptions options)
    : options_(std::move(options)),
      side_dir_(options_.config_dir + "/" + std::string(kSideDirectory)) {
  unstage();  // what a crash left there
}

Result<PromtoolVerdict> Promtool::check(const ApplyConfig& config) {
  const auto now = std::chrono::steady_clock::now();
  const bool known = !config.force_reload && refused_ && now < refused_->until &&
                     refused_->config.prometheus_yml == config.prometheus_yml &&
                     refused_->config.rules_yml == config.rules_yml &&
                     refused_->config.base.stamp == config.base.stamp;
  if (known) return refused_->verdict;
  if (options_.program.empty() || !find_program(options_.program)) {
    return PromtoolVerdict{.words = "promtool is not installed"};
  }
  const auto staged = stage(config);
  PromtoolVerdict verdict = staged ? run_staged() : PromtoolVerdict{};
  unstage();
  if (!staged) return staged.error().within("stage for promtool");
  if (verdict.kind == PromtoolVerdict::Kind::kRefuses) {
    refused_ = Remembered{config, verdict, now + options_.memory_of_refusal};
  }
  return verdict;
}

std::optional<std::string> Promtool::words_on_base(const ApplyConfig& config) const {
  std::error_code ignored;
  if (!config.base.given() || !fs::exists(config.base.file, ignored)) return std::nullopt;
  const PromtoolVerdict verdict = run(config.base.file);
  if (verdict.kind != PromtoolVerdict::Kind::kRefuses) return std::nullopt;
  return verdict.words.find(config.base.file) == std::string::npos
             ? config.base.file + ": " + verdict.words
             : verdict.words;
}

Result<void> Promtool::stage(const ApplyConfig& config) const {
  unstage();
  if (auto made = ensure_directory(side_dir_ + "/sd"); !made) return made;
  if (auto linked = link_site_files(options_.config_dir, side_dir_); !linked) return linked;
  const std::array<std::pair<const char*, std::string_view>, 3> files{
      {{"/prometheus.yml", config.prometheus_yml},
       {"/rules.yml", config.rules_yml},
       {"/sd/targets.json", kNoTargets}}};
  for (const auto& [name, content] : files) {
    const auto written = replace_file(side_dir_ + name, content, {.mode = 0600});
    if (!written) return written.error();
  }
  return {};
}

void Promtool::unstage() const {
  std::error_code ignored;  // stage() says so where the directory is in its way
  fs::remove_all(side_dir_, ignored);
}

PromtoolVerdict Promtool::run_staged() const {
  return run(side_dir_ + "/prometheus.yml");
}

PromtoolVerdict Promtool::run(const std::string& file) const {
  using Kind = PromtoolVerdict::Kind;
  const auto output = run_program({options_.program, "check", "config", file}, options_.limit);
  if (!output) return {Kind::kUnavailable, output.error().message};
  if (output->status.signal != 0) {
    return {Kind::kUnavailable, "promtool ended with " + output->status.text()};
  }
  if (output->status.code == 0) return {Kind::kAgrees, ""};
  std::string words = output->text;
  replace_all(words, side_dir_, options_.config_dir);
  words = one_line(words);
  return {Kind::kRefuses, words.empty() ? "promtool ended with " + output->status.text() : words};
}

}  // namespace promster
