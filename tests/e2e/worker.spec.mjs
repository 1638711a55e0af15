// The worker dies, the lab does not: another one replays it to where it was, standing still.
import { expect, test } from "./support/lab.mjs";
import { button, open, region, snapshot } from "./support/page.mjs";

test("a worker that is killed is replaced", async ({ page }) => {
  await open(page);
  await page.evaluate(() => window.headwater.execute(
    "SELECT STARS FROM RATINGS_LIVE EMIT CHANGES;",
  ));
  const before = await snapshot(page);
  const [worker] = page.workers();
  // It cannot answer that it is gone.
  worker.evaluate(() => self.close()).catch(() => {});
  await expect(page.getByText("Engine bug")).toBeVisible();
  await expect(button(page, "Play")).toBeVisible();
  const after = await snapshot(page);
  expect(after.running).toBe(false);
  expect(after.timeMs).toBeGreaterThanOrEqual(before.timeMs);
  expect(after.topics.map((it) => it.name)).toEqual(before.topics.map((it) => it.name));
  expect(after.results).toHaveLength(1);
  await expect(region(page, "Timeline")).toContainText(after.hash.slice(0, 6));
  await button(page, "Put away").click();
  await button(page, "Play").click();
  await expect.poll(async () => (await snapshot(page)).timeMs).toBeGreaterThan(after.timeMs);
});

test("a worker that hangs is ended and replaced", async ({ page }) => {
  await open(page);
  const [worker] = page.workers();
  await worker.evaluate(() => {
    setTimeout(() => {
      for (;;);
    }, 0);
  });
  await expect(page.getByText("Engine bug")).toBeVisible();
  await expect(button(page, "Play")).toBeVisible();
  await expect.poll(() => page.workers().length).toBe(1);
  expect(page.workers()[0]).not.toBe(worker);
});

test("a second death at one step asks how to go on, and forgets nothing", async ({ page }) => {
  await open(page);
  await button(page, "Pause").click();
  const sql = "CREATE STREAM LOUD AS SELECT * FROM RATINGS WHERE STARS = 1;";
  await page.evaluate((text) => window.headwater.execute(text), sql);
  const before = await snapshot(page);
  for (const deaths of ["stopped, and a new one", "stopped twice at step"]) {
    const [worker] = page.workers();
    await worker.evaluate(() => self.close()).catch(() => {});
    // Nothing is asked of it while time stands still.
    await button(page, "Play").click();
    await expect(page.getByText(deaths)).toBeVisible({ timeout: 60_000 });
  }
  await expect(button(page, "Begin the lesson again")).toBeVisible();
  await page.getByRole("button", { name: /^Go on without: CREATE STREAM LOUD/ }).click();
  await expect.poll(async () => (await snapshot(page)).topics.length).toBe(
    before.topics.length - 1,
  );
  await expect(page.getByText("stopped twice")).toBeHidden();
});
