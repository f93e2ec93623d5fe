#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace promster {

// The host of a Host header or of an authority, in lower case, without port, brackets and last dot:
// "Node7.Example.:9096" is "node7.example". Empty where it is none.
std::string host_of(std::string_view authority);

// Which names in a Host header may mean this node. A page of anybody's can make its own name
// resolve to our address (DNS rebinding) and then read our answers as its own; but it cannot choose
// a name that the public DNS does not give away (docs/decisions/0006-host-check.md). Allowed are
// addresses, names of one label ("promster-level1"), names below localhost, local, internal, svc
// and the like, and the names given here. Thread rule: const functions, any thread.
class HostCheck {
 public:
  // Names or authorities; empty ones are left out.
  explicit HostCheck(const std::vector<std::string>& names);

  // A request without a Host (HTTP/1.0) comes from no browser.
  bool allows(const std::string* host_header) const;

 private:
  std::set<std::string, std::less<>> names_;
};

}  // namespace promster
