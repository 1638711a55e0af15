// How the editor looks: the page's own custom properties, which reach into the shadow root.
import { EditorView } from "@codemirror/view";

const underline = (colour) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy ${colour}`,
  textDecorationSkipInk: "none",
  textUnderlineOffset: "3px",
});

export const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--panel)", fontSize: "13px" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "19px", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "8px 0" },
  ".cm-line": { padding: "0 8px" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--ink-2)", border: "none" },
  ".cm-activeLine": { backgroundColor: "var(--wash)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection) !important",
  },
  ".cm-lintRange-error": underline("var(--error)"),
  ".cm-lintRange-warning": underline("var(--warn)"),
  ".cm-tooltip": {
    backgroundColor: "var(--panel)",
    color: "var(--ink)",
    border: "1px solid var(--line)",
    borderRadius: "3px",
    maxWidth: "360px",
  },
  ".cm-diagnostic": { fontFamily: "var(--sans)", whiteSpace: "pre-wrap", padding: "6px 8px" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--error)" },
  ".cm-diagnostic-warning": { borderLeft: "3px solid var(--warn)" },
  ".sql-1": { color: "var(--sql-keyword)", fontWeight: "600" },
  ".sql-2": { color: "var(--sql-name)" },
  ".sql-3": { color: "var(--sql-string)" },
  ".sql-4": { color: "var(--sql-number)" },
  ".sql-5": { color: "var(--ink-2)", fontStyle: "italic" },
  ".sql-6": { color: "var(--ink-2)" },
  ".sql-7": { color: "var(--sql-type)" },
  ".sql-8": { color: "var(--sql-function)" },
  ".sql-9": { color: "var(--error)" },
});
