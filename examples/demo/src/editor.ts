// editor.ts: the editor of an example's files; Tab stays the browser's, to move on by keyboard.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

export interface EditorOptions {
  onRun(): void;
  onChange(text: string): void;
}

export class Editor {
  private readonly view: EditorView;

  constructor(
    parent: HTMLElement,
    private readonly options: EditorOptions,
  ) {
    this.view = new EditorView({ parent });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Shows a text; its undo history starts here. */
  show(text: string, label: string, readOnly: boolean): void {
    this.view.setState(EditorState.create({ doc: text, extensions: this.extensions(label, readOnly) }));
  }

  private extensions(label: string, readOnly: boolean): ReturnType<typeof keymap.of>[] {
    const run = (): boolean => {
      this.options.onRun();
      return true;
    };
    return [
      keymap.of([{ key: "Mod-Enter", run }, ...defaultKeymap, ...historyKeymap]),
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) this.options.onChange(this.text);
      }),
      EditorState.readOnly.of(readOnly),
      indentUnit.of("    "),
      [python(), history(), lineNumbers(), drawSelection()],
      [indentOnInput(), bracketMatching(), syntaxHighlighting(classHighlighter)],
    ];
  }
}
