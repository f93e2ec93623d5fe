#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

// HTML in the form that is well-formed XML, too. Pure functions, any thread.
namespace promster {

// Text from outside as HTML shows it, between tags or within a quoted attribute: one printable line
// of at most `most` bytes before escaping.
std::string html_text(std::string_view text, std::size_t most = 1000);

// The same for text of several lines, each of which is kept; for <pre>.
std::string html_lines(std::string_view text, std::size_t most = 256 << 10);

// Name and value. The value is escaped but kept as it is, since it may come back (a form, a link);
// only control characters are left out. An empty one leaves the attribute out.
using HtmlAttributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// <name attributes>content</name>. `content` is HTML already.
std::string element(std::string_view name, HtmlAttributes attributes, std::string_view content);

// <name attributes />: for elements that have no content.
std::string void_element(std::string_view name, HtmlAttributes attributes);

// A value as it stands in the query of a URL (RFC 3986, 3.4): everything but letters, digits and
// "-._~" as %XX.
std::string url_value(std::string_view text);

}  // namespace promster
