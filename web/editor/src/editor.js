// The SQL editor, as the page sees it: mount it, read and replace its text, show findings.
// It lives in a shadow root because a strict content security policy refuses style elements,
// and CodeMirror adopts its style sheets there instead. What SQL is, the page knows: it gives
// colours and findings as flat arrays of UTF-16 offsets.
import { Annotation, EditorState, Prec, RangeSetBuilder } from "@codemirror/state";
import {
  Decoration, EditorView, ViewPlugin, drawSelection, highlightActiveLine, keymap, lineNumbers,
} from "@codemirror/view";
import {
  defaultKeymap, history, historyKeymap, indentLess, indentMore,
} from "@codemirror/commands";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { assist } from "./assist.js";
import { look } from "./look.js";

/**
 * Types over a selection by a transaction. Left to itself, the browser would keep the look of what
 * it replaces in a style attribute, which a strict content security policy refuses.
 */
const typeOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const plain = event.inputType === "insertText" && event.data && !event.isComposing;
    if (!plain || view.state.selection.main.empty) return false;
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type" });
    return true;
  },
});

/** Marks a change that the page made itself, so that it is not told of it. */
const fromPage = Annotation.define();

/** Colours of the whole text; scripts are short enough to do it anew at each change. */
function colours(highlight) {
  const build = (view) => {
    const builder = new RangeSetBuilder();
    const end = view.state.doc.length;
    for (const [from, to, kind] of triples(highlight(view.state.doc.toString()))) {
      if (from < to && to <= end) builder.add(from, to, Decoration.mark({ class: `sql-${kind}` }));
    }
    return builder.finish();
  };
  return ViewPlugin.define(
    (view) => ({
      decorations: build(view),
      update(update) {
        if (update.docChanged) this.decorations = build(update.view);
      },
    }),
    { decorations: (plugin) => plugin.decorations },
  );
}

function* triples(flat) {
  for (let at = 0; at + 2 < flat.length; at += 3) yield [flat[at], flat[at + 1], flat[at + 2]];
}

/**
 * Mounts an editor in `host`.
 * `hooks`: highlight(text) gives [from, to, kind, ...]; changed(text), run(), restart();
 * complete(text, cursor) and help(name) promise what assist.js shows.
 */
export function mount(host, text, label, hooks) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const command = (act) => () => (act(), true);
  const keys = [
    { key: "Mod-Enter", run: command(hooks.run), shift: command(hooks.restart) },
    // Tab stays the browser's, so that the keyboard can leave; brackets indent.
    { key: "Mod-]", run: indentMore },
    { key: "Mod-[", run: indentLess },
  ];
  const extensions = [
    lineNumbers(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
    Prec.high(keymap.of(keys)),
    assist(hooks),
    keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
    colours(hooks.highlight),
    look,
    typeOver,
    EditorView.updateListener.of((update) => {
      const own = update.transactions.some((transaction) => transaction.annotation(fromPage));
      if (update.docChanged && !own) hooks.changed(update.state.doc.toString());
    }),
  ];
  const state = EditorState.create({ doc: text, extensions });
  const view = new EditorView({ state, root, parent: root });
  return {
    text: () => view.state.doc.toString(),
    selection: () => {
      const { from, to } = view.state.selection.main;
      return [from, to];
    },
    replace: (insert) => {
      const changes = { from: 0, to: view.state.doc.length, insert };
      view.dispatch({ changes, annotations: fromPage.of(true) });
    },
    /** `spans`: [from, to, isError, ...]; `messages`: one for each. */
    findings: (spans, messages) => {
      const end = view.state.doc.length;
      const found = [...triples(spans)].map(([from, to, error], at) => ({
        from: Math.min(from, end),
        to: Math.min(to, end),
        severity: error ? "error" : "warning",
        message: messages[at],
      }));
      view.dispatch(setDiagnostics(view.state, found));
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
