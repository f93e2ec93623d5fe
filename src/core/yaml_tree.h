#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace promster {

// A YAML document as plain values, so that a file of somebody else can be changed here and there
// and written again without changing what the rest means: a text without quotes stays without
// (`yes`, `1e3`, `0777`), one with quotes keeps them. Comments are not kept.
struct YamlTree {
  enum class Kind { kNull, kScalar, kList, kMap };
  using Entry = std::pair<YamlTree, YamlTree>;

  Kind kind = Kind::kNull;
  std::string text;            // of a scalar
  bool quoted = false;         // a scalar that is a text whatever it looks like
  std::vector<YamlTree> list;  // of a list
  std::vector<Entry> map;      // of a map, in its order; keys are scalars, each once
  int line = 0;                // where it starts; 0: not read from a file

  // The value under a key of a map; null where there is none, or this is no map.
  const YamlTree* find(std::string_view key) const;
  YamlTree* find(std::string_view key);

  // Whether both mean the same; lines do not count, nor does the order of a map's keys.
  bool same(const YamlTree& other) const;

  static YamlTree scalar(std::string text);  // quoted
};

// Reads one document. Aliases and merge keys (`<<`) are replaced by what they stand for. Refused,
// with the line: what is no YAML, not UTF-8, more than one document, a key that is there twice or
// is no text, tags, and what unfolds to more than any configuration ("line 3: ..."). Pure.
Result<YamlTree> read_yaml(std::string_view text);

// Writes it in block style; read_yaml() gives the same tree back. Equal trees, equal bytes. Pure.
std::string write_yaml(const YamlTree& tree);

}  // namespace promster
