// Bytes as short text for a link, and files in and out: what browsers do better than we could.
const through = async (bytes, stream) => {
  const packed = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(packed).arrayBuffer());
};

/** Bytes, compressed, in letters that a link can hold. */
export const pack = async (bytes) => {
  const small = await through(bytes, new CompressionStream("deflate-raw"));
  const letters = Array.from(small, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

/** The bytes again. */
export const unpack = async (text) => {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const small = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  return through(small, new DecompressionStream("deflate-raw"));
};

/** Gives the visitor a file. */
export const give = (name, text) => {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};

/** The text of the file that was chosen in an input, which forgets it then. */
export const chosen = async (input) => {
  const [file] = input.files;
  const text = file ? await file.text() : undefined;
  input.value = "";
  return text;
};

/** Puts text into the clipboard, if the browser lets us. */
export const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
};
