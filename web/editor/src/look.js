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
  ".cm-tooltip-autocomplete": { maxWidth: "none" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--mono)", fontSize: "12px", maxHeight: "13em", minWidth: "220px",
    maxWidth: "min(460px, 95vw)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px", lineHeight: "18px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--selection)", color: "var(--ink)",
  },
  ".cm-completionDetail": {
    color: "var(--ink-2)", fontStyle: "normal", fontFamily: "var(--sans)", marginLeft: "12px",
  },
  ".cm-completionInfo": { padding: "0", width: "300px", maxWidth: "300px" },
  // A phone has room for the list only.
  "@media (max-width: 759px)": { ".cm-completionInfo": { display: "none" } },
  ".kind-function .cm-completionLabel": { color: "var(--sql-function)" },
  ".kind-column .cm-completionLabel, .kind-field .cm-completionLabel": { color: "var(--sql-name)" },
  ".kind-stream .cm-completionLabel": { color: "var(--stream)" },
  ".kind-table .cm-completionLabel, .kind-type .cm-completionLabel": { color: "var(--table)" },
  ".kind-keyword .cm-completionLabel": { fontWeight: "600" },
  ".cm-help": {
    fontFamily: "var(--sans)", fontSize: "12px", lineHeight: "1.4", padding: "8px 10px",
    maxWidth: "340px", maxHeight: "240px", overflow: "auto", whiteSpace: "normal",
  },
  ".cm-help p": { margin: "0 0 4px" },
  ".cm-help ul": { margin: "4px 0", padding: "0", listStyle: "none" },
  ".cm-help code": { fontFamily: "var(--mono)", fontSize: "11.5px" },
  ".help-kind": { color: "var(--ink-2)" },
  ".help-signature": { display: "block", fontWeight: "600", paddingBottom: "2px" },
  ".help-example": {
    display: "block", whiteSpace: "pre-wrap", marginTop: "4px", padding: "4px 6px",
    backgroundColor: "var(--sunken)",
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
