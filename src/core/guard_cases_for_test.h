#pragma once

#include <array>
#include <string>
#include <string_view>

namespace promster {

// Test data: an expression and what the ownership guard makes of it, in one text. A guarded part
// stands between « and »; « is inserted as "(", » as " unless on (job, instance)
// promster_foreign_target)". A ‹ stands for a « after a group_left or group_right without labels,
// where "() (" is inserted. Without the marks the text is the expression itself.
struct GuardCase {
  enum Data {
    kSome,     // answers with data in a Prometheus that has the series of guard_live_test.cc
    kNone,     // valid, but answers with no data there
    kPartly,   // has data, and a part that stays unguarded, so that foreign targets may show
    kInvalid,  // Prometheus 2.42 does not accept it
  };

  std::string_view marked;
  std::string_view longest_range = "0s";
  Data data = kSome;

  std::string expression() const;  // what the user wrote
  std::string guarded() const;     // what goes into rules.yml
};

namespace guard_cases_detail {

inline std::string replaced(std::string_view text, std::string_view opening,
                            std::string_view opening_after_group, std::string_view closing) {
  std::string out;
  while (!text.empty()) {
    if (text.starts_with("«")) {
      out += opening;
      text.remove_prefix(std::string_view("«").size());
    } else if (text.starts_with("‹")) {
      out += opening_after_group;
      text.remove_prefix(std::string_view("‹").size());
    } else if (text.starts_with("»")) {
      out += closing;
      text.remove_prefix(std::string_view("»").size());
    } else {
      out += text[0];
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace guard_cases_detail

inline std::string GuardCase::expression() const {
  return guard_cases_detail::replaced(marked, "", "", "");
}

inline std::string GuardCase::guarded() const {
  return guard_cases_detail::replaced(marked, "(", "() (",
                                      " unless on (job, instance) promster_foreign_target)");
}

// Shapes of published rules: of nodes, Kubernetes, etcd and Prometheus itself, of the documentation
// of PromQL, and of the corners of its grammar.
inline constexpr auto kGuardCases = std::to_array<GuardCase>({
    // The hierarchy of the original's documentation.
    {"sum(«irate(http_requests_app_total[2m])») without (job,server_name,instance)", "2m"},
    {"sum(«level1:http_requests_app_total:irate») without (job,instance)"},
    {"sum(«level1:http_requests_app_total:irate»)"},
    {"sum without (job, instance) («{__name__=~\"level1:.*\"}»)"},

    // Selectors by themselves.
    {"«up»"},
    {"«up{job=\"node\"}»"},
    {"«up{}»"},
    {"«up { job = \"node\" , instance != \"\" , }»"},
    {"«{__name__=~\"node_load.*\"}»"},
    {"«{ __name__ = \"up\", job =~ \"node|api\" }»"},
    {"«{job='node', __name__='node_load1'}»"},
    {"«{__name__=`node_load1`}»"},
    {"  «node_load1»  "},
    {"(«node_load1»)"},
    {"((«node_load1»))"},
    {"-«node_load1»"},
    {"+ - «node_load1»"},
    {"-(«node_load1»)"},
    {"«node_load1 offset 5m»", "5m"},
    {"«node_load1 OFFSET 1m30s»", "1m30s"},
    {"«node_load1 offset -5m»"},
    {"«node_load1{job=\"node\"} offset 10m»", "10m"},
    {"«node_load1 @ 1700006000»"},
    {"«node_load1 @ 1.7000060e9»"},
    {"«node_load1 @ start()»"},
    {"«node_load1 @ end ( )»"},
    {"«node_load1 @ end() offset 5m»", "5m"},
    {"«node_load1 offset 5m @ 1700006000»", "5m"},

    // Nodes.
    {"count by (instance) («node_cpu_seconds_total{mode=\"idle\"}»)"},
    {"1 - avg without (cpu) (\n  sum without (mode) "
     "(«rate(node_cpu_seconds_total{job=\"node\", mode=~\"idle|iowait|steal\"}[5m])»)\n)",
     "5m"},
    {"(\n  «node_load1{job=\"node\"}»\n/\n  count without (cpu, mode) "
     "(«node_cpu_seconds_total{job=\"node\",mode=\"idle\"}»)\n)"},
    {"1 - (\n  «node_memory_MemAvailable_bytes{job=\"node\"}»\n/\n  "
     "«node_memory_MemTotal_bytes{job=\"node\"}»\n)"},
    {"sum(«node_memory_MemTotal_bytes» - «node_memory_MemAvailable_bytes») / "
     "sum(«node_memory_MemTotal_bytes»)"},
    {"«rate(node_vmstat_pgmajfault{job=\"node\"}[5m])»", "5m"},
    {"«rate(node_disk_io_time_seconds_total{job=\"node\", "
     "device=~\"(/dev/)?(mmcblk.p.+|nvme.+|sd.+)\"}[5m])»",
     "5m"},
    {"sum without (device) («rate(node_network_receive_bytes_total{device!=\"lo\"}[1m])»)", "1m"},
    {"topk(2, «rate(node_network_receive_bytes_total[5m])») > bool 0", "5m"},
    {"(«node_filesystem_avail_bytes{fstype!=\"\",mountpoint!=\"\"}» / "
     "«node_filesystem_size_bytes{fstype!=\"\",mountpoint!=\"\"}» * 100 < 99 and "
     "«predict_linear(node_filesystem_avail_bytes{fstype!=\"\"}[30m], 24*60*60)» != 0 and "
     "«node_filesystem_readonly{fstype!=\"\"}» == 0)",
     "30m"},
    {"(«node_timex_offset_seconds» > 0.05 and «deriv(node_timex_offset_seconds[5m])» >= 0) or "
     "(«node_timex_offset_seconds» < -0.05 and «deriv(node_timex_offset_seconds[5m])» <= 0)",
     "5m", GuardCase::kNone},
    {"«node_time_seconds» - «node_boot_time_seconds»"},
    {"time() - «node_boot_time_seconds» > 86400 * 1e-3"},
    {"«node_load1» * on (instance) group_left (nodename) «node_uname_info»"},
    {"«node_load1» * on (instance, job) group_left ‹node_uname_info»"},
    {"«node_load1» * on(instance,job)group_left ‹node_uname_info{nodename!=\"\"}»"},
    {"«node_uname_info» * on (instance, job) group_right ‹node_load1»"},
    {"«node_load1» * on (instance, job) group_left # the name\n  ‹node_uname_info»"},
    {"«node_load1» * on (instance, job) group_left max by (instance, job) («node_uname_info»)"},
    {"«node_load1» / on (instance, job) group_left -«node_load5»"},
    {"«node_load1» * on (instance, job) group_left ‹max_over_time(node_uname_info[5m])»", "5m"},
    {"avg(«node_load1») by (job)"},
    {"avg by (job) («node_load1»)"},
    {"avg by(job)(«node_load1»)"},
    {"avg BY (job,) («node_load1»)"},
    {"sum() without (job)", "0s", GuardCase::kInvalid},

    // Kubernetes.
    {"sum by (cluster, namespace, pod, container) (\n  "
     "«irate(container_cpu_usage_seconds_total{job=\"cadvisor\", image!=\"\"}[5m])»\n) * on "
     "(cluster, namespace, pod) group_left(node) topk by (cluster, namespace, pod) (\n  1, max "
     "by "
     "(cluster, namespace, pod, node) («kube_pod_info{node!=\"\"}»)\n)",
     "5m"},
    {"«container_memory_working_set_bytes{job=\"cadvisor\", image!=\"\"}»\n* on (namespace, pod) "
     "group_left(node) topk by(namespace, pod) (1,\n  max by(namespace, pod, node) "
     "(«kube_pod_info{node!=\"\"}»)\n)"},
    {"sum by (namespace, cluster) (\n    sum by (namespace, pod, cluster) (\n        max by "
     "(namespace, pod, container, cluster) (\n          "
     "«kube_pod_container_resource_requests{resource=\"memory\",job=\"ksm\"}»\n        ) * "
     "on(namespace, pod, cluster) group_left() max by (namespace, pod, cluster) (\n          "
     "«kube_pod_status_phase{phase=~\"Pending|Running\"}» == 1\n        )\n    )\n)"},
    {"max by (cluster, namespace, workload, pod) (\n  label_replace(\n    label_replace(\n      "
     "«kube_pod_owner{job=\"ksm\", owner_kind=\"ReplicaSet\"}»,\n      \"replicaset\", \"$1\", "
     "\"owner_name\", \"(.*)\"\n    ) * on(replicaset, namespace) group_left(owner_name) topk "
     "by(replicaset, namespace) (\n      1, max by (replicaset, namespace, owner_name) (\n       "
     " "
     "label_replace(«kube_pod_owner», \"replicaset\", \"$1\", \"owner_name\", \"(.*)\")\n      "
     ")\n "
     "   ),\n    \"workload\", \"$1\", \"owner_name\", \"(.*)\"\n  )\n)"},
    {"(\n  «kube_deployment_spec_replicas{job=\"ksm\"}»\n    >\n  "
     "«kube_deployment_status_replicas_available{job=\"ksm\"}»\n) and (\n  "
     "«changes(kube_deployment_status_replicas_available{job=\"ksm\"}[10m])»\n    ==\n  0\n)",
     "10m"},
    {"sum by (namespace, pod) («kube_pod_status_phase{phase=~\"Pending|Unknown|Failed\"}») > 5",
     "0s", GuardCase::kNone},
    {"count(«kube_pod_info») by (node) / ignoring (node) group_left count(«kube_pod_info»)"},
    {"sum(«container_memory_working_set_bytes{container!=\"\"}») by (pod) / "
     "sum(«kube_pod_container_resource_requests{resource=\"memory\"}») by (pod)"},

    // A server of requests.
    {"sum by (job) («rate(http_requests_total[5m])»)", "5m"},
    {"sum by (job) («rate(http_requests_total{code=~\"5..\"}[5m])») / sum by (job) "
     "(«rate(http_requests_total[5m])»)",
     "5m"},
    {"sum(«rate(http_requests_total{code!~\"2..|3..\",path!=\"/a{b}[c](d) offset #e\"}[5m])»)",
     "5m"},
    {"histogram_quantile(0.99, sum by (job, le) "
     "(«rate(http_request_duration_seconds_bucket[5m])»))",
     "5m"},
    {"histogram_quantile(0.9, «rate(http_request_duration_seconds_bucket{job=\"api\"}[10m])»)",
     "10m"},
    {"histogram_quantile(scalar(«up{job=\"api\",instance=\"a:1\"}») / 2, sum(«increase("
     "http_request_duration_seconds_bucket[1h])») by (le))",
     "1h"},
    {"sum(«rate(http_request_duration_seconds_sum[5m])») / "
     "sum(«rate(http_request_duration_seconds_count[5m])»)",
     "5m"},
    {"(\n  sum(«rate(http_request_duration_seconds_bucket{le=\"0.3\"}[5m])») by (job)\n+\n  "
     "sum(«rate(http_request_duration_seconds_bucket{le=\"1.2\"}[5m])») by (job)\n) / 2 / "
     "sum(«rate(http_request_duration_seconds_count[5m])») by (job)",
     "5m"},
    {"sum by (verb, code) («rate(apiserver_request_total{verb=~\"GET|LIST\"}[5m])»)", "5m"},
    {"sum(«apiserver_request_total{code=~\"5..\"}») > 0 or vector(0)"},
    {"1 - (sum(«increase(apiserver_request_total{code=~\"5..\"}[1h])») / "
     "sum(«increase(apiserver_request_total[1h])»))",
     "1h"},
    {"«apiserver_request_total offset 1h» unless «apiserver_request_total»", "1h",
     GuardCase::kNone},
    {"«delta(http_requests_in_flight[10m])»", "10m"},
    {"«idelta(http_requests_in_flight[10m])» != 12345", "10m"},
    {"«http_requests_total{method=\"GET\"}» == bool «http_requests_total{method=\"GET\"}»"},
    {"«http_requests_total{method=\"GET\"}» / ignoring(method, code) group_left "
     "sum without(method, code) («http_requests_total»)"},
    {"«changes(process_start_time_seconds{job=~\"api|etcd\"}[15m])» > 2", "15m", GuardCase::kNone},

    // etcd and Prometheus.
    {"sum by (job) («up{job=~\".*etcd.*\"}» == bool 1) < ((count by (job) "
     "(«up{job=~\".*etcd.*\"}») + 1) / 2)",
     "0s", GuardCase::kNone},
    {"max without (endpoint) (\n  sum without (instance) («up{job=~\".*etcd.*\"}» == bool "
     "0)\nor\n"
     "  count without (To) (\n    sum without (instance) "
     "(«rate(etcd_network_peer_sent_failures_total{job=~\".*etcd.*\"}[120s])») > 0.01\n  )\n) >= "
     "0",
     "2m"},
    {"«etcd_server_has_leader{job=\"etcd\"}» == 1"},
    {"«increase((etcd_server_leader_changes_seen_total{job=\"etcd\"}[15m]))» >= 0", "15m"},
    {"«last_over_time(etcd_mvcc_db_total_size_in_bytes[5m])» / 2 ^ 30", "5m"},
    {"«avg_over_time(prometheus_tsdb_head_series[1h])»", "1h"},
    {"«increase(prometheus_rule_evaluation_failures_total[5m])» > 0"
     " and on (instance) «up{job=\"prometheus\"}» == 1",
     "5m"},
    {"count({__name__=\"promster_foreign_target\"}) or vector(0)", "0s", GuardCase::kPartly},
    {"sum(«prometheus_tsdb_head_series») + 0 * sum(promster_foreign_target) or sum(«up»)", "0s",
     GuardCase::kPartly},
    {"count(«ALERTS{alertstate=\"firing\"}») by (alertname)"},

    // Range functions.
    {"«quantile_over_time(0.9, node_load1[5m])»", "5m"},
    {"«quantile_over_time(scalar(avg(«up»)) / 2, node_load1[5m])»", "5m"},
    {"«holt_winters(node_load1[30m], 0.5, 0.5)»", "30m"},
    {"«predict_linear(node_filesystem_avail_bytes{mountpoint=\"/\"}[1h], 4 * 3600)»", "1h"},
    {"«stddev_over_time(node_load1 [ 5m ])»", "5m"},
    {"«min_over_time(node_load1[5m] offset 5m)»", "10m"},
    {"«max_over_time(node_load1{job=\"node\"}[5m] @ 1700006000 offset 1m)»", "6m"},
    {"«rate(node_network_receive_bytes_total[5m] @ end())»", "5m"},
    {"«present_over_time(node_load1[1h30m])»", "1h30m"},
    {"«resets((node_vmstat_pgmajfault[5m]))»", "5m"},
    {"«rate({__name__=\"node_vmstat_pgmajfault\"}[5m])»", "5m"},
    {"ceil(«rate(node_vmstat_pgmajfault[5m])» * 100)", "5m"},
    {"clamp_max(clamp_min(«node_load1», 1), scalar(count(«up»)))"},
    {"abs(«deriv(node_load1[5m])») * 0x1F + .5 + 1E3 - Inf", "5m"},

    // Functions and aggregations of instant vectors.
    {"«timestamp(node_load1)»"},
    {"«timestamp((node_load1))»"},
    {"«timestamp(node_load1 offset 5m)»", "5m"},
    {"time() - «timestamp(up{job=\"node\"} @ 1700006007)»"},
    {"timestamp(«rate(node_vmstat_pgmajfault[5m])»)", "5m"},
    {"timestamp(-«node_load1»)"},
    {"max by (job) («timestamp(up)») - min by (job) («timestamp(up)»)"},
    {"count_values(\"load\", «node_load1»)"},
    {"count_values without (instance) ('value', «up»)"},
    {"quantile(0.5, «node_load1»)"},
    {"bottomk by (job) (1, «node_load1»)"},
    {"stddev(«node_load1») + stdvar(«node_load1») + group(«node_load1»)"},
    {"label_join(«up», \"both\", \",\", \"job\", \"instance\")"},
    {"label_replace(«rate(node_vmstat_pgmajfault[5m])», \"host\", \"$1\", \"instance\", "
     "\"(.*):.*\")",
     "5m"},
    {"sort_desc(sum by (instance) («node_load1»))"},
    {"round(«node_load1», 0.1)"},
    {"hour() + minute(vector(0)) + day_of_week(«node_time_seconds»)", "0s", GuardCase::kNone},
    {"vector(1)"},
    {"vector(scalar(«node_load1{instance=\"a:1\"}»))"},
    {"time()"},
    {"42"},
    {"-0x2a + 1e-3 * NaN"},
    {"pi() * vector(2)"},

    // Binary operators.
    {"«node_load1» and «node_load5» > 0"},
    {"«node_load1» and on(instance)«up» or on(instance)«node_load5»"},
    {"«node_load1{}»AND(«node_load5»)"},
    {"«node_load1{}»and«{__name__=\"node_load5\"}»"},
    {"«node_load1» unless on (instance, job) «up» == 0"},
    {"«node_load1»%2^«node_load5{}»atan2 3"},
    {"«node_load1» > bool ignoring (cpu) «node_load5»"},
    {"«up»==1"},
    {"2 ^ -«node_load1»"},

    // Left alone: absent and subqueries.
    {"absent(up{job=\"none\"})", "0s", GuardCase::kPartly},
    {"absent(sum(nothing{job=\"api\"}) > 0) * on () group_right ‹up»", "0s", GuardCase::kPartly},
    {"absent_over_time(nothing[5m] offset 1m)", "6m", GuardCase::kPartly},
    {"max_over_time(sum(rate(http_requests_total[5m]))[30m:1m])", "35m", GuardCase::kPartly},
    {"max_over_time(node_load1[30m:])", "30m", GuardCase::kPartly},
    {"avg_over_time((node_load1 > 0 offset 1m)[10m:1m] offset 5m) + node_load1", "0s",
     GuardCase::kInvalid},
    {"avg_over_time((node_load1 offset 1m > 0)[10m:1m] offset 5m) + «node_load1»", "16m",
     GuardCase::kPartly},
    {"rate(node_vmstat_pgmajfault[20m:1m] @ 1700006000) and «up»", "20m", GuardCase::kPartly},
    {"sum(«rate(node_vmstat_pgmajfault[5m])») / max_over_time(max(node_load1)[5m:30s])", "5m",
     GuardCase::kPartly},

    // Already guarded.
    {"(up unless on (job, instance) promster_foreign_target)"},
    {"up unless on (job, instance) promster_foreign_target"},
    {"sum(rate(node_vmstat_pgmajfault[5m]) UNLESS ON(job,instance) promster_foreign_target)", "5m"},
    {"timestamp(up) unless on (job, instance) promster_foreign_target"},
    {"(quantile_over_time(scalar(avg(«up»)), up[5m]) unless on (job, instance) "
     "promster_foreign_target)",
     "5m"},
    {"«up» unless on (instance) promster_foreign_target"},
    {"«up» unless ignoring (job, instance) promster_foreign_target", "0s", GuardCase::kPartly},
    {"«up» unless on (job, instance) promster_foreign_target{job=\"none\"}"},
    {"«up» unless on (job, instance) promster_foreign_target offset 1m", "1m"},
    {"«up» unless on (job, instance) promster_foreign_target + «up»"},
    {"«up» unless on (job, instance) group_left () promster_foreign_target", "0s",
     GuardCase::kInvalid},
    {"«up» + «up» unless on (job, instance) promster_foreign_target"},
    {"sum(«up») unless on (job, instance) promster_foreign_target"},
    {"rate(promster_foreign_target[5m]) or timestamp(promster_foreign_target) or vector(1)", "5m",
     GuardCase::kPartly},

    // Names that are keywords.
    {"«sum» + «by» + «offset»"},
    {"«sum{job=\"node\"}»"},
    {"sum(«sum») by (by) + count by (by) («by offset 5m»)", "5m"},
    {"«offset offset 5m»", "5m"},
    {"«and» and «or» or «unless» unless «start offset 50y»", "50y"},
    {"sum by (sum, on, bool, by, offset, group_left) («up»)"},
    {"«:up:sum» + «rate:up»", "0s", GuardCase::kNone},
    {"bool", "0s", GuardCase::kInvalid},

    // Comments, strings and lines.
    {"# the load\n«node_load1»  # of a node, in (brackets\n"},
    {"«node_load1»# x{\n+ # y\n«node_load5»"},
    {"«node_load1{ # which job\n  job=\"node\" # }\n}» > 0"},
    {"«node_load1 # here\n offset # there\n 5m» # everywhere", "5m"},
    {"«up{job!=\"a\\\"b}\",instance!='c\\'d{',job!=`e\\`}»"},
    {"«up{job!=\"Zürich ☃\"}»\r\n\t+\r\n\t1"},

    // Not to be read, so left as they are.
    {"", "0s", GuardCase::kInvalid},
    {"# nothing", "0s", GuardCase::kInvalid},
    {"sum(up", "0s", GuardCase::kInvalid},
    {"sum(up))", "0s", GuardCase::kInvalid},
    {"up{job=\"node}", "0s", GuardCase::kInvalid},
    {"up{job=~}", "0s", GuardCase::kInvalid},
    {"up{job \"node\"}", "0s", GuardCase::kInvalid},
    {"up up", "0s", GuardCase::kInvalid},
    {"up +", "0s", GuardCase::kInvalid},
    {"up[5m", "0s", GuardCase::kInvalid},
    {"rate(up[5q])", "0s", GuardCase::kInvalid},
    {"rate(up[5m][5m])", "0s", GuardCase::kInvalid},
    {"rate(up offset 5m [5m])", "0s", GuardCase::kInvalid},
    {"(up) offset 5m", "0s", GuardCase::kInvalid},
    {"up offset up", "0s", GuardCase::kInvalid},
    {"up * group_left up", "0s", GuardCase::kInvalid},
    {"up ; up", "0s", GuardCase::kInvalid},
    {"up > 1 (", "0s", GuardCase::kInvalid},
    {"sum by job (up)", "0s", GuardCase::kInvalid},
    {"rate(up[5m],)", "0s", GuardCase::kInvalid},
    {"2e", "0s", GuardCase::kInvalid},
    {"\"open", "0s", GuardCase::kInvalid},

    // To be read, but not by Prometheus 2.42; what is not known to be plain stays unguarded.
    {"some_new_function(up) + «up»", "0s", GuardCase::kInvalid},
    {"some_new_function(up[5m]) + «up»", "5m", GuardCase::kInvalid},
    {"up[5m]", "5m", GuardCase::kInvalid},
    {"«rate(up[300])»", "5m", GuardCase::kInvalid},
    {"«{\"up\", job=\"node\"}»", "0s", GuardCase::kInvalid},
    {"{\"promster_foreign_target\"}", "0s", GuardCase::kInvalid},
    {"sum(info(«rate(up[5m])», {k8s_cluster=~\".+\"}))", "5m", GuardCase::kInvalid},
    {"limitk(5, «up»)", "0s", GuardCase::kInvalid},
});

}  // namespace promster
