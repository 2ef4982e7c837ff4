"""Sleeps: in which order they end."""

import asyncio
from asyncio import create_task

from scenario import log, outcome, yields


async def _sleeps(name, *delays):
    for delay in delays:
        await asyncio.sleep(delay)
        log(name, "wakes after", delay)


async def _all(*sleepers):
    for task in [create_task(sleeper) for sleeper in sleepers]:
        await task


async def order_is_that_of_the_deadlines():
    await _all(_sleeps("a", 3), _sleeps("b", 1), _sleeps("c", 2))


async def deadlines_and_not_durations():
    await _all(_sleeps("a", 1, 3), _sleeps("b", 2, 1), _sleeps("c", 5))


async def two_equal_deadlines_of_different_ages():
    await _all(_sleeps("a", 1, 1), _sleeps("b", 2))


async def many_equal_deadlines():
    await _all(*[_sleeps(name, 1) for name in "abcdef"])


async def zero_is_one_iteration():
    await _all(_sleeps("a", 0, 0, 0), _sleeps("b", 0), _sleeps("c", 1))


async def woken_sleeper_wakes_others():
    event = asyncio.Event()

    async def sets():
        await _sleeps("a", 1)
        event.set()
        log("a has set it")

    async def waits():
        await event.wait()
        log("b goes on")

    await _all(sets(), waits(), _sleeps("c", 1, 1))


async def cancelled_sleep_is_no_more():
    a, b = create_task(_sleeps("a", 1)), create_task(_sleeps("b", 2))
    await asyncio.sleep(0)
    a.cancel()
    log("a", await outcome(a))
    log("b", await outcome(b))


async def time_passes_by_what_is_slept():
    loop = asyncio.get_running_loop()
    started = loop.time()
    await _sleeps("main", 1, 0, 3)
    log("main has slept", int(loop.time() - started))


async def time_stands_still_while_all_yield():
    sleeper = create_task(_sleeps("a", 1))
    loop = asyncio.get_running_loop()
    started = loop.time()
    await yields(100)
    log("it is", int(loop.time() - started))
    await sleeper
    log("it is", int(loop.time() - started))
