#include "cluster/generator.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace promster {
namespace {

constexpr std::size_t kMostScrapes = 10'000;

// The series of a target, as an application would count: kinds of requests with a fixed share each.
struct Series {
  std::string_view labels;
  double share;
};
constexpr std::array<Series, 4> kSeries{{
    {R"(method="GET",path="/",status="200")", 0.5},
    {R"(method="GET",path="/item",status="200")", 0.3},
    {R"(method="POST",path="/order",status="200")", 0.15},
    {R"(method="POST",path="/order",status="500")", 0.05},
}};

std::string number(double value) {
  std::array<char, 32> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 3);
  return {text.data(), end.ptr};
}

double unix_now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

std::string render_generator_metrics(const std::string& server_name, double total) {
  std::string text =
      "# HELP http_requests_app_total Requests that the application answered.\n"
      "# TYPE http_requests_app_total counter\n";
  for (const Series& series : kSeries) {
    text += "http_requests_app_total{server_name=\"" + server_name + "\",";
    text += std::string(series.labels) + "} " + number(total * series.share) + "\n";
  }
  return text;
}

Result<std::unique_ptr<Generator>> Generator::start(const GeneratorOptions& options) {
  std::unique_ptr<Generator> generator(new Generator(options.rate));
  if (auto reserved = generator->reserve(options); !reserved) {
    return reserved.error().within("start generator");
  }
  if (auto listening = generator->listen(); !listening) {
    return listening.error().within("start generator");
  }
  return generator;
}

Result<void> Generator::reserve(const GeneratorOptions& options) {
  for (int i = 0; i < options.count; ++i) {
    const int from = ports_.empty() ? options.first_port : ports_.back().port() + 1;
    auto port = reserve_port_from(options.first_port == 0 ? 0 : from);
    if (!port) return port.error();
    const std::string address = options.host + ":" + std::to_string(port->port());
    targets_[static_cast<std::uint16_t>(port->port())] = {.address = address};
    addresses_.push_back(address);
    ports_.push_back(std::move(*port));
  }
  return {};
}

Result<void> Generator::listen() {
  HttpServerOptions options{.listen = addresses_};
  // Every Prometheus of a test may hold a connection to every target.
  options.limits.connections = std::max<std::size_t>(256, addresses_.size() * 32);
  auto server =
      HttpServer::start(options, [this](const WebRequest& request) { return answer(request); });
  if (!server) return server.error();
  server_ = std::move(*server);
  return {};
}

WebResponse Generator::answer(const WebRequest& request) {
  const auto target = targets_.find(request.local_port);
  if (target == targets_.end()) return plain_answer(404);
  if (request.path == "/metrics") return metrics(target->second, request.remote);
  if (request.path == "/scrapes") {
    return {.content_type = "application/json", .body = render_scrape_log(target->second.scrapes)};
  }
  return plain_answer(404);
}

WebResponse Generator::metrics(Target& target, const std::string& scraper) const {
  if (target.scrapes.size() == kMostScrapes) target.scrapes.erase(target.scrapes.begin());
  target.scrapes.push_back({.time = unix_now(), .scraper = scraper});
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8",
          .body = render_generator_metrics(target.address, rate_ * elapsed.count())};
}

}  // namespace promster
