#pragma once
#include <cstdint>

namespace sqil {

// The arithmetic of incremental inference: what changes (Δ) against the unperturbed run, channels
// last. One source (DeltaKernels.inl) is compiled for AVX-512, AVX2 and any other processor and
// chosen at run time. Channels are padded to whole vectors; padding is computed, never used.

/// Rows (positions of some place's map, or plain matrix rows) that one kernel call computes
/// together. Offsets in floats.
struct RowTile {
    static constexpr int most = 12;
    std::int32_t rows = 0;
    std::int32_t in[most];
    std::int32_t out[most];
    std::int32_t base[most];      ///< into the unperturbed values; only read where `relu` is set
    std::int32_t residual[most];  ///< −1: nothing is added
};

/// `length` consecutive inputs of a row from `offset`, and the weight rows they meet.
struct Segment {
    std::int32_t offset = 0;
    std::int32_t length = 0;
    std::int32_t weightRow = 0;
};

/// out[row][:] (+)= Σ over segments in[row][offset + k] · weights[weightRow + k][:], then + residual,
/// then Δ of a ReLU: max(b + Δ, 0) − max(b, 0).
struct RowsCall {
    const float* in = nullptr;
    float* out = nullptr;
    const float* base = nullptr;
    const float* residual = nullptr;
    const float* weights = nullptr;  ///< packed by PackedWeights
    std::int32_t weightRows = 0;     ///< of one panel
    std::int32_t vectors = 0;        ///< columns of the result, in vectors
    std::int32_t firstPanel = 0, lastPanel = 0;
    const Segment* segments = nullptr;
    std::int32_t segmentCount = 0;
    bool accumulate = false;
    bool relu = false;
};

/// A 4×4 tile of a 3×3 convolution's result by Winograd's F(4×4, 3×3) (Lavin & Gray 2016).
struct WinogradTile {
    std::int32_t in = 0;            ///< of the place's map
    std::int16_t inY = 0, inX = 0;  ///< first of 6×6 inputs, in the map; may lie outside: zero there
    std::int16_t inRows = 0, inColumns = 0;
    std::int16_t outRows = 0, outColumns = 0;  ///< of the 4×4 that are wanted
    std::int32_t out = 0;
    std::int32_t base = 0;
    std::int32_t residual = 0;                                                         ///< of the place's map
    std::int16_t residualY = 0, residualX = 0, residualRows = 0, residualColumns = 0;  ///< as for the input
};

struct WinogradCall {
    const float* in = nullptr;
    float* out = nullptr;
    const float* base = nullptr;
    const float* residual = nullptr;
    float* transformed = nullptr;  ///< 36 planes of tiles × channels
    std::int64_t plane = 0;        ///< floats from plane to plane
    std::int32_t tiles = 0;
    std::int32_t inChannels = 0, inPitch = 0;  ///< padded channels; floats of one image row
    std::int32_t outChannels = 0, outPitch = 0;
    std::int32_t basePitch = 0, residualPitch = 0;
    bool relu = false;
};

/// One output position of the first convolution at all places that reach it: D contracted with the
/// weights once, then with the masks' factors along x and along y.
struct FirstConvCall {
    const float* change = nullptr;  ///< D, height × width × channels
    std::int32_t channels = 0, width = 0;
    const float* weights = nullptr;  ///< [ky][kx][channel][vectors·width]
    std::int32_t kernelX = 0;
    std::int32_t vectors = 0;
    const std::int32_t* tapsY = nullptr;  ///< kernel rows inside the image
    const std::int32_t* pixelsY = nullptr;
    std::int32_t tapsYCount = 0;
    const std::int32_t* tapsX = nullptr;
    const std::int32_t* pixelsX = nullptr;
    std::int32_t tapsXCount = 0;
    const float* rowMasks = nullptr;  ///< of the first place row that reaches; [row][height]
    std::int32_t rowPlaces = 0, rowMaskStride = 0;
    const float* columnMasks = nullptr;
    std::int32_t columnPlaces = 0, columnMaskStride = 0;
    const std::int64_t* outRows = nullptr;  ///< the result of place (i, j) goes to outRows[i] + outColumns[j]
    const std::int64_t* outColumns = nullptr;
    float* result = nullptr;
    const float* base = nullptr;  ///< of this position
    float* scratch = nullptr;     ///< (tapsXCount + columnPlaces·tapsYCount) vectors, aligned to one
    bool relu = false;
};

struct DeltaKernels {
    const char* name = "";
    std::int32_t vector = 0;        ///< floats
    std::int32_t panelVectors = 0;  ///< columns of a full panel of packed weights, in vectors
    std::int32_t (*rowsPerTile)(std::int32_t vectors) = nullptr;  ///< for results of so many vectors
    void (*rows)(const RowsCall& call, const RowTile* tiles, std::int32_t count) = nullptr;
    void (*winogradInput)(const WinogradCall& call, const WinogradTile* tiles) = nullptr;
    void (*winogradOutput)(const WinogradCall& call, const WinogradTile* tiles) = nullptr;
    void (*firstConv)(const FirstConvCall& call) = nullptr;
    /// Δ of a ReLU over n values that lie side by side.
    void (*relu)(const float* base, const float* change, float* result, std::int64_t n) = nullptr;
};

extern const DeltaKernels deltaKernelsPortable;
#if defined(__x86_64__)
extern const DeltaKernels deltaKernelsAvx2;
extern const DeltaKernels deltaKernelsAvx512;
#endif

/// The best this processor runs; the environment variable SQIL_KERNELS (portable, avx2, avx512)
/// chooses a lesser one, for tests.
const DeltaKernels& deltaKernels();

}  // namespace sqil
