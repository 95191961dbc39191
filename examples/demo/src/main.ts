// main.ts: puts the page together and starts Python.
import { Console } from "./console";
import { byId } from "./dom";
import { Gallery } from "./gallery";
import { Loading } from "./loading";
import { startPython } from "./python";
import { Tabs } from "./tabs";

const HINT = "js is the page; Tab completes; await works.";

/** On a phone one part of the page shows at a time. */
function setUpViews(): void {
  const views = [
    { id: "console", title: "Console", panel: "console" },
    { id: "gallery", title: "Examples", panel: "gallery" },
  ];
  const tabs = new Tabs(byId("views", HTMLElement), views, (id) => show(id));
  const show = (id: string): void => {
    document.body.dataset["view"] = id;
    tabs.select(id);
  };
  show("console");
}

/** Errors that no one awaits, such as those of listeners, are shown where they belong. */
function showStrayErrors(gallery: Gallery, page: Console): void {
  const show = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    if (!gallery.report(message)) page.output.print(message.trimEnd());
  };
  addEventListener("error", (event) => show(event.error ?? event.message));
  addEventListener("unhandledrejection", (event) => show(event.reason));
}

async function main(): Promise<void> {
  const loading = new Loading();
  setUpViews();
  const page = new Console(byId("terminal", HTMLElement), byId("transcript", HTMLElement));
  const gallery = new Gallery();
  showStrayErrors(gallery, page);
  const stream = { write: (bytes: Uint8Array) => page.output.write(bytes), isatty: true };
  try {
    const python = await startPython({
      stdout: stream,
      stderr: stream,
      onProgress: (progress) => loading.progress(progress),
    });
    loading.done();
    page.output.print(`${python.console.banner}\n\x1b[2m${HINT}\x1b[0m`);
    page.start(python.console);
    gallery.start(python.runner);
  } catch (error) {
    loading.failed(error);
  }
}

declare global {
  /** JavaScript's import() as a function, which Python can call; names are relative to the page. */
  function importModule(name: string): Promise<unknown>;
}

globalThis.importModule = (name) => import(new URL(name, document.baseURI).href);

void main();
