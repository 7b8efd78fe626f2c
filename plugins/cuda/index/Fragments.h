#pragma once

namespace sqil::cuda {

/// Which element of its operand a lane's register holds in the tensor cores' products D = A·B + C, as the PTX manual
/// says ("Matrix fragments for mma.m16n8k16, m16n8k32, m16n8k64"). A is 16 × k, B is k × 8, C and D are 16 × 8. Our A
/// is the weights (rows are outputs), our B the activations (columns are rows of the batch). A register holds
/// `perRegister` elements side by side: 2 halves, 4 bytes or 8 nibbles; k is 8 times that.
struct Place {
    int row = 0, column = 0;
    constexpr bool operator==(const Place&) const = default;
};

/// A: four registers.
constexpr Place placeInA(int perRegister, int lane, int reg, int element) {
    return {lane / 4 + 8 * (reg & 1), perRegister * (lane % 4) + element + 4 * perRegister * (reg >> 1)};
}

/// B: two registers.
constexpr Place placeInB(int perRegister, int lane, int reg, int element) {
    return {perRegister * (lane % 4) + element + 4 * perRegister * reg, lane / 4};
}

/// C and D: four numbers of 32 bits.
constexpr Place placeInC(int lane, int number) {
    return {lane / 4 + 8 * (number >> 1), 2 * (lane % 4) + (number & 1)};
}

}  // namespace sqil::cuda
