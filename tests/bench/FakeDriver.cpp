// A stand-in for NVIDIA's libcuda.so.1 that sees no GPU.
extern "C" int cuInit(unsigned) {
    constexpr int noDevice = 100;
    return noDevice;
}
