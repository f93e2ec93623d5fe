#include "cluster/demo.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <ostream>

#include "cluster/demo_levels.h"
#include "cluster/demo_report.h"
#include "cluster/etcd_server.h"
#include "cluster/generator.h"
#include "cluster/target_registrar.h"
#include "cluster/temp_dir.h"

namespace promster {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr Duration kLookEvery{500};
// Nodes need two seconds to agree on the moment at which a target changes hands (docs/decisions/0005).
constexpr Duration kInterval{2000};
constexpr Duration kMostUntilRight{120'000};  // a busy machine takes half a minute
// A total may pass through the right value on its way: it is to be right this often in a row.
constexpr int kRightInARow = 3;

class Demo {
 public:
  Demo(const DemoOptions& options, Inbox<DemoRequest>& requests, std::ostream& out)
      : options_(options), requests_(requests), out_(out), started_(steady_clock::now()) {}

  // Returns when it was asked to stop, or the check is over, or something failed.
  Result<void> run();
  // Whether somebody stopped a check that had not ended.
  bool stopped_early() const { return stopping_ && options_.exit_after_check; }
  // Ends everything, and says so.
  void stop();
  std::string log_tails() const { return hierarchy_ ? hierarchy_->log_tails(5) : ""; }

 private:
  Result<void> start();
  Result<void> start_etcd();
  Result<void> start_targets();
  Result<void> start_levels();
  Result<void> scale_and_check(int nodes);
  Result<void> check();
  void serve();
  // Takes requests for at most this long; returns true when a level was scaled.
  bool take_requests(Duration most);
  bool scale(const ScaleLevel& wanted);
  // Forgets nodes that ended unasked; returns true where there were any.
  bool look_for_ended();
  DemoView look();
  LevelView look_at(std::size_t level);
  std::vector<std::string> look_for_faults();
  void say(const std::string& text);
  void say_what_to_try();

  const DemoOptions& options_;
  Inbox<DemoRequest>& requests_;
  std::ostream& out_;
  const steady_clock::time_point started_;
  bool stopping_ = false;
  DemoView view_;
  Published<std::string> report_;

  // Each may use those above it, so that they end in the opposite order.
  std::optional<TempDir> dir_;
  std::optional<EtcdServer> etcd_;
  std::unique_ptr<Generator> generator_;
  std::unique_ptr<TargetRegistrar> registrar_;
  std::optional<Hierarchy> hierarchy_;
  std::unique_ptr<DemoControl> control_;
};

Result<void> Demo::run() {
  if (auto started = start(); !started || stopping_) return started;
  if (auto right = check(); !right || stopping_) return right;
  if (!options_.exit_after_check) {
    say_what_to_try();
    serve();
    return {};
  }
  const int nodes = options_.levels.front();
  const int other = nodes == 1 ? 2 : (nodes + 1) / 2;
  if (auto right = scale_and_check(other); !right || stopping_) return right;
  return scale_and_check(nodes);
}

void Demo::stop() {
  say("everything stops");
  if (hierarchy_) hierarchy_->stop_all();
}

Result<void> Demo::start() {
  auto control = DemoControl::start(options_.port, options_.levels.size(), requests_, report_);
  if (!control) return control.error();
  control_ = std::move(*control);
  auto dir = TempDir::make("promster-demo");
  if (!dir) return dir.error();
  dir_.emplace(std::move(*dir));
  say("everything is in " + dir_->path() + " until the demo ends");
  if (auto started = start_etcd(); !started) return started;
  if (auto started = start_targets(); !started) return started;
  return start_levels();
}

Result<void> Demo::start_etcd() {
  auto etcd = EtcdServer::start({.dir = dir_->path(), .first_port = options_.port + 1});
  if (!etcd) return etcd.error();
  etcd_.emplace(std::move(*etcd));
  say("etcd is up at " + etcd_->endpoint());
  return {};
}

Result<void> Demo::start_targets() {
  const int above_levels = 100 * (static_cast<int>(options_.levels.size()) + 1);
  auto generator =
      Generator::start({.count = options_.targets, .first_port = options_.port + above_levels});
  if (!generator) return generator.error();
  generator_ = std::move(*generator);
  registrar_ = std::make_unique<TargetRegistrar>(
      TargetRegistrarOptions{.etcd = {.endpoints = {etcd_->endpoint()}},
                             .prefix = kDemoTargets,
                             .addresses = generator_->addresses()});
  say(plural(static_cast<std::size_t>(options_.targets), "target") + " up, from http://" +
      generator_->addresses().front() + "/metrics on");
  return {};
}

Result<void> Demo::start_levels() {
  hierarchy_.emplace(HierarchyOptions{.binary = options_.binary, .dir = dir_->path()});
  auto levels = demo_levels({.etcd_url = etcd_->endpoint(), .interval = kInterval}, options_.levels);
  for (std::size_t i = 0; i < levels.size() && !stopping_; ++i) {
    levels[i].first_port = options_.port + 100 * static_cast<int>(i + 1);
    if (auto started = hierarchy_->add_level(levels[i]); !started) return started;
    const auto nodes = hierarchy_->nodes(i).size();
    say(levels[i].name + " starts, " + plural(nodes, "node"));
    take_requests(Duration(0));
  }
  return {};
}

Result<void> Demo::scale_and_check(int nodes) {
  scale({.level = 0, .nodes = nodes});
  return check();
}

// Waits until all is right, and shows it.
Result<void> Demo::check() {
  const auto begin = steady_clock::now();
  const auto deadline = begin + kMostUntilRight;
  int right = 0;
  std::vector<std::string> wrong;
  while (right < kRightInARow) {
    if (auto running = hierarchy_->check_running(); !running) return running;
    wrong = look_for_faults();
    right = wrong.empty() ? right + 1 : 0;
    if (right == 0 && steady_clock::now() > deadline) {
      std::string all = "not right within " + format_duration(kMostUntilRight) + ":";
      for (const std::string& fault : wrong) all += "\n  " + fault;
      return Error{all};
    }
    take_requests(kLookEvery);
    if (stopping_) return {};
  }
  const auto took = std::chrono::duration_cast<Duration>(steady_clock::now() - begin);
  say("all is right, after " + seconds_text(took));
  out_ << render_table(view_) << std::flush;
  return {};
}

// Does what it is asked until it is asked to stop.
void Demo::serve() {
  bool changed = false;
  while (!stopping_) {
    if (changed) {
      const auto right = check();
      if (!right) say(right.error().message);
    } else {
      look_for_faults();  // for the report
    }
    const bool scaled = take_requests(seconds(1));
    changed = look_for_ended() || scaled;
  }
}

bool Demo::take_requests(Duration most) {
  bool scaled = false;
  for (const DemoRequest& request : requests_.wait_until(steady_clock::now() + most)) {
    if (const auto* wanted = std::get_if<ScaleLevel>(&request)) {
      scaled = !stopping_ && scale(*wanted);
    } else {
      stopping_ = true;
    }
  }
  return scaled;
}

bool Demo::scale(const ScaleLevel& wanted) {
  if (!hierarchy_ || wanted.level >= hierarchy_->levels()) return false;
  say(hierarchy_->name(wanted.level) + " goes from " +
      std::to_string(hierarchy_->nodes(wanted.level).size()) + " to " +
      plural(static_cast<std::size_t>(wanted.nodes), "node"));
  if (auto done = hierarchy_->scale(wanted.level, wanted.nodes); !done) say(done.error().message);
  return true;
}

bool Demo::look_for_ended() {
  const auto ended = hierarchy_->remove_ended();
  for (const std::string& name : ended) say(name + " has ended; the others take its targets");
  return !ended.empty();
}

LevelView Demo::look_at(std::size_t level) {
  const bool top = level + 1 == hierarchy_->levels() && level > 0;
  LevelView view{.name = hierarchy_->name(level),
                 .targets = level == 0 ? generator_->addresses() : hierarchy_->addresses(level - 1),
                 .sharded = !top,
                 .nodes = {}};
  for (const Node& node : hierarchy_->nodes(level)) {
    // A Prometheus that cannot be asked yet scrapes nothing that we know of.
    const auto targets = level_targets(node.prometheus_url());
    view.nodes.push_back({.name = node.name(),
                          .prometheus_url = node.prometheus_url(),
                          .web_url = node.web_url(),
                          .targets = targets ? *targets : std::vector<std::string>{}});
  }
  return view;
}

DemoView Demo::look() {
  DemoView view{.levels = {}, .totals = {}, .truth = generator_->total_rate()};
  for (std::size_t i = 0; i < hierarchy_->levels(); ++i) view.levels.push_back(look_at(i));
  for (const Node& node : hierarchy_->nodes(hierarchy_->levels() - 1)) {
    const auto total = query_value(node.prometheus_url(), demo_total(hierarchy_->levels()));
    view.totals.push_back(total ? std::optional(*total) : std::nullopt);
  }
  return view;
}

std::vector<std::string> Demo::look_for_faults() {
  view_ = look();
  const auto wrong = faults(view_);
  std::string report = render_table(view_);
  for (const std::string& fault : wrong) report += "not yet right: " + fault + "\n";
  report_.set(report);
  return wrong;
}

void Demo::say(const std::string& text) {
  const std::string time =
      seconds_text(std::chrono::duration_cast<Duration>(steady_clock::now() - started_));
  out_ << std::string(time.size() < 8 ? 8 - time.size() : 0, ' ') << time << "  " << text << "\n"
       << std::flush;
}

void Demo::say_what_to_try() {
  const std::string port =
      options_.port == DemoOptions().port ? "" : " --port " + std::to_string(options_.port);
  const std::string top = view_.levels.back().nodes.front().prometheus_url;
  std::string pids;
  for (const pid_t pid : hierarchy_->nodes(0).front().pids()) pids += " " + std::to_string(pid);
  const std::string page = hierarchy_->nodes(0).front().web_url();
  out_ << "\nOpen\n"
       << "  " << top
       << "/graph?g0.range_input=5m&g0.tab=0&g0.expr=" << demo_total(view_.levels.size())
       << "\n  http://127.0.0.1:" << options_.port << "/  this table, now\n"
       << "  " << page << "/  the page of a node of level 1\n"
       << "Try, in another terminal\n"
       << "  " << options_.program << " demo scale level1=2" << port << "\n"
       << "  " << options_.program << " top --url=" << page << "\n"
       << "  kill -9" << pids << "  (all of a node of level 1: a crash)\n"
       << "  " << options_.program << " demo stop" << port << "\n"
       << "Ctrl-C stops all of it.\n"
       << std::flush;
}

Result<void> check_programs() {
  std::string missing;
  for (const char* name : {"etcd", "prometheus"}) {
    if (!find_program(name)) missing += (missing.empty() ? "" : " and ") + std::string(name);
  }
  if (missing.empty()) return {};
  return Error{"no " + missing + " in PATH; try: apt-get install etcd-server prometheus"};
}

}  // namespace

int run_demo(const DemoOptions& options, Inbox<DemoRequest>& requests, std::ostream& out,
             std::ostream& err) {
  auto done = check_programs();
  if (done) {
    Demo demo(options, requests, out);
    done = demo.run();
    if (!done) err << demo.log_tails();
    if (done && demo.stopped_early()) done = Error{"stopped before the check was over"};
    demo.stop();
  }
  if (done) return 0;
  err << "promster: " << done.error().message << "\n";
  return 1;
}

}  // namespace promster
