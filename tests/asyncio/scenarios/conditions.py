"""Conditions: who is notified, and who has the lock then."""

import asyncio
from asyncio import create_task

from scenario import log, needs, outcome, yields


async def _waiter(condition, name):
    async with condition:
        log(name, "waits")
        await condition.wait()
        log(name, "goes on")


async def _contender(condition, name):
    async with condition:
        log(name, "has the lock")


async def notified_in_order():
    condition = asyncio.Condition()
    tasks = [create_task(_waiter(condition, name)) for name in "abcd"]
    await asyncio.sleep(0)
    for count in (1, 2, 5):
        async with condition:
            log("notify", count)
            condition.notify(count)
        await yields(3)
    for task in tasks:
        await task


async def notified_go_on_after_the_release():
    condition = asyncio.Condition()
    a, b = [create_task(_waiter(condition, name)) for name in "ab"]
    await asyncio.sleep(0)
    async with condition:
        condition.notify_all()
        log("main has notified")
        await yields(3)
        log("main releases")
    await a
    await b


async def notified_queue_behind_those_who_want_the_lock():
    condition = asyncio.Condition()
    a = create_task(_waiter(condition, "a"))
    await asyncio.sleep(0)
    async with condition:
        b = create_task(_contender(condition, "b"))
        await asyncio.sleep(0)
        condition.notify()
        c = create_task(_contender(condition, "c"))
        await yields(2)
    for task in (a, b, c):
        await task


async def notified_again_wait_again():
    condition = asyncio.Condition()

    async def waits_often(name):
        async with condition:
            for round in range(3):
                await condition.wait()
                log(name, "has round", round)

    a, b = create_task(waits_often("a")), create_task(waits_often("b"))
    await asyncio.sleep(0)
    while not (a.done() and b.done()):
        async with condition:
            log("main notifies")
            condition.notify()
        await asyncio.sleep(0)


async def wait_for_looks_first_and_after_each_notification():
    condition = asyncio.Condition()
    value = 0

    def is_enough():
        log("is", value, "enough?")
        return value >= 2

    async def waits():
        async with condition:
            await condition.wait_for(is_enough)
            log("a goes on")

    a = create_task(waits())
    await asyncio.sleep(0)
    for _ in range(2):
        async with condition:
            value += 1
            log("main notifies")
            condition.notify()
        await yields(2)
    await a


async def notification_without_waiters_is_lost():
    condition = asyncio.Condition()
    async with condition:
        condition.notify_all()
    a = create_task(_waiter(condition, "a"))
    await yields(3)
    log("ended" if a.done() else "not yet")
    async with condition:
        condition.notify()
    await a


async def cancelled_waiter_is_not_notified():
    condition = asyncio.Condition()
    a, b = [create_task(_waiter(condition, name)) for name in "ab"]
    await asyncio.sleep(0)
    a.cancel()
    await asyncio.sleep(0)
    async with condition:
        condition.notify()
    log("a", await outcome(a))
    log("b", await outcome(b))


@needs(3, 13)
async def notification_of_a_cancelled_waiter_goes_on():
    condition = asyncio.Condition()
    a, b = [create_task(_waiter(condition, name)) for name in "ab"]
    await asyncio.sleep(0)
    async with condition:
        condition.notify()
        await asyncio.sleep(0)
        log("main cancels a")
        a.cancel()
    log("a", await outcome(a))
    log("b", await outcome(b))


async def cancelled_waiter_has_the_lock_once_more():
    condition = asyncio.Condition()
    a = create_task(_waiter(condition, "a"))
    await asyncio.sleep(0)
    async with condition:
        a.cancel()
        await yields(3)
        log("ended" if a.done() else "not yet")
    log(await outcome(a))


@needs(3, 13)
async def wait_for_is_cancelled():
    condition = asyncio.Condition()

    async def waits():
        async with condition:
            try:
                await condition.wait_for(lambda: False)
            finally:
                log("a is left")

    a, b = create_task(waits()), create_task(_waiter(condition, "b"))
    await asyncio.sleep(0)
    a.cancel()
    log("a", await outcome(a))
    async with condition:
        condition.notify()
    await b


async def contender_comes_before_who_is_notified_later():
    condition = asyncio.Condition()
    a = create_task(_waiter(condition, "a"))
    await asyncio.sleep(0)
    async with condition:
        condition.notify()
    await _contender(condition, "main")
    await a


async def notifier_waits_itself():
    condition = asyncio.Condition()

    async def relays(name):
        async with condition:
            log(name, "waits")
            await condition.wait()
            log(name, "notifies the next")
            condition.notify()

    tasks = [create_task(relays(name)) for name in "abc"]
    await asyncio.sleep(0)
    async with condition:
        condition.notify()
    for task in tasks:
        await task
