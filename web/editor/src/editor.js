// The SQL editor, as the page sees it: mount it in a shadow root, read and replace its text.
// It lives in a shadow root because a strict content security policy refuses style elements,
// and CodeMirror adopts its style sheets there instead.
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";

/** Mounts an editor with `text` in the shadow root `root` and returns its view. */
export function mount(root, text) {
  const extensions = [lineNumbers(), history(), keymap.of([...defaultKeymap, ...historyKeymap])];
  return new EditorView({
    state: EditorState.create({ doc: text, extensions }),
    root,
    parent: root,
  });
}
