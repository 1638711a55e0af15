// Time on the page: it moves by itself, stands still, goes on by steps and comes back to the very
// same state and picture.
import { expect, test } from "./support/lab.mjs";
import { button, open, openPaused, region, snapshot, still } from "./support/page.mjs";

test("it moves by itself, opened at an age of twenty", async ({ page }) => {
  await page.goto("./");
  const first = await page.evaluate(async () => {
    let seen = null;
    for (;;) {
      const now = await window.headwater?.snapshot();
      if (now?.topics.length > 0) seen ??= now;
      if (seen && now.running && now.timeMs > seen.timeMs) return seen;
      await new Promise(requestAnimationFrame);
    }
  });
  expect(first.topics.find((topic) => topic.name === "ratings").partitions).toHaveLength(3);
});

test("the lanes' names are there before the engine answers", async ({ page }) => {
  await page.route("**/*.wasm", async (route) => {
    await new Promise((later) => setTimeout(later, 1_500));
    await route.continue();
  });
  await page.goto("./", { waitUntil: "domcontentloaded" });
  await expect(page.getByText("ratings", { exact: true })).toBeVisible();
  await expect(page.getByText("RATINGS_BY_CLUB_STATUS", { exact: true })).toBeVisible();
});

test("step and step back restore the state hash and the pixels", async ({ page }) => {
  await openPaused(page);
  const stage = region(page, "Stage");
  const before = await snapshot(page);
  const picture = await stage.screenshot();
  await button(page, "Step").click();
  await expect.poll(async () => (await snapshot(page)).step).toBeGreaterThan(before.step);
  await still(page);
  expect((await stage.screenshot()).equals(picture)).toBe(false);
  await button(page, "Step back").click();
  await expect.poll(async () => (await snapshot(page)).step).toBe(before.step);
  await still(page);
  expect((await snapshot(page)).hash).toBe(before.hash);
  expect((await stage.screenshot()).equals(picture)).toBe(true);
});

test("a pause is shown as one, and time really stands still", async ({ page }) => {
  await openPaused(page);
  const before = await snapshot(page);
  expect(before.running).toBe(false);
  await page.waitForTimeout(300);
  expect(await snapshot(page)).toEqual(before);
  await expect(region(page, "Timeline")).toContainText(before.hash.slice(0, 6));
  await button(page, "Play").click();
  await expect.poll(async () => (await snapshot(page)).timeMs).toBeGreaterThan(before.timeMs);
});

test("seeking there and back comes to the same state", async ({ page }) => {
  await openPaused(page);
  const states = await page.evaluate(async () => {
    const lab = window.headwater;
    await lab.seek(25_000);
    const later = await lab.snapshot();
    await lab.seek(5_000);
    const earlier = await lab.snapshot();
    await lab.seek(25_000);
    return [later, earlier, await lab.snapshot()];
  });
  expect(states[1].timeMs).toBeLessThan(states[0].timeMs);
  expect(states[2].hash).toBe(states[0].hash);
  expect(states[2].step).toBe(states[0].step);
});

test("a higher speed is asked for and done", async ({ page }) => {
  await open(page);
  await page.getByRole("combobox", { name: "Speed" }).selectOption("10");
  const before = await snapshot(page);
  await page.waitForTimeout(1_000);
  const after = await snapshot(page);
  expect(after.timeMs - before.timeMs).toBeGreaterThan(3_000);
  await expect(region(page, "Timeline")).toContainText("10x");
});

test("single keys play and step, and can be switched off", async ({ page }) => {
  await openPaused(page);
  const before = await snapshot(page);
  await page.getByRole("treeitem").first().focus();
  await page.keyboard.press(".");
  await expect.poll(async () => (await snapshot(page)).step).toBeGreaterThan(before.step);
  await page.keyboard.press(",");
  await expect.poll(async () => (await snapshot(page)).step).toBe(before.step);
  await button(page, "Help and about").click();
  await button(page, "Single keys").click();
  await button(page, "Close help").click();
  await page.getByRole("treeitem").first().focus();
  await page.keyboard.press(".");
  await page.waitForTimeout(300);
  expect((await snapshot(page)).step).toBe(before.step);
});
