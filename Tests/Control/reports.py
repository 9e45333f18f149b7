"""The reports of echoscpctl as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((REPOSITORY / "packaging/docs/echoscpctl.schema.json").read_text())


def valid(line: str) -> dict:
    """An object that is as the schema says."""
    report = json.loads(line)
    # Of several alternatives, the one that the report names tells best what is wrong. That of a probe has no name.
    schema = {**SCHEMA, "oneOf": [{"$ref": f"#/$defs/{report.get('report', 'probe')}"}]}
    fault = best_match(Draft202012Validator(schema).iter_errors(report))
    assert fault is None, f"{fault.json_path}: {fault.message}"
    return report
