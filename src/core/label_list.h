#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/labels.h"

namespace promster {

// Labels as an environment variable gives them, and what is wrong with them, each fault with its
// mend.
struct LabelList {
  Labels labels;
  std::vector<std::string> faults;
};

// Reads `name:value,name:value`: the first ":" of an item is the separator, "\," a comma in a
// value; spaces around names and values do not count, nor do empty items. Pure, any thread.
LabelList read_label_list(std::string_view text);

}  // namespace promster
