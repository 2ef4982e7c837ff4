"""Tasks: when they start, in what turn they run, who learns of their end."""

import asyncio
from asyncio import create_task

from scenario import log, needs, outcome, yields


async def _steps(name, count):
    for step in range(count):
        log(name, step)
        await asyncio.sleep(0)
    log(name, "ends")
    return name


async def start_order():
    async def start(name):
        log(name, "starts")
        return name

    tasks = [create_task(start(name)) for name in "abc"]
    log("main goes on")
    for task in reversed(tasks):
        log(await outcome(task), "is awaited")


async def zero_sleeps_interleave():
    a, b = create_task(_steps("a", 3)), create_task(_steps("b", 2))
    for step in range(4):
        log("main", step)
        await asyncio.sleep(0)
    log(await a, await b)


async def child_starts_after_what_is_ready():
    async def parent():
        child = create_task(_steps("child", 1))
        log("parent has a child")
        await child
        log("parent has no child")

    a, b = create_task(parent()), create_task(_steps("b", 3))
    await a
    await b


async def ended_task_is_awaited_without_a_turn():
    a = create_task(_steps("a", 0))
    await asyncio.sleep(0)
    b = create_task(_steps("b", 0))
    log("main has", await a)
    await b


async def awaiter_comes_after_what_is_ready():
    async def ends():
        create_task(_steps("early", 1))
        await asyncio.sleep(0)
        log("a ends")
        create_task(_steps("late", 1))

    await create_task(ends())
    log("main has a")
    await yields(2)


async def chain_takes_an_iteration_for_each():
    async def link(depth):
        if depth > 0:
            await create_task(link(depth - 1))
        log("link", depth, "ends")

    create_task(_steps("tick", 7))
    await link(3)
    log("main has all")


async def exception_goes_to_the_awaiter():
    async def fails():
        log("a fails")
        raise Exception("boom")

    a, b = create_task(fails()), create_task(_steps("b", 2))
    log("a", await outcome(a))
    log("b", await outcome(b))


async def all_tasks_counts_those_that_have_not_ended():
    tasks = [create_task(_steps(name, 1)) for name in "ab"]
    log(len(asyncio.all_tasks()))
    await tasks[0]
    log(len(asyncio.all_tasks()))
    await tasks[1]
    log(len(asyncio.all_tasks()))


async def leftover_is_cancelled_when_main_ends():
    async def waits():
        try:
            log("a waits")
            await asyncio.Event().wait()
        finally:
            log("a is dropped")

    create_task(waits())
    await asyncio.sleep(0)
    log("main ends")


async def leftover_that_was_just_started_has_a_turn():
    async def waits():
        try:
            log("a waits")
            await asyncio.Event().wait()
        finally:
            log("a is dropped")

    create_task(waits())
    log("main ends")


async def leftover_of_a_leftover_does_not_start():
    async def starts():
        log("a starts")
        create_task(_steps("b", 0))
        await asyncio.sleep(0)
        log("a goes on")

    create_task(starts())
    log("main ends")


async def leftover_that_yields_has_two_turns():
    async def yields_often():
        try:
            for step in range(5):
                log("a", step)
                await asyncio.sleep(0)
        finally:
            log("a is dropped")

    create_task(yields_often())
    await asyncio.sleep(0)
    log("main ends")


@needs(3, 12)
async def eager_task_runs_before_its_starter():
    loop = asyncio.get_running_loop()
    b = create_task(_steps("b", 1))
    a = asyncio.Task(_steps("a", 2), loop=loop, eager_start=True)
    log("main goes on")
    await a
    await b


@needs(3, 12)
async def eager_task_that_ends_at_once():
    loop = asyncio.get_running_loop()
    b = create_task(_steps("b", 0))
    a = asyncio.Task(_steps("a", 0), loop=loop, eager_start=True)
    log("a has ended" if a.done() else "a goes on")
    log("main has", await a)
    await b


async def context_is_copied_when_a_task_starts():
    import contextvars

    var = contextvars.ContextVar("var")
    var.set("main")

    async def child(name):
        log(name, "has", var.get())
        var.set(name)
        await asyncio.sleep(0)
        log(name, "has", var.get())

    a = create_task(child("a"))
    var.set("changed")
    b = create_task(child("b"))
    await a
    await b
    log("main has", var.get())
