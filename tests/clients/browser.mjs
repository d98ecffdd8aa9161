// A browser with a person before it: cookies, forms with their hidden fields, and no script.

import assert from "node:assert/strict";

export const CALLBACK = "http://127.0.0.1:9/callback";
export const LOGGED_OUT = "http://127.0.0.1:9/";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };
const plain = (text) => text.replace(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES[entity]);

class Browser {
  #cookies = new Map();

  // Follows redirects until there is a page, or the way leads back to the client.
  async open(url, init = {}) {
    for (;;) {
      if ([CALLBACK, LOGGED_OUT].includes(url.href.split("?", 1)[0])) return new Request(url, init);
      const cookie = [...this.#cookies].map((pair) => pair.join("=")).join("; ");
      const response = await fetch(url, {
        ...init,
        redirect: "manual",
        headers: { ...init.headers, Accept: "text/html", ...(cookie && { Cookie: cookie }) },
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
        this.#cookies.set(name, value);
      }
      const location = response.headers.get("location");
      if (location === null) return { url, response, html: await response.text() };
      [url, init] = [new URL(location, url), {}];
    }
  }

  // Fills in the form of a page, and posts it from there.
  async fill({ url, response, html }, fields) {
    assert.equal(response.status, 200, html);
    const action = new URL(plain(/<form [^>]*action="([^"]*)"/.exec(html)[1]), url);
    const hidden = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
    const form = new URLSearchParams(fields);
    for (const [, name, value] of hidden) form.set(plain(name), plain(value));
    return this.open(action, { method: "POST", body: form, headers: { Origin: url.origin } });
  }
}

// Enters the code of a device as alice, and decides.
export async function onDevice({ verification_uri, user_code }, decision = "allow") {
  const browser = new Browser();
  const page = await browser.open(new URL(verification_uri));
  const login = await browser.fill(page, { user_code });
  const consent = await browser.fill(login, { username: "alice", password: "wonderland" });
  return browser.fill(consent, { decision });
}

// Opens an authorization request as alice, and gives the request that leads back to the client.
export async function asAlice(authorizationUrl, decision = "allow", browser = new Browser()) {
  const login = await browser.open(authorizationUrl);
  const consent = await browser.fill(login, { username: "alice", password: "wonderland" });
  const answer = await browser.fill(consent, { decision });
  return answer instanceof Request ? answer : browser.fill(answer, {});
}

// Opens an authorization request as alice, then the way out that is made of its answer; gives where that
// leads, and the page that the same request has afterwards.
export async function asAliceWhoLeaves(authorizationUrl, wayOut) {
  const browser = new Browser();
  const back = await asAlice(authorizationUrl, "allow", browser);
  const left = await browser.open(await wayOut(back));
  const { html } = await browser.open(authorizationUrl);
  return { left, html };
}
