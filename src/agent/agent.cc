#include "agent/agent.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <random>
#include <set>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "agent/advertise.h"
#include "agent/base_config_reader.h"
#include "agent/control_loop.h"
#include "agent/lock_wait.h"
#include "agent/service_notify.h"
#include "agent/settings_file_watch.h"
#include "agent/shown_node.h"
#include "agent/signals.h"
#include "agent/web_config_file.h"
#include "base/file.h"
#include "base/inbox.h"
#include "base/published.h"
#include "base/version.h"
#include "core/keyspace.h"
#include "core/read_targets.h"
#include "core/reconciler.h"
#include "core/render.h"
#include "etcd/client.h"
#include "etcd/follower.h"
#include "etcd/registrar.h"
#include "prom/executor.h"
#include "prom/probe.h"
#include "prom/sibling_probe.h"
#include "web/api.h"
#include "web/event_feed.h"
#include "web/http_server.h"
#include "web/node_pages.h"
#include "web/page_routes.h"

namespace promster {
namespace {

std::uint64_t random_number() {
  std::random_device source;
  return (std::uint64_t{source()} << 32) | source();
}

std::string web_url(const Settings& settings, const WebConfig& config, const std::string& name) {
  if (!settings.web.external_url.empty()) return settings.web.external_url;
  const std::string& listen = settings.web.listen_address;
  const std::string own_host = listen.substr(0, listen.rfind(':'));
  const bool every_address = own_host.empty() || own_host == "0.0.0.0" || own_host == "[::]";
  const std::string host = every_address ? name.substr(0, name.rfind(':')) : own_host;
  const std::string prefix = settings.web.route_prefix == "/" ? "" : settings.web.route_prefix;
  const std::string scheme = config.tls.enabled() ? "https://" : "http://";
  return scheme + host + listen.substr(listen.rfind(':')) + prefix;
}

NodeIdentity identify(const Settings& settings, const WebConfig& config) {
  const std::string& name = settings.registry.advertise_address;
  return {.name = name,
          .instance = std::to_string(random_number()),
          .web = web_url(settings, config, name),
          .version = kVersion,
          .pid = ::getpid()};
}

std::string own_host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

RouterOptions router_options(const Settings& settings, const WebConfig& config) {
  return {
      .prefix = settings.web.route_prefix,
      .external_url = settings.web.external_url,
      .hosts = {settings.web.listen_address, settings.registry.advertise_address, own_host_name()},
      .any_host = !config.open()};
}

DiskState look_at_disk(const std::string& config_dir) {
  const auto content = [&](std::string_view file) {
    const auto bytes = read_file(config_dir + "/" + std::string(file));
    return bytes ? *bytes : std::string();
  };
  const auto present = [&](std::string_view file) {
    return ::access((config_dir + "/" + std::string(file)).c_str(), F_OK) == 0;
  };
  const auto targets = read_file(config_dir + "/" + std::string(kTargetsFile));
  return {.config_present = present(kPrometheusFile) && present(kRulesFile),
          .targets_present = targets.ok(),
          .targets = targets ? read_targets_json(*targets) : std::vector<Target>{},
          .files = {.prometheus_yml = content(kPrometheusFile),
                    .rules_yml = content(kRulesFile),
                    .targets_json = targets ? *targets : std::string()}};
}

// The file that --config.file names; empty: none.
std::string settings_file(const std::vector<ShownSetting>& shown) {
  const auto found = std::ranges::find(shown, "config.file", &ShownSetting::name);
  return found == shown.end() ? "" : found->value;
}

// One running node: everything that lives as long as the process does.
class Node {
 public:
  Node(const Settings& settings, const WebConfig& web_config, std::vector<ShownSetting> shown,
       const Log& log)
      : settings_(settings),
        web_config_(web_config),
        log_(log),
        settings_file_(settings_file(shown)),
        view_(shown_node(settings, std::move(shown), published_)),
        router_(router_options(settings, web_config)),
        reconciler_(settings, identify(settings, web_config),
                    look_at_disk(settings.prometheus.config_dir), std::chrono::steady_clock::now()),
        executor_(ExecutorOptions::from(settings.prometheus), log) {}

