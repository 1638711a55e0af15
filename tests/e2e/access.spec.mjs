// What axe finds, in both themes and at both widths, and what reduced motion asks for.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./support/lab.mjs";
import { button, openPaused, region, show, still } from "./support/page.mjs";

async function clean(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).join(" | ")}`);
  expect(told).toEqual([]);
}

const regions = ["Stage", "Guide", "Editor", "Results", "Duality", "Inspector", "Catalog"];

for (const colorScheme of ["light", "dark"]) {
  test.describe(`axe, ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("wide, with everything open", async ({ page }) => {
      await openPaused(page);
      await clean(page);
      await button(page, "Catalog").click();
      await page.getByRole("treeitem").first().focus();
      for (const key of ["ArrowRight", "ArrowRight", "Enter"]) {
        await page.keyboard.press(key);
        await page.waitForTimeout(80);
      }
      await page.evaluate(() =>
        window.headwater.execute("LIST TOPICS; SELECT STARS FROM RATINGS EMIT CHANGES; SELEC;"),
      );
      await clean(page);
      await button(page, "Help and about").click();
      await clean(page);
    });

    test("narrow, each region", async ({ page }) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await openPaused(page);
      for (const name of regions) {
        await show(page, name);
        await clean(page);
      }
    });
  });
}

test("with reduced motion the picture is the same when it stands still", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openPaused(page);
  const picture = await region(page, "Stage").screenshot();
  await button(page, "Step").click();
  await still(page);
  await page.waitForTimeout(300);
  await button(page, "Step back").click();
  await still(page);
  expect((await region(page, "Stage").screenshot()).equals(picture)).toBe(true);
});

test("forced colours keep every region readable", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await openPaused(page);
  await expect(region(page, "Stage")).toBeVisible();
  await expect(button(page, "Play")).toBeVisible();
});
