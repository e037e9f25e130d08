// The editor of a code cell. It has no colours of its own: its pieces carry the names of classes
// that Pygments uses, so that the page's style sheet colours them, in light and in dark.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, drawSelection, keymap } from "@codemirror/view";
import { tagHighlighter, tags } from "@lezer/highlight";

const pygments = tagHighlighter([
  { tag: tags.comment, class: "c1" },
  { tag: tags.keyword, class: "k" },
  { tag: [tags.bool, tags.null, tags.self], class: "kc" },
  { tag: [tags.operatorKeyword, tags.logicOperator], class: "ow" },
  { tag: tags.operator, class: "o" },
  { tag: tags.punctuation, class: "p" },
  { tag: tags.number, class: "mf" },
  { tag: tags.string, class: "s2" },
  { tag: tags.escape, class: "se" },
  { tag: tags.variableName, class: "n" },
  { tag: tags.function(tags.definition(tags.variableName)), class: "nf" },
  { tag: tags.definition(tags.className), class: "nc" },
]);

/**
 * Put an editor into an element.
 * `keys` maps a key such as "Shift-Enter" to what it does; `onchange` is told the new text.
 * Tab isn't bound: it leaves the editor as it leaves every other field.
 */
export function editor(parent, { text, label, keys, onchange }) {
  const own = Object.entries(keys).map(([key, run]) => ({ key, run: () => (run(), true) }));
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(keymap.of(own)),
        keymap.of([...closeBracketsKeymap, ...historyKeymap, ...defaultKeymap]),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        indentUnit.of("    "),
        python(),
        syntaxHighlighting(pygments),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onchange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
