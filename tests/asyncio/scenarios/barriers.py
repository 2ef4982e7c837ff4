"""Barriers: who goes on, with which number."""

import asyncio
from asyncio import create_task

from scenario import log, outcome


async def _party(barrier, name):
    log(name, "arrives")
    try:
        number = await barrier.wait()
        log(name, "goes on as", number)
    except asyncio.BrokenBarrierError:
        log(name, "is told that it is broken")


async def all_go_on_when_the_last_has_come():
    barrier = asyncio.Barrier(3)
    tasks = [create_task(_party(barrier, name)) for name in "abc"]
    for task in tasks:
        await task


async def main_is_the_last():
    barrier = asyncio.Barrier(3)
    tasks = [create_task(_party(barrier, name)) for name in "ab"]
    await asyncio.sleep(0)
    log(barrier.n_waiting, "wait")
    await _party(barrier, "main")
    for task in tasks:
        await task


async def rounds_follow_each_other():
    barrier = asyncio.Barrier(2)

    async def rounds(name):
        for _ in range(3):
            await _party(barrier, name)

    tasks = [create_task(rounds(name)) for name in "ab"]
    for task in tasks:
        await task


async def who_comes_while_others_leave_is_of_the_next_round():
    barrier = asyncio.Barrier(2)
    tasks = [create_task(_party(barrier, name)) for name in "abcd"]
    for task in tasks:
        await task


async def one_for_one_party_takes_no_turn():
    barrier = asyncio.Barrier(1)
    a = create_task(_party(barrier, "a"))
    await _party(barrier, "main")
    await a


async def cancelled_party_leaves():
    barrier = asyncio.Barrier(3)
    a, b = [create_task(_party(barrier, name)) for name in "ab"]
    await asyncio.sleep(0)
    a.cancel()
    log("a", await outcome(a))
    log(barrier.n_waiting, "waits")
    rest = [create_task(_party(barrier, name)) for name in "cd"]
    for task in [b, *rest]:
        await task


async def reset_lets_those_who_wait_fail():
    barrier = asyncio.Barrier(3)
    tasks = [create_task(_party(barrier, name)) for name in "ab"]
    await asyncio.sleep(0)
    await barrier.reset()
    log("main has reset it")
    for task in tasks:
        await task
    for task in [create_task(_party(barrier, name)) for name in "cde"]:
        await task


async def abort_lets_all_fail_until_it_is_reset():
    barrier = asyncio.Barrier(2)
    a = create_task(_party(barrier, "a"))
    await asyncio.sleep(0)
    await barrier.abort()
    log("main has aborted it")
    await a
    await _party(barrier, "main")
    await barrier.reset()
    log("main has reset it")
    b = create_task(_party(barrier, "b"))
    await _party(barrier, "main")
    await b


async def released_party_is_cancelled():
    barrier = asyncio.Barrier(2)
    a = create_task(_party(barrier, "a"))
    await asyncio.sleep(0)
    await _party(barrier, "main")
    a.cancel()
    log("a", await outcome(a))
    b = create_task(_party(barrier, "b"))
    await _party(barrier, "main")
    await b


async def reset_reaches_those_who_were_released():
    barrier = asyncio.Barrier(2)
    a = create_task(_party(barrier, "a"))
    await asyncio.sleep(0)
    await _party(barrier, "main")
    await barrier.reset()
    await a
    b = create_task(_party(barrier, "b"))
    await _party(barrier, "main")
    await b


async def abort_reaches_those_who_come_while_others_leave():
    barrier = asyncio.Barrier(2)
    a = create_task(_party(barrier, "a"))
    await asyncio.sleep(0)
    await _party(barrier, "main")
    b = create_task(_party(barrier, "b"))
    await barrier.abort()
    await a
    await b
