// libFuzzer, linked by -sanitize=fuzzer, as a library: SwiftPM gives every executable a main of its
// own, which has to hand over to this one.
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(
    int *_Nonnull argc, char *_Nullable *_Nonnull *_Nonnull argv,
    int (*_Nonnull test_one_input)(const uint8_t *_Nullable data, size_t size));

// Changes the `size` bytes at `data` as libFuzzer does by itself, within `room`; the new size.
size_t LLVMFuzzerMutate(uint8_t *_Nonnull data, size_t size, size_t room);
