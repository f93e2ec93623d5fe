#include "cli/api_words.h"

#include <array>
#include <string_view>

namespace promster {
namespace {

struct Words {
  std::string_view api, terminal;
};

// What a message may start with: the parameter that is wrong.
constexpr std::array kParameters{Words{"limit; ", "--limit; "}, Words{"offset; ", "--offset; "},
                                 Words{"owner; ", "--owner; "}, Words{"state; ", "--state; "},
                                 Words{"add; ", "--join; "},    Words{"remove; ", "--leave; "}};

// A mend is the end of a message; what stands behind it in the API is its value.
constexpr std::array kMends{Words{"/api/v1/targets?q=", "promster status targets "},
                            Words{"/-/ready says why", "promster status"},
                            Words{"explain?target=", "promster explain "},
                            Words{"simulate?add=", "promster simulate --join="},
                            Words{"limit=", "--limit="},
                            Words{"offset=", "--offset="},
                            Words{"owner=", "--owner="},
                            Words{"state=", "--state="},
                            Words{"add=", "--join="},
                            Words{"remove=", "--leave="}};

// Taken whole: it names two parameters in the middle.
constexpr Words kNobody{"nobody comes and nobody goes; add and remove are missing",
                        "nobody comes and nobody goes; --join and --leave are missing"};

}  // namespace

std::string in_terminal_words(std::string message) {
  if (message.starts_with(kNobody.api)) message.replace(0, kNobody.api.size(), kNobody.terminal);
  for (const Words& words : kParameters) {
    if (!message.starts_with(words.api)) continue;
    message.replace(0, words.api.size(), words.terminal);
    break;
  }
  constexpr std::string_view kTry = "; try: ";
  const std::size_t at = message.rfind(kTry);
  if (at == std::string::npos) return message;
  const std::string mend = message.substr(at + kTry.size());
  for (const Words& words : kMends) {
    if (!mend.starts_with(words.api)) continue;
    message.replace(at + kTry.size(), words.api.size(), words.terminal);
    break;
  }
  return message;
}

}  // namespace promster
