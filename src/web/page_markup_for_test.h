#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace promster {

// An element of a document, as far as tests look at it.
struct MarkupElement {
  std::string name;
  std::map<std::string, std::string> attributes;  // as they are written, escapes and all
};

// Reads a document in the form that src/web/html.h writes: a doctype, then well-formed XML.
struct Markup {
  std::vector<MarkupElement> elements;  // in document order
  std::string text;                     // all text, escapes and all
  std::string error;                    // why it is not well-formed; empty: it is

  explicit Markup(std::string_view document) {
    constexpr std::string_view kDoctype = "<!DOCTYPE html>\n";
    if (!document.starts_with(kDoctype)) error = "no doctype";
    read(document.substr(kDoctype.size()));
    if (error.empty() && !open_.empty()) error = "<" + open_.back() + "> is not closed";
  }

  std::size_t count(std::string_view name) const {
    std::size_t found = 0;
    for (const MarkupElement& one : elements) found += one.name == name;
    return found;
  }

  std::vector<std::string> values(std::string_view element, const std::string& attribute) const {
    std::vector<std::string> found;
    for (const MarkupElement& one : elements) {
      const auto value = one.attributes.find(attribute);
      const bool fits = element == "*" || one.name == element;
      if (fits && value != one.attributes.end()) found.push_back(value->second);
    }
    return found;
  }

 private:
  void read(std::string_view rest) {
    while (error.empty() && !rest.empty()) {
      const std::size_t start = std::min(rest.find('<'), rest.size());
      text += rest.substr(0, start);
      if (rest.substr(0, start).find('>') != rest.npos) error = "a bare >";
      rest.remove_prefix(start);
      if (rest.empty()) return;
      const std::size_t end = rest.find('>');
      if (end == rest.npos) {
        error = "a tag has no end";
        return;
      }
      tag(rest.substr(1, end - 1));
      rest.remove_prefix(end + 1);
    }
  }

  void tag(std::string_view inside) {
    if (inside.starts_with('/')) {
      if (open_.empty() || open_.back() != inside.substr(1)) {
        error = "</" + std::string(inside.substr(1)) + "> closes nothing";
      } else {
        open_.pop_back();
      }
      return;
    }
    const bool empty = inside.ends_with('/');
    if (empty) inside.remove_suffix(1);
    const std::size_t space = std::min(inside.find(' '), inside.size());
    MarkupElement element{.name = std::string(inside.substr(0, space)), .attributes = {}};
    attributes(inside.substr(space), element);
    if (!empty) open_.push_back(element.name);
    elements.push_back(std::move(element));
  }

  void attributes(std::string_view rest, MarkupElement& element) {
    while (true) {
      while (rest.starts_with(' ') || rest.starts_with('\n')) rest.remove_prefix(1);
      if (rest.empty()) return;
      const std::size_t equals = rest.find("=\"");
      const std::size_t end = equals == rest.npos ? rest.npos : rest.find('"', equals + 2);
      if (end == rest.npos) {
        error = "bad attributes in <" + element.name + ">: " + std::string(rest);
        return;
      }
      const std::string name(rest.substr(0, equals));
      const auto value = std::string(rest.substr(equals + 2, end - equals - 2));
      if (!element.attributes.emplace(name, value).second) error = name + " twice";
      rest.remove_prefix(end + 1);
    }
  }

  std::vector<std::string> open_;
};

}  // namespace promster
