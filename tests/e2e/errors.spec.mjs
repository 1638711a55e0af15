// What goes wrong is seen: a query that an error stopped says why and leads to the record that did
// it; single records are in the processing log, a stream like any other. Empty sources are fed.
import { expect, test } from "./support/lab.mjs";
import { button, editor, openPaused, region, snapshot } from "./support/page.mjs";

const SALES = `
CREATE STREAM SALES (SHOP STRING KEY, AMOUNT DECIMAL(3, 1))
  WITH (KAFKA_TOPIC='sales', VALUE_FORMAT='JSON', PARTITIONS=1);
CREATE TABLE TAKINGS AS SELECT SHOP, SUM(AMOUNT) AS TOTAL FROM SALES GROUP BY SHOP;
INSERT INTO SALES (SHOP, AMOUNT) VALUES ('north', 60.0);
INSERT INTO SALES (SHOP, AMOUNT) VALUES ('north', 60.0);`;

test("a query that stopped says why, and leads to the record", async ({ page }) => {
  await openPaused(page);
  await page.evaluate((sql) => window.headwater.execute(sql), SALES);
  await page.evaluate(() => window.headwater.seek(25_000));
  const states = async () => (await snapshot(page)).queries.map((it) => it.state);
  await expect.poll(states).toContain("ERROR");
  const stage = region(page, "Stage");
  await expect(stage.getByText("stopped by sales/0@1")).toBeVisible();
  await stage.getByText("stopped by sales/0@1").click();
  const inspector = region(page, "Inspector");
  await expect(inspector.getByRole("heading", { name: "sales/0@1" })).toBeVisible();
  await button(page, "Close inspector").click();
  await button(page, "Catalog").click();
  const catalog = region(page, "Catalog");
  await expect(catalog.locator(".catalog-failure")).not.toBeEmpty();
  await catalog.getByRole("button", { name: "sales/0@1" }).click();
  await expect(inspector.getByRole("heading", { name: "sales/0@1" })).toBeVisible();
});

test("the processing log is read like any stream", async ({ page }) => {
  await openPaused(page);
  await page.evaluate(() => window.headwater.execute(
    "CREATE STREAM ODD AS SELECT RATING_ID, CAST(CHANNEL AS INT) AS N FROM RATINGS;"
    + "SELECT * FROM KSQL_PROCESSING_LOG EMIT CHANGES;",
  ));
  await page.evaluate(() => window.headwater.seek(26_000));
  await expect(region(page, "Results").getByRole("table").getByRole("row").nth(1)).toBeVisible();
});

test("a source that nobody writes to is fed by a button", async ({ page }) => {
  await openPaused(page);
  await page.evaluate(() => window.headwater.execute(
    "CREATE STREAM WEATHER (CITY STRING KEY, TEMP DOUBLE)"
    + " WITH (KAFKA_TOPIC='weather', VALUE_FORMAT='JSON', PARTITIONS=1);",
  ));
  const offer = page.getByRole("button", { name: /Feed it/ });
  await expect(offer).toContainText("producer create weather topic=weather generator=auto");
  await offer.click();
  await expect(offer).toBeHidden();
  await page.evaluate(() => window.headwater.seek(30_000));
  const end = async () => {
    const { topics } = await snapshot(page);
    return topics.find((it) => it.name === "weather").partitions[0].endOffset;
  };
  await expect.poll(end).toBeGreaterThan(3);
  await expect(editor(page)).toBeVisible();
});

test("DESCRIBE EXTENDED and EXPLAIN answer in parts", async ({ page }) => {
  await openPaused(page);
  await page.evaluate(() => window.headwater.execute("EXPLAIN CSAS_POOR_RATINGS_3;"));
  await expect(region(page, "Results").locator(".answer-section").first()).toBeVisible();
});
