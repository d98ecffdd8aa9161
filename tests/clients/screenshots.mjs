// Makes pictures of every page, on a phone and at a desk, in light and dark. By hand:
//
//     jott serve-demo &
//     node tests/clients/screenshots.mjs target/clients http://127.0.0.1:8000 FOLDER

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { close, visit } from "./chromium.mjs";
import { PAGES } from "./every_page.mjs";
import { name as folder } from "./flows.mjs";

await mkdir(folder, { recursive: true });
for (const [page, go] of Object.entries(PAGES)) {
  for (const width of [360, 1280]) {
    for (const colorScheme of ["light", "dark"]) {
      const options = { colorScheme, viewport: { width, height: 800 }, check: () => {} };
      await visit(options, async (person, client) => {
        await go(person, client);
        await person.page.evaluate(() => scrollTo(0, 0));
        const path = join(folder, `${page}-${width}-${colorScheme}.png`);
        await person.page.screenshot({ path, fullPage: true });
      });
    }
  }
}
await close();
