"""Runs scenarios on asyncio.

Input: names of scenarios, `topic.scenario`; without any, all are run. Output: `topic.scenario: line` for what they log, and
`topic.scenario! why` for those that this Python cannot run. Invariant: each has a loop of its own, and is over before the next begins.
"""

import asyncio
import importlib
import inspect
import logging
import pathlib
import sys

import clock
import scenario

OLDEST = (3, 11)
TOPICS = pathlib.Path(__file__).parent / "scenarios"


def scenarios():
    sys.path.insert(0, str(TOPICS))
    for file in sorted(TOPICS.glob("*.py")):
        module = importlib.import_module(file.stem)
        for name, function in vars(module).items():
            is_own = getattr(function, "__module__", None) == module.__name__
            if is_own and inspect.iscoroutinefunction(function) and not name.startswith("_"):
                yield f"{file.stem}.{name}", function


def run(name, function):
    if not scenario.is_there(function):
        version = ".".join(map(str, function.needs))
        print(f"{name}! needs Python {version}", flush=True)
        return
    scenario.current = name
    try:
        with asyncio.Runner(debug=False, loop_factory=clock.Loop) as runner:
            runner.run(function())
    except Exception as error:
        scenario.log("raised", repr(error))


def main(wanted):
    if sys.version_info < OLDEST:
        sys.exit("the oldest Python that can be compared with is 3.11")
    # What nobody has fetched is no part of the logs.
    logging.disable()
    for name, function in scenarios():
        if not wanted or name in wanted:
            run(name, function)


main(sys.argv[1:])
