// Lessons lead to each other, and each of them opens and moves.
import { test, expect } from "./support/lab.mjs";

test("from the first lesson to the next ones and back", async ({ page }) => {
  await page.goto("./");
  const guide = page.getByRole("region", { name: "Guide" });
  await guide.getByRole("link", { name: "Readers have positions of their own" }).click();
  await expect(page).toHaveURL(/#\/learn\/readers$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "Readers have positions of their own",
  );
  const steps = () => page.evaluate(async () => (await window.headwater.snapshot()).step);
  await expect.poll(steps, { timeout: 20_000 }).toBeGreaterThan(20);
  await guide.getByRole("link", { name: "First light" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("First light");
});
