#include "core/text_diff.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace promster {
namespace {

constexpr std::size_t kContext = 3;

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text.empty() ? Lines{} : split(text, '\n');
}

void add(std::string& out, char mark, const Lines& lines, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    out += mark;
    out += lines[i];
    out += '\n';
  }
}

}  // namespace

std::string text_diff(std::string_view before, std::string_view after) {
  if (before == after) return "";
  const Lines was = lines_of(before), is = lines_of(after);
  const auto split_at = std::ranges::mismatch(was, is);
  const auto head = static_cast<std::size_t>(split_at.in1 - was.begin());
  std::size_t tail = 0;
  const std::size_t most = std::min(was.size(), is.size()) - head;
  while (tail < most && was[was.size() - 1 - tail] == is[is.size() - 1 - tail]) ++tail;
  std::string out;
  add(out, ' ', is, head - std::min(head, kContext), head);
  add(out, '-', was, head, was.size() - tail);
  add(out, '+', is, head, is.size() - tail);
  add(out, ' ', is, is.size() - tail, is.size() - tail + std::min(tail, kContext));
  return out;
}

}  // namespace promster
