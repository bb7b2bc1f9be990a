#!/usr/bin/env python3
"""A complete monitor adapter for dripwatch in the standard library of Python 3.9 or newer.

It reads one line a second from standard input,

    spo2 pulse                 for example:  97 72
    spo2 pulse sys dia         when the cuff has just measured:  97 72 128 82
    - -                        when the finger clip is off

and sends each as one frame to POST /api/v1/readings. Try it without a monitor:

    dripwatch device add demo-1 --room 1 > token.txt
    python3 monitor_adapter.py --token-file token.txt --demo

What makes an adapter safe is in four rules, marked RULE below.
"""

import argparse
import collections
import http.client
import json
import os
import random
import secrets
import sys
import threading
import time
import urllib.parse

QUEUE_FRAMES = 600  # ten minutes at one frame a second
LONGEST_PAUSE_S = 5.0
ANSWER_WITHIN_S = 10.0


def now_ms():
    return time.time_ns() // 1_000_000


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


class Frames:
    """Turns lines into frames of one boot, numbered from 1."""

    def __init__(self):
        # RULE 1: a run of the adapter has its own `boot`; `seq` grows by one with each frame.
        # A server knows a frame that it has seen before by these two and the content.
        self.boot = secrets.token_hex(4)
        self.seq = 0

    def of_line(self, line, taken_at):
        """The frames of one line; ValueError says what is wrong with it."""
        words = line.split()
        if len(words) not in (2, 4):
            raise ValueError("expected `spo2 pulse` or `spo2 pulse sys dia`")
        readings, absent = [], []
        for vital, word in zip(("spo2", "pulse_rate"), words):
            # RULE 2: no value is a status, never a number and never the last number again.
            if word == "-":
                absent.append(vital)
            else:
                readings.append({"vital": vital, "value": int(word)})
        if len(words) == 4:
            systolic, diastolic = int(words[2]), int(words[3])
            readings.append(
                {"vital": "nibp", "systolic": systolic, "diastolic": diastolic, "taken_at": taken_at}
            )
        frames = []
        if readings:
            frames.append(self._frame(type="readings", taken_at=taken_at, readings=readings))
        for vital in absent:
            frames.append(self._frame(type="status", vital=vital, status="sensor_off"))
        return frames

    def _frame(self, **fields):
        self.seq += 1
        return {"seq": self.seq, "boot": self.boot, "sent_at": now_ms(), **fields}


class Queue:
    """Frames that wait for their answer, in order, shared by the reader and the sender."""

    def __init__(self):
        self.frames = collections.deque()
        self.changed = threading.Condition()
        self.ended = False

    def put(self, frames):
        with self.changed:
            for frame in frames:
                # RULE 3: the queue is bounded; the newest are worth more than the oldest.
                if len(self.frames) == QUEUE_FRAMES:
                    lost = self.frames.popleft()
                    say(f"queue full: frame {lost['seq']} is lost")
                self.frames.append(frame)
            self.changed.notify()

    def end(self):
        with self.changed:
            self.ended = True
            self.changed.notify()

    def oldest(self):
        """Waits for a frame; None when no more will come."""
        with self.changed:
            self.changed.wait_for(lambda: self.frames or self.ended)
            return self.frames[0] if self.frames else None

    def done(self, frame):
        with self.changed:
            if self.frames and self.frames[0] is frame:
                self.frames.popleft()


class Refused(Exception):
    """The server answered, and sending this again later might help: the token, or a busy server."""


class Server:
    """One kept-alive HTTP connection."""

    def __init__(self, url, token):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            sys.exit(f"--url must look like http://127.0.0.1:8080, got {url!r}")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.connection = kind(parts.hostname, parts.port, timeout=ANSWER_WITHIN_S)
        self.path = parts.path.rstrip("/") + "/api/v1/readings"
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def send(self, frame):
        """Sends one frame and gives the server's status and answer."""
        try:
            self.connection.request("POST", self.path, json.dumps(frame), self.headers)
            response = self.connection.getresponse()
            body = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        try:
            answer = json.loads(body)
        except ValueError:
            answer = {}
        if response.status in (401, 403):
            raise Refused("the token was refused: make a new one with `dripwatch device add ID`")
        if response.status not in (200, 400, 413, 422):
            raise Refused(f"the server answered {response.status}: {body[:200]}")
        return response.status, answer if isinstance(answer, dict) else {}


def deliver(queue, server):
    """Sends the queue for ever: a frame leaves it only when the server has answered for it."""
    pause_s = 0.0
    connected = False
    while (frame := queue.oldest()) is not None:
        try:
            # RULE 4: a frame is sent again exactly as it was, the same boot, seq and times, until
            # it is answered. The server takes a frame twice without harm.
            status, answer = server.send(frame)
        except (OSError, http.client.HTTPException, Refused) as problem:
            pause_s = min(max(0.25, pause_s * 2), LONGEST_PAUSE_S)
            say(f"not sent ({problem}); {len(queue.frames)} waiting, again in {pause_s:g} s")
            connected = False
            time.sleep(pause_s)
            continue
        pause_s = 0.0
        if not connected:
            say("connected: readings are stored")
            connected = True
        if status != 200:
            # The frame itself is at fault: to send it again would change nothing.
            title = (answer.get("problem") or answer).get("title", "no reason given")
            say(f"frame {frame['seq']} was rejected: {title}")
        for problem in answer.get("problems", []):
            say(f"frame {frame['seq']} was stored, but: {problem.get('title')}")
        queue.done(frame)


def read_lines(queue, lines):
    """One line, one second's values, stamped when the line arrives."""
    frames = Frames()
    for line in lines:
        if not line.strip():
            continue
        try:
            queue.put(frames.of_line(line, now_ms()))
        except ValueError as problem:
            say(f"line passed over: {line.strip()!r}: {problem}")
    queue.end()


def demo_lines():
    """A calm patient: a cuff reading at once and then each five minutes."""
    second = 0
    while True:
        line = f"{random.choice((97, 97, 97, 98))} {random.randint(70, 74)}"
        if second % 300 == 0:
            line += f" {random.randint(116, 124)} {random.randint(72, 78)}"
        yield line
        second += 1
        time.sleep(1)


def token_of(options):
    token = options.token or os.environ.get("DRIPWATCH_TOKEN", "")
    if options.token_file:
        try:
            with open(options.token_file, encoding="utf-8") as file:
                token = file.read()
        except OSError as problem:
            sys.exit(f"cannot read the token: {problem}")
    if not token.strip():
        sys.exit("no token: give --token-file, --token or DRIPWATCH_TOKEN (`dripwatch device add ID`)")
    return token.strip()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="the server (%(default)s)")
    parser.add_argument("--token", help="the device's token (others on this machine can see it)")
    parser.add_argument("--token-file", metavar="FILE", help="a file that holds the token alone")
    parser.add_argument("--demo", action="store_true", help="make values instead of reading lines")
    options = parser.parse_args()

    server = Server(options.url, token_of(options))
    queue = Queue()
    lines = demo_lines() if options.demo else sys.stdin
    threading.Thread(target=read_lines, args=(queue, lines), daemon=True).start()
    try:
        deliver(queue, server)
    except KeyboardInterrupt:
        say(f"stopped; {len(queue.frames)} frames had no answer yet")


if __name__ == "__main__":
    main()
