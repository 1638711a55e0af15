// Completion and help in the editor. What can be written and what it means, the page asks the
// engine; here is only how it is shown. Help comes while one chooses a completion, when the
// pointer rests on a name, and with F1 for the name at the cursor.
import {
  acceptCompletion, autocompletion, completionKeymap, startCompletion,
} from "@codemirror/autocomplete";
import { StateEffect, StateField } from "@codemirror/state";
import { hoverTooltip, keymap, showTooltip, tooltips } from "@codemirror/view";

/** Kinds for which help exists. */
const EXPLAINED = new Set(["function", "property", "command"]);

/** An element with a class, and texts or elements in it. */
function element(name, look, ...parts) {
  const made = document.createElement(name);
  made.className = look;
  made.append(...parts);
  return made;
}

function card(help) {
  const parts = help.parts.map(([name, text]) =>
    element("li", "help-part", element("code", "", name), ` ${text}`));
  const example = help.gives === undefined ? help.example : `${help.example}  →  ${help.gives}`;
  return element("div", "cm-help",
    element("p", "help-kind", help.kind),
    ...help.signatures.map((it) => element("code", "help-signature", it)),
    element("p", "help-summary", help.summary),
    ...(parts.length ? [element("ul", "", ...parts)] : []),
    ...(example ? [element("code", "help-example", example)] : []));
}

/** What the engine offers at the cursor; nothing where nothing is typed, unless one asks. */
const source = (hooks) => async (context) => {
  const typed = context.matchBefore(/[\w$`'"=.]+$/);
  if (!typed && !context.explicit) return null;
  const found = await hooks.complete(context.state.doc.toString(), context.pos);
  if (context.aborted || !found.length) return null;
  const [{ from, to }] = found;
  const options = found.map((it) => ({
    label: it.label,
    detail: it.detail,
    type: it.kind,
    apply: it.insert,
    info: EXPLAINED.has(it.kind)
      ? async () => {
          const help = await hooks.help(it.label);
          return help ? card(help) : null;
        }
      : undefined,
  }));
  return { from, to, options, filter: false };
};

/** The name that holds a place: letters, digits, underscores. */
function nameAt(state, at) {
  const line = state.doc.lineAt(at);
  const isPart = (place) => /[\w$]/.test(line.text[place] ?? " ");
  let [from, to] = [at - line.from, at - line.from];
  while (isPart(from - 1)) from -= 1;
  while (isPart(to)) to += 1;
  if (from === to) return null;
  return { from: from + line.from, to: to + line.from, name: line.text.slice(from, to) };
}

const hover = (hooks) => hoverTooltip(async (view, at) => {
  const found = nameAt(view.state, at);
  const help = found && (await hooks.help(found.name));
  if (!help) return null;
  return { pos: found.from, end: found.to, above: true, create: () => ({ dom: card(help) }) };
}, { hoverTime: 400 });

const setHelp = StateEffect.define();

/** Help that was asked for by F1; the next change or move of the cursor ends it. */
const asked = StateField.define({
  create: () => null,
  update: (value, transaction) => {
    for (const effect of transaction.effects) if (effect.is(setHelp)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : value;
  },
  provide: (field) => showTooltip.from(field),
});

const explain = (hooks) => (view) => {
  const found = nameAt(view.state, view.state.selection.main.head);
  if (!found) return false;
  hooks.help(found.name).then((help) => {
    const dom = help ? card(help) : element("div", "cm-help", `No help on ${found.name}.`);
    dom.setAttribute("role", "status");
    const value = { pos: found.from, above: true, create: () => ({ dom }) };
    view.dispatch({ effects: setHelp.of(value) });
  });
  return true;
};

const endHelp = (view) => {
  if (!view.state.field(asked)) return false;
  view.dispatch({ effects: setHelp.of(null) });
  return true;
};

/** Completion and help, fed by `hooks.complete(text, cursor)` and `hooks.help(name)`. */
export const assist = (hooks) => [
  autocompletion({
    override: [source(hooks)],
    icons: false,
    optionClass: (it) => `kind-${it.type}`,
    maxRenderedOptions: 60,
    defaultKeymap: false,
  }),
  hover(hooks),
  // Lists stay above what is below the editor: on a phone the controls of time.
  tooltips({
    tooltipSpace: (view) => {
      const { bottom } = view.scrollDOM.getBoundingClientRect();
      const narrow = innerWidth < 760;
      return { left: 0, top: 0, right: innerWidth, bottom: narrow ? bottom : innerHeight };
    },
  }),
  asked,
  keymap.of([
    ...completionKeymap,
    { key: "Mod-.", run: startCompletion },
    { key: "F1", run: explain(hooks) },
    { key: "Escape", run: endHelp },
    // Tab takes a completion only while one is offered; else it stays the browser's.
    { key: "Tab", run: acceptCompletion },
  ]),
];
