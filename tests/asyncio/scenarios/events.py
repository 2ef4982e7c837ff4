"""Events: who goes on, and before whom."""

import asyncio
from asyncio import create_task

from scenario import log, outcome, yields


async def _waiter(event, name):
    log(name, "waits")
    await event.wait()
    log(name, "goes on")


async def set_wakes_in_order():
    event = asyncio.Event()
    tasks = [create_task(_waiter(event, name)) for name in "abc"]
    await asyncio.sleep(0)
    event.set()
    log("main has set it")
    for task in reversed(tasks):
        await task


async def woken_go_on_though_it_is_cleared():
    event = asyncio.Event()
    a = create_task(_waiter(event, "a"))
    await asyncio.sleep(0)
    event.set()
    event.clear()
    b = create_task(_waiter(event, "b"))
    await yields(2)
    log("set again")
    event.set()
    await a
    await b


async def newcomer_after_set_goes_before_the_woken():
    event = asyncio.Event()
    a = create_task(_waiter(event, "a"))
    await asyncio.sleep(0)
    event.set()
    await _waiter(event, "main")
    await a


async def set_by_the_first_woken_is_for_the_next_round():
    event, next = asyncio.Event(), asyncio.Event()

    async def relay(name):
        await _waiter(event, name)
        next.set()

    a, b = create_task(relay("a")), create_task(relay("b"))
    c = create_task(_waiter(next, "c"))
    await asyncio.sleep(0)
    event.set()
    for task in (a, b, c):
        await task


async def cancelled_waiter_leaves():
    event = asyncio.Event()
    a, b, c = [create_task(_waiter(event, name)) for name in "abc"]
    await asyncio.sleep(0)
    b.cancel()
    event.set()
    for task in (a, b, c):
        log(await outcome(task))


async def woken_waiter_is_cancelled():
    event = asyncio.Event()
    a = create_task(_waiter(event, "a"))
    await asyncio.sleep(0)
    event.set()
    a.cancel()
    log(await outcome(a))


async def two_events_wake_in_the_order_of_set():
    one, two = asyncio.Event(), asyncio.Event()
    tasks = [create_task(_waiter(event, name)) for event, name in [(one, "a"), (two, "b"), (one, "c")]]
    await asyncio.sleep(0)
    two.set()
    one.set()
    for task in tasks:
        await task
