// Pictures of the page, wide and narrow, light and dark, to be looked at; nothing is compared.
import { picture, test } from "./support/lab.mjs";
import { open, openPaused } from "./support/page.mjs";

for (const colorScheme of ["light", "dark"]) {
  for (const [kind, viewport] of [
    ["wide", { width: 1440, height: 900 }],
    ["narrow", { width: 390, height: 844 }],
  ]) {
    test.describe(`${kind}, ${colorScheme}`, () => {
      test.use({ colorScheme, viewport });
      test("picture", async ({ page }) => {
        await open(page);
        await page.screenshot({ path: picture(`${kind}-${colorScheme}-moving`) });
        await openPaused(page);
        await page.screenshot({ path: picture(`${kind}-${colorScheme}`) });
      });
    });
  }
}
