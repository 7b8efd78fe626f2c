#include "core/data/Hdf5Array.h"

#include <cstring>
#include <iterator>
#include <limits>
#include <new>
#include <optional>

#include "core/data/LzfFilter.h"

namespace sqil::hdf5 {
namespace {

constexpr std::int64_t kLargestStep = std::int64_t{256} << 20;
constexpr hsize_t kLargestChunk = hsize_t{512} << 20;
constexpr std::size_t kChunkCache = std::size_t{16} << 20;
constexpr hsize_t kMostStrings = 1'000'000;
constexpr std::size_t kLongestString = 4096;

hid_t memoryType(ValueType type) {
    switch (type) {
        case ValueType::UInt8:
        case ValueType::Bool:
            return H5T_NATIVE_UINT8;
        case ValueType::Int32:
            return H5T_NATIVE_INT32;
        case ValueType::Int64:
            return H5T_NATIVE_INT64;
        case ValueType::Float32:
            return H5T_NATIVE_FLOAT;
        case ValueType::Float64:
            return H5T_NATIVE_DOUBLE;
    }
    return H5T_NATIVE_FLOAT;
}

/// h5py stores NumPy's bool as an enumeration of FALSE and TRUE.
bool isBoolean(hid_t type) {
    if (H5Tget_nmembers(type) != 2)
        return false;
    std::string names;
    for (unsigned member = 0; member < 2; ++member) {
        char* name = H5Tget_member_name(type, member);
        if (name != nullptr)
            names += std::string(name) + " ";
        H5free_memory(name);
    }
    return names == "FALSE TRUE " || names == "TRUE FALSE ";
}

std::optional<ValueType> valueType(hid_t type) {
    const std::size_t bytes = H5Tget_size(type);
    switch (H5Tget_class(type)) {
        case H5T_INTEGER: {
            const bool isSigned = H5Tget_sign(type) == H5T_SGN_2;
            if (bytes == 1 && !isSigned)
                return ValueType::UInt8;
            if (bytes < 4 || (bytes == 4 && isSigned))
                return ValueType::Int32;
            if (bytes <= 8)
                return ValueType::Int64;
            return std::nullopt;
        }
        case H5T_FLOAT:
            return bytes <= 4 ? ValueType::Float32 : ValueType::Float64;
        case H5T_ENUM:
            if (isBoolean(type))
                return ValueType::Bool;
            return std::nullopt;
        default:
            return std::nullopt;
    }
}

std::string className(hid_t type) {
    switch (H5Tget_class(type)) {
        case H5T_STRING:
            return "text";
        case H5T_COMPOUND:
            return "compound records";
        case H5T_REFERENCE:
            return "references";
        case H5T_ENUM:
            return "an enumeration";
        case H5T_VLEN:
            return "lists of varying length";
        case H5T_ARRAY:
            return "arrays";
        case H5T_OPAQUE:
            return "opaque bytes";
        default:
            return "another kind of value";
    }
}

/// Room for large compressed chunks in HDF5's cache, so that reading step after step does not
/// decompress them anew; what has been read to its end leaves first.
Handle accessProperties() {
    Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
    H5Pset_chunk_cache(access.get(), H5D_CHUNK_CACHE_NSLOTS_DEFAULT, kChunkCache, 1.0);
    return access;
}

Result<Handle> openDataset(hid_t parent, const std::string& name, const std::string& place) {
    switch (linkKind(parent, name)) {
        case LinkKind::Missing:
            return fail(ErrorKind::NotFound, place + ": is not there");
        case LinkKind::Outside:
            return fail(ErrorKind::BadInput, place +
                                                 ": is a link to another file; such links are not followed. "
                                                 "Copy the data into one file (h5copy, or h5repack).");
        case LinkKind::Inside:
            break;
    }
    const Handle access = accessProperties();
    Handle dataset(H5Dopen2(parent, name.c_str(), access.get()), H5Dclose);
    if (!dataset)
        return failure(ErrorKind::BadInput, place, "cannot be opened as a data set");
    return dataset;
}

/// The size of every axis; none where HDF5 cannot tell.
std::optional<std::vector<hsize_t>> extents(hid_t dataset) {
    const Handle space(H5Dget_space(dataset), H5Sclose);
    if (!space || H5Sget_simple_extent_type(space.get()) == H5S_NULL)
        return std::nullopt;
    const int rank = H5Sget_simple_extent_ndims(space.get());
    if (rank < 0)
        return std::nullopt;
    std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
    if (rank > 0 && H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr) < 0)
        return std::nullopt;
    return sizes;
}

/// Data sets may keep their bytes in other files; those are never opened.
Result<void> checkInsideFile(hid_t creation, const std::string& place) {
    if (H5Pget_layout(creation) == H5D_VIRTUAL || H5Pget_external_count(creation) > 0)
        return fail(ErrorKind::Unsupported,
                    place +
                        ": its values lie in other files (virtual or external storage), which are not opened. "
                        "Copy the data into one file.");
    return {};
}

std::vector<std::string> stringsOf(const std::vector<char*>& pointers) {
    std::vector<std::string> strings;
    strings.reserve(pointers.size());
    for (const char* pointer : pointers)
        strings.emplace_back(pointer != nullptr ? pointer : "");
    return strings;
}

}  // namespace

