#!/usr/bin/env python3
"""Holds the answers that tests got of the API against openapi.yaml.

validate.py openapi.yaml DIRECTORY: each line of each *.jsonl in the directory is an answer or an
event, as src/web/api_record_for_test.h says. Fails where one is not as the document says, where a
documented path and status was never answered, and where nothing was recorded.
"""
import collections
import json
import pathlib
import sys
import urllib.parse

try:
    import jsonschema
    import yaml
except ImportError as missing:
    sys.exit(f"{missing}; try: apt-get install python3-jsonschema python3-yaml")

EVENTS = {"status": "Status", "change": "Change"}


class Document:
    """openapi.yaml, and a validator for each of its schemas."""

    def __init__(self, path):
        self.content = yaml.safe_load(pathlib.Path(path).read_text())
        for name, schema in self.content["components"]["schemas"].items():
            try:
                jsonschema.Draft202012Validator.check_schema(schema)
            except jsonschema.SchemaError as wrong:
                sys.exit(f"{path}: {name}: {wrong.message}")

    def resolved(self, node):
        if "$ref" not in node:
            return node
        found = self.content
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return found

    def promised(self):
        """Every path and status that is documented."""
        return {
            (path, int(status))
            for path, methods in self.content["paths"].items()
            for status in methods["get"]["responses"]
        }

    def media(self, path, status):
        """What an answer may be: content type -> schema; None: it is not documented."""
        methods = self.content["paths"].get(path)
        response = methods and methods["get"]["responses"].get(str(status))
        return None if response is None else self.resolved(response).get("content", {})

    def objections(self, schema, instance):
        # References are into the document, so what they may name is put beside the schema.
        whole = schema | {"components": self.content["components"]}
        validator = jsonschema.Draft202012Validator(whole)
        for error in sorted(validator.iter_errors(instance), key=str):
            yield f"{error.json_path}: {error.message[:300]}"


def objections_to_answer(document, record):
    path = urllib.parse.urlsplit(record["path"]).path
    media = document.media(path, record["status"])
    if media is None:
        yield "this path and status is not documented"
        return
    if not media:
        if record["body"]:
            yield "there is a body, and none is documented"
        return
    kind = record["content_type"].split(";")[0].strip()
    if kind not in media:
        yield f"it is {kind!r}, documented is {', '.join(media)}"
        return
    if kind != "application/json":
        return
    try:
        body = json.loads(record["body"])
    except json.JSONDecodeError as wrong:
        yield f"its body is no JSON: {wrong}"
        return
    yield from document.objections(media[kind]["schema"], body)


def objections_to_event(document, record):
    if record["event"] not in EVENTS:
        yield "this event is not documented"
        return
    schema = {"$ref": "#/components/schemas/" + EVENTS[record["event"]]}
    yield from document.objections(schema, json.loads(record["data"]))


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: validate.py openapi.yaml DIRECTORY")
    document = Document(sys.argv[1])
    answered = collections.Counter()
    events = collections.Counter()
    found = []
    for file in sorted(pathlib.Path(sys.argv[2]).glob("*.jsonl")):
        for line in file.read_text().splitlines():
            record = json.loads(line)
            if "event" in record:
                events[record["event"]] += 1
                what, wrong = f"event {record['event']}", objections_to_event(document, record)
            else:
                path = urllib.parse.urlsplit(record["path"]).path
                answered[(path, record["status"])] += 1
                what = f"{record['path']} ({record['status']})"
                wrong = objections_to_answer(document, record)
            found += [f"{what}: {objection}" for objection in wrong]
    found += [
        f"{path} ({status}): documented, but no test got it"
        for path, status in sorted(document.promised() - set(answered))
    ]
    found += [f"event {name}: documented, but no test got it" for name in set(EVENTS) - set(events)]
    print("\n".join(found[:100]))
    print(f"{sum(answered.values())} answers of {len(answered)} kinds, {sum(events.values())} events: "
          f"{len(found)} objections")
    sys.exit(1 if found else 0)


main()
