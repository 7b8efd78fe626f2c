#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/data/Hdf5.h"
#include "core/data/Rollouts.h"

namespace sqil::hdf5 {

/// A numeric data set whose first axis is the step, opened and checked: its type has a ValueType,
/// its sizes are sane, its filters are built in, its data lie in this file.
///
/// Types: bool (h5py's enumeration) → Bool; uint8 → UInt8; int8, int16, uint16, int32 → Int32;
/// uint32, int64, uint64 → Int64 (above 2^63 − 1: that number); float16, float32 → Float32;
/// wider floats → Float64. Either byte order.
class Array {
public:
    /// `place` names the parent in errors ("file.hdf5: data/demo_0/obs").
    static Result<Array> open(hid_t parent, const std::string& name, const std::string& place);

    ValueType type() const { return type_; }
    const std::vector<std::int64_t>& shape() const { return shape_; }  ///< {steps, …}, never empty
    std::int64_t steps() const { return shape_.front(); }
    std::int64_t stepBytes() const { return stepBytes_; }
    KeySpec spec(const std::string& name) const;

    /// Steps [first, first + count), which must exist.
    Result<StepBlock> read(std::int64_t first, std::int64_t count) const;

private:
    Array() = default;
    Result<void> describe();
    Result<void> checkStorage() const;
    hsize_t storedStepBytes() const;

    Handle dataset_;
    std::string place_;
    ValueType type_ = ValueType::Float32;
    std::vector<std::int64_t> shape_;
    std::int64_t stepBytes_ = 0;
};

/// The strings of a data set of one dimension (robomimic's filter keys) or none; at most 1,000,000.
Result<std::vector<std::string>> readStrings(hid_t parent, const std::string& name, const std::string& place);

}  // namespace sqil::hdf5
