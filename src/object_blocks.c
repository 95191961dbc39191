// object_blocks.c: see object_blocks.h. Where objects come from malloc, dlmalloc gives many blocks
// in one call; each of them is freed alone, as if malloc had given it.
#include "object_blocks.h"

#include <Python.h>

/// dlmalloc's, which Emscripten's malloc is unless a host asked for another: hence weak.
__attribute__((weak)) void** independent_calloc(size_t count, size_t size, void** blocks);

#define STEP 8
#define SIZES (PYJS_LARGEST_BLOCK / STEP)
#define MANY 64
/// Each block is taken so far from the last one. Objects are freed in their order or against it:
/// neighbours that are free become one, and most of these stay small, which costs malloc least.
#define STRIDE 27

/// Blocks of one size that wait to be taken.
typedef struct {
    unsigned int left;
    void* blocks[MANY];
} Spare;

static Spare spares[SIZES];
static int is_usable;

void pyjs_begin_blocks(void) {
    PyMemAllocatorEx raw;
    PyMemAllocatorEx objects;
    void* data;
    PyMem_GetAllocator(PYMEM_DOMAIN_RAW, &raw);
    PyMem_GetAllocator(PYMEM_DOMAIN_OBJ, &objects);
    // Raw memory and objects have the same functions only where these are malloc and free.
    is_usable = independent_calloc != NULL && raw.malloc == objects.malloc && raw.ctx == NULL &&
                objects.ctx == NULL && PyRefTracer_GetTracer(&data) == NULL;
}

void* pyjs_take_block(size_t size) {
    if (!is_usable || size > PYJS_LARGEST_BLOCK) {
        return NULL;
    }
    const size_t index = (size - 1) / STEP;
    Spare* const spare = &spares[index];
    if (spare->left == 0) {
        if (independent_calloc(MANY, (index + 1) * STEP, spare->blocks) == NULL) {
            return NULL;
        }
        spare->left = MANY;
    }
    return spare->blocks[spare->left-- * STRIDE % MANY];
}
