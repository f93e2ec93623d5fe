#pragma once

#include <string>
#include <string_view>

namespace promster {

// A prometheus.yml for people's eyes: "<secret>" in place of every value that may be one. That is
// what Prometheus shows so (prometheus.io/docs, "Configuration", the values of type <secret>) and,
// since each version of it has more of them, whatever has a name like theirs: with "secret",
// "password", "token" and the like in it, a key (but no file), the headers of requests; and in
// URLs, wherever they are, what core/mask_url.h hides. Rather one value too many than one too few.
//
// It is shown as promster writes it (core/yaml_tree.h): a file that promster wrote, the same but
// for the secrets; of another one no comments, which may hold a secret, too. What cannot be read is
// not shown. Pure, any thread.
std::string mask_secrets(std::string_view yaml);

}  // namespace promster
