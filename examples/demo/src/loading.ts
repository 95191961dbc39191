// loading.ts: the page while Python is on its way, and when it does not arrive.
import type { Progress } from "pyjs";
import { byId } from "./dom";

const MEGABYTE = 1e6;

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1);
}

export class Loading {
  private readonly box = byId("loading", HTMLElement);
  private readonly text = byId("loading-text", HTMLElement);
  private readonly bar = byId("progress", HTMLProgressElement);
  private readonly status = byId("status", HTMLElement);

  progress({ loaded, total }: Progress): void {
    this.bar.max = total;
    this.bar.value = loaded;
    this.text.textContent =
      loaded < total ? `Loading Python: ${megabytes(loaded)} of ${megabytes(total)} MB` : "Starting Python";
  }

  done(): void {
    this.box.hidden = true;
    this.status.textContent = "Ready";
    document.body.dataset["ready"] = "true";
  }

  failed(error: unknown): void {
    this.box.hidden = true;
    this.status.textContent = "Python did not start";
    byId("failure-text", HTMLElement).textContent = error instanceof Error ? error.message : String(error);
    byId("retry", HTMLButtonElement).onclick = () => location.reload();
    byId("failure", HTMLElement).hidden = false;
  }
}
