"""Streams over the loopback interface: what is read, and how it ends."""

import asyncio

from scenario import log


async def _with_client(handler, client):
    """Runs a client against a server, which has a task for its one connection."""
    ended = asyncio.Event()

    async def serves(reader, writer):
        await handler(reader, writer)
        writer.close()
        ended.set()

    server = await asyncio.start_server(serves, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    await client(reader, writer)
    writer.close()
    await ended.wait()
    server.close()


async def _writes(writer, *pieces):
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    writer.write_eof()


async def _reads_all(reader, _):
    log("server has", await reader.read())


async def lines_and_their_echo():
    async def echoes(reader, writer):
        while line := await reader.readline():
            log("server has", line)
            writer.write(line)
            await writer.drain()
        log("server is at the end")

    async def client(reader, writer):
        for line in (b"one\n", b"two\n"):
            writer.write(line)
            await writer.drain()
            log("client has", await reader.readline())
        writer.write_eof()

    await _with_client(echoes, client)


async def pieces_of_a_known_length():
    async def handler(reader, _):
        log(await reader.readexactly(3))
        log(await reader.readexactly(4))
        log(await reader.read())

    async def client(_, writer):
        await _writes(writer, b"ab", b"cdefghij")

    await _with_client(handler, client)


async def too_few_bytes():
    async def handler(reader, _):
        try:
            await reader.readexactly(10)
        except asyncio.IncompleteReadError as error:
            log("only", error.partial, "of", error.expected)
        log("at the end" if reader.at_eof() else "goes on")

    async def client(_, writer):
        await _writes(writer, b"abc")

    await _with_client(handler, client)


async def pieces_up_to_a_separator():
    async def handler(reader, _):
        log(await reader.readuntil(b"--"))
        log(await reader.readuntil(b"--"))
        try:
            await reader.readuntil(b"--")
        except asyncio.IncompleteReadError as error:
            log("only", error.partial)

    async def client(_, writer):
        await _writes(writer, b"a-b--c-", b"-d")

    await _with_client(handler, client)


async def last_line_without_an_end():
    async def handler(reader, _):
        for _ in range(3):
            log(await reader.readline())

    async def client(_, writer):
        await _writes(writer, b"one\ntwo")

    await _with_client(handler, client)


async def nothing_is_sent():
    async def client(_, writer):
        await _writes(writer)

    await _with_client(_reads_all, client)


async def server_speaks_first_and_closes():
    async def handler(_, writer):
        writer.write(b"hello\n")

    async def client(reader, _):
        log("client has", await reader.readline())
        log("client has", await reader.read())

    await _with_client(handler, client)


async def reader_that_gives_up_loses_nothing():
    go_on = asyncio.Event()

    async def handler(reader, _):
        try:
            async with asyncio.timeout(0.02):
                await reader.readline()
        except TimeoutError:
            log("late")
        go_on.set()
        log(await reader.readline())

    async def client(_, writer):
        writer.write(b"half ")
        await go_on.wait()
        await _writes(writer, b"line\n")

    await _with_client(handler, client)
