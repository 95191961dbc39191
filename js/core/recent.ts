// recent.ts: texts that occurred shortly before in a tape: what Python made of them is used again.

/** As many as src/tape_reader.hpp has. */
const PLACES = 256;
/** Longer texts are not looked for. */
const LONGEST = 64;
/** The first texts are not; after so many looks they have to have paid. */
const FIRST = 32;
const TRIAL = 128;

export class Recent {
  private readonly texts = new Array<string>(PLACES).fill("");
  private looks = 0;
  private found = 0;
  private isWorth = true;

  /** Its place from 1 on if it is known, the negative of the place that it gets, or 0 for none. */
  find(text: string, length: number): number {
    if (!this.isWorth || length > LONGEST || ++this.looks <= FIRST) return 0;
    if (this.looks === FIRST + TRIAL) this.isWorth = this.found > TRIAL / 4;
    const ends = 7 * text.charCodeAt(length - 1) + 61 * text.charCodeAt(length - 2);
    const place = (ends + text.charCodeAt(0) + 13 * length) & (PLACES - 1);
    if (this.texts[place] === text) {
      this.found++;
      return place + 1;
    }
    this.texts[place] = text;
    return -(place + 1);
  }

  /** Nothing of what was written counts any more. */
  clear(): void {
    if (this.looks > FIRST) this.texts.fill("");
    this.looks = 0;
    this.found = 0;
    this.isWorth = true;
  }
}
