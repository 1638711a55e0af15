// Starts the page. A file of ours, because a strict content security policy forbids the inline
// script that Trunk would write; Trunk.toml puts the two hashed names on this script's element.
const { js, wasm } = document.getElementById("start").dataset;
// The names are relative to the page, while import() takes them relative to this file.
const page = (name) => new URL(name, document.baseURI).href;
const { default: init } = await import(page(js));
await init({ module_or_path: page(wasm) });
