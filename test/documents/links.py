"""Whether what a page links to is there: files, pictures, and headings of this page or another."""
import os
import re

LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
DEFINED = re.compile(r"^\[[^\]]+\]:\s*(\S+)", re.M)
HTML = re.compile(r"<(?:img|a|source)\b[^>]*?(?:src|srcset|href)=\"([^\"]+)\"")
CODE = re.compile(r"(`+).+?\1", re.S)


def slug(heading):
    """The anchor that GitHub gives a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors(prose):
    seen, result = {}, set()
    for _, line in prose:
        if line.startswith("#"):
            name = slug(line.lstrip("#"))
            result.add(f"{name}-{seen[name]}" if name in seen else name)
            seen[name] = seen.get(name, 0) + 1
        result.update(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", line))
    return result


def targets(prose):
    """(line, address) of each link."""
    for number, line in prose:
        text = CODE.sub("``", line)
        for pattern in (LINK, DEFINED, HTML):
            for address in pattern.findall(text):
                yield number, address


def _fault(folder, file, address, pages):
    if re.match(r"(https?|mailto):", address):
        return None
    path, _, anchor = address.partition("#")
    full = os.path.normpath(os.path.join(folder, path)) if path else file
    if not os.path.exists(full):
        return f"leads to {address}, which is not there"
    if anchor and full.endswith(".md") and anchor not in anchors(pages[full]):
        return f"leads to {address}: no such heading"
    return None


def faults(file, prose, pages):
    """pages: absolute path of every page -> its prose."""
    for number, address in targets(prose):
        fault = _fault(os.path.dirname(file), file, address, pages)
        if fault:
            yield number, fault
