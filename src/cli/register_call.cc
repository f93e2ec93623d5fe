#include "cli/register_call.h"

#include <nlohmann/json.hpp>

#include "agent/advertise.h"
#include "agent/settings_values.h"
#include "base/text.h"
#include "core/keyspace.h"

namespace promster {
namespace {

constexpr std::int64_t kMostPort = 65'535;

// The settings that matter here; what is wrong with others is the agent's to say.
bool matters(const std::string& name) {
  return name.starts_with("etcd.") || name.starts_with("scrape.etcd") ||
         name == "registry.etcd-url" || name.starts_with("log.") || name == "config.file";
}

Result<void> check_settings_used(const LoadedSettings& loaded) {
  for (const Provenance& row : loaded.provenance) {
    if (!matters(row.name) || row.source == "default") continue;
    for (const std::string& error : loaded.errors) {
      if (error.starts_with(row.source)) return Error{error};
    }
  }
  if (loaded.settings.scrape.etcd.endpoints.empty()) {
    return Error{"no etcd to register at; try: SCRAPE_ETCD_URL=http://etcd:2379"};
  }
  if (loaded.settings.scrape.etcd_path.empty()) {
    return Error{"no prefix to register below; try: SCRAPE_ETCD_PATH=/webservers/generator"};
  }
  return {};
}

Result<std::string> read_own_address(const CommandCall& call) {
  if (!call.text("--address").empty()) return call.text("--address");
  const std::int64_t port = call.number("--port");
  if (port > kMostPort) {
    return Error{"--port; " + std::to_string(port) + " is no port; try: one from 1 to " +
                 std::to_string(kMostPort)};
  }
  if (port < 1) {
    return Error{
        "no address to register; --address is not given, and --port is none; try: "
        "--port=8080"};
  }
  const auto found = find_advertise_address(call.loaded.settings.scrape.etcd.endpoints,
                                            "http://127.0.0.1:" + std::to_string(port));
  if (found) return found;
  const std::string why = found.error().message.substr(0, found.error().message.find("; try:"));
  return Error{why + "; try: --address=HOST:" + std::to_string(port)};
}

// The whole key; a service with "/" would be more than a part of it.
Result<std::string> key_of(const CommandCall& call, const std::string& address) {
  std::string key = call.loaded.settings.scrape.etcd_path;
  if (!key.ends_with('/')) key += '/';
  const std::string& service = call.text("--service");
  if (service.find('/') != std::string::npos) {
    return Error{"--service; \"" + printable(service) + "\" has a slash; try: a part of the key"};
  }
  return key + (service.empty() ? "" : service + "/") + address;
}

Result<void> check_entry(const std::string& key, const std::string& value) {
  if (!trim(value).starts_with('{') || !nlohmann::json::accept(value)) {
    return Error{"--value; it is no JSON object; try: --value='{\"labels\": {\"zone\": \"a\"}}'"};
  }
  const auto read = parse_target({.key = key, .value = value});
  const auto* rejected = std::get_if<Rejected>(&read);
  return rejected == nullptr
             ? Result<void>()
             : Error{"nodes would not scrape " + printable(key) + "; " + rejected->reason};
}

Result<std::string> read_check(const std::string& text) {
  if (text.empty() || text == "tcp") return text;
  const auto url = read_url(text);
  return url ? Result<std::string>(text)
             : Error{"--check; it is neither tcp nor a URL; " + url.error().message};
}

}  // namespace

Result<RegisterCall> read_register_call(const CommandCall& call) {
  if (const auto usable = check_settings_used(call.loaded); !usable) return usable.error();
  const auto ttl = read_ttl(call.text("--ttl"));
  if (!ttl) return ttl.error().within("--ttl");
  const auto interval = read_duration(call.text("--check-interval"));
  if (!interval) return interval.error().within("--check-interval");
  const auto check = read_check(call.text("--check"));
  if (!check) return check.error();
  const auto address = read_own_address(call);
  if (!address) return address.error();
  const auto key = key_of(call, *address);
  if (!key) return key.error();
  const std::string& value = call.text("--value");
  if (const auto fine = check_entry(*key, value); !fine) return fine.error();
  return RegisterCall{.etcd = call.loaded.settings.scrape.etcd,
                      .address = *address,
                      .key = *key,
                      .value = value,
                      .ttl = *ttl,
                      .check = *check,
                      .check_interval = *interval,
                      .program = call.positionals};
}

}  // namespace promster
