"""What mcp-use does with `/mcp` from the first 401 on: it logs in and calls a tool. Version 1.7 asks for the
scopes of the challenge alone, gets no refresh token by that, and ends its session where a tool wants more.
flows.py has the arguments."""

import asyncio
import socket

from flows import ISSUER, MORE, control, registrations, run
from mcp_use import MCPClient

[URL] = MORE


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


async def logs_in(**more):
    auth = {"callback_port": free_port(), **more}
    client = MCPClient(config={"mcpServers": {"demo": {"url": f"{ISSUER}/mcp", "auth": auth}}})
    session = await client.create_session("demo")
    assert [tool.name for tool in await session.list_tools()] == ["whoami", "write_note"]
    told = (await session.call_tool("whoami", {})).structuredContent
    assert (told["sub"], told["scope"]) == ("alice", "mcp:read"), told
    try:
        await session.call_tool("write_note", {"text": "milk"})
    except RuntimeError as e:
        assert "connection loss" in str(e), repr(e)
    else:
        raise AssertionError("mcp-use steps up now")
    await client.close_all_sessions()
    seen = control("requests?endpoint=mcp")["requests"]
    assert [one["client"] for one in seen if one["status"] == 403] == [told["client_id"]], seen
    return told["client_id"]


def registers():
    assert asyncio.run(logs_in()).startswith("client-")
    assert registrations() == 1


def has_a_document():
    assert asyncio.run(logs_in(client_metadata_url=URL)) == URL
    assert registrations() == 0


run(registers, has_a_document)
