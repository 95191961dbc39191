// settings.ts: what a host may ask to be otherwise, for programs that were written for another bridge.

export interface Settings {
  /** JavaScript's null is None in Python, as undefined is; else it is jsnull. */
  nullIsNone: boolean;
  /** toString() of a PyProxy is repr(), not str(). */
  stringIsRepr: boolean;
  /** What dicts become unless an option says it: LiteralMaps, not plain objects. */
  literalMaps: boolean;
  /** Unknown options of the methods of proxies are no errors. */
  lenient: boolean;
}

export const settings: Settings = { nullIsNone: false, stringIsRepr: false, literalMaps: false, lenient: false };
