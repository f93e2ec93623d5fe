#pragma once

#include <iosfwd>

#include "cli/status_model.h"

namespace promster {

// Prints who scrapes a target, why, and who would if that one died.
void print_explanation(const ShownExplanation& explained, std::ostream& out);

}  // namespace promster
