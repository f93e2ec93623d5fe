#include <filesystem>
#include <fstream>
#include <ostream>

#include "agent/setting_table.h"
#include "cli/commands.h"
#include "cli/reference_page.h"

namespace promster {
namespace {

// What is wrong; empty where the page was written.
std::string write_page(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return file ? "" : "write " + path.string() + "; it cannot be written; try: another folder";
}

int write_pages(const std::vector<ReferencePage>& pages, const std::filesystem::path& dir,
                const CommandCall& call) {
  std::error_code failure;
  std::filesystem::create_directories(dir, failure);  // where it fails the first page says so
  for (const ReferencePage& page : pages) {
    const std::string wrong = write_page(dir / page.file, page.text);
    if (!wrong.empty()) {
      print_error(call.err, wrong);
      return kExitFailed;
    }
    call.out << (dir / page.file).string() << "\n";
  }
  return kExitFine;
}

int print_docs(const CommandCall& call) {
  const auto& words = call.positionals;
  const std::string kind = words.empty() ? "" : words.front();
  if ((kind != "man" && kind != "markdown") || words.size() > 2) {
    print_error(call.err, "docs makes man or markdown; try: promster docs markdown docs/reference");
    return kExitUsage;
  }
  const std::vector<Command> commands = all_commands();
  const auto pages = kind == "man" ? man_pages(commands, setting_table())
                                   : markdown_pages(commands, setting_table());
  if (words.size() == 2) return write_pages(pages, words[1], call);
  for (const ReferencePage& page : pages) call.out << page.text;
  return kExitFine;
}

}  // namespace

Command docs_command() {
  return {.name = "docs",
          .summary = "makes the manual pages, or the reference in Markdown",
          .about =
              "With a folder each page becomes a file in it, and the names of the files are "
              "printed; without one the pages are.",
          .positionals = "man|markdown [DIR]",
          .words = {"man", "markdown"},
          .examples = {{"promster docs man | man -l -", "shows the manual."},
                       {"promster docs markdown docs/reference", "refreshes docs/reference/."}},
          .run = print_docs};
}

}  // namespace promster
