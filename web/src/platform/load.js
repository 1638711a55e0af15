// Loads the SQL editor's bundle, which lies beside the page under any sub-path.
export const loadEditor = () => import(new URL("editor.js", document.baseURI).href);
