"""Semaphores: to whom a permit goes."""

import asyncio
from asyncio import create_task

from scenario import log, outcome, ticks, yields


async def _holder(semaphore, name, turns=1):
    log(name, "wants")
    async with semaphore:
        log(name, "has")
        await yields(turns)
        log(name, "releases")


async def _other():
    log("another task has a turn")


async def first_come_first_served():
    semaphore = asyncio.Semaphore(2)
    for task in [create_task(_holder(semaphore, name, turns)) for name, turns in zip("abcde", (3, 1, 1, 2, 1))]:
        await task


async def free_permit_takes_no_turn():
    semaphore = asyncio.Semaphore(2)
    other = create_task(_other())
    await semaphore.acquire()
    await semaphore.acquire()
    log("main has two")
    await other


async def newcomer_does_not_overtake_the_woken():
    semaphore = asyncio.Semaphore(1)
    await semaphore.acquire()
    a = create_task(_holder(semaphore, "a"))
    await asyncio.sleep(0)
    semaphore.release()
    semaphore.release()
    log("locked" if semaphore.locked() else "free")
    await _holder(semaphore, "main")
    await a


async def several_releases_wake_several():
    semaphore = asyncio.Semaphore(0)
    tasks = [create_task(_holder(semaphore, name, 0)) for name in "abcd"]
    await asyncio.sleep(0)
    for _ in range(3):
        semaphore.release()
    log("main has released three")
    for task in tasks:
        await task


async def cancelled_waiter_is_passed_over():
    semaphore = asyncio.Semaphore(0)
    a, b = [create_task(_holder(semaphore, name)) for name in "ab"]
    await asyncio.sleep(0)
    a.cancel()
    await asyncio.sleep(0)
    semaphore.release()
    log("a", await outcome(a))
    log("b", await outcome(b))


async def permit_of_a_cancelled_waiter_goes_on():
    semaphore = asyncio.Semaphore(0)
    a, b, c = [create_task(_holder(semaphore, name)) for name in "abc"]
    await asyncio.sleep(0)
    semaphore.release()
    a.cancel()
    log("a", await outcome(a))
    log("b", await outcome(b))
    log("c", await outcome(c))


async def waiter_is_cancelled_in_the_turn_of_the_release():
    semaphore = asyncio.Semaphore(0)
    a, b = [create_task(_holder(semaphore, name)) for name in "ab"]
    await asyncio.sleep(0)
    other = create_task(ticks(3))
    a.cancel()
    semaphore.release()
    log("a", await outcome(a))
    log("b", await outcome(b))
    await other


async def bounded_one_is_released_once_too_often():
    semaphore = asyncio.BoundedSemaphore(1)
    await semaphore.acquire()
    a = create_task(_holder(semaphore, "a"))
    await asyncio.sleep(0)
    semaphore.release()
    await a
    try:
        semaphore.release()
    except ValueError:
        log("too often")


async def limits_what_runs_at_once():
    semaphore, running = asyncio.Semaphore(2), 0

    async def job(name):
        nonlocal running
        async with semaphore:
            running += 1
            log(name, "runs as one of", running)
            await asyncio.sleep(ord(name) - ord("a") + 1)
            running -= 1

    await asyncio.gather(*[job(name) for name in "abcde"])


async def newcomer_after_a_cancelled_waiter():
    semaphore = asyncio.Semaphore(0)
    a = create_task(_holder(semaphore, "a"))
    await asyncio.sleep(0)
    a.cancel()
    semaphore.release()
    other = create_task(_other())
    async with semaphore:
        log("main has")
    await other


async def several_woken_are_cancelled():
    semaphore = asyncio.Semaphore(0)
    tasks = [create_task(_holder(semaphore, name)) for name in "abcd"]
    await asyncio.sleep(0)
    semaphore.release()
    semaphore.release()
    for task in tasks[:2]:
        task.cancel()
    for task in tasks:
        log(await outcome(task))
