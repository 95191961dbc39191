// gallery.ts: shows one example at a time; runs it, stops it, shows what came of it.
import { byId, make } from "./dom";
import { Editor } from "./editor";
import type { Example } from "./examples";
import { examples } from "./examples";
import type { PyRunner } from "./python";
import { Tabs } from "./tabs";

export class Gallery {
  private readonly runButton = byId("run", HTMLButtonElement);
  private readonly stopButton = byId("stop", HTMLButtonElement);
  private readonly resetButton = byId("reset", HTMLButtonElement);
  private readonly state = byId("state", HTMLElement);
  private readonly stage = byId("stage", HTMLElement);
  private readonly printed = byId("printed", HTMLElement);
  private readonly editor: Editor;
  private readonly tabs: Tabs;
  /** What the user made of an example, by its id. */
  private readonly edited = new Map<string, string>();
  private runner: PyRunner | null = null;
  private example: Example = examples[0]!;
  /** Counts runs, so that the end of an older one changes nothing. */
  private current = 0;
  private stopped = false;

  constructor() {
    this.editor = new Editor(byId("editor", HTMLElement), {
      onRun: () => void this.run(),
      onChange: (text) => this.changed(text),
    });
    const list = examples.map(({ id, tab }) => ({ id, title: tab, panel: "example" }));
    this.tabs = new Tabs(byId("examples", HTMLElement), list, (id) => void this.show(id));
    this.runButton.onclick = () => void this.run();
    this.stopButton.onclick = () => void this.stop();
    this.resetButton.onclick = () => this.reset();
    void this.show(this.example.id);
  }

  /** Python has arrived. */
  start(runner: PyRunner): void {
    this.runner = runner;
    this.runButton.disabled = false;
  }

  /** Shows an error of the shown example's own callbacks; false when it came from elsewhere. */
  report(message: string): boolean {
    const own = message.includes(`"${this.filename}"`);
    if (own) this.fail(message);
    return own;
  }

  private get filename(): string {
    return `<${this.example.files[0].name}>`;
  }

  private async show(id: string): Promise<void> {
    this.example = examples.find((example) => example.id === id)!;
    this.current++;
    this.tabs.select(id);
    byId("example-title", HTMLElement).textContent = this.example.title;
    byId("example-text", HTMLElement).textContent = this.example.text;
    this.showFiles();
    this.clear();
    this.say("");
    this.stopButton.disabled = true;
    await this.runner?.stop();
  }

  private showFiles(): void {
    const { files } = this.example;
    const tabs = files.map(({ name }) => ({ id: name, title: name, panel: "editor" }));
    const fileTabs = new Tabs(byId("files", HTMLElement), tabs, (name) => show(name));
    const show = (name: string): void => {
      const index = files.findIndex((file) => file.name === name);
      fileTabs.select(name);
      this.showFile(index);
    };
    show(files[0].name);
  }

  private showFile(index: number): void {
    const file = this.example.files[index]!;
    const edited = index === 0 ? this.edited.get(this.example.id) : undefined;
    this.editor.show(edited ?? file.text, `Source of ${file.name}`, index > 0);
    this.resetButton.hidden = edited === undefined;
  }

  private changed(text: string): void {
    this.edited.set(this.example.id, text);
    this.resetButton.hidden = false;
  }

  private reset(): void {
    this.edited.delete(this.example.id);
    this.showFiles();
    byId("editor", HTMLElement).querySelector<HTMLElement>("[contenteditable]")?.focus();
  }

  private async run(): Promise<void> {
    const { runner, example } = this;
    if (runner === null) return;
    const run = ++this.current;
    await runner.stop();
    this.stopped = false;
    this.clear();
    this.running(true);
    const source = this.edited.get(example.id) ?? example.files[0].text;
    const write = (text: string): void => {
      if (run === this.current) this.printed.append(text);
    };
    const began = performance.now();
    const failure = await runner.run(source, this.filename, write);
    if (run !== this.current) return;
    this.running(false);
    const time = seconds(performance.now() - began);
    if (failure === "") this.say(`${this.stopped ? "Stopped" : "Ended"} after ${time}`);
    else this.fail(failure);
  }

  private async stop(): Promise<void> {
    this.stopped = true;
    await this.runner?.stop();
  }

  private running(yes: boolean): void {
    this.stopButton.disabled = !yes;
    this.say(yes ? "Running" : "");
  }

  private fail(message: string): void {
    this.printed.append(make("span", { className: "error", textContent: message }));
    this.say("Failed");
  }

  private say(text: string): void {
    this.state.textContent = text;
  }

  private clear(): void {
    this.stage.replaceChildren();
    this.printed.replaceChildren();
  }
}

function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
