// js_options_call.ts: reads the arguments of a call, which src/js_options_call.cpp wrote as a tape.
import { read } from "./convert";
import { TapeReader } from "./deep_to_js";
import { layouts } from "./layouts";
import type { Loan } from "./lifetime";
import { takeLent } from "./lifetime";
import { Feed } from "./types";

/** Python objects without a JavaScript counterpart are lent, however deep they stand. */
export class ArgumentsReader extends TapeReader {
  loans: Loan[] | null = null;

  constructor() {
    super(undefined, false, undefined);
  }

  read(slots: number): unknown[] {
    return this.feed(slots, Feed.Begin | Feed.End) as unknown[];
  }

  override close(): void {
    super.close();
    this.loans = null;
  }

  protected override leaveLayout(): void {
    layouts.arguments = this;
  }

  protected override slot(address: number): unknown {
    const value = read(address, false);
    // At once: the toString() of a key may be a call of its own, before all is read.
    const taken = takeLent();
    if (taken !== null && this.loans !== null) this.loans.push(...taken);
    else this.loans ??= taken;
    return value;
  }
}
