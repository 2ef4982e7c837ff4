"""Timeouts: what is late, and what happens then."""

import asyncio
from asyncio import create_task

from scenario import log, needs, outcome


async def _waits(name, wait):
    try:
        log(name, "waits")
        await wait
        log(name, "goes on")
        return name
    finally:
        log(name, "is left")


async def _limited(name, limit, wait):
    try:
        async with asyncio.timeout(limit):
            await _waits(name, wait)
    except TimeoutError:
        log(name, "is late")


async def late_body_is_left_first():
    await _limited("a", 1, asyncio.sleep(2))


async def body_in_time():
    await _limited("a", 2, asyncio.sleep(1))
    await asyncio.sleep(2)
    log("nothing comes of the limit")


async def limits_pass_in_their_order():
    tasks = [create_task(_limited(name, limit, asyncio.sleep(9))) for name, limit in zip("abc", (3, 1, 2))]
    for task in tasks:
        await task


async def inner_limit_is_for_the_inner_body():
    await _limited("outer", 3, _limited("inner", 1, asyncio.sleep(9)))


async def outer_limit_ends_both():
    await _limited("outer", 1, _limited("inner", 3, asyncio.sleep(9)))


async def without_a_limit():
    await _limited("a", None, asyncio.sleep(1))


async def limit_is_moved():
    async def moves():
        async with asyncio.timeout(1) as limit:
            await asyncio.sleep(0.5)
            limit.reschedule(limit.when() + 2)
            await _waits("a", asyncio.sleep(2))
        log("expired" if limit.expired() else "in time")

    await moves()


async def limit_is_moved_to_an_earlier_time():
    async def moves():
        try:
            async with asyncio.timeout(9) as limit:
                limit.reschedule(asyncio.get_running_loop().time() + 1)
                await _waits("a", asyncio.sleep(2))
        except TimeoutError:
            log("late at", int(asyncio.get_running_loop().time()))

    await moves()


async def limit_of_zero_and_a_body_that_does_not_wait():
    async def does_not_wait():
        log("a is there")

    await _limited("a", 0, does_not_wait())


async def limit_of_zero_and_a_body_that_waits():
    await _limited("a", 0, asyncio.sleep(1))


async def _event_after(delay):
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.call_later(delay, event.set)
    return event


async def event_is_set_in_the_iteration_of_the_limit():
    event = await _event_after(1)
    await _limited("a", 1, event.wait())


async def event_is_set_before_the_limit():
    event = await _event_after(0.5)
    await _limited("a", 1, event.wait())


async def limit_of_a_task_that_waits_for_a_lock():
    lock = asyncio.Lock()
    await lock.acquire()
    a = create_task(_limited("a", 1, lock.acquire()))
    await asyncio.sleep(2)
    lock.release()
    log("locked" if lock.locked() else "free")
    await a


async def limit_of_a_getter_loses_no_item():
    queue = asyncio.Queue()

    async def gets():
        log("got", await queue.get())

    await _limited("a", 1, gets())
    queue.put_nowait(1)
    log("left", queue.qsize())


async def cancellation_comes_before_the_limit():
    a = create_task(_limited("a", 5, asyncio.sleep(9)))
    await asyncio.sleep(1)
    a.cancel()
    log(await outcome(a))


async def another_error_passes():
    async def fails():
        await asyncio.sleep(1)
        log("a fails")
        raise Exception("boom")

    log(await outcome(create_task(_limited("a", 2, fails()))))


@needs(3, 12)
async def wait_for_of_zero():
    async def starts():
        log("a starts")
        await asyncio.sleep(0)
        log("a goes on")

    try:
        await asyncio.wait_for(starts(), 0)
    except TimeoutError:
        log("late")


async def wait_for_cancels_a_coroutine():
    try:
        await asyncio.wait_for(_waits("a", asyncio.sleep(9)), 1)
    except TimeoutError:
        log("late")


async def wait_for_a_task():
    a = create_task(_waits("a", asyncio.sleep(2)))
    try:
        await asyncio.wait_for(a, 1)
    except TimeoutError:
        log("late")
    await asyncio.sleep(2)


async def wait_for_in_time():
    log(await asyncio.wait_for(_waits("a", asyncio.sleep(1)), 2))


async def equal_limits_one_in_the_other():
    await _limited("outer", 1, _limited("inner", 1, asyncio.sleep(9)))


async def cancellation_before_the_limit_and_in_its_iteration():
    async def starts_late():
        await asyncio.sleep(0)
        await _limited("a", 1, asyncio.sleep(9))

    a = create_task(starts_late())
    await asyncio.sleep(1)
    log("main cancels")
    a.cancel()
    log(await outcome(a))


async def cancellation_after_the_limit_and_in_its_iteration():
    a = create_task(_limited("a", 1, asyncio.sleep(9)))
    await asyncio.sleep(0)
    await asyncio.sleep(1)
    log("main cancels" if a.cancel() else "too late")
    log(await outcome(a))


async def limit_of_what_is_gathered():
    try:
        async with asyncio.timeout(1):
            await asyncio.gather(_waits("a", asyncio.sleep(5)), _waits("b", asyncio.sleep(0)))
    except TimeoutError:
        log("late")


async def limit_of_a_notification():
    condition = asyncio.Condition()

    async def waits():
        async with condition:
            await condition.wait()

    await _limited("a", 1, waits())
    log("locked" if condition.locked() else "free")
