// The ownership guard in a real Prometheus: nothing changes while no target is foreign, and with a
// foreign target every answer is as if its series did not exist.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/process.h"
#include "base/text.h"
#include "cluster/prometheus_server.h"
#include "cluster/temp_dir.h"
#include "core/guard_cases_for_test.h"
#include "core/ownership_guard.h"
#include "prom/http_client.h"

namespace promster {
namespace {

using nlohmann::json;

// In unix seconds. Questions are asked between two samples, so that the time of a sample and the
// time of the question differ.
constexpr int kStart = 1'700'000'000;
constexpr int kStep = 20;
constexpr int kQuiet = kStart + 6007;         // no target is foreign yet
constexpr int kFirstForeign = kStart + 6020;  // from here on c:1 is, in every job
constexpr int kHandedOver = kStart + 7207;

// One metric of one job; each of the texts is a set of labels. An "%" in them is the first letter
// of the instance.
struct Metric {
  std::string_view job;
  std::string_view name;
  char kind;  // c: a counter, g: a gauge, 0 to 9: that value
  std::vector<std::string_view> series{""};
};

const std::vector<Metric> kMetrics{
    {"node",
     "node_cpu_seconds_total",
     'c',
     {"cpu=0,mode=idle", "cpu=0,mode=user", "cpu=1,mode=idle", "cpu=1,mode=user"}},
    {"node", "node_memory_MemTotal_bytes", '9'},
    {"node", "node_memory_MemAvailable_bytes", 'g'},
    {"node",
     "node_filesystem_avail_bytes",
     'g',
     {"device=sda,fstype=ext4,mountpoint=/", "device=sdb,fstype=xfs,mountpoint=/var"}},
    {"node",
     "node_filesystem_size_bytes",
     'c',
     {"device=sda,fstype=ext4,mountpoint=/", "device=sdb,fstype=xfs,mountpoint=/var"}},
    {"node",
     "node_filesystem_readonly",
     '0',
     {"device=sda,fstype=ext4,mountpoint=/", "device=sdb,fstype=xfs,mountpoint=/var"}},
    {"node", "node_load1", 'g'},
    {"node", "node_load5", 'g'},
    {"node", "node_disk_io_time_seconds_total", 'c', {"device=sda", "device=nvme0n1"}},
    {"node", "node_network_receive_bytes_total", 'c', {"device=lo", "device=eth0"}},
    {"node", "node_uname_info", '1', {"nodename=host-%"}},
    {"node", "node_time_seconds", 'c'},
    {"node", "node_boot_time_seconds", '5'},
    {"node", "node_timex_offset_seconds", '0'},
    {"node", "node_vmstat_pgmajfault", 'c'},
    {"node", "sum", 'g'},
    {"node", "by", 'g'},
    {"node", "offset", 'g'},
    {"node", "and", 'g'},
    {"node", "or", 'g'},
    {"node", "unless", 'g'},
    {"node", "start", 'g'},
    {"/metrics", "http_requests_app_total", 'c', {"server_name=s-%,code=200"}},
    {"api",
     "http_requests_total",
     'c',
     {"method=GET,code=200", "method=GET,code=500", "method=POST,code=200",
      "method=POST,code=404"}},
    {"api", "http_request_duration_seconds_bucket", 'c', {"le=0.1", "le=0.3", "le=1.2", "le=+Inf"}},
    {"api", "http_request_duration_seconds_sum", 'c'},
    {"api", "http_request_duration_seconds_count", 'c'},
    {"api", "http_requests_in_flight", 'g'},
    {"api", "process_start_time_seconds", '7'},
    {"cadvisor",
     "container_cpu_usage_seconds_total",
     'c',
     {"namespace=shop,pod=p-%,container=web,image=i"}},
    {"cadvisor",
     "container_memory_working_set_bytes",
     'g',
     {"namespace=shop,pod=p-%,container=web,image=i"}},
    {"ksm", "kube_pod_info", '1', {"namespace=shop,pod=p-%,node=n-%"}},
    {"ksm",
     "kube_pod_container_resource_requests",
     '6',
     {"namespace=shop,pod=p-%,container=web,resource=memory"}},
    {"ksm", "kube_pod_status_phase", '1', {"namespace=shop,pod=p-%,phase=Running"}},
    {"ksm",
     "kube_pod_owner",
     '1',
     {"namespace=shop,pod=p-%,owner_kind=ReplicaSet,owner_name=web-%"}},
    {"ksm", "kube_deployment_spec_replicas", '3', {"namespace=shop,deployment=web-%"}},
    {"ksm", "kube_deployment_status_replicas_available", '2', {"namespace=shop,deployment=web-%"}},
    {"apiserver",
     "apiserver_request_total",
     'c',
     {"verb=GET,code=200", "verb=LIST,code=200", "verb=GET,code=503"}},
    {"etcd", "etcd_network_peer_sent_failures_total", 'c', {"To=x"}},
    {"etcd", "etcd_server_has_leader", '1'},
    {"etcd", "etcd_server_leader_changes_seen_total", 'c'},
    {"etcd", "etcd_mvcc_db_total_size_in_bytes", 'g'},
    {"prometheus", "prometheus_tsdb_head_series", 'g'},
    {"prometheus", "prometheus_rule_evaluation_failures_total", 'c'},
    // Recorded at another level or about no target at all: never foreign.
    {"", "level1:http_requests_app_total:irate", 'g', {"site=s1", "site=s2"}},
    {"", "ALERTS", '1', {"alertname=Hot,alertstate=firing"}},
};

std::string label_text(std::string_view labels, std::string_view job, std::string_view instance) {
  std::string text;
  const auto add = [&](std::string_view name, std::string_view value) {
    text += (text.empty() ? "" : ",") + std::string(name) + "=\"" + std::string(value) + '"';
  };
  for (const std::string_view pair : split(labels, ',')) {
    if (pair.empty()) continue;
    std::string value(pair.substr(pair.find('=') + 1));
    if (value.ends_with('%')) value.replace(value.size() - 1, 1, instance.substr(0, 1));
    add(pair.substr(0, pair.find('=')), value);
  }
  if (!job.empty()) {
    add("job", job);
    add("instance", instance);
  }
  return "{" + text + "} ";
}

// Different for every series, and the same in both fleets for the same series.
double sample_value(char kind, int index, int series) {
  if (kind == 'c') return (index * (series % 7 + 1)) + (index % (series % 5 + 2));
  if (kind == 'g') return ((index * index * 7 + series * 13) % 97 + 1) / 10.0;
  return kind - '0';
}

class Exposition {
 public:
  explicit Exposition(const std::string& path) : out_(path) {}
  ~Exposition() { out_ << "# EOF\n"; }

