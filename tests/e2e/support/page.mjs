// Words for what flows do again and again on the page; `support/lab.mjs` has what watches them.
import { expect } from "./lab.mjs";

/** The region called `name`. */
export const region = (page, name) => page.getByRole("region", { name, exact: true });

/** The button called `name`, exactly. */
export const button = (page, name) => page.getByRole("button", { name, exact: true });

/** The state as the page's own interface gives it. */
export const snapshot = (page) => page.evaluate(() => window.headwater.snapshot());

/** Opens the playground and waits until its lab is there and moves. */
export async function open(page, hash = "#/lab") {
  await page.goto(`./${hash}`);
  await expect(button(page, "Pause")).toBeVisible();
  await expect(page.locator(".editor-host[data-ready=true]")).toBeAttached();
}

/** Opens the playground, lets it stand still, and waits until nothing moves any more. */
export async function openPaused(page, hash) {
  await open(page, hash);
  await button(page, "Pause").click();
  await expect(button(page, "Play")).toBeVisible();
  await still(page);
}

/** Waits until motions have ended: they have 300 ms, and one more frame is painted after them. */
export async function still(page) {
  await page.waitForTimeout(450);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
}

/** Shows a region on a page of any width. */
export async function show(page, name) {
  const tab = page.getByRole("tab", { name, exact: true });
  if (await tab.count()) await tab.click();
  await expect(region(page, name)).toBeVisible();
}

/** Puts `text` in place of what the editor holds. */
export async function write(page, text) {
  await editor(page).click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** The editor's text field. */
export const editor = (page) => page.getByRole("textbox", { name: "SQL script" });
