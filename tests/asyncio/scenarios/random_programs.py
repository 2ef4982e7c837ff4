"""Programs that nobody has written: tasks that do what a sequence of numbers says, with what they share.

Input: a seed. Output: what each task has done, in order. Invariant: no two sleeps end at the same time; what is left waiting when
nothing happens any more is cancelled.
"""

import asyncio
from asyncio import create_task

from scenario import log

PROGRAMS = 500
TASKS = 4
STEPS = 8
LONGEST_SLEEP = 10_000
KINDS = "yield lock release semaphore wait set clear put get barrier sleep yield release get put lock".split()
# Not both: asyncio wakes another waiter of a condition when one is cancelled.
NOTIFYING = [*KINDS, "notify", "notified", "notify", "notified"]
CANCELLING = [*KINDS, "cancel"]


class _Numbers:
    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.state >> 8) % limit


class _Shared:
    def __init__(self):
        self.locks = [asyncio.Lock() for _ in range(2)]
        self.semaphores = [asyncio.Semaphore(1), asyncio.Semaphore(2)]
        self.events = [asyncio.Event() for _ in range(2)]
        self.queues = [asyncio.Queue(1), asyncio.Queue(2)]
        self.conditions = [asyncio.Condition() for _ in range(2)]
        self.barriers = [asyncio.Barrier(2), asyncio.Barrier(3)]
        self.tasks = []


async def _step(shared, held, kind, which, long):
    match kind:
        case "yield":
            await asyncio.sleep(0)
        case "lock" | "semaphore":
            one = (shared.locks if kind == "lock" else shared.semaphores)[which]
            await one.acquire()
            held.append(one)
        case "release":
            if held:
                held.pop().release()
        case "wait":
            await shared.events[which].wait()
        case "set":
            shared.events[which].set()
        case "clear":
            shared.events[which].clear()
        case "put":
            await shared.queues[which].put(long)
        case "get":
            return await shared.queues[which].get()
        case "notify":
            async with shared.conditions[which]:
                shared.conditions[which].notify(1 + long % 2)
        case "notified":
            async with shared.conditions[which]:
                await shared.conditions[which].wait()
        case "barrier":
            return await shared.barriers[which].wait()
        case "sleep":
            await asyncio.sleep(1 + long)
        case "cancel":
            shared.tasks[long % TASKS].cancel()
            await asyncio.sleep(0)


async def _runs(shared, program, name, steps):
    held = []
    try:
        for kind, which, long in steps:
            gives = await _step(shared, held, kind, which, long)
            log(program, name, kind, which, "" if gives is None else gives)
    finally:
        while held:
            held.pop().release()


async def _program(seed, kinds):
    numbers, shared = _Numbers(seed), _Shared()
    programs = [
        [(kinds[numbers.below(len(kinds))], numbers.below(2), numbers.below(LONGEST_SLEEP)) for _ in range(STEPS)]
        for _ in range(TASKS)
    ]
    for name, steps in enumerate(programs):
        shared.tasks.append(create_task(_runs(shared, seed, name, steps)))
    await asyncio.sleep(LONGEST_SLEEP * STEPS * TASKS)
    for name, task in enumerate(shared.tasks):
        log(seed, name, "ended" if task.done() else "waits")
        task.cancel()
    await asyncio.wait(shared.tasks)


async def without_cancellation():
    for seed in range(PROGRAMS):
        await _program(seed, NOTIFYING)


async def with_cancellation():
    for seed in range(PROGRAMS):
        await _program(seed, CANCELLING)
