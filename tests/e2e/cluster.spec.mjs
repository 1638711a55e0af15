// What lies below the topics: brokers and their replicas, nodes and their tasks, groups and their
// lag. What is done in a panel shows in it, on the stage, and in the lab itself.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./support/lab.mjs";
import { button, open, openPaused, region, show, snapshot, write } from "./support/page.mjs";

/** Runs one lab command in the editor. */
async function command(page, text) {
  await write(page, text);
  await button(page, "Run").click();
  await expect(region(page, "Results")).toContainText(text.split(" ")[2]);
}

/** Lets so many virtual seconds pass. */
async function pass(page, seconds) {
  await page.evaluate(async ([ms, start]) => {
    const { timeMs } = await window.headwater.snapshot();
    await window.headwater.seek(timeMs - start + ms);
  }, [seconds * 1000, Date.UTC(2024, 0, 1)]);
}

/** The replicas of a broker, by partition: `safe/0` → `leader`. */
const roles = (page, broker) =>
  region(page, "Brokers").evaluate((panel, wanted) => {
    const heads = [...panel.querySelectorAll("thead th")].map((it) => it.textContent);
    const column = heads.findIndex((it) => it.startsWith(`Broker ${wanted}`));
    const rows = [...panel.querySelectorAll("tbody tr")];
    const role = (row) => row.querySelectorAll("td")[column].querySelector(".replica");
    const name = (row) => row.querySelector("th b").textContent;
    return Object.fromEntries(rows.map((row) => [name(row), role(row)?.textContent]));
  }, broker);

test("a broker is stopped in its panel, and others lead", async ({ page }) => {
  await openPaused(page, "#/learn/losing-a-broker");
  const panel = region(page, "Brokers");
  await expect(panel).toBeVisible();
  const led = Object.entries(await roles(page, 3)).find(([, role]) => role === "leader");
  expect(led, "broker 3 leads something").toBeTruthy();
  await button(page, "Stop broker 3").click();
  await pass(page, 12);
  await expect(panel.locator("thead th", { hasText: "Broker 3" })).toContainText("stopped");
  await expect.poll(async () => (await roles(page, 3))[led[0]]).toBe("out of sync");
  const others = [(await roles(page, 1))[led[0]], (await roles(page, 2))[led[0]]];
  expect(others).toContain("leader");
  await expect(panel.locator(".cluster-line").first()).toContainText(/^[1-9]\d* under-replicated/);
  await button(page, "Start broker 3").click();
  await pass(page, 12);
  await expect.poll(async () => (await roles(page, 3))[led[0]]).toBe("follower");
  await expect(panel.locator(".cluster-line").first()).toContainText("0 under-replicated");
});

test("a node is killed, and its tasks move", async ({ page }) => {
  await openPaused(page, "#/learn/ksqldb-nodes-fail-over");
  const panel = region(page, "Nodes");
  const node = (name) =>
    panel.getByRole("listitem", { name: `node ${name} of default`, exact: true });
  await expect(node("2").locator(".task.active").first()).toBeVisible();
  const active = [node("1"), node("2")].map((it) => it.locator(".task.active"));
  const all = (await active[0].count()) + (await active[1].count());
  await button(page, "Kill node 1 of default").click();
  await expect(node("1")).toContainText("orphaned");
  await pass(page, 60);
  await expect(node("2").locator(".task.active")).toHaveCount(all);
  await expect(node("1").locator(".task")).toHaveCount(0);
});

test("the line of lag goes up while a reader hangs", async ({ page }) => {
  await openPaused(page, "#/learn/rebalance");
  const panel = region(page, "Groups");
  const group = panel.getByRole("listitem", { name: "group cooperative", exact: true });
  await command(page, "consumer stall cora");
  await expect(group).toContainText("hangs");
  const behind = async () => {
    const label = await group.locator(".lag-chart").getAttribute("aria-label");
    return Number.parseInt(label.replaceAll("\u202f", ""), 10);
  };
  const line = () => group.locator("path.lag-records").getAttribute("d");
  const [before, drawn] = [await behind(), await line()];
  await pass(page, 20);
  await expect.poll(behind).toBeGreaterThan(before + 20);
  expect(await line()).not.toBe(drawn);
  await command(page, "consumer resume cora");
  await pass(page, 10);
  await expect.poll(behind).toBeLessThan(before + 20);
});

test("a member that is gone is shown until its group misses it", async ({ page }) => {
  await openPaused(page, "#/learn/rebalance");
  const panel = region(page, "Groups");
  const group = panel.getByRole("listitem", { name: "group cooperative", exact: true });
  const held = () => group.locator("td .holder").allTextContents();
  expect(new Set(await held())).toEqual(new Set(["cora", "dora"]));
  await command(page, "consumer kill dora");
  await expect(group).toContainText("not missed yet");
  await expect(group.locator("td .holder.owes")).toHaveCount(2);
  await pass(page, 50);
  await expect.poll(held).toEqual(["cora", "cora", "cora", "cora"]);
  await expect(group.locator("td .holder.reads")).toHaveCount(4);
});

test("a small lab says in a line how to get more", async ({ page }) => {
  await openPaused(page);
  await show(page, "Nodes");
  await expect(region(page, "Nodes")).toContainText("node create 2");
  await show(page, "Brokers");
  await expect(region(page, "Brokers")).toContainText("replication-factor=3");
  await show(page, "Duality");
  await expect(region(page, "Chart")).toBeVisible();
});

for (const colorScheme of ["light", "dark"]) {
  test.describe(`axe, ${colorScheme}`, () => {
    test.use({ colorScheme });

    const lessons = [
      ["losing-a-broker", "Brokers", "Stop broker 1"],
      ["ksqldb-nodes-fail-over", "Nodes", "Kill node 1 of default"],
      ["rebalance", "Groups", null],
    ];
    for (const [lesson, name, action] of lessons) {
      test(`${name}, wide and narrow`, async ({ page }) => {
        await openPaused(page, `#/learn/${lesson}`);
        if (action) {
          await button(page, action).click();
          await pass(page, 12);
        }
        for (const width of [1280, 390]) {
          await page.setViewportSize({ width, height: 844 });
          await show(page, name);
          await page.waitForTimeout(1300);
          const { violations } = await new AxeBuilder({ page }).analyze();
          const told = violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html)}`);
          expect(told).toEqual([]);
          const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
          expect(scroll).toBeLessThanOrEqual(width);
        }
      });
    }
  });
}

test("on a phone the buttons are large enough for a finger", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, "#/learn/losing-a-broker");
  await show(page, "Brokers");
  const buttons = region(page, "Brokers").getByRole("button");
  for (const it of await buttons.all()) {
    const { width, height } = await it.boundingBox();
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
  }
  expect((await snapshot(page)).step).toBeGreaterThan(0);
});
