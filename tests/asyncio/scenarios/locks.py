"""Locks: who has it next."""

import asyncio
from asyncio import create_task

from scenario import log, outcome, yields


async def _holder(lock, name, turns=1):
    log(name, "wants")
    async with lock:
        log(name, "has")
        await yields(turns)
        log(name, "releases")


async def _other():
    log("another task has a turn")


async def first_come_first_served():
    lock = asyncio.Lock()
    for task in [create_task(_holder(lock, name)) for name in "abc"]:
        await task


async def free_lock_takes_no_turn():
    lock = asyncio.Lock()
    other = create_task(_other())
    for round in range(3):
        async with lock:
            log("main has", round)
    await other


async def newcomer_does_not_overtake_the_woken():
    lock = asyncio.Lock()
    await lock.acquire()
    a = create_task(_holder(lock, "a"))
    await asyncio.sleep(0)
    lock.release()
    log("locked" if lock.locked() else "free")
    await _holder(lock, "main")
    await a


async def holder_that_wants_again_is_last():
    lock = asyncio.Lock()

    async def twice(name):
        await _holder(lock, name, 0)
        await _holder(lock, name, 2)

    tasks = [create_task(twice(name)) for name in "abc"]
    for task in tasks:
        await task


async def cancelled_waiter_is_passed_over():
    lock = asyncio.Lock()
    await lock.acquire()
    a, b, c = [create_task(_holder(lock, name)) for name in "abc"]
    await asyncio.sleep(0)
    b.cancel()
    await asyncio.sleep(0)
    lock.release()
    for task in (a, b, c):
        log(await outcome(task))


async def woken_waiter_is_cancelled():
    lock = asyncio.Lock()
    await lock.acquire()
    a, b = [create_task(_holder(lock, name)) for name in "ab"]
    await asyncio.sleep(0)
    lock.release()
    a.cancel()
    create_task(_holder(lock, "late"))
    log("a", await outcome(a))
    log("b", await outcome(b))
    await yields(4)


async def waiter_is_cancelled_and_then_the_lock_released():
    lock = asyncio.Lock()
    await lock.acquire()
    a, b = [create_task(_holder(lock, name)) for name in "ab"]
    await asyncio.sleep(0)
    a.cancel()
    lock.release()
    log("a", await outcome(a))
    log("b", await outcome(b))


async def newcomer_after_a_cancelled_waiter():
    lock = asyncio.Lock()
    await lock.acquire()
    a = create_task(_holder(lock, "a"))
    await asyncio.sleep(0)
    a.cancel()
    other = create_task(_other())
    lock.release()
    async with lock:
        log("main has")
    await other


async def cancelled_holder_releases():
    lock = asyncio.Lock()
    a = create_task(_holder(lock, "a", 100))
    b = create_task(_holder(lock, "b"))
    await yields(2)
    a.cancel()
    log("a", await outcome(a))
    log("b", await outcome(b))


async def late_waiter_gives_up():
    lock = asyncio.Lock()
    await lock.acquire()

    async def in_time(name, limit):
        try:
            async with asyncio.timeout(limit):
                await _holder(lock, name)
        except TimeoutError:
            log(name, "gives up")

    tasks = [create_task(in_time(name, limit)) for name, limit in [("a", 2), ("b", 1), ("c", 9)]]
    await asyncio.sleep(3)
    log("main releases")
    lock.release()
    for task in tasks:
        await task
