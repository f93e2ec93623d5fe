"""Code that Markdown knows besides fenced blocks at the start of a line: nothing here would run it."""
import re

OTHER_FENCE = re.compile(r"^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*(?:```+[^`]*|~~~+.*)$")
ITEM = re.compile(r"^(\s*(?:[-*+]|\d+[.)])\s+)\S")
HTML = re.compile(r"<(?:pre|code)\b", re.I)


class Indented:
    """Is told the lines of a page one by one, but for those of fenced blocks."""

    def __init__(self):
        self.item, self.fresh = 0, True  # where the text of the list's item begins; no paragraph is open

    def fault_of(self, line):
        line = line.expandtabs(4)
        margin = len(line) - len(line.lstrip())
        if not line.strip():
            self.fresh = True
            return None
        if OTHER_FENCE.match(line):
            return "a fence within something else, or of ~"
        if self.fresh and margin < self.item:
            self.item = 0
        if self.fresh and margin >= self.item + 4:
            return "a block by indentation"
        if HTML.search(re.sub(r"(`+).+?\1", "", line)):
            return "a block by HTML"
        found = ITEM.match(line)
        self.item = len(found.group(1)) if found else self.item
        self.fresh = line.startswith("#") and not found
        return None