  Result<void> start_web();
  void start_readers();
  void run();

 private:
  std::unique_ptr<Etcd> connect(const EtcdSettings& etcd, std::stop_token stop);
  void follow(const EtcdSettings& etcd, FollowOptions options);
  void register_node();
  void refresh();
  void watch_files();
  void announce(const Reconciler& reconciler);

  const Settings& settings_;
  const WebConfig& web_config_;
  const Log& log_;
  const std::string settings_file_;
  Inbox<Event> inbox_;
  Inbox<RegistrationWish> wishes_;
  Inbox<ProbeWish> probe_wishes_;
  Inbox<SiblingWish> sibling_wishes_;
  Inbox<ReadAgain> base_wishes_;
  Inbox<SnapshotShown> shown_;
  Published<Snapshot> published_;
  NodeView view_;
  Router router_;
  Reconciler reconciler_;
  Executor executor_;
  ServiceNotify notify_ = ServiceNotify::from_environment();
  Registration announced_;
  bool scrapes_asked_ = false;
  std::set<std::string> suspects_asked_;
  std::unique_ptr<HttpServer> web_;
  std::vector<std::jthread> readers_;  // the first to go: they use all of the above
};

std::unique_ptr<Etcd> Node::connect(const EtcdSettings& etcd, std::stop_token stop) {
  return make_etcd_client({.settings = etcd,
                           .seed = random_number(),
                           .report = [this](const EtcdCalled& call) { inbox_.push(call); },
                           .stop = std::move(stop)});
}

Result<void> Node::start_web() {
  add_node_pages(router_, published_,
                 {.enabled = settings_.web.enable_lifecycle,
                  .reload = [this] { refresh(); },
                  .quit = [this] { inbox_.push(StopAsked{}); }});
  add_page(router_, view_);
  add_api(router_, view_);
  auto server = HttpServer::start(
      {.listen = {settings_.web.listen_address},
       .config = web_config_,
       .open_paths = {router_.prefix() + "/metrics", router_.prefix() + "/-/healthy",
                      router_.prefix() + "/-/ready"},
       .refused = [this](int status) { router_.count("refused", status); }},
      [this](const WebRequest& request) { return router_.handle(request); });
  if (!server) return Error{server.error().message + "; try: another --web.listen-address"};
  web_ = std::move(*server);
  return {};
}

void Node::follow(const EtcdSettings& etcd, FollowOptions options) {
  options.ttl = settings_.registry.ttl;
  options.seed = random_number();
  readers_.emplace_back([this, etcd, options](std::stop_token stop) {
    const std::unique_ptr<Etcd> client = connect(etcd, stop);
    follow_prefix(*client, options, inbox_, stop);
  });
}

void Node::register_node() {
  const RegistrySettings& registry = settings_.registry;
  const RegistrarOptions options{
      .key = member_key(registry.base, registry.service, registry.advertise_address),
      .ttl = registry.ttl,
      .seed = random_number()};
  readers_.emplace_back([this, options](std::stop_token stop) {
    const std::unique_ptr<Etcd> client = connect(settings_.registry.etcd, stop);
    keep_registered(*client, options, wishes_, inbox_, stop);
  });
}

// What an operator asks for, on any thread: the site's own file is read again first.
void Node::refresh() {
  if (settings_.prometheus.base.given()) {
    base_wishes_.push({});
  } else {
    inbox_.push(RefreshAsked{});
  }
}

// What the operator may edit while we run.
void Node::watch_files() {
  if (settings_.prometheus.base.given()) {
    readers_.emplace_back([this](const std::stop_token& stop) {
      watch_base_config({.known = settings_.prometheus.base}, base_wishes_, inbox_, stop);
    });
  }
  if (!settings_file_.empty()) {
    readers_.emplace_back([this](const std::stop_token& stop) {
      const auto changed = [this] {
        log_.warning("the file of settings changed, and is read at the start only",
                     {{"file", settings_file_}, {"try", "restart promster"}});
      };
      watch_settings_file({.file = settings_file_}, changed, stop);
    });
  }
}

void Node::start_readers() {
  readers_.emplace_back([this](std::stop_token stop) {
    const auto tell = [this](int number) {
      if (number == SIGHUP) {
        refresh();
      } else if (number == SIGUSR1) {
        inbox_.push(RemovalConfirmed{});
      } else if (number == SIGUSR2) {
        inbox_.push(DrainAsked{});
      } else {
        inbox_.push(StopAsked{});
      }
    };
    watch_signals(tell, std::move(stop));
  });
  watch_files();
  readers_.emplace_back([this](const std::stop_token& stop) {
    const auto publish = [this](WebEvent event) {
      web_->publish(std::move(event.name), std::move(event.data));
    };
    feed_events(published_, shown_, publish, stop);
  });
  readers_.emplace_back([this](std::stop_token stop) {
    watch_prometheus(
        {.url = settings_.prometheus.url, .scrape_interval = settings_.scrape.interval},
        probe_wishes_, inbox_, std::move(stop));
  });
  follow(settings_.scrape.etcd, {.source = Source::kTargets, .prefix = settings_.scrape.etcd_path});
  if (!settings_.registry.enabled()) return;
  follow(settings_.registry.etcd,
         {.source = Source::kMembers,
          .prefix = member_prefix(settings_.registry.base, settings_.registry.service)});
  readers_.emplace_back([this](std::stop_token stop) {
    probe_siblings({}, sibling_wishes_, inbox_, std::move(stop));
  });
  register_node();
}

// Tells the readers what is wanted of them, where that changed.
void Node::announce(const Reconciler& reconciler) {
  const Registration& wanted = reconciler.registration();
  if (wanted != announced_) {
    const bool again = wanted.renewal != announced_.renewal;
    wishes_.push({.registered = wanted.wanted, .value = wanted.value, .again = again});
    announced_ = wanted;
  }
  if (reconciler.wants_scrapes() != scrapes_asked_) {
    scrapes_asked_ = reconciler.wants_scrapes();
    probe_wishes_.push({.scrapes = scrapes_asked_});
  }
  if (std::set<std::string> suspects = reconciler.suspects(); suspects != suspects_asked_) {
    sibling_wishes_.push({.names = suspects});
    suspects_asked_ = std::move(suspects);
  }
}

void Node::run() {
  run_control_loop({.reconciler = reconciler_,
                    .inbox = inbox_,
                    .published = published_,
                    .log = log_,
                    .execute = [this](const Plan& plan) { return executor_.execute(plan); },
                    .announce =
                        [this](const Reconciler& r) {
                          announce(r);
                          shown_.push({});
                          notify_.turned(*published_.get(), std::chrono::steady_clock::now(), log_);
                        },
                    .pulse = notify_.pulse()});
  notify_.stopping(log_);
  for (std::jthread& reader : readers_) reader.request_stop();
}

}  // namespace

int run_agent(Settings settings, std::vector<ShownSetting> shown, const Log& log) {
  block_signals();
  const auto name = find_node_name(settings);
  if (!name) {
    log.error("cannot start", {{"reason", name.error().message}});
    return 1;
  }
  settings.registry.advertise_address = *name;
  const auto web_config = load_web_config(settings.web.config_file);
  if (!web_config) {
    log.error("cannot start", {{"reason", web_config.error().message}});
    return 1;
  }
  for (const std::string& warning : web_config->warnings) log.warning(warning);
  const auto config_lock =
      wait_for_config_lock(settings.prometheus.config_dir, ConfigLock::Of::kFiles, log);
  if (!config_lock) {
    log.error("cannot start", {{"reason", config_lock.error().message}});
    return 1;
  }
  Node node(settings, web_config->config, std::move(shown), log);
  if (const auto web = node.start_web(); !web) {
    log.error("cannot start", {{"reason", web.error().message}});
    return 1;
  }
  log.info("promster starts", {{"version", kVersion},
                               {"node", *name},
                               {"web", settings.web.listen_address},
                               {"config_dir", settings.prometheus.config_dir}});
  node.start_readers();
  node.run();
  log.info("promster stopped");
  return 0;
}

}  // namespace promster
