"""Callbacks: in which turn they are called."""

import asyncio
import threading
from asyncio import create_task

from scenario import log, outcome, ticks, yields


def _says(what):
    return lambda *_: log(what)


async def _ends(name, turns=0):
    await yields(turns)
    log(name, "ends")
    return name


async def are_called_in_the_order_of_registration():
    a = create_task(_ends("a"))
    for number in range(3):
        a.add_done_callback(_says(f"callback {number}"))
    await yields(2)


async def are_called_in_the_iteration_after_the_end():
    a = create_task(_ends("a", 1))
    a.add_done_callback(_says("callback"))
    await ticks(4)


async def of_a_task_that_has_ended():
    a = create_task(_ends("a"))
    await asyncio.sleep(0)
    a.add_done_callback(_says("callback"))
    log("registered")
    await ticks(2)


async def of_tasks_that_end_in_one_iteration():
    for name in "abc":
        create_task(_ends(name)).add_done_callback(_says(f"{name} called back"))
    await yields(2)


async def of_a_cancelled_task():
    async def waits():
        try:
            await asyncio.Event().wait()
        finally:
            log("a is left")

    a = create_task(waits())
    a.add_done_callback(_says("callback"))
    await asyncio.sleep(0)
    a.cancel()
    await ticks(3)


async def that_start_tasks():
    a = create_task(_ends("a"))
    a.add_done_callback(lambda _: create_task(_ends("started by a callback")))
    a.add_done_callback(_says("second callback"))
    await ticks(4)


async def that_register_others():
    a = create_task(_ends("a"))
    a.add_done_callback(lambda a: a.add_done_callback(_says("late callback")))
    a.add_done_callback(_says("second callback"))
    await ticks(4)


async def that_fail():
    def fails(_):
        log("first callback")
        raise Exception("boom")

    a = create_task(_ends("a"))
    a.add_done_callback(fails)
    a.add_done_callback(_says("second callback"))
    log(await outcome(a))
    await yields(1)


async def come_before_an_awaiter_that_comes_later():
    async def awaits():
        log("the awaiter has", await a)

    a = create_task(_ends("a", 1))
    a.add_done_callback(_says("callback"))
    await create_task(awaits())


async def come_after_an_awaiter_that_came_first():
    async def awaits():
        log("the awaiter has", await a)

    a = create_task(_ends("a", 2))
    awaiter = create_task(awaits())
    await asyncio.sleep(0)
    a.add_done_callback(_says("callback"))
    await awaiter
    await yields(1)


async def call_soon_threadsafe_has_its_place_in_the_order():
    loop = asyncio.get_running_loop()
    a = create_task(_ends("a"))
    loop.call_soon_threadsafe(_says("called"))
    b = create_task(_ends("b"))
    await a
    await b


async def call_soon_threadsafe_of_a_thread():
    loop, gate = asyncio.get_running_loop(), threading.Event()

    async def opens():
        gate.set()

    def calls():
        gate.wait()
        for number in range(3):
            loop.call_soon_threadsafe(_says(f"call {number}"))

    create_task(opens())
    await asyncio.to_thread(calls)
    log("main goes on")


async def thread_that_gives_a_result():
    def computes():
        return 42

    log("main has", await asyncio.to_thread(computes))


async def thread_that_starts_a_task():
    loop = asyncio.get_running_loop()

    def starts():
        return asyncio.run_coroutine_threadsafe(_ends("a", 1), loop).result()

    log("the thread has", await asyncio.to_thread(starts))
