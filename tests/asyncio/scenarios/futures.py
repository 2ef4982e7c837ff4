"""Futures: results that somebody else gives."""

import asyncio
from asyncio import create_task

from scenario import log, outcome


async def _waiter(future, name):
    log(name, "waits")
    result = await outcome(future)
    log(name, "has", result)


def _future():
    return asyncio.get_running_loop().create_future()


async def waiters_go_on_in_order():
    future = _future()
    tasks = [create_task(_waiter(future, name)) for name in "abc"]
    await asyncio.sleep(0)
    future.set_result("it")
    log("main has set it")
    for task in reversed(tasks):
        await task


async def decided_one_takes_no_turn():
    future = _future()
    future.set_result("it")
    a = create_task(_waiter(future, "a"))
    await _waiter(future, "main")
    await a


async def newcomer_goes_before_the_woken():
    future = _future()
    a = create_task(_waiter(future, "a"))
    await asyncio.sleep(0)
    future.set_result("it")
    await _waiter(future, "main")
    await a


async def is_decided_once():
    future = _future()
    future.set_result("it")
    try:
        future.set_result("another")
    except asyncio.InvalidStateError:
        log("too late")
    log("cancelled" if future.cancel() else "too late")
    log(await future)


async def cancelled_one_wakes_in_order():
    future = _future()

    async def waits(name):
        try:
            await future
        except asyncio.CancelledError:
            log(name, "is told")

    tasks = [create_task(waits(name)) for name in "ab"]
    await asyncio.sleep(0)
    future.cancel()
    for task in tasks:
        await task


async def waiter_that_is_cancelled():
    future = _future()

    async def waits(name):
        try:
            await future
            log(name, "goes on")
        finally:
            log(name, "is left")

    a, b = create_task(waits("a")), create_task(waits("b"))
    await asyncio.sleep(0)
    a.cancel()
    await asyncio.sleep(0)
    log("cancelled" if future.cancelled() else "not cancelled")
    if not future.done():
        future.set_result(None)
    log("a", await outcome(a))
    log("b", await outcome(b))


async def result_and_event_wake_in_the_order_in_which_they_come():
    future, event = _future(), asyncio.Event()

    async def waits(name):
        await event.wait()
        log(name, "goes on")

    a, b = create_task(waits("a")), create_task(_waiter(future, "b"))
    await asyncio.sleep(0)
    future.set_result("it")
    event.set()
    await a
    await b