Result<Array> Array::open(hid_t parent, const std::string& name, const std::string& place) {
    const Lock lock;
    Array array;
    array.place_ = place + "/" + name;
    auto dataset = openDataset(parent, name, array.place_);
    if (!dataset)
        return tl::unexpected(dataset.error());
    array.dataset_ = std::move(*dataset);
    if (auto described = array.describe(); !described)
        return tl::unexpected(described.error());
    return array;
}

Result<void> Array::describe() {
    const Handle type(H5Dget_type(dataset_.get()), H5Tclose);
    if (!type)
        return failure(ErrorKind::BadInput, place_, "its type cannot be read; the file is damaged");
    const auto value = valueType(type.get());
    if (!value)
        return fail(ErrorKind::Unsupported, place_ + ": holds " + className(type.get()) + ", expected numbers");
    type_ = *value;
    const auto sizes = extents(dataset_.get());
    if (!sizes || sizes->empty())
        return fail(ErrorKind::BadInput, place_ + ": is a single value, expected one row a step");
    stepBytes_ = static_cast<std::int64_t>(sizeOf(type_));
    for (std::size_t axis = 0; axis < sizes->size(); ++axis) {
        const hsize_t size = (*sizes)[axis];
        const bool isStepAxis = axis == 0;
        if (size > static_cast<hsize_t>(std::numeric_limits<std::int64_t>::max() / kLargestStep) ||
            (!isStepAxis && size > 0 && stepBytes_ > kLargestStep / static_cast<std::int64_t>(size)))
            return fail(ErrorKind::Unsupported, place_ + ": axis " + std::to_string(axis) + " has " +
                                                    std::to_string(size) + " entries; one step may have at most " +
                                                    std::to_string(kLargestStep >> 20) + " MiB");
        shape_.push_back(static_cast<std::int64_t>(size));
        if (!isStepAxis)
            stepBytes_ *= static_cast<std::int64_t>(size);
    }
    return checkStorage();
}

Result<void> Array::checkStorage() const {
    const Handle creation(H5Dget_create_plist(dataset_.get()), H5Pclose);
    if (!creation)
        return failure(ErrorKind::BadInput, place_, "its layout cannot be read; the file is damaged");
    if (auto inside = checkInsideFile(creation.get(), place_); !inside)
        return inside;
    if (H5Pget_layout(creation.get()) == H5D_COMPACT &&
        H5Dget_storage_size(dataset_.get()) < static_cast<hsize_t>(shape_.front()) * storedStepBytes())
        return fail(ErrorKind::BadInput, place_ + ": holds fewer bytes than its shape needs; the file is damaged");
    if (H5Pget_layout(creation.get()) != H5D_CHUNKED)
        return {};
    hsize_t chunk[H5S_MAX_RANK];
    const int rank = H5Pget_chunk(creation.get(), H5S_MAX_RANK, chunk);
    const Handle stored(H5Dget_type(dataset_.get()), H5Tclose);
    hsize_t bytes = H5Tget_size(stored.get());
    for (int axis = 0; axis < rank; ++axis) {
        if (chunk[axis] == 0 || bytes > kLargestChunk / chunk[axis])
            return fail(ErrorKind::Unsupported, place_ + ": is stored in chunks of more than " +
                                                    std::to_string(kLargestChunk >> 20) +
                                                    " MiB; repack it with smaller ones (h5repack -l CHUNK=…)");
        bytes *= chunk[axis];
    }
    const int filters = H5Pget_nfilters(creation.get());
    for (int index = 0; index < filters; ++index) {
        unsigned flags = 0, config = 0;
        unsigned values[8] = {};
        std::size_t valueCount = std::size(values);
        char name[64] = "";
        const H5Z_filter_t filter = H5Pget_filter2(creation.get(), static_cast<unsigned>(index), &flags, &valueCount,
                                                   values, sizeof name, name, &config);
        if (filter < 0 || H5Zfilter_avail(filter) <= 0) {
            H5Eclear2(H5E_DEFAULT);
            name[sizeof name - 1] = '\0';
            return fail(ErrorKind::Unsupported,
                        place_ + ": is compressed with filter " + std::to_string(filter) + " (\"" + name +
                            "\"), which needs a plugin that is not loaded. Repack it: h5repack -f GZIP=4 IN OUT");
        }
        if (filter == kLzfFilter && values[2] != bytes)
            return fail(ErrorKind::BadInput, place_ + ": its compression (lzf) gives chunks of " +
                                                 std::to_string(values[2]) + " bytes, expected " +
                                                 std::to_string(bytes) + "; the file is damaged");
    }
    return {};
}

