#include "agent/prometheus_settings.h"

#include "agent/setting_store.h"
#include "agent/settings_choices.h"
#include "agent/settings_values.h"

namespace promster {
namespace {

constexpr SettingSpec kTable[] = {
    {.name = "prometheus.url",
     .environment = "PROMSTER_PROMETHEUS_URL",
     .fallback = "http://127.0.0.1:9090",
     .value = "URL",
     .help = "where our Prometheus answers",
     .read = [](Text t, Settings& s) { return store(read_url(t), s.prometheus.url); }},
    {.name = "prometheus.config-dir",
     .environment = "PROMSTER_PROMETHEUS_CONFIG_DIR",
     .value = "DIR",
     .help = "where the files for Prometheus are written; by default /var/lib/promster, or "
             "./promster where that cannot be written",
     .read = [](Text t, Settings& s) { return store(read_line(t), s.prometheus.config_dir); }},
    {.name = "prometheus.base-config",
     .environment = "PROMSTER_PROMETHEUS_BASE_CONFIG",
     .value = "FILE",
     .help = "a prometheus.yml of your own, into which ours is merged; read again when it changes",
     .read = [](Text t, Settings& s) { return store(read_line(t), s.prometheus.base.file); }},
    {.name = "prometheus.alertmanager-urls",
     .environment = "ALERT_MANAGER_URLS",
     .value = "URLS",
     .help = "the Alertmanagers that alerts are sent to, separated by commas",
     .read = [](Text t,
                Settings& s) { return store(read_urls(t), s.prometheus.alertmanager_urls); }},
    {.name = "prometheus.remote-write-url",
     .environment = "REMOTE_WRITE_URL",
     .value = "URL",
     .help = "where Prometheus sends its samples to, too",
     .read =
         [](Text t, Settings& s) {
           return store(read_remote_write_url(t), s.prometheus.remote_write_url);
         }},
    {.name = "prometheus.remote-write-url-file",
     .environment = "REMOTE_WRITE_URL_FILE",
     .value = "FILE",
     .help = "a file that holds that URL, where a token is part of it",
     .read = elsewhere},
    {.name = "prometheus.external-labels",
     .environment = "EXTERNAL_LABELS",
     .value = "LABELS",
     .help = "what is added to alerts and samples that leave Prometheus, as name:value,name:value; "
             "%{node} and %{service} stand for this node's name and its cluster's",
     .read =
         [](Text t, Settings& s) {
           return store(read_external_labels(t), s.prometheus.external_labels);
         }},
    {.name = "prometheus.reload-method",
     .environment = "PROMSTER_PROMETHEUS_RELOAD_METHOD",
     .fallback = "auto",
     .value = "METHOD",
     .help = "http, signal, or auto: HTTP, then signal",
     .choices = "auto http signal",
     .read = [](Text t,
                Settings& s) { return store(read_reload_method(t), s.prometheus.reload_method); }},
    {.name = "prometheus.start",
     .environment = "PROMSTER_PROMETHEUS_START",
     .fallback = "false",
     .help = "start Prometheus too, and keep it running",
     .read = [](Text t, Settings& s) { return store(read_bool(t), s.prometheus.start); }},
    {.name = "prometheus.binary",
     .environment = "PROMSTER_PROMETHEUS_BINARY",
     .fallback = "prometheus",
     .value = "FILE",
     .help = "the Prometheus to start",
     .read = [](Text t, Settings& s) { return store(read_line(t), s.prometheus.binary); }},
    {.name = "prometheus.data-dir",
     .environment = "PROMSTER_PROMETHEUS_DATA_DIR",
     .value = "DIR",
     .help = "where it keeps its data; by default data, in --prometheus.config-dir",
     .read = [](Text t, Settings& s) { return store(read_line(t), s.prometheus.data_dir); }},
    {.name = "prometheus.extra-args",
     .environment = "PROMSTER_PROMETHEUS_EXTRA_ARGS",
     .value = "ARGS",
     .help = "more arguments for it, separated by spaces",
     .read = [](Text t, Settings& s) { return store(read_words(t), s.prometheus.extra_args); }},
    {.name = "prometheus.retention",
     .environment = "RETENTION_TIME",
     .fallback = "1d",
     .value = "DURATION",
     .help = "how long it keeps its data, when we start it",
     .read = [](Text t, Settings& s) { return store(read_duration(t), s.prometheus.retention); }},
};

}  // namespace

std::span<const SettingSpec> prometheus_settings() {
  return kTable;
}

}  // namespace promster
