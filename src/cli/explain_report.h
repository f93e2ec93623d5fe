#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "core/explain.h"
#include "core/target.h"

namespace promster {

// What `promster explain` prints.
struct ExplainedTarget {
  const Target* target = nullptr;  // never null when printed
  std::vector<std::string> also;   // keys of other targets of the same address
  Explanation told;
};

// For people.
void print_explanation_table(const ExplainedTarget& explained, std::ostream& out);

// One object: "owner", "owners", "next_owner" (null: nobody), "without" (owner -> the owners if it
// died), "scores" (of each member, the highest first), and what the table says beside that.
void print_explanation_json(const ExplainedTarget& explained, std::ostream& out);

}  // namespace promster
