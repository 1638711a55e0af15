// From a topic to a record and to what it became, by pointer and by keyboard alone.
import { expect, test } from "./support/lab.mjs";
import { button, openPaused, region } from "./support/page.mjs";

test("a record is inspected by a click on its tile", async ({ page }) => {
  await openPaused(page);
  // A lane's tiles are in the tree as well; the pointer has only the picture.
  const box = await region(page, "Stage").boundingBox();
  const inspector = region(page, "Inspector");
  await expect(async () => {
    for (let y = 80; y < 200; y += 12) {
      await page.mouse.click(box.x + 150, box.y + y);
      if (await inspector.getByText("timestamp").isVisible()) return;
    }
    throw new Error("no tile was hit");
  }).toPass();
  for (const word of ["key", "value", "partition", "offset", "murmur2", "bytes of"]) {
    await expect(inspector).toContainText(new RegExp(word, "i"));
  }
  await inspector.getByText(/bytes of value/).click();
  await expect(inspector.getByRole("group", { name: "Bytes of value" })).toContainText("0000");
});

test("keyboard alone: from a topic to a record and what it became", async ({ page }) => {
  await openPaused(page);
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const role = await page.evaluate(() => document.activeElement?.getAttribute("role"));
    if (role === "treeitem") break;
  }
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  for (let topics = 0; topics < 20 && !/ ratings,/.test(await focused()); topics += 1) {
    await page.keyboard.press("ArrowDown");
    await page.waitForTimeout(50);
  }
  expect(await focused()).toMatch(/topic ratings, 3 partitions/);
  await page.keyboard.press("ArrowRight");
  await expect.poll(focused).toMatch(/^partition 0/);
  await page.keyboard.press("ArrowRight");
  await expect.poll(focused).toMatch(/^offset \d+, key/);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  const inspector = region(page, "Inspector");
  await expect(inspector.getByRole("heading", { name: /^ratings\/0@\d+$/ })).toBeVisible();
  await expect(inspector.getByRole("heading", { name: "Inspector" })).toBeFocused();
  await expect(inspector.locator(".changes").last()).toContainText("CSAS_RATINGS_LIVE");
  const link = inspector.getByRole("button", { name: /^RATINGS_LIVE\// });
  if (await link.count()) {
    await link.first().focus();
    await page.keyboard.press("Enter");
    await expect(inspector.getByRole("heading", { name: /^RATINGS_LIVE\/\d@\d+$/ })).toBeVisible();
    await button(page, "Back").focus();
    await page.keyboard.press("Enter");
    await expect(inspector.getByRole("heading", { name: /^ratings\/0@\d+$/ })).toBeVisible();
  }
  await page.keyboard.press("Escape");
  await expect(inspector.getByRole("heading", { name: "Inspector" })).toBeHidden();
});

test("the duality leads from the changelog to its record", async ({ page }) => {
  await openPaused(page);
  const duality = region(page, "Duality");
  await expect(duality).toContainText("RATINGS_BY_CLUB_STATUS");
  await expect(duality.locator(".thread").first()).toBeAttached();
  await duality.getByRole("table", { name: "Changelog" }).getByRole("button").first().click();
  const record = region(page, "Inspector").getByRole("heading", { name: /@\d+$/ });
  await expect(record).toContainText("RATINGS_BY_CLUB_STATUS");
});

test("a topic opens and folds at its head", async ({ page }) => {
  await openPaused(page);
  const head = page.getByRole("button", { name: /^Open stream topic RATINGS_LIVE/ });
  await head.click();
  await expect(page.getByRole("button", { name: /^Fold stream topic RATINGS_LIVE/ })).toBeVisible();
});

test("the catalogue lists what there is", async ({ page }) => {
  await openPaused(page);
  await button(page, "Catalog").click();
  const catalog = region(page, "Catalog");
  for (const name of ["ratings", "POOR_RATINGS", "CUSTOMERS", "dashboard"]) {
    await expect(catalog.getByText(name, { exact: true }).first()).toBeVisible();
  }
});
