// Nothing scrolls sideways that should not: the stage beside the inspector, the duality on a phone;
// and for a projector everything is larger.
import { expect, test } from "./support/lab.mjs";
import { button, openPaused, region, show, still } from "./support/page.mjs";

/** How much wider an element's content is than the element. */
const over = (locator) => locator.evaluate((it) => it.scrollWidth - it.clientWidth);

test("with the inspector open the whole stage is in sight", async ({ page }) => {
  await openPaused(page);
  const stage = page.locator(".stage-scroll");
  expect(await over(stage)).toBeLessThanOrEqual(0);
  await region(page, "Inspector").getByRole("button").click();
  await expect(region(page, "Inspector").getByRole("heading", { name: "Inspector" })).toBeVisible();
  await still(page);
  expect(await over(stage)).toBeLessThanOrEqual(0);
  expect(await over(region(page, "Duality").locator(".panel-body"))).toBeLessThanOrEqual(0);
});

test("for a projector type and tiles are larger, and hits still meet", async ({ page }) => {
  await openPaused(page);
  const head = page.getByText("ratings", { exact: true }).last();
  const before = await head.boundingBox();
  await button(page, "Help and about").click();
  await button(page, "Presenter size").click();
  await button(page, "Close help").click();
  await still(page);
  const after = await head.boundingBox();
  expect(after.height).toBeGreaterThan(before.height * 1.15);
  expect(await over(page.locator(".stage-scroll"))).toBeLessThanOrEqual(0);
  const opener = page.getByRole("button", { name: /^Open query CSAS_POOR_RATINGS/ });
  await opener.click();
  await expect(page.getByRole("button", { name: /^Fold query CSAS_POOR_RATINGS/ })).toBeVisible();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("tape and ledger stand side by side", async ({ page }) => {
    await openPaused(page);
    await show(page, "Duality");
    const duality = region(page, "Duality");
    expect(await over(duality.locator(".panel-body"))).toBeLessThanOrEqual(0);
    await expect(duality.getByRole("table", { name: "Table" })).toBeVisible();
    await expect(duality.locator("td.changed").first()).toBeVisible();
    await expect(duality.locator("del").first()).toBeVisible();
  });
});
