// A command in the past begins another future; the old one is kept, shown and can be gone back to.
import { expect, test } from "./support/lab.mjs";
import { button, openPaused, region, snapshot } from "./support/page.mjs";

test("an old future is listed, drawn and taken", async ({ page }) => {
  await openPaused(page);
  const old = await page.evaluate(async () => {
    const lab = window.headwater;
    await lab.seek(25_000);
    await lab.execute("CREATE STREAM LOUD AS SELECT * FROM RATINGS WHERE STARS = 1;");
    await lab.seek(30_000);
    const old = await lab.snapshot();
    await lab.seek(20_000);
    await lab.execute("CREATE STREAM CALM AS SELECT * FROM RATINGS WHERE STARS = 4;");
    return old;
  });
  const timeline = region(page, "Timeline");
  await timeline.getByRole("button", { name: "1 branch" }).click();
  const list = timeline.getByRole("group", { name: "Branches" });
  await expect(list).toContainText("CREATE STREAM LOUD");
  await expect(list).toContainText("20.0 s to 30.0 s");
  await expect(timeline.locator(".branch-lines path")).toHaveCount(1);
  await button(page, "Go back to it").click();
  await expect.poll(async () => (await snapshot(page)).hash).toBe(old.hash);
  await timeline.getByRole("button", { name: "1 branch" }).click();
  await expect(list).toContainText("CREATE STREAM CALM");
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();
});
