#!/usr/bin/env python3
"""Where the compiler stands on the differential suite: which bodies it rejects, which differ, which crash.

    tests/survey.py [topic or body …]      environment as for cargo; COLOOP_SELF_CHECK works too

A body with a compile error is left out (COLOOP_SKIP) and the rest is compiled again, until it builds. Then
every body runs in a process of its own, so that a crash is the result of one body only. The first
error of each rejected body is printed; run a differing one by its name to see the traces.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
BODY = re.compile(r"    (?:async fn|mod) (\w+)")


def body_at(path, line):
    """The body whose macro call holds this line; None outside of the topics."""
    path = TESTS.parent / path
    if path.parent != TESTS / "differential":
        return None
    lines = path.read_text().splitlines()
    start = next((n for n in range(line, 0, -1) if lines[n - 1].startswith("differential")), None)
    return start and next(m[1] for m in map(BODY.match, lines[start:]) if m)


def bodies_of(message):
    """Every body that an error points into, through the macro calls it comes from."""
    for span in message["spans"]:
        while span:
            if body := body_at(span["file_name"], span["line_start"]):
                yield body
            span = (span["expansion"] or {}).get("span")


def build(skip):
    """The test binary, or None; and the first error of each body that has one."""
    environment = os.environ | {"COLOOP_ONLY": ",".join(sys.argv[1:]), "COLOOP_SKIP": ",".join(skip)}
    command = "cargo test -q -p coloop-tests --test differential --no-run --message-format=json"
    run = subprocess.run(command.split(), env=environment, cwd=TESTS.parent, stdout=subprocess.PIPE, text=True)
    binary, errors, other = None, {}, []
    for line in run.stdout.splitlines():
        report = json.loads(line)
        if report["reason"] == "compiler-artifact" and report["target"]["name"] == "differential":
            binary = report["executable"]
        if report["reason"] == "compiler-message" and report["message"]["level"] == "error":
            found = list(bodies_of(report["message"]))
            for body in found:
                errors.setdefault(body, report["message"]["rendered"])
            if not found:
                other.append(report["message"]["rendered"])
    if run.returncode != 0 and not errors:
        sys.exit("no body is to blame for:\n" + "\n".join(other))
    return (binary if run.returncode == 0 else None), errors


rejected, binary = {}, None
while not binary:
    binary, errors = build(rejected)
    rejected |= errors

names = subprocess.run([binary, "--list"], stdout=subprocess.PIPE, text=True).stdout
results = {"ok": [], "differs": [], "crashed": [], "hangs": []}
for name in re.findall(r"^(.*): test$", names, re.M):
    try:
        run = subprocess.run([binary, name, "--exact"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        result = {0: "ok", 101: "differs"}.get(run.returncode, "crashed")
    except subprocess.TimeoutExpired:
        result = "hangs"
    results[result].append(name)

for body, error in rejected.items():
    print(f"--- rejected: {body}\n{error}")
for result in ("differs", "crashed", "hangs"):
    for name in results[result]:
        print(f"{result}: {name}")
print(", ".join([f"rejected {len(rejected)}"] + [f"{result} {len(bodies)}" for result, bodies in results.items()]))
