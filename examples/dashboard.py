#!/usr/bin/env python3
"""A dashboard in a terminal, in the standard library of Python 3.9 or newer: a client of the
stream as docs/stream.md describes it. It prints a line whenever something of a room changes.
    dripwatch token add wall --role display > token.txt
    python3 dashboard.py http://127.0.0.1:8080 token.txt"""
import base64, json, os, socket, struct, sys, time, urllib.parse
SILENT_S = 5  # a heartbeat comes every second: after so long, nothing that is shown is live

def connect(url, token):
    at = urllib.parse.urlsplit(url)
    link = socket.create_connection((at.hostname, at.port or 80), timeout=SILENT_S)
    link.sendall((f"GET /api/v1/stream HTTP/1.1\r\nHost: {at.netloc}\r\nConnection: Upgrade\r\n"
                  f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                  f"{base64.b64encode(os.urandom(16)).decode()}\r\n"
                  f"Authorization: Bearer {token}\r\n\r\n").encode())
    file = link.makefile("rb")
    if b" 101 " not in (status := file.readline()):
        raise ConnectionError(f"the server refused: {status.decode().strip()}")
    while file.readline().strip(): pass
    return link, file

def send(link, opcode, data):
    mask, size = os.urandom(4), len(data)
    head = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack(">H", size)
    masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
    link.sendall(bytes([0x80 | opcode]) + head + mask + masked)

def frames(link, file, text=b""):
    while len(head := file.read(2)) == 2:
        opcode, size = head[0] & 15, head[1] & 127
        if size > 125: size = int.from_bytes(file.read(2 if size == 126 else 8), "big")
        data = file.read(size)
        if opcode == 9:  # a ping: who answers none for 10 s is closed
            send(link, 10, data)
        elif opcode < 2:  # several frames may share a message, one a line
            text += data
            if head[0] & 0x80:
                yield from map(json.loads, text.splitlines())
                text = b""
    raise ConnectionError("the server closed the connection")

def show(room):
    words = [f"{vital} {now.get('value', now.get('systolic', now.get('absent')))}"
             for vital, now in sorted(room["vitals"].items())]
    words += [f"{alert['priority'].upper()} {alert['text']}" for alert in room["alerts"].values()]
    print(f"{room['name']}:", ", ".join(words) or "nothing yet", flush=True)

def follow(link, file, known):
    say = lambda **frame: send(link, 1, json.dumps(frame).encode())
    hello = lambda: say(type="hello", version=1, rooms="all", epoch=known["epoch"],
                        revs={id: room["rev"] for id, room in known["rooms"].items()})
    hello()
    for frame in frames(link, file):
        room, rev = known["rooms"].get(frame.get("room")), frame.get("rev", frame.get("to_rev", 0))
        if frame["type"] in ("snapshot", "resumed"):
            known["epoch"] = frame["epoch"]
            for new in frame.get("rooms", []):
                known["rooms"][new["id"]] = {**new, "alerts": {a["id"]: a for a in new["alerts"]}}
                show(known["rooms"][new["id"]])
        elif frame["type"] == "room_removed":
            known["rooms"].pop(frame["room"], None)
        elif room and frame.get("from_rev", rev) > room["rev"] + 1:
            hello()  # something is missing: it comes again
        elif room and rev > room["rev"]:
            room.update(rev=rev, name=frame.get("name", room["name"]))
            for now in frame.get("readings", []):
                if not now.get("late"): room["vitals"][now["vital"]] = now
            if alert := frame.get("alert"):
                room["alerts"].pop(alert["id"], None)
                if alert["state"] != "resolved":
                    room["alerts"][alert["id"]] = alert
                    say(type="received", alert=alert["id"])
            show(room)
known = {"epoch": None, "rooms": {}}
while True:
    try:
        follow(*connect(sys.argv[1], open(sys.argv[2]).read().strip()), known)
    except OSError as error:
        print(f"NOT LIVE: {error}", flush=True)
        time.sleep(1)
