// object_blocks.h: memory for small objects, taken many blocks at a time; for interpreters without
// pymalloc, such as Pyodide's, which ask malloc for each.
#pragma once

#include <stddef.h>

/// No larger blocks are to be had.
#define PYJS_LARGEST_BLOCK 64

/// Looks at how objects are made now: programs may replace what allocates them, or trace them.
void pyjs_begin_blocks(void);

/// A block that is freed as any object of Python's is; null where objects must be made by the C
/// API, as all are before the first pyjs_begin_blocks().
void* pyjs_take_block(size_t size);