hsize_t Array::storedStepBytes() const {
    const Handle type(H5Dget_type(dataset_.get()), H5Tclose);
    return static_cast<hsize_t>(stepBytes_) / sizeOf(type_) * H5Tget_size(type.get());
}

KeySpec Array::spec(const std::string& name) const {
    return {name, type_, std::vector<std::int64_t>(shape_.begin() + 1, shape_.end())};
}

Result<StepBlock> Array::read(std::int64_t first, std::int64_t count) const {
    if (first < 0 || count < 0 || first > steps() || count > steps() - first)
        return fail(ErrorKind::NotFound, place_ + ": steps " + std::to_string(first) + " to " +
                                             std::to_string(first + count - 1) + " were asked for, it has " +
                                             std::to_string(steps()));
    StepBlock block;
    block.type = type_;
    block.shape = shape_;
    block.shape.front() = count;
    const std::int64_t bytes = stepBytes_ * count;  // both below 2^35: no overflow
    try {
        block.bytes.resize(static_cast<std::size_t>(bytes));
    } catch (const std::exception&) {
        return fail(ErrorKind::Unsupported, place_ + ": " + std::to_string(count) + " steps need " +
                                                std::to_string(bytes) + " bytes, more memory than there is");
    }
    if (bytes == 0)
        return block;
    const Lock lock;
    std::vector<hsize_t> start(shape_.size(), 0), extent(block.shape.begin(), block.shape.end());
    start.front() = static_cast<hsize_t>(first);
    const Handle file(H5Dget_space(dataset_.get()), H5Sclose);
    const Handle memory(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr), H5Sclose);
    if (!file || !memory ||
        H5Sselect_hyperslab(file.get(), H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr) < 0 ||
        H5Dread(dataset_.get(), memoryType(type_), memory.get(), file.get(), H5P_DEFAULT, block.bytes.data()) < 0)
        return failure(ErrorKind::BadInput, place_,
                       "steps " + std::to_string(first) + " to " + std::to_string(first + count - 1) +
                           " cannot be read; the file is damaged");
    if (type_ == ValueType::Bool)
        for (std::byte& value : block.bytes)
            value = value != std::byte{0} ? std::byte{1} : std::byte{0};
    return block;
}

Result<std::vector<std::string>> readStrings(hid_t parent, const std::string& name, const std::string& place) {
    const Lock lock;
    const std::string where = place + "/" + name;
    auto dataset = openDataset(parent, name, where);
    if (!dataset)
        return tl::unexpected(dataset.error());
    const Handle creation(H5Dget_create_plist(dataset->get()), H5Pclose);
    if (auto inside = checkInsideFile(creation.get(), where); !inside)
        return tl::unexpected(inside.error());
    const Handle type(H5Dget_type(dataset->get()), H5Tclose);
    const auto sizes = extents(dataset->get());
    if (!type || H5Tget_class(type.get()) != H5T_STRING || !sizes || sizes->size() > 1 ||
        (!sizes->empty() && sizes->front() > kMostStrings))
        return fail(ErrorKind::BadInput, where + ": expected a list of names");
    const auto count = sizes->empty() ? std::size_t{1} : static_cast<std::size_t>(sizes->front());
    if (count == 0)
        return std::vector<std::string>{};
    const auto damaged = [&] { return failure(ErrorKind::BadInput, where, "cannot be read; the file is damaged"); };
    if (H5Tis_variable_str(type.get()) > 0) {
        std::vector<char*> pointers(count, nullptr);
        if (H5Dread(dataset->get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) < 0)
            return damaged();
        std::vector<std::string> strings = stringsOf(pointers);
        const Handle space(H5Dget_space(dataset->get()), H5Sclose);
        H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, pointers.data());
        return strings;
    }
    const std::size_t width = H5Tget_size(type.get());
    if (width == 0 || width > kLongestString)
        return fail(ErrorKind::BadInput, where + ": names of " + std::to_string(width) + " bytes, expected at most " +
                                             std::to_string(kLongestString));
    std::vector<char> text(count * width);
    if (H5Dread(dataset->get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data()) < 0)
        return damaged();
    std::vector<std::string> strings;
    for (std::size_t index = 0; index < count; ++index) {
        const char* start = text.data() + index * width;
        strings.emplace_back(start, ::strnlen(start, width));
    }
    return strings;
}

}  // namespace sqil::hdf5
