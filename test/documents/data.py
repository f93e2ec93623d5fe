"""Whether blocks that are no commands can be read as what they say they are."""
import json
import subprocess
import tempfile

import yaml


def _fault_of_promql(text):
    rule = {"groups": [{"name": "page", "rules": [{"record": "x", "expr": text}]}]}
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        json.dump(rule, file)  # which is YAML
        file.flush()
        said = subprocess.run(["promtool", "check", "rules", file.name], capture_output=True, text=True, check=False)
    return said.stderr.strip() if said.returncode else None


def _fault(block):
    try:
        if block.kind == "yaml":
            list(yaml.safe_load_all(block.text))
        if block.kind == "json":
            json.loads(block.text)
    except (yaml.YAMLError, ValueError) as error:
        return " ".join(str(error).split())
    return _fault_of_promql(block.text) if block.kind == "promql" else None


def faults(blocks):
    for block in blocks:
        fault = _fault(block)
        if fault:
            yield f"{block.place()}: is no {block.kind}: {fault}"
