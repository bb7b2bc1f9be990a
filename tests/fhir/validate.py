"""Reads FHIR documents with PyPI fhir.resources: every resource by its own model, every code of a
closed list against that list, which the library itself does not do.

    validate.py BUNDLE.json...

R4B differs from R4 in nothing that a session's document has.
"""

import json
import sys
from importlib import import_module

from pydantic import BaseModel


def read(resource):
    """The resource as the library reads it; an error says where it is wrong."""
    kind = resource["resourceType"]
    model = getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    return model.model_validate(resource)


def strange_codes(part, path):
    """Values that are not in the closed list of their field."""
    for name, field in type(part).model_fields.items():
        value = getattr(part, name, None)
        extra = field.json_schema_extra or {}
        allowed = extra.get("enum_values", []) if isinstance(extra, dict) else []
        if "+" in allowed:  # the list goes on in the standard, and not in the library
            allowed = []
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, BaseModel):
                yield from strange_codes(one, f"{path}.{name}")
            elif allowed and one is not None and one not in allowed:
                yield f"{path}.{name} is {one!r}, not one of {', '.join(allowed)}"


def problems(resource):
    """What is wrong with a resource, in words."""
    try:
        part = read(resource)
    except Exception as error:  # the library has several kinds
        return [str(error)]
    return list(strange_codes(part, resource["resourceType"]))


def main(files):
    wrong = 0
    for file in files:
        with open(file, encoding="utf-8") as text:
            bundle = json.load(text)
        resources = [bundle, *(entry["resource"] for entry in bundle["entry"])]
        for resource in resources:
            for problem in problems(resource):
                wrong += 1
                print(f"{file}: {resource.get('id', 'Bundle')}: {problem}")
        print(f"{file}: {len(resources)} resources were read")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