  void add(const Metric& metric, std::string_view instance, int first_second = 0) {
    for (const std::string_view labels : metric.series) {
      ++series_;
      const std::string head = std::string(metric.name) + label_text(labels, metric.job, instance);
      for (int at = first_second; at <= kHandedOver - kStart; at += kStep) {
        out_ << head << sample_value(metric.kind, at / kStep, series_) << ' ' << kStart + at
             << '\n';
      }
    }
  }
  // So that the series after it get the same values with and without it.
  void skip(const Metric& metric) { series_ += static_cast<int>(metric.series.size()); }

 private:
  std::ofstream out_;
  int series_ = 0;
};

constexpr std::array<std::string_view, 8> kJobs{"node", "/metrics",  "api",  "cadvisor",
                                                "ksm",  "apiserver", "etcd", "prometheus"};

// The series of the targets a:1 and b:1 of each job, and with_foreign those of c:1, which
// promster_foreign_target names from kFirstForeign on.
void write_exposition(const std::string& path, bool with_foreign) {
  Exposition exposition(path);
  std::vector<Metric> all = kMetrics;
  for (const std::string_view job : kJobs) all.push_back({job, "up", '1'});
  for (const Metric& metric : all) {
    if (metric.job.empty()) {
      exposition.add(metric, "");
      continue;
    }
    exposition.add(metric, "a:1");
    exposition.add(metric, "b:1");
    with_foreign ? exposition.add(metric, "c:1") : exposition.skip(metric);
  }
  for (const std::string_view job : kJobs) {
    const Metric foreign{job, kForeignTargetMetric, '1'};
    if (with_foreign) exposition.add(foreign, "c:1", kFirstForeign - kStart);
  }
}

std::string form_encoded(std::string_view text) {
  std::string out;
  for (const unsigned char c : text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    out += {'%', kHex[c / 16], kHex[c % 16]};
  }
  return out;
}

// A Prometheus that has these series.
class Fleet {
 public:
  static Result<Fleet> start(bool with_foreign);

  // What the expression yields at this time, in one order; the error where there is one.
  Result<json> ask(const std::string& expr, int time);

 private:
  Fleet(TempDir dir, PrometheusServer server) : dir_(std::move(dir)), server_(std::move(server)) {}

