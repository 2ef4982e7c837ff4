"""Cancellation: in which turn it comes, and what it meets."""

import asyncio
from asyncio import create_task

from scenario import log, outcome, yields


async def _waits(name, wait):
    try:
        log(name, "waits")
        await wait
        log(name, "goes on")
    finally:
        log(name, "is left")


async def before_the_first_turn():
    async def starts(name):
        log(name, "starts")

    a, b = create_task(starts("a")), create_task(starts("b"))
    log("asked" if a.cancel() else "too late")
    log("a", await outcome(a))
    log("b", await outcome(b))


async def in_the_next_iteration():
    a = create_task(_waits("a", asyncio.Event().wait()))
    await asyncio.sleep(0)
    a.cancel()
    log("ended" if a.done() else "not yet")
    await asyncio.sleep(0)
    log("ended" if a.done() else "not yet")


async def in_the_same_iteration_if_the_turn_is_due():
    a = None

    async def cancels():
        await asyncio.sleep(0)
        log("b cancels a")
        a.cancel()

    async def yields_often():
        try:
            for step in range(5):
                log("a", step)
                await asyncio.sleep(0)
        finally:
            log("a is left")

    b = create_task(cancels())
    a = create_task(yields_often())
    log(await outcome(b), await outcome(a))


async def order_is_that_of_the_requests():
    tasks = [create_task(_waits(name, asyncio.Event().wait())) for name in "abc"]
    await asyncio.sleep(0)
    for task in reversed(tasks):
        task.cancel()
    for task in tasks:
        log(await outcome(task))


async def requests_and_wakes_share_one_order():
    event = asyncio.Event()
    a = create_task(_waits("a", event.wait()))
    b = create_task(_waits("b", asyncio.Event().wait()))
    c = create_task(_waits("c", event.wait()))
    await asyncio.sleep(0)
    b.cancel()
    event.set()
    for task in (a, b, c):
        log(await outcome(task))


async def twice_is_once():
    a = create_task(_waits("a", asyncio.Event().wait()))
    await asyncio.sleep(0)
    log(a.cancel(), a.cancel())
    log(await outcome(a))
    log(a.cancel())


async def of_one_that_was_woken():
    event = asyncio.Event()
    a = create_task(_waits("a", event.wait()))
    await asyncio.sleep(0)
    event.set()
    a.cancel()
    log(await outcome(a))


async def clean_up_goes_from_the_inside_out():
    async def inner():
        await _waits("inner", asyncio.Event().wait())

    async def middle():
        await _waits("middle", inner())

    a = create_task(_waits("outer", middle()))
    await asyncio.sleep(0)
    a.cancel()
    log(await outcome(a))


async def clean_up_wakes_others():
    event = asyncio.Event()

    async def sets():
        try:
            await asyncio.Event().wait()
        finally:
            log("a sets the event")
            event.set()

    a, b = create_task(sets()), create_task(_waits("b", event.wait()))
    await asyncio.sleep(0)
    a.cancel()
    log("a", await outcome(a))
    log("b", await outcome(b))


async def clean_up_cancels_another():
    b = create_task(_waits("b", asyncio.Event().wait()))

    async def cancels():
        try:
            await asyncio.Event().wait()
        finally:
            log("a cancels b")
            b.cancel()

    a = create_task(cancels())
    await asyncio.sleep(0)
    a.cancel()
    log("a", await outcome(a))
    log("b", await outcome(b))


async def of_itself():
    async def cancels_itself():
        try:
            asyncio.current_task().cancel()
            log("a goes on")
            await asyncio.sleep(0)
            log("a goes on for too long")
        finally:
            log("a is left")

    log(await outcome(create_task(cancels_itself())))


async def of_itself_and_then_the_end():
    async def cancels_itself():
        asyncio.current_task().cancel()
        return "a result"

    log(await outcome(create_task(cancels_itself())))


async def of_one_that_awaits_a_task():
    inner = create_task(_waits("inner", yields(4)))
    outer = create_task(_waits("outer", inner))
    await asyncio.sleep(0)
    outer.cancel()
    log("outer", await outcome(outer))
    await outcome(inner)
    log("inner has ended")


async def that_is_refused():
    async def refuses():
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            log("a refuses")
        return "a result"

    a = create_task(refuses())
    await asyncio.sleep(0)
    a.cancel()
    log(await outcome(a))


async def with_an_await_in_the_clean_up():
    async def cleans_up():
        try:
            await asyncio.Event().wait()
        finally:
            log("a is left")
            await asyncio.sleep(0)
            log("a has cleaned up")

    a = create_task(cleans_up())
    await asyncio.sleep(0)
    a.cancel()
    log(await outcome(a))


async def of_a_sleep():
    a = create_task(_waits("a", asyncio.sleep(5)))
    b = create_task(_waits("b", asyncio.sleep(2)))
    await asyncio.sleep(1)
    a.cancel()
    log("a", await outcome(a))
    log("b", await outcome(b))


async def fails_in_the_clean_up():
    async def fails():
        try:
            await asyncio.Event().wait()
        finally:
            log("a fails")
            raise Exception("boom")

    a = create_task(fails())
    await asyncio.sleep(0)
    a.cancel()
    log(await outcome(a))
