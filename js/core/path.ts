// path.ts: how the path to a value names its steps, as in "$.users[3].when".

export function nameStep(name: string): string {
  return /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
