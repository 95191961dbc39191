// tape_keys.ts: keys that came in two conversions, which Python's half (src/tape_keys.cpp) names by
// their place from then on.

/** As many as src/tape_keys.cpp has; engines read an array without holes faster. */
const kept = new Array<string>(1024).fill("");

export function keepKey(place: number, key: string): void {
  // As engines keep the names of properties: any other text is looked up among these each time.
  kept[place] = Object.keys({ [key]: 0 })[0]!;
}

export function keptKey(place: number): string {
  return kept[place]!;
}
