"""Subprocesses: what they say, and how they end."""

import asyncio
from asyncio import create_subprocess_exec, create_subprocess_shell, create_task
from asyncio.subprocess import PIPE

from scenario import log, outcome


async def what_is_written_comes_back():
    child = await create_subprocess_exec("cat", stdin=PIPE, stdout=PIPE)
    output, _ = await child.communicate(b"one\ntwo\n")
    log(output, child.returncode)


async def output_and_errors_are_apart():
    child = await create_subprocess_shell("echo out; echo err >&2; exit 3", stdout=PIPE, stderr=PIPE)
    log(*await child.communicate(), child.returncode)


async def end_is_told_as_often_as_asked():
    child = await create_subprocess_shell("exit 7")
    log(child.returncode)
    log(await child.wait(), await child.wait(), child.returncode)


async def signals_are_negative():
    for send in ("terminate", "kill"):
        child = await create_subprocess_exec("cat", stdin=PIPE)
        getattr(child, send)()
        log(send, await child.wait())


async def lines_come_as_they_are_asked_for():
    child = await create_subprocess_exec("cat", stdin=PIPE, stdout=PIPE)
    for line in (b"one\n", b"two\n"):
        child.stdin.write(line)
        await child.stdin.drain()
        log(await child.stdout.readline())
    child.stdin.close()
    log(await child.stdout.readline(), await child.wait())


async def ends_are_told_in_their_order():
    children = [await create_subprocess_exec("cat", stdin=PIPE) for _ in "ab"]

    async def waits(name, child):
        log(name, "ends with", await child.wait())

    tasks = [create_task(waits(name, child)) for name, child in zip("ab", children)]
    for child, task in reversed(list(zip(children, tasks))):
        await asyncio.sleep(0)
        log("main closes the input")
        child.stdin.close()
        await task


async def who_waits_is_cancelled_and_the_child_goes_on():
    child = await create_subprocess_exec("cat", stdin=PIPE, stdout=PIPE)

    async def waits():
        try:
            await child.wait()
        finally:
            log("the waiter is left")

    waiter = create_task(waits())
    await asyncio.sleep(0)
    waiter.cancel()
    log(await outcome(waiter))
    output, _ = await child.communicate(b"still there")
    log(output, child.returncode)


async def no_such_program():
    try:
        await create_subprocess_exec("/there/is/no/such/program")
    except FileNotFoundError:
        log("not found")