  TempDir dir_;
  PrometheusServer server_;
  HttpClient client_;
};

Result<Fleet> Fleet::start(bool with_foreign) {
  auto dir = TempDir::make("guard");
  if (!dir) return dir.error();
  write_exposition(dir->file("series.txt"), with_foreign);
  const auto loaded = run_program({"promtool", "tsdb", "create-blocks-from", "openmetrics",
                                   dir->file("series.txt"), dir->file("data")},
                                  Duration(60'000));
  if (!loaded) return loaded.error();
  if (loaded->status.code != 0) return Error{"create blocks: " + loaded->text};
  auto server = PrometheusServer::start({.dir = dir->path(),
                                         .config_file = {},
                                         .extra_args = {"--storage.tsdb.retention.time=100y"}});
  if (!server) return server.error();
  return Fleet(std::move(*dir), std::move(*server));
}

Result<json> Fleet::ask(const std::string& expr, int time) {
  const auto response =
      client_.send({.method = "POST",
                    .url = server_.url() + "/api/v1/query",
                    .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                    .body = "time=" + std::to_string(time) + "&query=" + form_encoded(expr)});
  if (!response) return response.error();
  const json answer = json::parse(response->body, nullptr, false);
  if (!answer.is_object()) return Error{"no JSON: " + response->body};
  if (answer["status"] != "success") return Error{answer["error"].get<std::string>()};
  json data = answer["data"];
  if (data["resultType"] == "matrix") return Error{"a range is no value"};
  if (data["resultType"] == "vector") std::sort(data["result"].begin(), data["result"].end());
  return data;
}

bool has_data(const json& answer) {
  return answer["resultType"] == "scalar" || !answer["result"].empty();
}

TEST(GuardLive, PromtoolAcceptsEveryGuardedRule) {
  auto dir = TempDir::make("guard");
  ASSERT_TRUE(dir.ok());
  json rules = json::array();
  for (const GuardCase& test : kGuardCases) {
    if (test.data == GuardCase::kInvalid) continue;
    rules.push_back({{"record", "rule:" + std::to_string(rules.size())},
                     {"expr", guard_expression(test.expression()).expr}});
  }
  ASSERT_GE(rules.size(), 100U);
  // YAML reads JSON.
  std::ofstream(dir->file("rules.yml"))
      << json{{"groups", {{{"name", "guarded"}, {"rules", rules}}}}}.dump();
  const auto checked =
      run_program({"promtool", "check", "rules", dir->file("rules.yml")}, Duration(60'000));
  ASSERT_TRUE(checked.ok()) << checked.error().message;
  EXPECT_EQ(checked->status.code, 0) << checked->text;
  EXPECT_NE(checked->text.find(std::to_string(rules.size()) + " rules found"), std::string::npos);
}

TEST(GuardLive, ChangesNothingWhileNoTargetIsForeign) {
  auto fleet = Fleet::start(true);
  ASSERT_TRUE(fleet.ok()) << fleet.error().message;
  for (const GuardCase& test : kGuardCases) {
    const auto plain = fleet->ask(test.expression(), kQuiet);
    EXPECT_EQ(plain.ok(), test.data != GuardCase::kInvalid)
        << test.marked << (plain ? "" : "\n" + plain.error().message);
    if (!plain || test.data == GuardCase::kInvalid) continue;
    EXPECT_EQ(has_data(*plain), test.data != GuardCase::kNone) << test.marked;
    const auto guarded = fleet->ask(guard_expression(test.expression()).expr, kQuiet);
    ASSERT_TRUE(guarded.ok()) << test.marked << "\n" << guarded.error().message;
    EXPECT_EQ(*guarded, *plain) << test.marked;
  }
}

// A piece of one expression put in place of a piece of another.
std::string spliced(std::mt19937& random) {
  const auto below = [&](std::size_t limit) { return random() % (limit + 1); };
  const auto any = [&] { return kGuardCases[below(kGuardCases.size() - 1)].expression(); };
  std::string text = any();
  const std::string other = any();
  const std::size_t at = below(text.size());
  const std::size_t from = below(other.size());
  return text.replace(at, below(8), other, from, below(24));
}

// Whatever Prometheus takes, it takes guarded too, and says the same.
TEST(GuardLive, ChangesNothingInExpressionsMadeAtRandom) {
  auto fleet = Fleet::start(true);
  ASSERT_TRUE(fleet.ok()) << fleet.error().message;
  std::mt19937 random(1);  // the same every time
  int compared = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string expr = spliced(random);
    const GuardedExpression guard = guard_expression(expr);
    if (!guard.changed) continue;
    const auto plain = fleet->ask(expr, kQuiet);
    if (!plain) continue;
    const auto guarded = fleet->ask(guard.expr, kQuiet);
    ASSERT_TRUE(guarded.ok()) << expr << "\n" << guarded.error().message;
    ASSERT_EQ(*guarded, *plain) << expr;
    ++compared;
  }
  EXPECT_GE(compared, 300);
}

TEST(GuardLive, AnswersAsIfForeignTargetsDidNotExist) {
  auto with = Fleet::start(true);
  auto without = Fleet::start(false);
  ASSERT_TRUE(with.ok() && without.ok());
  int told_apart = 0;
  for (const GuardCase& test : kGuardCases) {
    if (test.data != GuardCase::kSome && test.data != GuardCase::kNone) continue;
    const auto truth = without->ask(test.expression(), kHandedOver);
    const auto guarded = with->ask(guard_expression(test.expression()).expr, kHandedOver);
    const auto plain = with->ask(test.expression(), kHandedOver);
    ASSERT_TRUE(truth.ok() && guarded.ok() && plain.ok()) << test.marked;
    EXPECT_EQ(*guarded, *truth) << test.marked;
    if (*plain != *truth) ++told_apart;
  }
  EXPECT_GE(told_apart, 80) << "too few expressions notice a foreign target at all";
}

}  // namespace
}  // namespace promster
