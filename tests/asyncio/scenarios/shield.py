"""Shielding: what goes on when the awaiter does not."""

import asyncio
from asyncio import create_task

from scenario import log, outcome


async def _saves(name, delay):
    try:
        log(name, "begins")
        await asyncio.sleep(delay)
        log(name, "has saved")
        return name
    finally:
        log(name, "is left")


async def awaiter_is_cancelled_and_the_inner_goes_on():
    async def awaits():
        try:
            await asyncio.shield(_saves("a", 2))
        finally:
            log("the awaiter is left")

    awaiter = create_task(awaits())
    await asyncio.sleep(1)
    awaiter.cancel()
    log(await outcome(awaiter))
    await asyncio.sleep(2)


async def result_comes_through():
    log(await asyncio.shield(_saves("a", 1)))


async def error_comes_through():
    async def fails():
        await asyncio.sleep(1)
        raise Exception("boom")

    log(await outcome(asyncio.shield(fails())))


async def inner_is_cancelled():
    inner = create_task(_saves("a", 5))
    outer = asyncio.shield(inner)
    await asyncio.sleep(1)
    inner.cancel()
    log(await outcome(outer))


async def limit_passes_and_the_inner_goes_on():
    try:
        async with asyncio.timeout(1):
            await asyncio.shield(_saves("a", 2))
    except TimeoutError:
        log("late")
    await asyncio.sleep(2)


async def inner_ends_as_the_awaiter_is_cancelled():
    event = asyncio.Event()

    async def waits():
        await event.wait()
        log("the inner goes on")

    async def awaits():
        try:
            await asyncio.shield(waits())
        finally:
            log("the awaiter is left")

    awaiter = create_task(awaits())
    await asyncio.sleep(1)
    event.set()
    awaiter.cancel()
    log(await outcome(awaiter))
