// A lab goes into a link or a file and comes back as it was: same step, same hash, same script.
import { readFile } from "node:fs/promises";
import { expect, test } from "./support/lab.mjs";
import { button, editor, openPaused, snapshot, write } from "./support/page.mjs";

const SQL = "CREATE STREAM LOUD AS SELECT * FROM RATINGS WHERE STARS = 1;";

test("a link leads to the very moment", async ({ page }) => {
  await openPaused(page);
  await page.evaluate((sql) => window.headwater.execute(sql), SQL);
  await page.evaluate(() => window.headwater.seek(27_300));
  await write(page, "SHOW QUERIES;");
  const before = await snapshot(page);
  await button(page, "Share").click();
  const link = await page.getByRole("textbox", { name: "Link to this moment" }).inputValue();
  expect(link.length).toBeLessThan(8_000);
  await page.goto("about:blank");
  await page.goto(link);
  await expect.poll(async () => (await page.evaluate(
    () => window.headwater?.snapshot(),
  ))?.hash).toBe(before.hash);
  const after = await snapshot(page);
  expect(after.step).toBe(before.step);
  expect(after.running).toBe(false);
  await expect(editor(page)).toContainText("SHOW QUERIES;");
  await button(page, "Step back").click();
  await expect.poll(async () => (await snapshot(page)).step).toBe(before.step - 1);
});

test("a lab too large for a link says so, and fits into a file", async ({ page }) => {
  await openPaused(page);
  await page.evaluate(async () => {
    // What looks like chance cannot be compressed.
    let number = 1;
    const letters = () => Array.from({ length: 12_000 }, () => {
      number = (number * 48_271) % 2_147_483_647;
      return String.fromCharCode(97 + (number % 26));
    }).join("");
    await window.headwater.execute(`CREATE STREAM BIG AS SELECT RATING_ID, '${letters()}' AS A
      FROM RATINGS;`);
  });
  const before = await snapshot(page);
  await button(page, "Share").click();
  await expect(page.getByText("save a file instead")).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    button(page, "Save file").click(),
  ]);
  const text = await readFile(await download.path(), "utf8");
  expect(JSON.parse(text).hash).toBe(before.hash);
  await button(page, "Close share").click();
  await button(page, "Reset").click();
  await expect.poll(async () => (await snapshot(page)).hash).not.toBe(before.hash);
  await button(page, "Share").click();
  await page.locator("input[type=file]").setInputFiles({
    name: "lab.json",
    mimeType: "application/json",
    buffer: Buffer.from(text),
  });
  await expect.poll(async () => (await snapshot(page)).hash).toBe(before.hash);
});

test("a link that was cut says whose fault it is", async ({ page }) => {
  await page.goto("./#/lab?lesson=first-light&state=abc");
  await expect(page.getByText("The link is broken")).toBeVisible();
  await expect(page.locator(".editor-host[data-ready=true]")).toBeAttached();
});
