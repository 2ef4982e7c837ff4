"""Waiting for tasks without taking part."""

import asyncio
from asyncio import create_task

from scenario import log, outcome, ticks, yields


async def _ends(name, delay):
    try:
        await asyncio.sleep(delay)
        log(name, "ends")
        return name
    finally:
        log(name, "is left")


async def _fails(name, delay):
    await asyncio.sleep(delay)
    log(name, "fails")
    raise Exception("boom")


def _say(tasks, done, pending):
    names = "abcdef"
    log("done", *[name for name, task in zip(names, tasks) if task in done])
    log("pending", *[name for name, task in zip(names, tasks) if task in pending])


async def until_the_first_has_ended():
    tasks = [create_task(_ends(name, delay)) for name, delay in zip("abc", (2, 1, 3))]
    _say(tasks, *await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED))
    _say(tasks, *await asyncio.wait(tasks))


async def until_the_first_has_failed():
    tasks = [create_task(_ends("a", 1)), create_task(_fails("b", 2)), create_task(_ends("c", 3))]
    _say(tasks, *await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION))
    await asyncio.sleep(2)


async def cancelled_one_is_no_failure():
    tasks = [create_task(_ends(name, delay)) for name, delay in zip("ab", (5, 2))]
    await asyncio.sleep(1)
    tasks[0].cancel()
    _say(tasks, *await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION))


async def late_ones_are_pending_and_go_on():
    tasks = [create_task(_ends(name, delay)) for name, delay in zip("abc", (1, 3, 2))]
    _say(tasks, *await asyncio.wait(tasks, timeout=2.5))
    log("main goes on")
    await asyncio.sleep(2)


async def several_that_end_in_one_iteration():
    tasks = [create_task(yields(1)) for _ in "abc"]
    _say(tasks, *await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED))


async def waiter_that_is_cancelled_leaves_the_tasks():
    a = create_task(_ends("a", 2))

    async def waits():
        try:
            await asyncio.wait([a])
        finally:
            log("the waiter is left")

    waiter = create_task(waits())
    await asyncio.sleep(1)
    waiter.cancel()
    log(await outcome(waiter))
    await asyncio.sleep(2)


async def as_completed_is_in_the_order_of_the_ends():
    tasks = [create_task(_ends(name, delay)) for name, delay in zip("abcd", (3, 1, 4, 2))]
    for task in asyncio.as_completed(tasks):
        log("main has", await task)


async def as_completed_of_what_ends_in_one_iteration():
    event = asyncio.Event()

    async def waits(name):
        await event.wait()
        return name

    tasks = [create_task(waits(name)) for name in "abc"]
    tasks[1].cancel()
    await asyncio.sleep(0)
    event.set()
    for task in asyncio.as_completed([tasks[2], tasks[0]]):
        log("main has", await task)


async def as_completed_with_a_failure():
    tasks = [create_task(_ends("a", 2)), create_task(_fails("b", 1))]
    for task in asyncio.as_completed(tasks):
        log("main has", await outcome(task))


async def waiter_goes_on_after_the_last():
    tasks = [create_task(yields(count)) for count in (1, 2)]
    other = create_task(ticks(6))
    await asyncio.wait(tasks)
    log("main has both")
    await other


async def one_ends_an_iteration_after_the_first():
    tasks = [create_task(yields(count)) for count in (1, 2, 9)]
    _say(tasks, *await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED))


async def ended_ones_are_waited_for():
    tasks = [create_task(yields(0))]
    await asyncio.sleep(0)
    other = create_task(ticks(3))
    _say(tasks, *await asyncio.wait(tasks))
    await other
