// linker.js: gives the loader Emscripten's dynamic linker, which it loads compiled packages with.
addToLibrary({
  $linker__deps: [
    "$LDSO",
    "$GOT",
    "$preloadedWasm",
    "$isSymbolDefined",
    "$findLibraryFS",
    "$getDylinkMetadata",
    "$loadDynamicLibrary",
    "$loadWebAssemblyModule",
  ],
  $linker: `={
    LDSO,
    GOT,
    preloadedWasm,
    isSymbolDefined,
    findLibraryFS,
    getDylinkMetadata,
    loadDynamicLibrary,
    loadWebAssemblyModule,
  }`,
});
