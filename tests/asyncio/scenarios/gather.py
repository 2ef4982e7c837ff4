"""Gathering: results, failures, cancellation."""

import asyncio
from asyncio import create_task, gather

from scenario import log, outcome, ticks, yields


async def _child(name, delay=0):
    try:
        log(name, "starts")
        await asyncio.sleep(delay)
        log(name, "ends")
        return name
    finally:
        log(name, "is left")


async def _fails(name, delay=0):
    await asyncio.sleep(delay)
    log(name, "fails")
    raise Exception("boom")


async def results_are_in_the_order_of_the_arguments():
    log(*await gather(_child("a", 3), _child("b", 1), _child("c", 2)))


async def children_start_in_the_order_of_the_arguments():
    log(*await gather(*[_child(name) for name in "abc"]))


async def children_alternate():
    async def steps(name):
        for step in range(3):
            log(name, step)
            await asyncio.sleep(0)

    await gather(steps("a"), steps("b"))
    log("main has both")


async def nothing_takes_no_turn():
    other = create_task(ticks(1))
    log(len(await gather()))
    await other


async def tasks_end_in_their_order_and_are_told_in_ours():
    tasks = [create_task(_child(name, delay)) for name, delay in zip("abc", (2, 3, 1))]
    log(*await gather(*tasks))


async def errors_are_results_if_wanted():
    tasks = [create_task(_child("a", 2)), create_task(_fails("b", 1)), create_task(_child("c", 3))]
    tasks[2].cancel()
    for result in await gather(*tasks, return_exceptions=True):
        log(result if isinstance(result, str) else type(result).__name__)


async def awaiter_is_told_of_the_first_error_and_the_others_go_on():
    async def tries():
        try:
            await gather(a, b)
        except Exception as error:
            log("main is told of", error)

    a, b = create_task(_child("a", 2)), create_task(_fails("b", 1))
    await tries()
    log("a", await a)


async def awaiter_that_is_cancelled_cancels_the_children():
    async def gathers():
        try:
            await gather(_child("a", 5), _child("b", 5))
        finally:
            log("the awaiter is left")

    awaiter = create_task(gathers())
    await asyncio.sleep(1)
    awaiter.cancel()
    log(await outcome(awaiter))


async def coroutines_start_when_it_is_awaited():
    other = create_task(ticks(2))
    log(*await gather(_child("a"), _child("b")))
    await other


async def child_that_fails_leaves_the_others():
    async def tries():
        try:
            await gather(_child("a", 2), _fails("b", 1))
        except Exception as error:
            log("main is told of", error)

    await tries()
    await asyncio.sleep(2)


async def awaiter_goes_on_after_the_last():
    tasks = [create_task(yields(count)) for count in (1, 2)]
    other = create_task(ticks(6))
    await gather(*tasks)
    log("main has both")
    await other
