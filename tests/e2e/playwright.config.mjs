// How the flows are run. `cargo xtask e2e` builds and serves dist/ below a sub-path and under the
// strict policy, and says in the environment where the page, the browser and the report are.
import { defineConfig } from "@playwright/test";

const { HEADWATER_URL, HEADWATER_REPORT, CHROME } = process.env;
if (!HEADWATER_URL) {
  throw new Error("run the flows with `cargo xtask e2e`: it serves the page that they open");
}

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.mjs",
  globalSetup: "./support/warm-up.mjs",
  outputDir: "out/results",
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json", { outputFile: HEADWATER_REPORT ?? "out/report.json" }]],
  use: {
    baseURL: HEADWATER_URL,
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    trace: "off",
    video: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: CHROME,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
