// layouts.ts: objects that are kept for their layout.
//
// V8 forgets a layout (hidden class) when the last object that has it is collected, and the code that
// was compiled for such objects with it. What an operation makes and ends has none at a collection:
// the next operations would run in slow code again. So the last of each stays, emptied.

export const layouts: {
  writer?: object;
  reader?: object;
  arguments?: object;
  frame?: object;
  text?: object;
  walk?: object;
  steps?: object;
  step?: object;
  view?: object;
} = {};
