"""What scenarios are written with.

Input: lines. Output: the lines on the standard output, after the name of the scenario that runs. Invariant: a line is out before
the next one is begun, so that a scenario that hangs has said how far it came.
"""

import asyncio
import sys

current = None


def log(*words):
    print(f"{current}:", *words, flush=True)


def needs(*version):
    """Marks a scenario of what asyncio has only since that version of Python."""

    def mark(scenario):
        scenario.needs = version
        return scenario

    return mark


def is_there(scenario):
    return sys.version_info >= getattr(scenario, "needs", ())


async def outcome(task):
    """What awaiting a task gives, as text."""
    try:
        return told(await task)
    except asyncio.CancelledError:
        return "cancelled"
    except Exception as error:
        return f"failed: {error}"


def told(value):
    return "nothing" if value is None else value


async def ticks(count):
    """Shows the iterations, for as many."""
    for tick in range(count):
        log("tick", tick)
        await asyncio.sleep(0)


async def yields(count):
    for _ in range(count):
        await asyncio.sleep(0)
