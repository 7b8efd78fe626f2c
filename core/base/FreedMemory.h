#pragma once

namespace sqil {

/// Tells the C library to keep freed blocks of up to 32 MiB for the next use instead of handing them back to the
/// system at once: tensors of a training step come and go at the same sizes, and clearing fresh pages for them
/// costs a tenth of the step. Call once, at the start of a program that computes. Does nothing without glibc.
void keepFreedMemory();

}  // namespace sqil
