// The page comes up from a folder below a sub-path, under the strict policy, and its worker
// answers. What the fixture in support/lab.mjs watches is half of the proof.
import { expect, test } from "./support/lab.mjs";

test("the page loads and its engine answers", async ({ page }) => {
  const answer = await page.goto("./");
  expect(answer?.headers()["content-security-policy"]).toBe(
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
  );
  await expect(page).toHaveTitle("Headwater");
  await expect(page.locator("#headwater")).toContainText("is ready");
});
