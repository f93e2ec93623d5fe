#include "core/label_list.h"

#include "base/text.h"

namespace promster {
namespace {

std::string quoted(std::string_view text) {
  return '"' + printable(text) + '"';
}

// The items of a list, "\," being a comma inside of one.
std::vector<std::string> split_items(std::string_view text) {
  std::vector<std::string> items(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "\\,") {
      items.back() += text[++i];
    } else if (text[i] == ',') {
      items.emplace_back();
    } else {
      items.back() += text[i];
    }
  }
  return items;
}

// What is wrong with a label, and the mend; empty where nothing is.
std::string label_fault(std::string_view name, std::string_view value, const Labels& earlier) {
  if (!is_label_name(name)) {
    return quoted(name) + " is not a label name; try: letters, digits and _, no digit at the front";
  }
  if (!is_utf8(value)) return "the value of " + quoted(name) + " is not UTF-8; try: write it so";
  if (earlier.find(name) != nullptr) {
    return "the label " + quoted(name) + " is there twice; try: keep one of them";
  }
  return {};
}

}  // namespace

LabelList read_label_list(std::string_view text) {
  LabelList list;
  for (const std::string& one : split_items(text)) {
    const std::string_view item = trim(one);
    if (item.empty()) continue;
    const std::size_t colon = item.find(':');
    if (colon == std::string_view::npos) {
      list.faults.push_back(quoted(item) + " has no \":\"; try: name:value,name:value, and \\, " +
                            "for a comma in a value");
      continue;
    }
    const std::string_view name = trim(item.substr(0, colon));
    const std::string_view value = trim(item.substr(colon + 1));
    std::string fault = label_fault(name, value, list.labels);
    if (!fault.empty()) {
      list.faults.push_back(std::move(fault));
    } else {
      list.labels.set(std::string(name), std::string(value));
    }
  }
  return list;
}

}  // namespace promster
