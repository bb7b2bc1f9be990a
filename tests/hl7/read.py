"""Reads HL7 messages with PyPI hl7, and holds each against the record of the same session beside it.

    read.py MESSAGE.hl7...

In the files a segment is a line; on the wire it ends with a carriage return.
"""

import json
import re
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import hl7

PARTS = {"systolic": "8480-6", "diastolic": "8462-4", "mean": "8478-0"}
BY_HAND = {
    "heart_rate": "8867-4",
    "pulse_rate": "8867-4",
    "spo2": "59408-5",
    "resp_rate": "9279-1",
    "temp": "8310-5",
    "etco2": "19891-1",
}
UNITS = {"mm[Hg]", "/min", "%", "Cel", "kg"}


def milliseconds(stamp):
    """Of a time as HL7 writes it, milliseconds since 1970."""
    time = datetime.strptime(stamp, "%Y%m%d%H%M%S.%f%z")
    return round(time.timestamp() * 1000)


def component(field, number):
    """A component of a field's only repetition; empty when it is not there."""
    parts = str(field).split("^")
    return parts[number - 1] if len(parts) >= number else ""


def measured(row):
    """Code, time, value of an OBX."""
    return component(row[3], 1), milliseconds(str(row[14])), Decimal(str(row[5]))


def problems(message, record):
    """What is wrong, in words."""
    header = message.segment("MSH")
    if str(header[9]) != "ORU^R01^ORU_R01" or str(header[12]) != "2.5.1":
        yield f"it is a {header[9]} of {header[12]}"
    if str(header[18]) != "UNICODE UTF-8":
        yield f"its characters are {header[18]}"
    if not re.fullmatch(r"[A-Z0-9]{1,20}", str(header[10])):
        yield f"its id is {header[10]}"
    order = message.segment("OBR")
    if component(order[3], 1) != record["header"]["session"]:
        yield f"it is of session {order[3]}"
    person = record["header"]["patient"]["person"]
    patient = message.segment("PID")
    if person and component(patient[5], 1) != person["family"]:
        yield f"it is of {patient[5]}"
    rows = message.segments("OBX")
    if [int(str(row[1])) for row in rows] != list(range(1, len(rows) + 1)):
        yield "its rows are not numbered from 1"
    names = [(component(row[3], 1), str(row[4])) for row in rows]
    if len(set(names)) != len(names):
        yield "two rows have one name"
    # Two of the sessions are not over.
    status = "F" if record["header"]["ended_at"] else "P"
    for row in rows:
        if str(row[2]) != "NM" or str(row[11]) != status or component(row[6], 1) not in UNITS:
            yield f"this row is no number with a unit and the status {status}: {row}"
    found = [measured(row) for row in rows]
    wanted = []
    for pressure in record["pressures"]:
        for part, code in PARTS.items():
            if pressure[part] is not None:
                wanted.append((code, pressure["at"], Decimal(str(pressure[part]))))
    for value in record["by_hand"]:
        wanted.append((BY_HAND[value["vital"]], value["at"], Decimal(str(value["value"]))))
    for row in record["table"]:
        for column, code in (("heart_rate", "8867-4"), ("spo2", "59408-5"), ("resp_rate", "9279-1")):
            if row[column] is not None and column not in row["by_hand"]:
                wanted.append((code, row["at"], Decimal(str(row[column]))))
    missing = [one for one in wanted if one not in found]
    if missing:
        yield f"{len(missing)} of {len(wanted)} values are not in it, such as {missing[0]}"


def main(files):
    wrong = 0
    for file in files:
        text = Path(file).read_text(encoding="utf-8").replace("\n", "\r")
        record = json.loads(Path(file).with_suffix(".json").read_text(encoding="utf-8"))
        message = hl7.parse(text)
        for problem in problems(message, record):
            wrong += 1
            print(f"{file}: {problem}")
        print(f"{file}: {len(message.segments('OBX'))} results were read")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
