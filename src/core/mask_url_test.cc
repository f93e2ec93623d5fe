#include "core/mask_url.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

TEST(MaskUrls, WhatIsNoSecretStays) {
  for (const std::string text :
       {"", "up", "host:9090", "http://host:9090/x@y", "https://host/push", "http://me@host/",
        "http://[::1]:9090/a@b:c", "http://host/?", "a: b?c=d", "://u:p@h",
        "https?://([^/:]+)(:\\d+)?(/.*)?", "(http|https)://(.+):9100(?:/x)?", "/probe?target=x",
        "http://a,https://b:1/c", "https://h/.*?/x=1", "http://$1:$2/x@y", "http://u:${1}@h"}) {
    EXPECT_EQ(mask_urls(text), text);
  }
}

TEST(MaskUrls, APasswordIsMasked) {
  for (const auto& [text, shown] : std::initializer_list<std::pair<std::string, std::string>>{
           {"https://me:SEKRET@host:1/x", "https://me:<secret>@host:1/x"},
           {"http://:SEKRET@h", "http://:<secret>@h"},
           {"http://u:1234@h", "http://u:<secret>@h"},
           {"http://u:SEK@RET@h/x", "http://u:<secret>@h/x"},
           {"http://u:SEK/RET==@h/x", "http://u:<secret>@h/x"},
           {"http://u:SEK?RET@h/x", "http://u:<secret>@h/x"},
           {"see http://u:SEKRET@h/x, or http://v:SEKRET@h",
            "see http://u:<secret>@h/x, or http://v:<secret>@h"},
           {"http://u:SEK'RET@h", "http://u:<secret>@h"},
           {"http://u:$EKRET@h", "http://u:<secret>@h"},
           {"url=\"http://u:SEK'RET@h\" is", "url=\"http://u:<secret>@h\" is"},
           {"url='http://u:SEKRET@h' is", "url='http://u:<secret>@h' is"}}) {
    EXPECT_EQ(mask_urls(text), shown);
  }
}

TEST(MaskUrls, TheValuesOfTheQueryAreMasked) {
  for (const auto& [text, shown] : std::initializer_list<std::pair<std::string, std::string>>{
           {"https://h/push?api_key=SEKRET", "https://h/push?api_key=<secret>"},
           {"https://h?a=SEKRET&b=SEKRET=&c", "https://h?a=<secret>&b=<secret>&<secret>"},
           {"https://h/?SEKRET", "https://h/?<secret>"},
           {"https://h/?t=SEK'RET\"SEKRET", "https://h/?t=<secret>"},
           {"\"https://h/?t=SEKRET\", 'x'", "\"https://h/?t=<secret>\", 'x'"},
           {"https://h?&a=", "https://h?&a=<secret>"},
           {"https://u:SEKRET@h:1/p?t=SEKRET#SEKRET", "https://u:<secret>@h:1/p?t=<secret>"},
           {"http://[::1]:9/x?t=SEKRET", "http://[::1]:9/x?t=<secret>"},
           {"https://h/x?a=http://SEKRET", "https://h/x?a=<secret>"},
           {"ab:https://h/x?a=SEKRET b", "ab:https://h/x?a=<secret> b"}}) {
    EXPECT_EQ(mask_urls(text), shown);
  }
}

}  // namespace
}  // namespace promster
