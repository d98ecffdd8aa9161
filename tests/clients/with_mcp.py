"""What Python's SDK of the Model Context Protocol, and fastmcp on top of it, do with `/mcp` from the first 401
on: they log in, call a tool, step up to the scope of another, and refresh. flows.py has the arguments."""

import asyncio

import httpx2
from fastmcp import Client
from fastmcp.client.auth import OAuth
from flows import ISSUER, MORE, control, parameters, registrations, run
from mcp import ClientSession
from mcp.client.auth import OAuthClientProvider
from mcp.client.auth.oauth2 import AuthorizationCodeResult
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientMetadata

[URL] = MORE
READS = "mcp:read offline_access"
WRITES = "mcp:read offline_access mcp:write"


class Storage:
    """What an application keeps for the SDK."""

    tokens = client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client


class Browser:
    """Opens what the SDK asks for, and brings back what the server answers."""

    asked = 0

    async def open(self, url):
        self.asked += 1
        async with httpx2.AsyncClient() as client:
            response = await client.get(url)
        assert response.status_code == 303, response.text
        self.back = parameters(response.headers["location"])

    async def answer(self):
        return AuthorizationCodeResult(**self.back)


async def half_an_hour_passes(provider):
    """For the server, and for the SDK, which has a clock of its own."""
    control("clock", {"advance": "31m"})
    provider.context.token_expiry_time = 1


async def python_logs_in(url=None):
    storage, browser = Storage(), Browser()
    provider = OAuthClientProvider(
        server_url=f"{ISSUER}/mcp",
        client_metadata=OAuthClientMetadata(
            client_name="a test",
            redirect_uris=["http://localhost:3030/callback"],
            grant_types=["authorization_code", "refresh_token"],
        ),
        storage=storage,
        redirect_handler=browser.open,
        callback_handler=browser.answer,
        client_metadata_url=url,
    )
    async with (
        httpx2.AsyncClient(auth=provider) as http,
        streamable_http_client(f"{ISSUER}/mcp", http_client=http) as (reader, writer),
        ClientSession(reader, writer) as session,
    ):

        async def call(tool, **arguments):
            return (await session.call_tool(tool, arguments)).structured_content

        await session.initialize()
        tools = (await session.list_tools()).tools
        assert [tool.name for tool in tools] == ["whoami", "write_note"]
        told = await call("whoami")
        assert (told["sub"], told["scope"]) == ("alice", READS), told
        assert await call("write_note", text="milk") == {"id": 1}
        assert (await call("whoami"))["scope"] == WRITES
        assert browser.asked == 2
        before = storage.tokens.access_token
        await half_an_hour_passes(provider)
        assert (await call("whoami"))["scope"] == WRITES
        assert storage.tokens.access_token != before
        assert browser.asked == 2
    return told["client_id"]


async def fastmcp_logs_in(url=None):
    provider = OAuth(client_metadata_url=url) if url else OAuth()
    async with Client(f"{ISSUER}/mcp", auth=provider) as client:

        async def call(tool, **arguments):
            return (await client.call_tool(tool, arguments)).structured_content

        assert [tool.name for tool in await client.list_tools()] == ["whoami", "write_note"]
        told = await call("whoami")
        assert (told["sub"], told["scope"]) == ("alice", READS), told
        assert await call("write_note", text="milk") == {"id": 1}
        assert (await call("whoami"))["scope"] == WRITES
        asked = control("requests?endpoint=authorize")["count"]
        before = provider.context.current_tokens.access_token
        await half_an_hour_passes(provider)
        assert (await call("whoami"))["scope"] == WRITES
        assert provider.context.current_tokens.access_token != before
        assert control("requests?endpoint=authorize")["count"] == asked
    return told["client_id"]


def registers(logs_in):
    assert asyncio.run(logs_in()).startswith("client-")
    assert registrations() == 1


def has_a_document(logs_in):
    assert asyncio.run(logs_in(URL)) == URL
    assert registrations() == 0


def python_registers():
    registers(python_logs_in)


def python_has_a_document():
    has_a_document(python_logs_in)


def fastmcp_registers():
    registers(fastmcp_logs_in)


def fastmcp_has_a_document():
    has_a_document(fastmcp_logs_in)


run(python_registers, python_has_a_document, fastmcp_registers, fastmcp_has_a_document)
