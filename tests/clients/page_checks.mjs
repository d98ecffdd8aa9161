// What holds of every page, at every width, in every colour.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { file } from "./flows.mjs";

const AXE = readFileSync(file("axe-core/axe.min.js"), "utf8");

// As an expression, which is no inline script: the policy of the pages would not let one in.
const addAxe = (page) => page.evaluate(`globalThis.axe ?? (() => { ${AXE} })(); undefined`);

// All rules of axe-core but those for the level AAA of WCAG, those that are gone, and the one that
// asks for hidden things to be shown. Forced colours it does not see.
async function checkAccessibility(page) {
  await addAxe(page);
  const found = await page.evaluate(async () => {
    const isForced = matchMedia("(forced-colors: active)").matches;
    const isLeftOut = ({ ruleId, tags }) =>
      tags.some((tag) => tag === "deprecated" || /^wcag2\d?aaa$/.test(tag)) ||
      ruleId === "hidden-content" ||
      (isForced && ruleId === "color-contrast");
    const rules = axe.getRules().filter((rule) => !isLeftOut(rule));
    // Scrolled down, what stays at the top hides something.
    scrollTo({ top: 0, behavior: "instant" });
    const { violations, incomplete } = await axe.run({
      runOnly: rules.map(({ ruleId }) => ruleId),
    });
    // What lies below the text of a picture is for `checkPictures`, and an arrow is no text.
    const isKnown = (id, { html, any }) =>
      id === "color-contrast" && (/^<text\b/.test(html) || any[0]?.data?.messageKey === "nonBmp");
    const told = (kind, results) =>
      results.flatMap(({ id, help, nodes }) =>
        nodes
          .filter((node) => !isKnown(id, node))
          .map(({ html, any, all, none }) => {
            const why = [...any, ...all, ...none].map(({ message }) => message);
            return `${kind}: ${id}: ${help}: ${html} ${why.join("; ")}`;
          }),
      );
    return [...told("wrong", violations), ...told("unclear", incomplete)];
  });
  assert.deepEqual(found, [], page.url());
}

// The text of a picture can be read on the shape that it is grouped with, or before (WCAG 1.4.3).
async function checkPictures(page) {
  const found = await page.evaluate(() => {
    const { Color, getContrast } = axe.commons.color;
    const fill = (element) => {
      const color = new Color();
      color.parseString(getComputedStyle(element).fill);
      return color;
    };
    return [...document.querySelectorAll("svg text")].flatMap((text) => {
      const shape = text.parentElement.querySelector("rect, circle");
      const contrast = getContrast(fill(shape), fill(text));
      return contrast < 4.5 ? [`${contrast}: ${text.outerHTML}`] : [];
    });
  });
  assert.deepEqual(found, [], page.url());
}

// What can be reached with the Tab key.
const STOPS =
  "a[href], button:enabled, input:enabled:not([type=hidden]), select:enabled, textarea:enabled, summary, [tabindex='0']";

// Nothing has to be scrolled sideways (WCAG 1.4.10), and what can be pressed is large enough
// (2.5.8); of links in a text axe-core checks that they are far enough from each other.
async function checkSizes(page) {
  const found = await page.evaluate((stops) => {
    const found = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
      const wide = [...document.querySelectorAll("body *")].filter(
        (element) => element.getBoundingClientRect().right > clientWidth,
      );
      found.push(
        `${scrollWidth} > ${clientWidth}: ${wide.map(({ outerHTML }) => outerHTML.slice(0, 200))}`,
      );
    }
    const isInText = (element) =>
      element.matches("a") && getComputedStyle(element).display === "inline";
    for (const element of document.querySelectorAll(stops)) {
      const { width, height } = element.getBoundingClientRect();
      const isSmall = width < 24 || height < 24;
      if (element.checkVisibility() && isSmall && !isInText(element)) {
        found.push(`${width} x ${height}: ${element.outerHTML}`);
      }
    }
    return found;
  }, STOPS);
  assert.deepEqual(found, [], page.url());
}

