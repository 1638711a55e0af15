// The page comes up from a folder below a sub-path, under the strict policy, and the engine
// answers through the page's own interface. What the fixture in support/lab.mjs watches, that
// nothing complains, is half of the proof.
import { expect, test } from "./support/lab.mjs";

test("the page loads and its engine answers", async ({ page }) => {
  const answer = await page.goto("./");
  expect(answer?.headers()["content-security-policy"]).toBe(
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
  );
  await expect(page).toHaveTitle(/Headwater/);
  await expect(page.getByRole("region", { name: "Stage" })).toBeVisible();
  await page.waitForFunction(() => window.headwater !== undefined);
  const { step, topics } = await page.evaluate(() => window.headwater.snapshot());
  expect(step).toBeGreaterThan(0);
  expect(topics.map((topic) => topic.name)).toContain("ratings");
});
