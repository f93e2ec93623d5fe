#pragma once

#include <string_view>
#include <utility>

#include "base/result.h"
#include "core/settings.h"

// What the rows of the table of settings (agent/setting_table.cc) put a value away with. Pure
// functions, any thread.
namespace promster {

using Text = std::string_view;
using Done = Result<void>;

template <class From, class To>
Done store(Result<From> value, To& place) {
  if (!value) return value.error();
  place = static_cast<To>(std::move(*value));
  return {};
}

template <class T>
Done store_both(Result<T> value, T& scrape, T& registry) {
  if (!value) return value.error();
  scrape = *value;
  registry = *value;
  return {};
}

// What is read elsewhere: the file of settings itself, and files that settings name.
inline Done elsewhere(Text, Settings&) {
  return {};
}

}  // namespace promster
