// Trunk's build hook, see Trunk.toml: bundles the SQL editor into editor.js, and puts the fonts
// that the style sheets name beside it. Run by hand with TRUNK_STAGING_DIR set to a folder.
import { build } from "esbuild";
import { copyFile, mkdir } from "node:fs/promises";
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

const fonts = ["ibm-plex-sans-latin-400", "ibm-plex-mono-latin-400", "shantell-sans-latin-400"];
const folder = path.join(out, "static", "fonts");
await mkdir(folder, { recursive: true });
for (const font of fonts) {
  const name = `${font}-normal.woff2`;
  const family = font.split("-latin-")[0];
  const from = path.join(here, "node_modules", "@fontsource", family, "files", name);
  await copyFile(from, path.join(folder, name));
}
