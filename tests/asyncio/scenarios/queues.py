"""Queues: who gets what, and who may put."""

import asyncio
from asyncio import create_task

from scenario import log, needs, outcome, yields


async def _getter(queue, name):
    item = await queue.get()
    log(name, "gets", item)
    return item


async def _putter(queue, item):
    await queue.put(item)
    log("put", item)


async def _shut_down(what, task):
    try:
        await task
    except asyncio.QueueShutDown:
        log(what, "is shut down")


async def getters_are_served_in_order():
    queue = asyncio.Queue()
    tasks = [create_task(_getter(queue, name)) for name in "abc"]
    await asyncio.sleep(0)
    for item in (1, 2, 3):
        queue.put_nowait(item)
    log("main has put three")
    for task in tasks:
        await task


async def putters_are_served_in_order():
    queue = asyncio.Queue(1)
    tasks = [create_task(_putter(queue, item)) for item in (1, 2, 3)]
    await asyncio.sleep(0)
    for _ in range(3):
        log("main gets", await queue.get())
    for task in tasks:
        await task


async def room_and_items_take_no_turn():
    queue = asyncio.Queue(2)
    other = create_task(_getter(asyncio.Queue(), "nobody"))
    log_turn = create_task(_putter(asyncio.Queue(), "elsewhere"))
    await queue.put(1)
    await queue.put(2)
    log("main gets", await queue.get(), await queue.get())
    await log_turn
    other.cancel()


async def newcomer_overtakes_a_woken_getter():
    queue = asyncio.Queue()
    a = create_task(_getter(queue, "a"))
    await asyncio.sleep(0)
    queue.put_nowait(1)
    log("main gets", queue.get_nowait())
    await yields(2)
    log("ended" if a.done() else "a waits again")
    queue.put_nowait(2)
    await a


async def overtaken_getter_is_last_then():
    queue = asyncio.Queue()
    a, b = [create_task(_getter(queue, name)) for name in "ab"]
    await asyncio.sleep(0)
    queue.put_nowait(1)
    log("main gets", queue.get_nowait())
    await asyncio.sleep(0)
    queue.put_nowait(2)
    queue.put_nowait(3)
    await a
    await b


async def newcomer_overtakes_a_woken_putter():
    queue = asyncio.Queue(1)
    queue.put_nowait(1)
    a = create_task(_putter(queue, 2))
    await asyncio.sleep(0)
    log("main gets", queue.get_nowait())
    queue.put_nowait(3)
    await yields(2)
    log("ended" if a.done() else "a waits again")
    log("main gets", queue.get_nowait())
    await a
    log("main gets", queue.get_nowait())


async def one_place_makes_them_alternate():
    queue = asyncio.Queue(1)

    async def produces():
        for item in range(4):
            await queue.put(item)
            log("put", item)

    async def consumes():
        for _ in range(4):
            log("got", await queue.get())

    producer, consumer = create_task(produces()), create_task(consumes())
    await producer
    await consumer


async def producers_and_consumers_take_turns():
    queue = asyncio.Queue(2)

    async def produces(name):
        for item in range(3):
            await queue.put(f"{name}{item}")
            log(name, "put", item)

    async def consumes(name):
        while True:
            log(name, "got", await queue.get())
            queue.task_done()

    tasks = [create_task(produces(name)) for name in "ab"]
    consumers = [create_task(consumes(name)) for name in "xy"]
    for task in tasks:
        await task
    await queue.join()
    log("all is done")
    for consumer in consumers:
        consumer.cancel()


async def cancelled_getter_is_passed_over():
    queue = asyncio.Queue()
    a, b = [create_task(_getter(queue, name)) for name in "ab"]
    await asyncio.sleep(0)
    a.cancel()
    await asyncio.sleep(0)
    queue.put_nowait(1)
    log("a", await outcome(a))
    log("b", await outcome(b))


async def item_of_a_cancelled_getter_goes_on():
    queue = asyncio.Queue()
    a, b = [create_task(_getter(queue, name)) for name in "ab"]
    await asyncio.sleep(0)
    queue.put_nowait(1)
    a.cancel()
    log("a", await outcome(a))
    log("b", await outcome(b))


