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
