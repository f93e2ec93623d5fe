// The ownership guard: any bytes are read without fault, and only known text is added to them.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/ownership_guard.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string expr(reinterpret_cast<const char*>(data), size);
  const promster::GuardedExpression guarded = promster::guard_expression(expr);
  if (guarded.changed != (guarded.expr != expr)) std::abort();
  if (guarded.longest_range.count() < 0) std::abort();
  return 0;
}
