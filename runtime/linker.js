// linker.js: gives the loader Emscripten's dynamic linker, which it loads compiled packages with.
addToLibrary({
  // dlopen() in C reads each file into memory, and never frees what JavaScript may want of it.
  $forgetLibraryFile__deps: ["$LDSO", "free"],
  $forgetLibraryFile: (path) => {
    for (const [key, library] of Object.entries(LDSO.loadedLibsByHandle)) {
      if (library.name !== path) continue;
      const handle = Number(key);
      _free({{{ makeGetValue("handle", C_STRUCTS.dso.file_data, "*") }}});
      {{{ makeSetValue("handle", C_STRUCTS.dso.file_data, "0", "*") }}};
      {{{ makeSetValue("handle", C_STRUCTS.dso.file_data_size, "0", "i32") }}};
    }
  },
  $linker__deps: [
    "$LDSO",
    "$GOT",
    "$preloadedWasm",
    "$forgetLibraryFile",
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
    forgetLibraryFile,
    isSymbolDefined,
    findLibraryFS,
    getDylinkMetadata,
    loadDynamicLibrary,
    loadWebAssemblyModule,
  }`,
});
