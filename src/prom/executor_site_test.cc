// A configuration with all that a site may bring, against a real Prometheus: what it reports of it
// is what was meant, in whatever form that was written.
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/render.h"
#include "prom/executor.h"
#include "prom/executor_for_test.h"

namespace promster {
namespace {

constexpr const char* kBase = R"(
global:
  scrape_timeout: 3s
  query_log_file: queries.log
  external_labels: {site: 's1', n: 1e3, 'on': yes, empty: ""}
rule_files: ["own/*.yml", "/nowhere/*.yml"]
alerting:
  alert_relabel_configs:
  - {regex: 'rep.*', action: labeldrop}
  alertmanagers:
  - &am
    timeout: 60s
    api_version: v2
    basic_auth: &auth {username: u, password: 'p:#"x'}
    static_configs: [{targets: ["127.0.0.1:9", 'h:1']}]
  - <<: *am
    scheme: https
    path_prefix: /x/
    tls_config: {insecure_skip_verify: true, server_name: s}
remote_write:
- url: http://u:pw@127.0.0.1:9/api/v1/write?tenant=a%20b
  name: first
  remote_timeout: 90s
  headers: {X-Scope: '1'}
  queue_config: {max_shards: 3, batch_send_deadline: 1m0s}
  metadata_config: {send: no}
  write_relabel_configs:
  - source_labels: [__name__]
    regex: up|go_(.*)
    action: keep
remote_read:
- {url: 'http://127.0.0.1:9/read', required_matchers: {a: b}, read_recent: on}
storage: {tsdb: {out_of_order_time_window: 10m}, exemplars: {max_exemplars: 1000}}
tracing: {endpoint: '127.0.0.1:9', insecure: true, sampling_fraction: .5, client_type: grpc}
scrape_configs:
- job_name: own
  bearer_token: hush
  honor_timestamps: no
  scrape_interval: 120s
  params: {x: ['yes', "1e3"], 'match[]': ['{a="b"}']}
  relabel_configs:
  - {target_label: a, replacement: ""}
  - {source_labels: [__address__], separator: '', modulus: 8, target_label: h, action: HashMod}
  static_configs: [{targets: ["127.0.0.1:9"], labels: {port: 9090, on: yes}}]
- job_name: other
  authorization: {credentials: hush}
  body_size_limit: 10MB
  sample_limit: 1000
  proxy_url: http://a:b@127.0.0.1:9
  dns_sd_configs: [{names: [a.invalid], type: A, port: 80, refresh_interval: 5m}]
- job_name: files
  oauth2: {client_id: c, client_secret: hush, token_url: 'http://127.0.0.1:9/t', scopes: [a]}
  file_sd_configs: [{files: [t/*.json], refresh_interval: 60s}]
- job_name: basic
  basic_auth: *auth
  static_configs:
  - targets: []
)";

TEST_F(ExecutorTest, WhatASiteBringsIsAccepted) {
  start({"global: {}\n", "groups: []\n"});
  Settings settings;
  PrometheusSettings& prometheus = settings.prometheus;
  prometheus.config_dir = dir_.path();
  prometheus.url = server_->url();
  prometheus.alertmanager_urls = {"https://[::1]:9/am", "http://am"};
  prometheus.remote_write_url = "https://[::1]/api/v1/write?x=1";
  prometheus.external_labels = {{"node", "%{node}"}, {"n", "2"}};
  settings.registry.advertise_address = "10.0.0.1:9090";
  settings.alerts = {{.number = 1,
                      .name = "It's \"down\": {yes}",
                      .expr = "up{job=\"a\"} == 0 # why",
                      .after = std::chrono::seconds(90),
                      .labels = {{"severity", "page"}},
                      .annotations = {{"summary", "{{ $labels.instance }}: {{ $value }}"}}}};
  Executor executor(ExecutorOptions::from(prometheus), log_);
  const ApplyConfig config = render_config(settings, {.file = path("site.yml"), .text = kBase});
  ASSERT_EQ(config.fault, "");
  const Outcome outcome = executor.execute({.config = config});
  ASSERT_TRUE(outcome.config);
  EXPECT_EQ(outcome.config->kind, ConfigOutcome::Kind::kAccepted)
      << outcome.config->who << ": " << outcome.config->reason << "\n"
      << config.prometheus_yml;
}

// Files that the configuration names may be other ones by then: Prometheus would load them in part.
TEST_F(ExecutorTest, AReloadThatIsAskedForIsCheckedFirst) {
  start({"global: {}\n", "groups: []\n"});
  Settings settings;
  settings.prometheus.config_dir = dir_.path();
  settings.prometheus.url = server_->url();
  const std::string text = "rule_files: [own.yml]\n";
  std::ofstream(path("site.yml")) << text;
  std::ofstream(path("own.yml")) << "groups: []\n";
  BaseConfig base{.file = path("site.yml"), .text = text, .stamp = "1"};
  Executor executor(ExecutorOptions::from(settings.prometheus), log_);
  ASSERT_EQ(apply(executor, render_config(settings, base)).kind, ConfigOutcome::Kind::kAccepted);

  std::ofstream(path("own.yml")) << "groups: [{name: g, rules: [{record: a, expr: 'sum('}]}]\n";
  base.stamp = "2";
  ApplyConfig again = render_config(settings, base);
  again.force_reload = true;
  const auto refused = apply(executor, again);
  EXPECT_EQ(refused.who, "promtool");
  EXPECT_FALSE(refused.reloaded);
  EXPECT_NE(refused.reason.find("own.yml"), std::string::npos) << refused.reason;

  std::ofstream(path("own.yml")) << "groups: []\n";
  again.base.stamp = "3";
  EXPECT_EQ(apply(executor, again).kind, ConfigOutcome::Kind::kAccepted)
      << "a refusal is not remembered when the files are other ones";
}

TEST_F(ExecutorTest, ABrokenFileOfRulesStaysRefusedWhateverElseChanges) {
  start({"global: {}\n", "groups: []\n"});
  Settings settings;
  settings.prometheus.config_dir = dir_.path();
  settings.prometheus.url = server_->url();
  std::ofstream(path("own.yml")) << "groups: []\n";
  BaseConfig base{.file = path("site.yml"), .text = "rule_files: [own.yml]\n", .stamp = "1"};
  Executor executor(ExecutorOptions::from(settings.prometheus), log_);
  ASSERT_EQ(apply(executor, render_config(settings, base)).kind, ConfigOutcome::Kind::kAccepted);

  std::ofstream(path("own.yml")) << "groups: [{name: g, rules: [{record: a, expr: 'sum('}]}]\n";
  base.stamp = "2";
  EXPECT_EQ(apply(executor, render_config(settings, base)).who, "promtool");
  base.text += "# a comment, so our bytes are the same\n";
  EXPECT_EQ(apply(executor, render_config(settings, base)).who, "promtool");

  std::ofstream(path("own.yml")) << "groups: []\n";
  base.stamp = "3";
  const auto mended = apply(executor, render_config(settings, base));
  EXPECT_EQ(mended.kind, ConfigOutcome::Kind::kAccepted) << mended.reason;
  EXPECT_TRUE(mended.reloaded);
  EXPECT_EQ(apply(executor, render_config(settings, base)).kind, ConfigOutcome::Kind::kUnchanged);
}

// A site's own file for promster alone, and a Prometheus of another user.
class PrivateSiteTest : public ExecutorTest, public testing::WithParamInterface<ReloadMethod> {};

TEST_P(PrivateSiteTest, APrometheusThatCannotReadItIsNotLeftWithoutAConfiguration) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root, so no Prometheus of another user";
  namespace fs = std::filesystem;
  for (const TempDir* dir : {&dir_, &data_}) fs::permissions(dir->path(), fs::perms::all);
  start({"global: {}\n", "groups: []\n"}, GetParam() == ReloadMethod::kHttp,
        {"setpriv", "--reuid=12345", "--regid=12345", "--clear-groups"});
  Settings settings;
  settings.prometheus.config_dir = dir_.path();
  settings.prometheus.url = server_->url();
  settings.prometheus.reload_method = GetParam();
  const std::string text = "global: {external_labels: {a: b}}\n";
  std::ofstream(path("site.yml")) << text;
  fs::permissions(path("site.yml"), fs::perms(0600));
  Executor executor(ExecutorOptions::from(settings.prometheus), log_);
  const ApplyConfig config = render_config(settings, {.file = path("site.yml"), .text = text});
  const auto outcome = apply(executor, config);
  EXPECT_EQ(outcome.kind, ConfigOutcome::Kind::kAccepted) << outcome.reason;
  EXPECT_EQ(fs::status(path("prometheus.yml")).permissions(), fs::perms(0644));
  EXPECT_EQ(apply(executor, config).kind, ConfigOutcome::Kind::kUnchanged);

  // What the warning says to do.
  EXPECT_EQ(::chown(path("site.yml").c_str(), 0, 12345), 0);
  fs::permissions(path("site.yml"), fs::perms(0640));
  EXPECT_EQ(apply(executor, config).kind, ConfigOutcome::Kind::kAccepted);
  EXPECT_EQ(fs::status(path("prometheus.yml")).permissions(), fs::perms(0640));
}

// The group that may read the site's file is another one, and its new text is refused.
TEST_F(ExecutorTest, WhatIsPutBackCanBeReadByPrometheus) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root, so no Prometheus of another user";
  namespace fs = std::filesystem;
  for (const TempDir* dir : {&dir_, &data_}) fs::permissions(dir->path(), fs::perms::all);
  start({"global: {}\n", "groups: []\n"}, /*lifecycle=*/true,
        {"setpriv", "--reuid=12345", "--regid=12345", "--clear-groups"});
  Settings settings;
  settings.prometheus.config_dir = dir_.path();
  settings.prometheus.url = server_->url();
  Executor executor(ExecutorOptions::from(settings.prometheus), log_);
  const auto apply_text = [&](const std::string& text, gid_t group) {
    std::ofstream(path("site.yml")) << text;
    EXPECT_EQ(::chown(path("site.yml").c_str(), 0, group), 0);
    fs::permissions(path("site.yml"), fs::perms(0640));
    return apply(executor, render_config(settings, {.file = path("site.yml"), .text = text}));
  };
  const auto good = apply_text("global: {external_labels: {a: b}}\n", 12345);
  ASSERT_EQ(good.kind, ConfigOutcome::Kind::kAccepted) << good.reason;
  ASSERT_EQ(fs::status(path("prometheus.yml")).permissions(), fs::perms(0640));
  const std::string text = content("prometheus.yml");
  // promtool does not look for the certificate.
  const auto refused = apply_text(
      "remote_write: [{url: 'http://127.0.0.1:9/', tls_config: {ca_file: missing.pem}}]\n", 54321);
  EXPECT_EQ(refused.who, "prometheus") << refused.reason;
  EXPECT_EQ(refused.reason.find("reload the old files"), std::string::npos) << refused.reason;
  EXPECT_EQ(content("prometheus.yml"), text);
  EXPECT_TRUE(api().runtime_info()->reload_success);
  EXPECT_EQ(fs::status(path("prometheus.yml")).permissions(), fs::perms(0644));
}

INSTANTIATE_TEST_SUITE_P(Reload, PrivateSiteTest,
                         testing::Values(ReloadMethod::kHttp, ReloadMethod::kSignal),
                         [](const auto& one) {
                           return one.param == ReloadMethod::kHttp ? "Http" : "Signal";
                         });

// promtool is asked of what people wrote, whose lines they know.
TEST_F(ExecutorTest, ARefusalNamesTheFileAndTheLineOfTheSite) {
  start({"global: {}\n", "groups: []\n"});
  Settings settings;
  settings.prometheus.config_dir = dir_.path();
  settings.prometheus.url = server_->url();
  const std::string text = "# a comment\n\nscrape_configs:\n- job_name: own\n  no_such_key: 1\n";
  std::ofstream(path("site.yml")) << text;
  ApplyConfig config = render_config(settings, {.file = path("site.yml"), .text = text});
  // Ours lets pass what it does not know.
  Executor executor(ExecutorOptions::from(settings.prometheus), log_);
  const Outcome outcome = executor.execute({.config = config});
  ASSERT_TRUE(outcome.config);
  EXPECT_EQ(outcome.config->who, "promtool");
  EXPECT_NE(outcome.config->reason.find("site.yml: yaml: unmarshal errors: line 5: field no_such"),
            std::string::npos)
      << outcome.config->reason;
}

}  // namespace
}  // namespace promster
