#include "core/entry_value.h"

#include <nlohmann/json.hpp>

#include "base/duration.h"
#include "base/text.h"
#include "core/address.h"
#include "core/keyspace.h"

namespace promster {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostLabels = 30;
constexpr std::size_t kMostText = 256;
constexpr Duration kLeastInterval{1000};

Json parse_object(std::string_view value) {
  Json json = Json::parse(value.begin(), value.end(), nullptr, /*allow_exceptions=*/false);
  // Not copied: copying recurses as deep as a stranger chose to nest.
  if (!json.is_object()) json = nullptr;
  return json;
}

ValueError wrong(std::string_view field, std::string_view what) {
  return {.code = "value",
          .reason = "\"" + printable(field) + "\" in the value " + std::string(what)};
}

// A string that may become a label value; its field and what is wrong with it otherwise.
Result<std::string, ValueError> text_of(const Json& json, std::string_view field) {
  if (!json.is_string()) return wrong(field, "is no string");
  const auto& text = json.get_ref<const std::string&>();
  if (text.size() > kMostText) return wrong(field, "is longer than 256 bytes");
  if (has_control(text)) return wrong(field, "has a control character");
  return text;
}

using Read = Result<void, ValueError>;

Read read_address(const Json& json, TargetValue& out) {
  auto text = text_of(json, "address");
  if (!text) return text.error();
  if (const auto address = parse_address(*text); !address) {
    return ValueError{.code = "address", .reason = address.error().message};
  }
  out.address = *std::move(text);
  return {};
}

Read read_scheme(const Json& json, TargetValue& out) {
  if (json != "http" && json != "https") return wrong("scheme", "is neither http nor https");
  out.labels.set("__scheme__", json.get<std::string>());
  return {};
}

Read read_metrics_path(const Json& json, TargetValue& out) {
  auto text = text_of(json, "metrics_path");
  if (!text) return text.error();
  if (!text->starts_with('/')) return wrong("metrics_path", "does not start with /");
  if (text->find_first_of("?#") != std::string::npos) {
    return wrong("metrics_path", "has a query; write it as params");
  }
  out.labels.set("__metrics_path__", *std::move(text));
  return {};
}

// Prometheus reads parameters of one target from labels, one value a name (prometheus.io/docs,
// "relabel_config": __param_<name>).
Read read_param(const std::string& name, const Json& json, TargetValue& out) {
  const std::string field = "params." + name;
  const std::string label = "__param_" + name;
  if (name.empty() || !is_label_name(label)) {
    return wrong(field, "cannot be set for one target; only names of letters, digits and _ can");
  }
  const bool list = json.is_array();
  if (list && json.size() != 1)
    return wrong(field, "needs exactly one value; a target can have no more");
  auto text = text_of(list ? json.front() : json, field);
  if (!text) return text.error();
  out.labels.set(label, *std::move(text));
  return {};
}

Read read_params(const Json& json, TargetValue& out) {
  if (!json.is_object()) return wrong("params", "is no object");
  if (json.size() > kMostLabels) return wrong("params", "has more than 30 names");
  for (const auto& [name, value] : json.items()) {
    if (auto read = read_param(name, value, out); !read) return read;
  }
  return {};
}

Read read_labels(const Json& json, TargetValue& out) {
  if (!json.is_object()) return wrong("labels", "is no object");
  if (json.size() > kMostLabels) {
    return ValueError{.code = "label", .reason = "more than 30 labels in the value"};
  }
  for (const auto& [name, value] : json.items()) {
    if (!value.is_string()) return wrong("labels." + name, "is no string");
    const auto& text = value.get_ref<const std::string&>();
    if (const auto usable = check_target_label(name, text); !usable) {
      return ValueError{.code = "label", .reason = usable.error().message};
    }
    out.labels.set(name, text);
  }
  return {};
}

// Printed again in Prometheus's own form. A shorter one than a second is refused: one line in etcd
// could otherwise make this Prometheus scrape a thousand times a second.
Read read_scrape_interval(const Json& json, TargetValue& out) {
  const auto text = text_of(json, "scrape_interval");
  if (!text) return text.error();
  const auto interval = parse_duration(*text);
  if (!interval) return wrong("scrape_interval", "is no duration; write one like 30s or 1m30s");
  if (*interval < kLeastInterval) return wrong("scrape_interval", "is shorter than 1s");
  out.labels.set("__scrape_interval__", format_duration(*interval));
  return {};
}

struct Field {
  const char* name;
  Read (*read)(const Json&, TargetValue&);
};

constexpr Field kFields[] = {
    {"address", read_address}, {"scheme", read_scheme}, {"metrics_path", read_metrics_path},
    {"params", read_params},   {"labels", read_labels}, {"scrape_interval", read_scrape_interval}};

// The string under `name`; empty where there is none fit to be shown.
std::string shown_text(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return {};
  auto text = text_of(*found, name);
  return text ? *std::move(text) : std::string();
}

bool is_web_url(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

}  // namespace

Result<TargetValue, ValueError> read_target_value(std::string_view value) {
  TargetValue out;
  if (value.empty() || value == "{}") return out;
  const Json json = parse_object(value);
  if (json.contains("promster") && json["promster"].is_object()) return out;
  for (const Field& field : kFields) {
    const auto found = json.find(field.name);
    if (found == json.end()) continue;
    if (auto read = field.read(*found, out); !read) return read.error();
  }
  return out;
}

bool read_member_value(std::string_view value, Member& member) {
  if (value.empty() || value == "{}") return false;
  const Json json = parse_object(value);
  const auto found = json.find("promster");
  if (found == json.end() || !found->is_object()) return false;
  member.algorithm = shown_text(*found, "algorithm");
  const bool draining = shown_text(*found, "state") == "draining";
  member.state = draining ? MemberState::kDraining : MemberState::kActive;
  member.applied = shown_text(*found, "applied");
  member.instance = shown_text(*found, "instance");
  member.scrapes = shown_text(*found, "scrapes");
  member.web = shown_text(*found, "web");
  // It becomes a link on a page.
  if (!is_web_url(member.web)) member.web.clear();
  member.version = shown_text(*found, "version");
  return true;
}

std::string render_member_value(const Member& member) {
  const Json json{{"promster",
                   {{"algorithm", member.algorithm},
                    {"state", member.state == MemberState::kDraining ? "draining" : "active"},
                    {"applied", member.applied},
                    {"instance", member.instance},
                    {"scrapes", member.scrapes},
                    {"web", member.web},
                    {"version", member.version}}}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace promster
