#pragma once

#include <string>
#include <string_view>

namespace promster {

// A text for people's eyes in which the URLs hide what is for their server alone: the password of a
// user, and the values of the query, where tokens are passed:
// "https://me:<secret>@host/push?api_key=<secret>". All else stays as it is; a text that is a
// pattern, such as a regular expression of URLs, has no query. Pure, any thread.
std::string mask_urls(std::string_view text);

}  // namespace promster
