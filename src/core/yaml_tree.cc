#include "core/yaml_tree.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstddef>

#include "base/text.h"

namespace promster {
namespace {

using Kind = YamlTree::Kind;

// Far above any configuration; an alias may stand in its own value, and aliases of aliases grow
// without end.
constexpr int kMostDepth = 60;
constexpr std::size_t kMostNodes = 200'000;

struct Fault {
  int line;
  std::string what;
};

int line_of(const YAML::Node& node) {
  return node.Mark().line + 1;
}

class Reader {
 public:
  YamlTree read(const YAML::Node& node, int depth) {
    const int line = line_of(node);
    if (depth > kMostDepth) throw Fault{line, "nested too deep, or an alias of itself"};
    if (++nodes_ > kMostNodes) throw Fault{line, "unfolds to more than 200,000 values"};
    YamlTree tree{.line = line};
    if (node.IsScalar()) read_scalar(node, tree);
    if (node.IsSequence()) {
      check_tag(node, "tag:yaml.org,2002:seq");
      tree.kind = Kind::kList;
      for (const YAML::Node& item : node) tree.list.push_back(read(item, depth + 1));
    }
    if (node.IsMap()) {
      check_tag(node, "tag:yaml.org,2002:map");
      tree.kind = Kind::kMap;
      read_map(node, tree, depth);
    }
    return tree;
  }

 private:
  static void check_tag(const YAML::Node& node, std::string_view usual) {
    const std::string& tag = node.Tag();
    if (tag.empty() || tag == "?" || tag == "!" || tag == usual) return;
    throw Fault{line_of(node), "the tag " + printable(tag) + " is not supported; leave it out"};
  }

  static void read_scalar(const YAML::Node& node, YamlTree& tree) {
    check_tag(node, "tag:yaml.org,2002:str");
    tree.kind = Kind::kScalar;
    tree.text = node.Scalar();
    // yaml-cpp's name for a scalar without quotes and tag.
    tree.quoted = !node.Tag().empty() && node.Tag() != "?";
  }

  void read_map(const YAML::Node& node, YamlTree& tree, int depth) {
    std::vector<YamlTree> merged;
    for (const auto& entry : node) {
      YamlTree key = read(entry.first, depth + 1);
      if (key.kind != Kind::kScalar) throw Fault{line_of(entry.first), "a key that is no text"};
      if (key.text == "<<" && !key.quoted) {
        merged.push_back(read(entry.second, depth + 1));
        continue;
      }
      if (const YamlTree* earlier = tree.find(key.text)) {
        throw Fault{key.line, "\"" + printable(key.text) + "\" is there twice, also in line " +
                                  std::to_string(earlier->line)};
      }
      tree.map.emplace_back(std::move(key), read(entry.second, depth + 1));
    }
    for (YamlTree& from : merged) merge(std::move(from), tree);
  }

  // yaml.org/type/merge: what is there already wins.
  static void merge(YamlTree from, YamlTree& into) {
    if (from.kind == Kind::kList) {
      for (YamlTree& one : from.list) merge(std::move(one), into);
      return;
    }
    if (from.kind != Kind::kMap) throw Fault{from.line, "<< of what is no map"};
    for (YamlTree::Entry& entry : from.map) {
      if (into.find(entry.first.text) == nullptr) into.map.push_back(std::move(entry));
    }
  }

  std::size_t nodes_ = 0;
};

void emit(YAML::Emitter& out, const YamlTree& tree) {
  switch (tree.kind) {
    case Kind::kNull:
      out << YAML::Null;
      break;
    case Kind::kScalar:
      if (tree.quoted) out << YAML::DoubleQuoted;
      out << tree.text;
      break;
    case Kind::kList:
      out << YAML::BeginSeq;
      for (const YamlTree& item : tree.list) emit(out, item);
      out << YAML::EndSeq;
      break;
    case Kind::kMap:
      out << YAML::BeginMap;
      for (const auto& [key, value] : tree.map) {
        out << YAML::Key;
        emit(out, key);
        out << YAML::Value;
        emit(out, value);
      }
      out << YAML::EndMap;
      break;
  }
}

}  // namespace

const YamlTree* YamlTree::find(std::string_view key) const {
  const auto found =
      std::ranges::find_if(map, [&](const Entry& entry) { return entry.first.text == key; });
  return found == map.end() ? nullptr : &found->second;
}

YamlTree* YamlTree::find(std::string_view key) {
  return const_cast<YamlTree*>(std::as_const(*this).find(key));
}

bool YamlTree::same(const YamlTree& other) const {
  const auto same_text = [](const YamlTree& a, const YamlTree& b) {
    return a.text == b.text && a.quoted == b.quoted;
  };
  if (kind != other.kind || !same_text(*this, other)) return false;
  if (map.size() != other.map.size()) return false;
  const bool same_maps = std::ranges::all_of(map, [&](const Entry& entry) {
    const YamlTree* value = other.find(entry.first.text);
    return value != nullptr && entry.second.same(*value);
  });
  return same_maps && std::ranges::equal(list, other.list,
                                         [](const auto& a, const auto& b) { return a.same(b); });
}

YamlTree YamlTree::scalar(std::string text) {
  return {.kind = Kind::kScalar, .text = std::move(text), .quoted = true};
}

Result<YamlTree> read_yaml(std::string_view text) {
  if (!is_utf8(text)) return Error{"is not UTF-8"};
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
    if (documents.empty()) return YamlTree();
    if (documents.size() > 1) {
      return Error{"line " + std::to_string(line_of(documents[1])) +
                   ": a second document, of which Prometheus reads nothing; try: one document"};
    }
    return Reader().read(documents.front(), 0);
  } catch (const Fault& fault) {
    return Error{"line " + std::to_string(fault.line) + ": " + fault.what};
  } catch (const YAML::Exception& failure) {
    return Error{"line " + std::to_string(failure.mark.line + 1) + ": " + printable(failure.msg)};
  }
}

std::string write_yaml(const YamlTree& tree) {
  YAML::Emitter out;
  emit(out, tree);
  return std::string(out.c_str()) + "\n";
}

}  // namespace promster
