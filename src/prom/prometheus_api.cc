#include "prom/prometheus_api.h"

#include <charconv>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "prom/percent_encoded.h"
#include "prom/scrape_view.h"

namespace promster {
namespace {

using nlohmann::json;
using Kind = PrometheusError::Kind;

constexpr std::size_t kMostScrapes = 128 << 20;  // bytes: 200,000 targets
constexpr std::size_t kMostWords = 1000;         // of an answer, in an error

std::string without_end_slashes(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string one_line(std::string_view body) {
  std::string words;
  for (const std::string_view line : split(body, '\n')) {
    if (!words.empty() && !trim(line).empty()) words += ' ';
    words += trim(line);
  }
  return printable(words, kMostWords);
}

Kind kind_of(int status) {
  if (status == 502 || status == 503 || status == 504) return Kind::kUnreachable;
  if (status == 500) return Kind::kRefused;
  if (status >= 300 && status < 500) return Kind::kMisconfigured;
  return Kind::kUnreadable;
}

// Reads what `extract` wants of an answer in Prometheus's envelope; whatever is missing or of
// another type makes the answer unreadable.
template <class Extract>
auto read_data(const std::string& what, const std::string& body, Extract extract)
    -> PrometheusResult<decltype(extract(json()))> {
  try {
    const json answer = json::parse(body);
    return extract(answer.at("data"));
  } catch (const json::exception&) {
    return PrometheusError{Kind::kUnreadable, 200, what + ": the answer is no Prometheus's"};
  }
}

ActiveTarget active_target(const json& entry) {
  const json& labels = entry.at("labels");
  return {.job = labels.value("job", ""),
          .instance = labels.value("instance", ""),
          .scrape_url = entry.at("scrapeUrl").get<std::string>(),
          .health = entry.at("health").get<std::string>(),
          .discovered = entry.at("discoveredLabels").value("__address__", ""),
          .last_error = entry.value("lastError", "")};
}

Sample sample(const json& entry) {
  Sample result;
  for (const auto& [name, value] : entry.at("metric").items()) {
    result.labels.set(name, value.get<std::string>());
  }
  // strtod also reads Prometheus's "NaN", "+Inf" and "-Inf".
  result.value = std::strtod(entry.at("value").at(1).get<std::string>().c_str(), nullptr);
  return result;
}

// The value of a metric without labels in Prometheus's text format.
std::optional<double> metric_value(std::string_view text, std::string_view name) {
  for (std::string_view line : split(text, '\n')) {
    if (!line.starts_with(name) || !line.substr(name.size()).starts_with(' ')) continue;
    line = trim(line.substr(name.size()));
    double value = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    if (error == std::errc()) return value;
  }
  return std::nullopt;
}

std::string mend(int status) {
  if (status != 401) return "";
  return "; promster has no password to show; try: a Prometheus that asks for none, behind a "
         "firewall";
}

}  // namespace

PrometheusApi::PrometheusApi(Options options) : options_(std::move(options)) {
  options_.url = without_end_slashes(std::move(options_.url));
}

PrometheusResult<std::string> PrometheusApi::ask(const HttpRequest& request) {
  const std::string what = request.method + " " + request.url.substr(options_.url.size());
  auto response = client_.send(request);
  if (!response) return PrometheusError{Kind::kUnreachable, 0, response.error().message};
  const int status = response->status;
  if (status >= 200 && status < 300) return std::move(response->body);
  return PrometheusError{
      kind_of(status), status,
      what + ": HTTP " + std::to_string(status) + ": " + one_line(response->body) + mend(status)};
}

PrometheusResult<std::string> PrometheusApi::get(const std::string& path) {
  return ask(
      {.url = options_.url + path, .headers = {}, .body = {}, .deadline = options_.deadline});
}

PrometheusResult<void> PrometheusApi::ready() {
  const auto answer = get("/-/ready");
  if (!answer) return answer.error();
  return {};
}

PrometheusResult<void> PrometheusApi::reload() {
  const auto answer = ask({.method = "POST",
                           .url = options_.url + "/-/reload",
                           .headers = {},
                           .body = {},
                           .deadline = options_.reload_deadline});
  if (!answer) return answer.error();
  return {};
}

PrometheusResult<RuntimeInfo> PrometheusApi::runtime_info() {
  const auto answer = get("/api/v1/status/runtimeinfo");
  if (!answer) return answer.error();
  return read_data("runtimeinfo", *answer, [](const json& data) {
    return RuntimeInfo{.reload_success = data.at("reloadConfigSuccess").get<bool>(),
                       .last_config_time = data.at("lastConfigTime").get<std::string>(),
                       .start_time = data.at("startTime").get<std::string>()};
  });
}

PrometheusResult<ReloadState> PrometheusApi::reload_state() {
  const auto answer = get("/metrics");
  if (!answer) return answer.error();
  const auto successful = metric_value(*answer, "prometheus_config_last_reload_successful");
  const auto time =
      metric_value(*answer, "prometheus_config_last_reload_success_timestamp_seconds");
  if (!successful || !time) {
    return PrometheusError{Kind::kUnreadable, 200, "/metrics: no prometheus_config_last_reload_*"};
  }
  return ReloadState{.successful = *successful == 1, .success_time = *time};
}

PrometheusResult<std::string> PrometheusApi::version() {
  const auto answer = get("/api/v1/status/buildinfo");
  if (!answer) return answer.error();
  return read_data("buildinfo", *answer,
                   [](const json& data) { return data.at("version").get<std::string>(); });
}

PrometheusResult<std::string> PrometheusApi::config_yaml() {
  const auto answer = get("/api/v1/status/config");
  if (!answer) return answer.error();
  return read_data("status/config", *answer,
                   [](const json& data) { return data.at("yaml").get<std::string>(); });
}

PrometheusResult<std::vector<ActiveTarget>> PrometheusApi::active_targets() {
  const auto answer = get("/api/v1/targets?state=active");
  if (!answer) return answer.error();
  return read_data("targets", *answer, [](const json& data) {
    std::vector<ActiveTarget> targets;
    for (const json& entry : data.at("activeTargets")) targets.push_back(active_target(entry));
    return targets;
  });
}

PrometheusResult<ScrapesSeen> PrometheusApi::active_scrapes() {
  const auto answer = ask({.url = options_.url + "/api/v1/targets?state=active",
                           .headers = {},
                           .body = {},
                           .deadline = options_.deadline,
                           .most = kMostScrapes});
  if (!answer) return answer.error();
  auto seen = read_scrapes(*answer);
  if (!seen)
    return PrometheusError{Kind::kUnreadable, 200, "targets: the answer is no Prometheus's"};
  return std::move(*seen);
}

PrometheusResult<std::vector<Sample>> PrometheusApi::query(const std::string& expr) {
  const auto answer = ask({.method = "POST",
                           .url = options_.url + "/api/v1/query",
                           .headers = {},
                           .body = "query=" + percent_encoded(expr),
                           .deadline = options_.deadline});
  if (!answer) return answer.error();
  return read_data("query", *answer, [](const json& data) {
    std::vector<Sample> samples;
    for (const json& entry : data.at("result")) samples.push_back(sample(entry));
    return samples;
  });
}

}  // namespace promster
