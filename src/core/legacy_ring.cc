#include "core/legacy_ring.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <memory>
#include <numeric>

namespace promster {
namespace {

// SHA-512, many times: to fetch the algorithm from OpenSSL takes longer than a short hash.
class Sha512 {
 public:
  using Digest = std::array<unsigned char, 64>;

  Sha512() : algorithm_(EVP_MD_fetch(nullptr, "SHA512", nullptr)), context_(EVP_MD_CTX_new()) {
    if (!algorithm_ || !context_) std::abort();
  }

  Digest of(std::string_view text) {
    Digest digest;
    const bool done = EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1 &&
                      EVP_DigestUpdate(context_.get(), text.data(), text.size()) == 1 &&
                      EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1;
    if (!done) std::abort();
    return digest;
  }

 private:
  struct Free {
    void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD, Free> algorithm_;
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

std::uint32_t little_endian(const unsigned char* bytes) {
  std::uint32_t value = 0;
  for (int i = 3; i >= 0; --i) value = value << 8 | bytes[i];
  return value;
}

std::array<std::uint32_t, 3> points_of(Sha512& hash, std::string_view member) {
  const Sha512::Digest digest = hash.of(member);
  return {little_endian(digest.data()), little_endian(digest.data() + 4),
          little_endian(digest.data() + 8)};
}

std::uint32_t key_of(Sha512& hash, std::string_view target) {
  return little_endian(hash.of(target).data());
}

std::string_view last_segment(std::string_view key) {
  return key.substr(key.rfind('/') + 1);
}

}  // namespace

std::array<std::uint32_t, 3> legacy_points(std::string_view member) {
  Sha512 hash;
  return points_of(hash, member);
}

std::uint32_t legacy_key(std::string_view target) {
  Sha512 hash;
  return key_of(hash, target);
}

std::uint32_t legacy_distance(std::uint32_t key, std::span<const std::uint32_t> points) {
  std::uint32_t least = std::numeric_limits<std::uint32_t>::max();
  for (const std::uint32_t point : points) least = std::min(least, point - key - 1);
  return least;
}

LegacyRing::LegacyRing(std::span<const std::string> members) {
  std::vector<std::uint32_t> by_name(members.size());
  std::iota(by_name.begin(), by_name.end(), 0);
  // The last name first, so that of points on one place the first is the one to keep.
  std::ranges::sort(by_name, std::ranges::greater(),
                    [&](std::uint32_t i) { return std::string_view(members[i]); });
  Sha512 hash;
  for (const std::uint32_t member : by_name) {
    for (const std::uint32_t place : points_of(hash, members[member])) {
      points_.push_back({.place = place, .member = member});
    }
  }
  std::ranges::stable_sort(points_, {}, &Point::place);
  const auto doubled = std::ranges::unique(points_, {}, &Point::place);
  points_.erase(doubled.begin(), doubled.end());
}

std::uint32_t LegacyRing::owner(std::uint32_t key) const {
  const auto next = std::ranges::upper_bound(points_, key, {}, &Point::place);
  return next == points_.end() ? points_.front().member : next->member;
}

Assignment legacy_assign(std::span<const ShardTarget> targets,
                         std::span<const std::string> members) {
  if (members.empty()) return Assignment(0, targets.size(), 0, 0);
  const LegacyRing ring(members);
  Assignment assignment(members.size(), targets.size(), 1, targets.size());
  Sha512 hash;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    assignment.owners(i)[0] = ring.owner(key_of(hash, last_segment(targets[i].id)));
  }
  return assignment;
}

}  // namespace promster
