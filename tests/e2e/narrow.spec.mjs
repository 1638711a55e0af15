// A phone: every region has a tab of its name, time stays in reach, targets are large enough.
import { expect, test } from "./support/lab.mjs";
import { button, open, openPaused, region, show } from "./support/page.mjs";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

const tabs = ["Stage", "Guide", "Editor", "Results", "Duality", "Inspector", "Catalog"];

test("every region is there when its tab is chosen", async ({ page }) => {
  await open(page);
  for (const name of tabs) {
    await show(page, name);
    await expect(region(page, "Timeline")).toBeVisible();
    await expect(region(page, "Narration")).toBeVisible();
  }
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

test("controls of time and tabs are large enough for a finger", async ({ page }) => {
  await open(page);
  const targets = [
    ...["Pause", "Step", "Step back"].map((name) => button(page, name)),
    ...tabs.map((name) => page.getByRole("tab", { name, exact: true })),
  ];
  for (const target of targets) {
    const { width, height } = await target.boundingBox();
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
  }
});

test("a record is inspected in a sheet", async ({ page }) => {
  await openPaused(page);
  const box = await region(page, "Stage").boundingBox();
  const inspector = region(page, "Inspector");
  await expect(async () => {
    for (let y = 70; y < 200; y += 12) {
      await page.touchscreen.tap(box.x + 200, box.y + y);
      if (await inspector.getByText("timestamp").isVisible()) return;
    }
    throw new Error("no tile was hit");
  }).toPass();
  await button(page, "Close inspector").click();
  await expect(inspector).toBeHidden();
});
