#include "plugins/robomimic/RobomimicReader.h"

#include <list>
#include <utility>

#include "core/data/Hdf5.h"
#include "core/data/Hdf5Array.h"
#include "core/data/RolloutsInfoJson.h"
#include "plugins/robomimic/RobomimicListing.h"

namespace sqil {
namespace {

using hdf5::Array;

/// Data sets kept open, so that HDF5 keeps their last decompressed chunks.
constexpr std::size_t kOpenArrays = 8;

class RobomimicReader final : public RolloutReader {
public:
    RobomimicReader(hdf5::Handle file, RolloutsInfo info) : file_(std::move(file)), info_(std::move(info)) {}
    ~RobomimicReader() override {
        const hdf5::Lock lock;
        arrays_.clear();
        file_.reset();
    }
    RobomimicReader(const RobomimicReader&) = delete;
    RobomimicReader& operator=(const RobomimicReader&) = delete;

    const RolloutsInfo& info() const override { return info_; }

    Result<StepBlock> read(std::size_t episode, std::string_view key, std::int64_t first, std::int64_t count) override {
        const hdf5::Lock lock;
        const auto array = open(episode, std::string(key));
        if (!array)
            return tl::unexpected(array.error());
        return (*array)->read(first, count);
    }

private:
    struct Opened {
        std::size_t episode;
        std::string key;
        Array array;
    };

    std::string place(std::size_t episode) const {
        return info_.path.string() + ": data/" + info_.episodes[episode].name;
    }

    Result<const Array*> open(std::size_t episode, const std::string& key) {
        for (auto opened = arrays_.begin(); opened != arrays_.end(); ++opened) {
            if (opened->episode == episode && opened->key == key) {
                arrays_.splice(arrays_.begin(), arrays_, opened);
                return &arrays_.front().array;
            }
        }
        auto array = openAnew(episode, key);
        if (!array)
            return tl::unexpected(array.error());
        if (arrays_.size() == kOpenArrays)
            arrays_.pop_back();
        arrays_.push_front({episode, key, std::move(*array)});
        return &arrays_.front().array;
    }

    Result<Array> openAnew(std::size_t episode, const std::string& key) const {
        const std::string& name = info_.episodes[episode].name;
        const auto data = hdf5::openGroup(file_.get(), "data", info_.path.string());
        if (!data)
            return tl::unexpected(data.error());
        const auto demo = hdf5::openGroup(data->get(), name, info_.path.string() + ": data");
        if (!demo)
            return tl::unexpected(demo.error());
        if (key == "actions" || key == "rewards" || key == "dones")
            return openIn(demo->get(), key, place(episode), key == "actions" ? expectedAction() : nullptr);
        const auto observations = hdf5::openGroup(demo->get(), "obs", place(episode));
        if (!observations)
            return tl::unexpected(observations.error());
        return openIn(observations->get(), key, place(episode) + "/obs", info_.observation(key));
    }

    const KeySpec* expectedAction() const { return info_.action ? &*info_.action : nullptr; }

    /// Opens and compares with what all episodes should have.
    static Result<Array> openIn(hid_t group, const std::string& key, const std::string& inside,
                                const KeySpec* expected) {
        if (hdf5::linkKind(group, key) == hdf5::LinkKind::Missing)
            return missing(group, key, inside);
        auto array = Array::open(group, key, inside);
        if (!array || expected == nullptr || array->steps() == 0)
            return array;
        const KeySpec found = array->spec(key);
        if (found.type != expected->type || found.shape != expected->shape)
            return fail(ErrorKind::BadInput, inside + "/" + key + ": one step is " + robomimic::shapeText(found) +
                                                 ", expected " + robomimic::shapeText(*expected) +
                                                 " as in the other episodes");
        return array;
    }

    static tl::unexpected<Error> missing(hid_t group, const std::string& key, const std::string& inside) {
        std::string there;
        if (const auto names = hdf5::children(group, inside))
            for (const std::string& name : *names)
                there += (there.empty() ? "" : ", ") + name;
        return fail(ErrorKind::NotFound,
                    inside + ": there is no \"" + key + "\"; there is " + (there.empty() ? "nothing" : there));
    }

    hdf5::Handle file_;
    RolloutsInfo info_;
    std::list<Opened> arrays_;
};

/// What keeps the file from being ours; empty where it is.
std::string look(const std::filesystem::path& path) {
    const auto file = hdf5::openFile(path);
    return file ? robomimic::whyNot(file->get()) : file.error().message;
}

std::string explain(const std::filesystem::path& path) {
    if (!hdf5::isHdf5(path))
        return {};
    const auto survived = hdf5::tryApart(path, [&] { look(path); });
    return survived ? look(path) : survived.error().message;
}

bool recognizes(const std::filesystem::path& path) {
    return hdf5::isHdf5(path) && explain(path).empty();
}

Result<RolloutsInfo> list(const std::filesystem::path& path) {
    return hdf5::openFile(path).and_then([&](const hdf5::Handle& file) { return robomimic::list(file.get(), path); });
}

Result<std::unique_ptr<RolloutReader>> open(const std::filesystem::path& path) {
    // Thousands of episodes take seconds to look through: once, in the copy, is enough.
    const auto listing = hdf5::answerApart(path, [&] {
        const auto info = list(path);
        return info ? toJson(*info) : std::string();
    });
    if (!listing)
        return tl::unexpected(listing.error());
    auto file = hdf5::openFile(path);
    if (!file)
        return tl::unexpected(file.error());
    auto info = *listing ? parseRolloutsInfo(**listing) : list(path);
    if (!info)  // in words, from here
        info = robomimic::list(file->get(), path);
    if (!info)
        return tl::unexpected(info.error());
    return std::make_unique<RobomimicReader>(std::move(*file), std::move(*info));
}

}  // namespace

RolloutFormat robomimicFormat() {
    return {"robomimic HDF5", "*.hdf5 *.h5", recognizes, open, explain};
}

}  // namespace sqil
