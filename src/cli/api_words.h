#pragma once

#include <string>

namespace promster {

// An error of the API as it is said in a terminal: what it names of the API (`try:
// /api/v1/targets?q=a`, `limit;`) becomes what one types (`try: promster status targets a`,
// `--limit;`). Words that are not of the API stay as they are. Pure, any thread.
std::string in_terminal_words(std::string message);

}  // namespace promster
