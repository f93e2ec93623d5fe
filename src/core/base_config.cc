#include "core/base_config.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "core/mask_url.h"
#include "core/render.h"
#include "core/yaml_tree.h"

namespace promster {
namespace {

using Kind = YamlTree::Kind;

Error at(const BaseConfig& base, const YamlTree& where, const std::string& what) {
  return Error{base.file + ": line " + std::to_string(where.line) + ": " + what};
}

// Maps of free text, in which a name that looks like a path's means nothing.
bool holds_free_text(std::string_view key) {
  constexpr std::array<std::string_view, 5> kFree{"external_labels", "labels", "params", "headers",
                                                  "proxy_connect_header"};
  return std::ranges::find(kFree, key) != kFree.end();
}

bool lists_paths(std::string_view key) {
  return key == "rule_files" || key == "scrape_config_files" || key == "files";
}

void make_absolute(YamlTree& path, const std::filesystem::path& folder) {
  if (path.kind != Kind::kScalar || path.text.empty() || path.text.starts_with('/')) return;
  path.text = (folder / path.text).lexically_normal().string();
  path.quoted = true;
}

// What Prometheus reads relative to its file (config.go, SetDirectory): the values of rule_files,
// scrape_config_files, the `files` of file_sd_configs, and all that end in _file.
void make_paths_absolute(YamlTree& tree, const std::filesystem::path& folder) {
  for (YamlTree& item : tree.list) make_paths_absolute(item, folder);
  for (auto& [key, value] : tree.map) {
    if (holds_free_text(key.text)) continue;
    if (lists_paths(key.text)) {
      for (YamlTree& path : value.list) make_absolute(path, folder);
    } else if (key.text.ends_with("_file")) {
      make_absolute(value, folder);
    } else {
      make_paths_absolute(value, folder);
    }
  }
}

Result<YamlTree> read_tree(const BaseConfig& base) {
  auto tree = read_yaml(base.text);
  if (!tree) return tree.error().within(base.file);
  if (tree->kind == Kind::kNull) {
    return Error{base.file + ": holds nothing; try: a configuration of Prometheus, or leave " +
                 "--prometheus.base-config out"};
  }
  if (tree->kind != Kind::kMap) return at(base, *tree, "is no configuration of Prometheus");
  make_paths_absolute(*tree, std::filesystem::path(base.file).parent_path());
  return tree;
}

Result<std::optional<Duration>> interval_of(const BaseConfig& base, const YamlTree& tree,
                                            const std::string& name) {
  const YamlTree* global = tree.find("global");
  const YamlTree* value = global == nullptr ? nullptr : global->find(name);
  if (value == nullptr || value->kind == Kind::kNull) return std::optional<Duration>();
  const auto duration = parse_duration(value->text);
  if (!duration) return at(base, *value, "global." + name + ": " + duration.error().message);
  if (*duration <= Duration::zero()) {
    return at(base, *value, "global." + name + ": must be above 0; try: 30s");
  }
  return std::optional(*duration);
}

// The name under `key` of the items of a list, such as job_name of scrape_configs.
const YamlTree* find_item(const YamlTree& tree, std::string_view list, std::string_view key,
                          std::string_view name) {
  const YamlTree* items = tree.find(list);
  if (items == nullptr) return nullptr;
  for (const YamlTree& item : items->list) {
    const YamlTree* found = item.find(key);
    if (found != nullptr && found->text == name) return found;
  }
  return nullptr;
}

// Every name of ours that the base has too would be refused, or be there twice.
Result<void> no_name_twice(const BaseConfig& base, const YamlTree& theirs, const YamlTree& ours) {
  const auto check = [&](std::string_view list, std::string_view key, const char* what,
                         const char* mend) -> Result<void> {
    const YamlTree* mine = ours.find(list);
    if (mine == nullptr) return {};
    for (const YamlTree& item : mine->list) {
      const YamlTree* name = item.find(key);
      const YamlTree* twin = name ? find_item(theirs, list, key, name->text) : nullptr;
      if (twin == nullptr) continue;
      return at(base, *twin,
                std::string(key) + " \"" + printable(mask_urls(name->text)) + "\" is also " + what +
                    "; try: " + mend);
    }
    return {};
  };
  auto jobs = check("scrape_configs", "job_name", "the name of a job that promster writes",
                    "another name, or leave this job out");
  if (!jobs) return jobs;
  return check("remote_write", "url", "REMOTE_WRITE_URL (--prometheus.remote-write-url)",
               "keep one of them");
}

Result<void> merge(const BaseConfig& base, const std::string& path, YamlTree& into, YamlTree ours) {
  if (into.kind == Kind::kNull || ours.kind == Kind::kScalar) {
    into = std::move(ours);
    return {};
  }
  if (into.kind != ours.kind) {
    return at(base, into, path + " is " + (ours.kind == Kind::kMap ? "no map" : "no list"));
  }
  std::ranges::move(ours.list, std::back_inserter(into.list));
  for (auto& [key, value] : ours.map) {
    YamlTree* there = into.find(key.text);
    if (there == nullptr) {
      into.map.emplace_back(std::move(key), std::move(value));
      continue;
    }
    const std::string inner = path.empty() ? key.text : path + "." + key.text;
    if (auto merged = merge(base, inner, *there, std::move(value)); !merged) return merged;
  }
  return {};
}

}  // namespace

Result<BaseFacts> read_base_config(const BaseConfig& base) {
  const auto tree = read_tree(base);
  if (!tree) return tree.error();
  BaseFacts facts;
  const std::array<std::pair<const char*, std::optional<Duration>*>, 3> intervals{
      {{"scrape_interval", &facts.scrape_interval},
       {"scrape_timeout", &facts.scrape_timeout},
       {"evaluation_interval", &facts.evaluation_interval}}};
  for (const auto& [name, place] : intervals) {
    auto interval = interval_of(base, *tree, name);
    if (!interval) return interval.error();
    *place = *interval;
  }
  if (const YamlTree* files = tree->find("rule_files")) {
    for (const YamlTree& file : files->list) facts.rule_files.push_back(file.text);
  }
  return facts;
}

Result<void> same_intervals(const BaseConfig& before, const BaseConfig& now,
                            std::span<const std::string> names) {
  if (names.empty() || before == now) return {};
  const auto was = read_tree(before), is = read_tree(now);
  if (!is) return is.error();
  if (!was) return was.error();
  for (const std::string& name : names) {
    const auto old_one = interval_of(before, *was, name), new_one = interval_of(now, *is, name);
    if (!new_one) return new_one.error();
    if (old_one && *old_one == *new_one) continue;
    return Error{now.file + ": global." + name +
                 " is not what it was when promster started, and it is read then only; try: "
                 "restart promster"};
  }
  return {};
}

Result<std::string> merge_into_base(const BaseConfig& base, std::string_view ours) {
  auto merged = read_tree(base);
  if (!merged) return merged.error();
  auto mine = read_yaml(ours);
  if (!mine) return mine.error().within("prometheus.yml");
  if (auto once = no_name_twice(base, *merged, *mine); !once) return once.error();
  if (auto done = merge(base, "", *merged, *std::move(mine)); !done) return done.error();
  return std::string(kWrittenByUs) + write_yaml(*merged);
}

}  // namespace promster
