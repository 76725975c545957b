/// <reference lib="dom" />
import type { Page } from "playwright-core";
import { rounds } from "../../support/promised";
import { faultsOf } from "../axe";

export interface Environment {
  readonly name: string;
  readonly width: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
  readonly forcedColors?: "none" | "active";
  readonly media?: "screen" | "print";
}

export const environments: readonly Environment[] = [
  { name: "a desk", width: 1280 },
  { name: "a desk at night", width: 1280, colorScheme: "dark" },
  { name: "a phone", width: 390 },
  { name: "a small phone, in colours of its own", width: 320, height: 640, forcedColors: "active" },
  // A4 without its margins.
  { name: "paper", width: 718, media: "print" },
];

/**
 * What is amiss with the page as it is, each time it is looked at in another way; nothing is what we want. axe-core looks
 * at it in one of them, which is another from turn to turn; in `npm run soak` in all.
 */
export async function judgeEverywhere(page: Page, turn: number): Promise<string[]> {
  await page.waitForLoadState("load");
  const found: string[] = [];
  const looks = rounds(1, environments.length);
  for (const [index, place] of environments.entries()) {
    await goTo(page, place);
    const isLookedAt = (index + turn) % environments.length < looks;
    const amiss = [...(await page.evaluate<string[]>(misfits)), ...(isLookedAt ? await faultsOf(page) : [])];
    found.push(...amiss.map((fault) => `${place.name}: ${fault}`));
  }
  await goTo(page, environments[0]!);
  return found;
}

/**
 * The same of a page whose scripts do not run: neither does axe-core there, so it looks at a copy, in a page where it can,
 * in `npm run soak`. Colours are the same with scripts.
 */
export async function judgeWithoutScripts(page: Page, reader: Page): Promise<string[]> {
  await page.waitForLoadState("load");
  const found: string[] = [];
  for (const place of environments) {
    await goTo(page, place);
    found.push(...(await page.evaluate<string[]>(misfits)).map((fault) => `${place.name}: ${fault}`));
  }
  await goTo(page, environments[0]!);
  if (rounds(1, 0)) return found;
  await reader.setContent(readable(await page.content(), page.url()));
  found.push(...(await faultsOf(reader, { rules: { "color-contrast": { enabled: false } } })));
  return found;
}

/** What stands in for scripts is what is read, at once and for good. */
function readable(html: string, url: string): string {
  return html
    .replace("<head>", `<head><base href="${url}">`)
    .replace(/<script[^>]*><\/script>|<\/?noscript>|<meta http-equiv[^>]*>/g, "");
}

async function goTo(
  page: Page,
  { width, height = 900, colorScheme = "light", forcedColors = "none", media = "screen" }: Environment,
): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme, forcedColors, media });
}

/** What is wider than the window, reaches out of its box or is cut by it, and numbers that are not in one piece. */
const misfits = `(() => {
  const tooWideBy = document.documentElement.scrollWidth - innerWidth;
  const cramped = [...document.querySelectorAll("header *, main :not(svg, svg *), footer *")]
    .filter((one) => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
    // A table may be pushed to and fro on a phone; elsewhere nobody would look for the columns that are hidden.
    .filter((one) => getComputedStyle(one).overflowX === "visible" || (innerWidth >= 700 && one.matches(".table")))
    .map((one) => "cramped: " + one.textContent.trim().replace(/\\s+/g, " ").slice(0, 40));
  return [...(tooWideBy > 0 ? ["too wide by " + tooWideBy + " pixels"] : []), ...cramped, ...brokenNumbers(), ...cutChoices()];

  function brokenNumbers() {
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const broken = [];
    while (texts.nextNode()) {
      for (const { 0: digits, index } of texts.currentNode.data.matchAll(/\\d{5,}/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, index);
        range.setEnd(texts.currentNode, index + digits.length);
        if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) broken.push("a number in two lines");
      }
    }
    return broken;
  }

  function cutChoices() {
    const pen = document.createElement("canvas").getContext("2d");
    return [...document.querySelectorAll("main select")].filter((select) => {
      const { fontWeight, fontSize, fontFamily, paddingLeft, paddingRight } = getComputedStyle(select);
      pen.font = [fontWeight, fontSize, fontFamily].join(" ");
      // The arrow takes 16 pixels.
      const room = select.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - 16;
      return select.clientWidth > 0 && pen.measureText(select.selectedOptions[0]?.text ?? "").width > room;
    }).map(({ selectedOptions: [chosen] }) => "cut: " + chosen.text);
  }
})()`;
