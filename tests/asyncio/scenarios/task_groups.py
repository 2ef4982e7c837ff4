"""Task groups: who is cancelled, when the group is over, which errors it has.

A group keeps its tasks in a set: in which order it cancels several is not to be seen here.
"""

import asyncio
from asyncio import TaskGroup, create_task

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
    if delay:
        await asyncio.sleep(delay)
    log(name, "fails")
    raise Exception(name)


async def _errors(group):
    try:
        await group
        log("no errors")
    except ExceptionGroup as errors:
        log("errors:", *errors.exceptions)


async def waits_for_all():
    async with TaskGroup() as group:
        a, b = group.create_task(_child("a", 2)), group.create_task(_child("b", 1))
        log("the body ends")
    log("the group ends with", a.result(), b.result())


async def children_start_after_what_is_ready():
    other = create_task(ticks(2))
    async with TaskGroup() as group:
        for name in "abc":
            group.create_task(_child(name))
    await other


async def child_starts_another():
    async def starts(group):
        await asyncio.sleep(1)
        log("a starts b")
        group.create_task(_child("b", 1))

    async with TaskGroup() as group:
        group.create_task(starts(group))
    log("the group ends")


async def nothing_in_it_takes_no_turn():
    other = create_task(ticks(1))
    async with TaskGroup():
        log("the body ends")
    log("the group ends")
    await other


async def failing_child_cancels_the_others():
    async def runs():
        async with TaskGroup() as group:
            group.create_task(_child("a", 5))
            group.create_task(_fails("b", 1))
            log("the body ends")

    await _errors(runs())


async def failing_child_cancels_the_body():
    async def runs():
        async with TaskGroup() as group:
            group.create_task(_fails("a", 1))
            try:
                await asyncio.sleep(5)
            finally:
                log("the body is left")

    await _errors(runs())


async def failing_body_cancels_the_children():
    async def runs():
        async with TaskGroup() as group:
            group.create_task(_child("a", 5))
            await asyncio.sleep(1)
            log("the body fails")
            raise Exception("body")

    await _errors(runs())


async def failing_body_leaves_what_has_not_begun():
    async def runs():
        async with TaskGroup() as group:
            group.create_task(_child("a", 5))
            log("the body fails")
            raise Exception("body")

    await _errors(runs())


async def sibling_that_is_due_in_the_iteration_of_the_failure():
    async def runs():
        async with TaskGroup() as group:
            group.create_task(_fails("a"))
            group.create_task(_child("b", 5))

    await _errors(runs())


async def several_fail_in_one_iteration():
    async def runs():
        async with TaskGroup() as group:
            for name in "abc":
                group.create_task(_fails(name))

    await _errors(runs())


async def child_of_a_failing_group_that_starts_another():
    async def starts(group):
        log("b starts c")
        group.create_task(_child("c", 5))
        await asyncio.sleep(5)

    async def runs():
        async with TaskGroup() as group:
            group.create_task(_fails("a"))
            group.create_task(starts(group))

    await _errors(runs())


async def cancelled_child_is_no_error():
    async def runs():
        async with TaskGroup() as group:
            a = group.create_task(_child("a", 5))
            group.create_task(_child("b", 2))
            await asyncio.sleep(1)
            a.cancel()
            log("a", await outcome(a))

    await _errors(runs())


async def group_is_cancelled_while_it_waits():
    async def runs():
        try:
            async with TaskGroup() as group:
                group.create_task(_child("a", 5))
        finally:
            log("the group is left")

    task = create_task(runs())
    await asyncio.sleep(1)
    task.cancel()
    log(await outcome(task))


async def group_is_cancelled_in_its_body():
    async def runs():
        async with TaskGroup() as group:
            group.create_task(_child("a", 5))
            try:
                await asyncio.sleep(5)
            finally:
                log("the body is left")

    task = create_task(runs())
    await asyncio.sleep(1)
    task.cancel()
    log(await outcome(task))


async def inner_group_fails():
    async def inner():
        async with TaskGroup() as group:
            group.create_task(_child("b", 5))
            group.create_task(_fails("c", 1))

    async def runs():
        async with TaskGroup() as group:
            group.create_task(_child("a", 5))
            group.create_task(inner())

    try:
        await runs()
    except ExceptionGroup as errors:
        log("errors:", len(errors.exceptions))


async def limit_of_a_group():
    try:
        async with asyncio.timeout(1):
            async with TaskGroup() as group:
                group.create_task(_child("a", 5))
    except TimeoutError:
        log("late")


async def goes_on_after_the_last():
    other = create_task(ticks(6))
    async with TaskGroup() as group:
        group.create_task(yields(1))
        group.create_task(yields(2))
    log("the group ends")
    await other


async def body_awaits_the_child_that_fails():
    async def runs():
        async with TaskGroup() as group:
            a = group.create_task(_fails("a", 1))
            try:
                await a
            finally:
                log("the body is left")

    await _errors(runs())


async def child_fails_as_the_body_ends():
    async def runs():
        async with TaskGroup() as group:
            group.create_task(_fails("a", 1))
            await asyncio.sleep(1)
            log("the body ends")

    await _errors(runs())


async def body_fails_as_a_child_fails():
    async def runs():
        async with TaskGroup() as group:
            group.create_task(_fails("a"))
            await asyncio.sleep(0)
            log("the body fails")
            raise Exception("body")

    await _errors(runs())


async def sibling_fails_in_its_clean_up():
    async def fails_late():
        try:
            await asyncio.sleep(5)
        finally:
            log("b fails")
            raise Exception("b")

    async def runs():
        async with TaskGroup() as group:
            group.create_task(_fails("a", 1))
            group.create_task(fails_late())

    await _errors(runs())


async def groups_one_after_the_other():
    for name in "ab":
        async with TaskGroup() as group:
            group.create_task(_child(name, 1))
        log("group", name, "ends")


async def awaiter_of_a_child_and_the_group():
    async with TaskGroup() as group:
        a = group.create_task(_child("a", 1))
        other = create_task(outcome(a))
        other.add_done_callback(lambda _: log("the awaiter has it"))
    log("the group ends")
    await other