async def room_of_a_cancelled_putter_goes_on():
    queue = asyncio.Queue(1)
    queue.put_nowait(1)
    a, b = [create_task(_putter(queue, item)) for item in (2, 3)]
    await asyncio.sleep(0)
    log("main gets", queue.get_nowait())
    a.cancel()
    log("a", await outcome(a))
    log("b", await outcome(b))
    log("main gets", queue.get_nowait())


async def getter_is_cancelled_in_the_turn_of_the_put():
    queue = asyncio.Queue()
    a, b = [create_task(_getter(queue, name)) for name in "ab"]
    await asyncio.sleep(0)
    a.cancel()
    queue.put_nowait(1)
    log("a", await outcome(a))
    log("b", await outcome(b))


async def join_waits_for_the_work():
    queue = asyncio.Queue()
    for item in (1, 2):
        queue.put_nowait(item)

    async def joins():
        await queue.join()
        log("joined")

    joiner = create_task(joins())
    for _ in range(2):
        await asyncio.sleep(0)
        log("main gets", queue.get_nowait())
        await asyncio.sleep(0)
        queue.task_done()
        log("main has done it")
    await joiner
    await queue.join()
    log("joined again")


async def put_after_the_last_task_done_and_before_the_joiner():
    queue = asyncio.Queue()
    queue.put_nowait(1)

    async def joins():
        await queue.join()
        log("joined")

    joiner = create_task(joins())
    await asyncio.sleep(0)
    queue.get_nowait()
    queue.task_done()
    queue.put_nowait(2)
    await yields(3)
    log("ended" if joiner.done() else "not yet")
    queue.get_nowait()
    queue.task_done()
    await joiner


async def priority_and_stack():
    priority, stack = asyncio.PriorityQueue(), asyncio.LifoQueue()
    for item in (3, 1, 2):
        priority.put_nowait(item)
        stack.put_nowait(item)
    for _ in range(3):
        log(priority.get_nowait(), stack.get_nowait())


async def late_items_come_in_the_order_of_the_priority():
    queue = asyncio.PriorityQueue()
    a, b = [create_task(_getter(queue, name)) for name in "ab"]
    await asyncio.sleep(0)
    queue.put_nowait(2)
    queue.put_nowait(1)
    await a
    await b


async def full_and_empty():
    queue = asyncio.Queue(1)
    queue.put_nowait(1)
    try:
        queue.put_nowait(2)
    except asyncio.QueueFull:
        log("full")
    log(queue.get_nowait())
    try:
        queue.get_nowait()
    except asyncio.QueueEmpty:
        log("empty")


@needs(3, 13)
async def shutdown_lets_what_is_queued_out():
    queue = asyncio.Queue(2)
    queue.put_nowait(1)
    queue.put_nowait(2)
    a = create_task(_shut_down("a", _putter(queue, 3)))
    await asyncio.sleep(0)
    queue.shutdown()
    log("main shuts down")
    await _shut_down("main", queue.put(4))
    log("main gets", await queue.get(), await queue.get())
    await _shut_down("main", queue.get())
    await a


@needs(3, 13)
async def shutdown_wakes_getters_in_order():
    queue = asyncio.Queue()
    tasks = [create_task(_shut_down(name, _getter(queue, name))) for name in "abc"]
    await asyncio.sleep(0)
    queue.put_nowait(1)
    queue.shutdown()
    for task in tasks:
        await task


@needs(3, 13)
async def immediate_shutdown_drops_what_is_queued():
    queue = asyncio.Queue(2)
    queue.put_nowait(1)
    queue.put_nowait(2)

    async def joins():
        await queue.join()
        log("joined")

    a = create_task(_shut_down("a", _putter(queue, 3)))
    joiner = create_task(joins())
    await asyncio.sleep(0)
    queue.shutdown(immediate=True)
    log("main shuts down", queue.qsize())
    await _shut_down("main", queue.get())
    await a
    await joiner
