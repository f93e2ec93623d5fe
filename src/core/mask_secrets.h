#pragma once

#include <string>
#include <string_view>

namespace promster {

// A Prometheus configuration for people's eyes: what Prometheus itself shows as "<secret>"
// (prometheus.io/docs, "Configuration", the values of type <secret>) is "<secret>" here, too, and
// so are the headers of requests, which may hold one, and the password of a user in a URL. It works
// on the lines of the YAML, so that comments and order stay; where it is unsure where a secret ends
// it masks more than the secret. Pure, any thread.
std::string mask_secrets(std::string_view yaml);

}  // namespace promster
