#pragma once

#include <string>
#include <string_view>

namespace promster {

// The lines in which two texts differ: "-line" of the old, "+line" of the new, in one block; what
// is alike before and after is left out, three lines on each side excepted (" line"). Empty where
// the texts are equal. It does not look for what is alike in between, so it is linear however large
// the texts are. Pure, any thread.
std::string text_diff(std::string_view before, std::string_view after);

}  // namespace promster
