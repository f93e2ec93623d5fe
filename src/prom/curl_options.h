#pragma once

#include <string>

namespace promster {

// What every request of ours sets on a handle of libcurl (`curl`, a CURL*), however it is carried
// out: no redirect is followed, no proxy of the environment is used, no signal is raised
// (curl.se/libcurl/c/curl_easy_setopt.html). `protocols` as CURLOPT_PROTOCOLS_STR has them;
// `connect_ms`: the most that connecting may take, in milliseconds. The texts are copied. Any
// thread, one at a time for a handle.
void set_common_options(void* curl, const std::string& url, const char* protocols, long connect_ms);

}  // namespace promster
