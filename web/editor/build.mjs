// Bundles the SQL editor into editor.js: Trunk's build hook, see Trunk.toml.
// Run by hand with TRUNK_STAGING_DIR set to the folder that shall receive it.
import { build } from "esbuild";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = process.env.TRUNK_STAGING_DIR;
if (!out) {
  console.error("web/editor/build.mjs: set TRUNK_STAGING_DIR to the folder for editor.js");
  process.exit(2);
}
await build({
  absWorkingDir: here,
  entryPoints: ["src/editor.js"],
  outfile: path.join(out, "editor.js"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: process.env.TRUNK_PROFILE !== "debug",
  legalComments: "none",
  logLevel: "warning",
});
