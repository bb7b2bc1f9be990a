"""Reads FHIR documents with PyPI fhir.resources: every resource by its own model.

    validate.py BUNDLE.json...

R4B differs from R4 in nothing that a session's document has.
"""

import json
import sys
from importlib import import_module


def checked(resource):
    """The resource as the library reads it; an error says where it is wrong."""
    kind = resource["resourceType"]
    model = getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    return model.model_validate(resource)


def main(files):
    wrong = 0
    for file in files:
        with open(file, encoding="utf-8") as text:
            bundle = json.load(text)
        count = 0
        for entry in [{"resource": bundle}, *bundle["entry"]]:
            resource = entry["resource"]
            try:
                checked(resource)
                count += 1
            except Exception as error:  # the library has several kinds
                wrong += 1
                print(f"{file}: {resource['resourceType']} {resource.get('id')}: {error}")
        print(f"{file}: {count} resources are valid")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