// Nothing sticks out of what it is in, where it would lie over something else.
async function checkBoxes(page) {
  const found = await page.evaluate(() => {
    const isBox = (element) => {
      const { display, overflow } = getComputedStyle(element);
      return /^(block|list-item|flex|grid)$/.test(display) && overflow === "visible";
    };
    const sticksOut = (element) => {
      const inner = element.getBoundingClientRect();
      const outer = element.parentElement.getBoundingClientRect();
      return (
        inner.left < outer.left - 1 ||
        inner.right > outer.right + 1 ||
        inner.top < outer.top - 1 ||
        inner.bottom > outer.bottom + 1
      );
    };
    return [...document.querySelectorAll("main *")]
      .filter((element) => element.checkVisibility() && !element.closest("svg"))
      .filter((element) => isBox(element.parentElement) && sticksOut(element))
      .map(({ outerHTML }) => outerHTML);
  });
  assert.deepEqual(found, [], page.url());
}

// Where somebody wants nothing to move, nothing does.
async function checkStillness(page) {
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll("*")]
      .filter((element) => {
        const { transitionDuration, animationName } = getComputedStyle(element);
        return transitionDuration !== "0s" || animationName !== "none";
      })
      .map(({ outerHTML }) => outerHTML),
  );
  assert.deepEqual(moving, [], page.url());
}

// What can be seen without axe-core, which needs scripts.
export async function checkLayout(page) {
  await checkSizes(page);
  await checkBoxes(page);
  await checkStillness(page);
}

export async function checkPage(page) {
  await checkLayout(page);
  await checkAccessibility(page);
  await checkPictures(page);
}

// The Tab key leads to everything that can be used, in the order of the page, and on from there;
// where it leads is seen (WCAG 2.1.1, 2.1.2, 2.4.3, 2.4.7, 2.4.11, 1.4.11).
export async function checkKeyboard(page) {
  await addAxe(page);
  const expected = await page.evaluate((stops) => {
    const all = [...document.querySelectorAll("*")];
    const isStop = (element) => element.matches(stops) && element.checkVisibility();
    return all.flatMap((element, place) => (isStop(element) ? [place] : []));
  }, STOPS);
  const visited = [];
  // Once around, by way of the browser's own buttons.
  for (let presses = 0; presses < expected.length + 2; presses += 1) {
    await page.keyboard.press("Tab");
    const { place, problems, name } = await page.evaluate(look);
    if (place === undefined) continue;
    assert.deepEqual(problems, [], page.url());
    if (place === visited[0]?.place) break;
    visited.push({ place, name });
  }
  const start = visited.findIndex(({ place }) => place === expected[0]);
  const inOrder = [...visited.slice(start), ...visited.slice(0, start)];
  assert.deepEqual(
    inOrder.map(({ place }) => place),
    expected,
    `${page.url()}: ${visited.map(({ name }) => name).join(", ")}`,
  );
}

// Where the focus is, and what is wrong with how it is shown.
function look() {
  const element = document.activeElement;
  if (element === null || element === document.body) return {};
  const problems = [];
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
  const name = element.outerHTML.slice(0, 120);
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) {
    problems.push(`no outline: ${name}`);
  }

  const { Color, getContrast } = axe.commons.color;
  const color = (text) => {
    const color = new Color();
    color.parseString(text);
    return color;
  };
  let ground = element.parentElement;
  while (ground && color(getComputedStyle(ground).backgroundColor).alpha < 1) {
    ground = ground.parentElement;
  }
  const around = getComputedStyle(ground ?? document.body).backgroundColor;
  const contrast = getContrast(color(around), color(outlineColor));
  if (contrast < 3) problems.push(`${outlineColor} on ${around} is ${contrast}: ${name}`);

  // A link may be on two lines.
  const isSeen = ({ left, top, width, height }) =>
    [0.1, 0.5, 0.9].some((x) =>
      [0.1, 0.5, 0.9].some((y) =>
        element.contains(document.elementFromPoint(left + x * width, top + y * height)),
      ),
    );
  if (![...element.getClientRects()].some(isSeen)) {
    problems.push(`out of sight, or behind something: ${name}`);
  }
  return { place: [...document.querySelectorAll("*")].indexOf(element), problems, name };
}

// Where colours are forced, what is pressed or written into is still told by its border.
export async function checkBorders(page) {
  const found = await page.evaluate(() =>
    [...document.querySelectorAll("button, .button, input:not([type=hidden], [type=checkbox])")]
      .filter(
        (element) =>
          element.checkVisibility() && parseFloat(getComputedStyle(element).borderWidth) < 1,
      )
      .map(({ outerHTML }) => outerHTML),
  );
  assert.deepEqual(found, [], page.url());
}
