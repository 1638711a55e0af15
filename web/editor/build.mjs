// Trunk's build hook, see Trunk.toml: bundles the SQL editor into editor.js, and puts the fonts
// that the style sheets name beside it. Run by hand with TRUNK_STAGING_DIR set to a folder.
import { build } from "esbuild";
import subsetFont from "subset-font";
import { mkdir, readFile, writeFile } from "node:fs/promises";
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

// The letters that lessons and panels use, subset so that five fonts fit into 90 kB. Anything
// else falls back to a font of the system.
const ascii = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join("");
const letters = `${ascii}\u00a0\u202f·…–—→←↑↓×°£€éèüöäßµ§±“”‘’`;
const fonts = [
  "ibm-plex-sans-latin-400",
  "ibm-plex-sans-latin-600",
  "ibm-plex-mono-latin-400",
  "ibm-plex-mono-latin-600",
  "shantell-sans-latin-400",
];
const folder = path.join(out, "static", "fonts");
await mkdir(folder, { recursive: true });
for (const font of fonts) {
  const family = font.split("-latin-")[0];
  const from = path.join(here, "node_modules/@fontsource", family, "files", `${font}-normal.woff2`);
  const small = await subsetFont(await readFile(from), letters, { targetFormat: "woff2" });
  await writeFile(path.join(folder, `${font}.woff2`), small);
}
